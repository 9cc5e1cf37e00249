/** What a developer starts: the server and the page with one command, `.env`, the simulator alone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { newDataDir } from '../support/server.ts';

const ROOT = join(import.meta.dirname, '../..');
const patience = { timeout: 30_000 };

let running: ChildProcess | undefined;
afterEach(() => running?.kill('SIGTERM'));

function run(file: string, args: readonly string[], env: Readonly<Record<string, string>>, cwd = ROOT, root = ROOT) {
  const child = spawn(process.execPath, [join(root, file), ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running = child;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  const found = async (pattern: RegExp) => {
    await expect.poll(() => output, patience).toMatch(pattern);
    return pattern.exec(output)?.[1] ?? '';
  };
  const stop = async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  };
  return { found, stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

it('npm run dev runs the server and the page, and ends both', async () => {
  const dataDir = await newDataDir();
  const port = await freePort();
  const env = { PORT: `${port}`, DATA_DIR: dataDir, LOG_LEVEL: 'warn' };
  const { found, stop } = run('web/dev.ts', [], env);
  const page = await found(/Local:\s+(http:\S+)\//u);
  await found(new RegExp(`ready on http://127.0.0.1:${port} `, 'u'));
  expect(await (await fetch(`${page}/`)).text()).toContain('/@vite/client');
  // Through the page's own origin, as its scripts ask.
  const asked = await fetch(`${page}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: page },
    body: JSON.stringify({ query: '{ viewer { principal } }' }),
  });
  expect(await asked.json()).toEqual({ data: { viewer: { principal: 'local' } } });
  await stop();
  for (const url of [page, `http://127.0.0.1:${port}`]) await expect(fetch(url)).rejects.toThrow();
  await rm(dataDir, { recursive: true, force: true });
}, 60_000);

it('npm run dev starts the server again, and loads the page again, when a file of it changes', async () => {
  // A copy, because it is changed.
  const copy = await newDataDir();
  for (const name of ['src', 'schema', 'web', 'client', 'package.json', 'tsconfig.json'])
    await cp(join(ROOT, name), join(copy, name), { recursive: true, filter: (path) => !path.endsWith('web/dist') });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const port = await freePort();
  const env = { PORT: `${port}`, DATA_DIR: join(copy, 'data'), LOG_LEVEL: 'warn' };
  const { found, stop } = run('web/dev.ts', [], env, copy, copy);
  const page = await found(/Local:\s+(http:\S+)\//u);
  await found(/ready on/u);

  await appendFile(join(copy, 'src/domain/errors.ts'), '\n// Changed.\n');
  await found(/ready on.*ready on/su);

  const token = /wsToken = "([^"]+)"/u.exec(await (await fetch(`${page}/@vite/client`)).text())?.[1];
  // Only what the page has loaded is followed.
  await (await fetch(`${page}/src/main.tsx`)).text();
  const socket = new WebSocket(`${page.replace('http', 'ws')}/?token=${token}`, 'vite-hmr');
  const messages: string[] = [];
  socket.addEventListener('message', ({ data }) => messages.push(String(data)));
  await expect.poll(() => messages.join(), patience).toContain('connected');
  await appendFile(join(copy, 'web/src/main.tsx'), '\n// Changed.\n');
  await expect.poll(() => messages.join(), patience).toMatch(/full-reload|"update"/u);
  socket.close();
  await stop();
  await rm(copy, { recursive: true, force: true });
}, 90_000);

it('the commands of npm read .env, and variables of the shell come first', async () => {
  const folder = await newDataDir();
  await writeFile(join(folder, '.env'), 'DATA_DIR=from-file\nPORT=1\nLOG_LEVEL=warn\n');
  const npm = run('src/main.ts', [], { PORT: '0', npm_lifecycle_event: 'start' }, folder);
  await npm.found(/Data\s+(\S*from-file)/u);
  await npm.stop();
  const bare = run('src/main.ts', [], { PORT: '0', DATA_DIR: join(folder, 'own') }, folder);
  await bare.found(/Data\s+(\S*own)/u);
  await bare.stop();
  await rm(folder, { recursive: true, force: true });
});

it('.env.example names variables that the README describes', async () => {
  const [example, readme] = await Promise.all(
    ['.env.example', 'README.md'].map((name) => readFile(join(ROOT, name), 'utf8')),
  );
  const names = [...(example ?? '').matchAll(/^# ([A-Z_]+)=/gmu)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !readme?.includes(`\`${name}\``))).toEqual([]);
});

it('npm run simulate lists its scenarios', async () => {
  const { found, stop } = run('src/main.ts', ['simulate'], { SIMULATOR_PORT: '0' });
  await found(/quota +HTTP 429, insufficient_quota/u);
  await found(/set OPENAI_BASE_URL=(\S+)/u);
  await stop();
});
