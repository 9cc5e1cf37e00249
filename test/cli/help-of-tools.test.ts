/** `--help` of the npm commands that are not commands of the server: it explains them, and starts nothing. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', timeout: 10_000 });

it.each(['web/dev.ts', 'docs/site/build.ts'])('explains %s and ends', (script) => {
  const { status, stdout } = run(script, '--help');
  expect(stdout).toContain('  npm run d');
  expect(status).toBe(0);
});

it('refuses arguments that npm run dev would not follow', () => {
  const { status, stderr } = run('web/dev.ts', 'page');
  expect(stderr).toBe('dev takes no arguments, and got "page"; see --help\n');
  expect(status).toBe(2);
});
