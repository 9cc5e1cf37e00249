/**
 * What `npm start` runs: the bundle, and never one that its sources would not make any more. Each test starts copies of the
 * sources in a folder of their own.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findBundle } from '../../src/bundle/find-bundle.js';
import { makeBundle } from '../../src/bundle/make-bundle.ts';
import { TEST_ENVIRONMENT } from '../support/server.ts';

const ROOT = join(import.meta.dirname, '../..');
/** A user who may write to nothing of root's. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const SERVE = 'src/cli/serve.ts';

let root: string;
const ending: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'darkroom-bundle-'));
  await chmod(root, 0o755);
  for (const part of ['src', 'schema', 'package.json'])
    await cp(join(ROOT, part), join(root, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
});
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
  await rm(root, { recursive: true, force: true });
});

interface StartOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: { readonly uid: number; readonly gid: number };
}

async function start({ args = [], env = {}, user }: StartOptions = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'darkroom-data-'));
  if (user !== undefined) await chown(dataDir, user.uid, user.gid);
  const child = spawn(process.execPath, [join(root, 'src/start.js'), ...args], {
    cwd: dataDir,
    env: { PATH: process.env['PATH'] ?? '', ...TEST_ENVIRONMENT, DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = once(child, 'close').then(([code]: (number | null)[]) => ({ code, output }));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  };
  ending.push(stop);
  const url = async () => {
    await expect.poll(() => output, { timeout: 30_000 }).toMatch(/ready on \S+ after/u);
    return /ready on (\S+) after/u.exec(output)?.[1] ?? '';
  };
  return { url, ended, dataDir, output: () => output };
}

async function ask(url: string, query: string): Promise<unknown> {
  const body = JSON.stringify({ query });
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return response.json();
}

async function edit(path: string, from: string, to: string): Promise<void> {
  const text = await readFile(join(root, path), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(root, path), text.replace(from, to));
}

/** Of the folder of the bundle. */
const indexFile = () => join(root, 'dist/bundle.json');

it('runs new code at the next start after a change, and a new bundle has it', async () => {
  expect(await makeBundle(root)).toBe(true);
  const first = findBundle(root);
  expect(first).toContain('/dist/');
  const unchanged = await start();
  await unchanged.url();
  expect(unchanged.output()).toContain('Darkroom is ready on');

  await edit(SERVE, 'Darkroom is ready', 'Changed is ready');
  expect(findBundle(root)).toBeNull();
  const changed = await start();
  await changed.url();
  expect(changed.output()).toContain('Changed is ready on');

  expect(await makeBundle(root)).toBe(true);
  expect(findBundle(root)).not.toBe(first);
  const remade = await start();
  await remade.url();
  expect(remade.output()).toContain('Changed is ready on');
});

it('makes the bundle again after npm start has run changed sources', async () => {
  await makeBundle(root);
  await edit(SERVE, 'Darkroom is ready', 'Changed is ready');
  const started = await start({ env: { npm_lifecycle_event: 'start' } });
  await started.url();
  await expect.poll(() => findBundle(root), { timeout: 40_000, interval: 200 }).not.toBeNull();
});

it('is not used after any change of what it was made of', async () => {
  await makeBundle(root);
  const isFound = () => findBundle(root) !== null;
  const folder = join(root, 'dist', JSON.parse(await readFile(indexFile(), 'utf8')).folder);
  const cases: Readonly<Record<string, string>> = {
    'a source': join(root, SERVE),
    'the schema': join(root, 'schema/index.ts'),
    'how it is made': join(root, 'src/bundle/make-bundle.ts'),
    'a file of the bundle': join(folder, 'compose.mjs'),
    'its source map': join(folder, 'compose.mjs.map'),
  };
  for (const [what, file] of Object.entries(cases)) {
    const bytes = await readFile(file);
    const { atime, mtime } = await stat(file);
    expect(isFound(), `before ${what} changes`).toBe(true);
    // The same size and the same time: only the bytes differ.
    await writeFile(file, Buffer.concat([bytes.subarray(0, -1), Buffer.from(' ')]));
    await utimes(file, atime, mtime);
    expect(isFound(), `${what} has another byte`).toBe(false);
    await rm(file);
    expect(isFound(), `${what} is gone`).toBe(false);
    // The same bytes at another time, as in a copy.
    await writeFile(file, bytes);
    expect(isFound(), `${what} is as it was`).toBe(true);
  }
  for (const text of ['', '{}', 'null', '{"folder":"..","files":"none"}']) {
    await writeFile(indexFile(), text);
    expect(isFound(), `index ${text}`).toBe(false);
  }
});

