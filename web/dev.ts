/**
 * `npm run dev`: the server, which starts again when one of its files changes, and the page, which is loaded again when one of
 * its own does. Either one ends the other.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'vite';

const HELP = `Runs the server and Studio together, and loads each again when one of its files changes. Ctrl+C stops both.

  npm run dev

It takes no arguments. Environment variables set it up, or the file .env, as for npm start.`;
if (process.argv.length > 2) {
  const isHelp = process.argv.includes('--help') || process.argv.includes('-h');
  if (isHelp) console.log(HELP);
  else console.error(`dev takes no arguments, and got "${process.argv.slice(2).join(' ')}"; see --help`);
  process.exit(isHelp ? 0 : 2);
}

const ROOT = join(import.meta.dirname, '..');
// As the server does.
if (existsSync('.env')) process.loadEnvFile('.env');
const serverUrl = `http://127.0.0.1:${process.env['PORT'] ?? '4000'}`;

const server = spawn(process.execPath, ['--watch', '--watch-preserve-output', join(ROOT, 'src/main.ts')], {
  cwd: ROOT,
  stdio: 'inherit',
});
const ended = once(server, 'exit');

// Read by vite.config.ts.
process.env['DARKROOM_URL'] ??= serverUrl;
const page = await createServer({
  configFile: join(import.meta.dirname, 'vite.config.ts'),
  // The origin of a page on loopback is allowed.
  server: { host: '127.0.0.1' },
});
await page.listen();
console.log('Studio, loaded again at each change:');
page.printUrls();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => server.kill(signal));
const [code]: (number | null)[] = await ended;
await page.close();
process.exit(code ?? 0);
