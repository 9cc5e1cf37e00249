/** `npm run generate` with a server that has authentication. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServerHere } from '../support/app.ts';
import { newDataDir, type RunningServer, runMain } from '../support/server.ts';
import { generate, newFolder, picturesIn, startGenerate } from './run.ts';

let server: RunningServer;
let dataDir: string;
let key: string;

beforeAll(async () => {
  dataDir = await newDataDir();
  key = await createKey('read,generate');
  server = await startServerHere({ dataDir, env: { AUTH: 'keys', SIMULATOR_DURATION_MS: '1000' } });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true });
});

async function createKey(scopes: string): Promise<string> {
  const { stdout } = await runMain(['keys', 'create', '--principal', 'anna', '--scopes', scopes], {
    DATA_DIR: dataDir,
  });
  return stdout.trim();
}

async function make(apiKey: string | null, url = server.url) {
  await using folder = await newFolder();
  const env = apiKey === null ? {} : { DARKROOM_API_KEY: apiKey };
  const run = await generate(['a fox', '--url', url, '--out', '.'], { cwd: folder.path, env });
  return { ...run, pictures: (await picturesIn(folder.path)).map(({ name }) => name) };
}

describe('a key in DARKROOM_API_KEY', () => {
  it('makes a picture: it is sent with the request and the subscription, and signed URLs are saved', async () => {
    const { code, stderr, pictures } = await make(key);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(pictures).toEqual(['final.png', 'partial-0.png', 'partial-1.png']);
  });

  it('may end with a line break, as in a file, but not have several words, and is never repeated', async () => {
    expect(await make(`${key}\n`)).toMatchObject({ code: 0 });
    const { code, stderr } = await make(`${key} ${key}`);
    expect(code).toBe(2);
    expect(stderr).toContain('DARKROOM_API_KEY must be one API key or token, without spaces and line breaks');
    expect(stderr).not.toContain(key);
  });

  it('is not to be seen in the arguments of the process', async () => {
    await using folder = await newFolder();
    const running = startGenerate(['a fox', '--url', server.url, '--out', '.'], {
      cwd: folder.path,
      env: { DARKROOM_API_KEY: key },
    });
    await running.untilSays(/queued/u);
    expect(await readFile(`/proc/${running.process.pid}/cmdline`, 'utf8')).not.toContain(key);
    expect((await running.ended).code).toBe(0);
  });
});

describe('the message names the variable', () => {
  it('when there is no key', async () => {
    const { code, stderr, pictures } = await make(null);
    expect({ code, pictures }).toEqual({ code: 1, pictures: [] });
    expect(stderr).toContain(`the server at ${server.url} requires an API key or token: set DARKROOM_API_KEY`);
  });

  it('when the key is wrong', async () => {
    const { code, stderr } = await make(`${key.slice(0, -1)}${key.endsWith('A') ? 'E' : 'A'}`);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `the server at ${server.url} does not accept DARKROOM_API_KEY: The API key or token is unknown, revoked or expired.`,
    );
  });

  it('when the key lacks the scope to generate', async () => {
    const { code, stderr } = await make(await createKey('read'));
    expect(code).toBe(1);
    expect(stderr).toContain('DARKROOM_API_KEY does not allow this: Your credentials do not have the scope GENERATE.');
  });

  it('when the key lacks the scope to follow, with the call that was accepted', async () => {
    const { code, stderr } = await make(await createKey('generate'));
    expect(code).toBe(1);
    expect(stderr).toContain('DARKROOM_API_KEY does not allow this: Your credentials do not have the scope READ.');
    expect(stderr).toMatch(/The call was accepted and continues. To follow it:\n {2}npm run generate -- --watch \S+/u);
  });

  it('when the key is revoked while a picture is made', async () => {
    await using data = await newFolder();
    const env = { AUTH: 'keys', SIMULATOR_DURATION_MS: '30000' };
    const keys = (...args: readonly string[]) => runMain(['keys', ...args], { DATA_DIR: data.path });
    const passing = (await keys('create', '--principal', 'anna', '--scopes', 'read,generate')).stdout.trim();
    await using slow = await startServerHere({ dataDir: data.path, env });
    const running = startGenerate(['a fox', '--url', slow.url], {
      cwd: data.path,
      env: { DARKROOM_API_KEY: passing },
    });
    await running.untilSays(/asking the upstream/u);
    await keys('revoke', passing.slice(3, 15));
    const { code, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stderr).toContain(`the server at ${slow.url} does not accept DARKROOM_API_KEY: Your credentials have ended`);
  });
});

it('a rate limit is told with the time after which to try again, for the subscription and for the request', async () => {
  await using limited = await startServerHere({ env: { RATE_REQUESTS_PER_MINUTE: '1' } });
  const subscription = await make(null, limited.url);
  const request = await make(null, limited.url);
  for (const { code, stderr } of [subscription, request]) {
    expect(code).toBe(1);
    expect(stderr).toMatch(/Try again after \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\./u);
  }
  expect(subscription.stderr).toContain('The call was accepted and continues.');
});

it('the files of a picture are those of the server, byte for byte', async () => {
  await using folder = await newFolder();
  const run = await generate(['a fox', '--json', '--url', server.url, '--out', '.'], {
    cwd: folder.path,
    env: { DARKROOM_API_KEY: key },
  });
  const { images } = JSON.parse(run.stdout);
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: 'query ($id: ID!) { image(id: $id) { url } }', variables: { id: images[0].id } }),
  });
  const { data } = await response.json();
  expect(data.image.url).toMatch(/\?exp=\d+&sig=/u);
  const bytes = new Uint8Array(await (await fetch(data.image.url)).arrayBuffer());
  expect(new Uint8Array(await readFile(join(folder.path, 'final.png')))).toEqual(bytes);
});