it('depends on what npm has installed, and on every file of the packages that it holds', async () => {
  await makeBundle(root);
  const index: { files: [string][] } = JSON.parse(readFileSync(indexFile(), 'utf8'));
  const paths = index.files.map(([path]) => path);
  expect(paths).toContain('node_modules/.package-lock.json');
  for (const name of ['graphql', 'kysely', 'graphql-yoga', '@pothos/core', 'openai', 'sharp']) {
    expect(
      paths.some((path) => path.includes(`node_modules/${name}/`)),
      name,
    ).toBe(true);
  }
});

it('fails when a module is missing, and leaves the start to the sources', async () => {
  await rm(join(root, 'src/cli/shutdown-signals.ts'));
  await expect(makeBundle(root)).rejects.toThrow('shutdown-signals.ts');
  expect(findBundle(root)).toBeNull();
  const { code, output } = await (await start()).ended;
  expect(code).not.toBe(0);
  expect(output).toContain('shutdown-signals.ts');
});

it('keeps the last bundle, of which a running server may load more, and removes older ones', async () => {
  for (const word of ['First', 'Second', 'Third']) {
    await cp(join(ROOT, SERVE), join(root, SERVE));
    await edit(SERVE, 'Darkroom is ready', `${word} is ready`);
    expect(await makeBundle(root)).toBe(true);
  }
  const names = await readdir(join(root, 'dist'));
  expect(names.filter((name) => name !== 'bundle.json')).toHaveLength(2);
});

it('names the sources in the stacks of errors', async () => {
  const planted = "setTimeout(() => {\n    throw new Error('planted');\n  });\n  const config = parseConfig(env);";
  await edit(SERVE, 'const config = parseConfig(env);', planted);
  await makeBundle(root);
  expect(findBundle(root)).not.toBeNull();
  const line =
    (await readFile(join(root, SERVE), 'utf8')).split('\n').findIndex((text) => text.includes("'planted'")) + 1;
  const { code, output } = await (await start()).ended;
  expect(code).not.toBe(0);
  expect(output).toContain(`${SERVE}:${line}:`);
});

it.each([
  { what: 'with a bundle', isMade: true },
  { what: 'without one', isMade: false },
])('starts in a folder that cannot be written to, $what', async ({ isMade }) => {
  if (isMade) await makeBundle(root);
  // Permissions do not bind root.
  const user = process.getuid?.() === 0 ? NOBODY : undefined;
  if (user === undefined) await chmod(root, 0o555);
  const server = await start({ env: { npm_lifecycle_event: 'start' }, ...(user === undefined ? {} : { user }) });
  const url = await server.url();
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  expect(await ask(url, '{ viewer { principal } }')).toEqual({ data: { viewer: { principal: 'local' } } });
  expect(server.output()).not.toMatch(/error/iu);
  if (user === undefined) await chmod(root, 0o755);
});

it('has all that is loaded later: the SDK, the painter, compiled operations, GraphiQL, and the other commands', async () => {
  await makeBundle(root);
  expect(findBundle(root)).not.toBeNull();
  const server = await start({ env: { SIMULATOR_ART: 'detailed' } });
  const url = await server.url();
  const out = join(server.dataDir, 'out');
  await mkdir(out);
  const args = ['generate', 'a lighthouse at dawn', '--format', 'webp', '--json', '--out', out, '--url', url];
  const generated = await (await start({ args })).ended;
  expect(generated.code, generated.output).toBe(0);
  expect((await readdir(out)).some((name) => name.endsWith('.webp'))).toBe(true);
  // From the third time on, operations are compiled.
  for (let time = 0; time < 4; time += 1) {
    const answer = await ask(url, '{ images(first: 1) { nodes { prompt url(width: 160) } } }');
    expect(answer).toMatchObject({ data: { images: { nodes: [{ prompt: 'a lighthouse at dawn' }] } } });
  }
  const page = await (await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } })).text();
  const script = /graphiql\/[\w.-]+\.js/u.exec(page)?.[0];
  expect((await fetch(`${url}/${script}`)).status).toBe(200);
  const keys = await start({ args: ['keys', 'list'], env: { DATA_DIR: server.dataDir } });
  expect((await keys.ended).code).toBe(0);
  expect(server.output()).not.toContain('"level":50');
});
