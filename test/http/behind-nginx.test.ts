/** The configuration of nginx in docs/proxy.md as it stands, but for its ports and its certificate, in front of a real server. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually, within } from '../api/steps.ts';
import { startServerHere } from '../support/app.ts';
import { newDataDir, type RunningServer, runMain } from '../support/server.ts';

const HOST = 'pictures.example.com';
const LIMIT_MS = 15_000;
const isMissing = process.env['CI'] !== 'true' && !has('nginx', '-v');
if (isMissing) console.warn('The proxy of docs/proxy.md is not tested: nginx is not installed.');

function has(program: string, argument: string): boolean {
  try {
    execFileSync(program, [argument], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(isMissing)('behind nginx', () => {
  let folder: string;
  let server: RunningServer;
  let key: string;
  let port: number;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'darkroom-nginx-'));
    const dataDir = await newDataDir();
    const { stdout } = await runMain(['keys', 'create', '--principal', 'anna', '--scopes', 'read,generate,upload'], {
      DATA_DIR: dataDir,
    });
    key = stdout.trim();
    server = await startServerHere({
      dataDir,
      env: { AUTH: 'keys', PUBLIC_URL: `https://${HOST}`, TRUST_PROXY: 'loopback', SIMULATOR_DURATION_MS: '1500' },
    });
    port = await freePort();
    stop = await startNginx(folder, server.url, port);
  });
  afterAll(async () => {
    await stop?.();
    await server?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const headers = () => ({ host: HOST, authorization: `Bearer ${key}` });

  async function ask(
    path: string,
    body?: string | Buffer,
    more: Record<string, string> = {},
  ): Promise<IncomingMessage> {
    const asked = request({
      port,
      path,
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...headers(), ...more },
      rejectUnauthorized: false,
    });
    // nginx answers what is too large before it has all of it.
    asked.on('error', () => {});
    asked.end(body);
    const [answer] = await once(asked, 'response');
    return answer;
  }

  async function execute(query: string) {
    const answer = await ask('/graphql', JSON.stringify({ query }), { 'content-type': 'application/json' });
    const { data, errors } = JSON.parse(await text(answer));
    expect(errors).toBeUndefined();
    return data;
  }

  const newCall = async (): Promise<string> =>
    (
      await execute(
        'mutation { generateImage(input: { prompt: "a pier" }) { ... on GenerateImageSuccess { call { id } } } }',
      )
    ).generateImage.call.id;

  it('shows that the server is ready, and the page', async () => {
    expect((await ask('/health/ready')).statusCode).toBe(200);
    const page = await ask('/');
    expect([200, 302]).toContain(page.statusCode);
    page.resume();
  });

  it('serves images under the public address', async () => {
    const id = await newCall();
    const url = await eventually('the image', async () => {
      const { generationCall } = await execute(`{ generationCall(id: "${id}") { images { url } } }`);
      return generationCall.images[0]?.url;
    });
    const { origin, pathname, search } = new URL(url);
    expect(origin).toBe(`https://${HOST}`);
    const image = await ask(pathname + search);
    expect(image.statusCode).toBe(200);
    image.resume();
  });

  it('passes events of a stream on at once', async () => {
    const id = await newCall();
    const query = `subscription { generationEvents(callId: "${id}") { __typename } }`;
    const answer = await ask('/graphql', JSON.stringify({ query }), {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      'accept-encoding': 'gzip',
    });
    const arrivals: number[] = [];
    answer.on('data', () => arrivals.push(performance.now()));
    await within(LIMIT_MS, 'the end', () => once(answer, 'end'));
    expect(arrivals.length).toBeGreaterThan(3);
    // The simulator draws for 1.5 s.
    expect((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(700);
  });

  it('passes a WebSocket on', async () => {
    const id = await newCall();
    const socket = new WebSocket(`wss://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', {
      headers: { host: HOST },
      rejectUnauthorized: false,
    });
    const types: string[] = [];
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } })),
    );
    socket.on('message', (message) => {
      const { type, payload } = JSON.parse(String(message));
      if (type === 'connection_ack') {
        const query = `subscription { generationEvents(callId: "${id}") { __typename } }`;
        socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
      }
      if (type === 'next') types.push(payload.data.generationEvents.__typename);
      if (type === 'complete') socket.close();
    });
    await within(LIMIT_MS, 'the end', () => once(socket, 'close'));
    expect(types.at(-1)).toBe('GenerationCompleted');
  });

  it('takes an upload that is as large as the server allows, and says 413 above', async () => {
    const boundary = 'a-boundary';
    const upload = (bytes: number) => {
      const part = (name: string, content: string) =>
        `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${content}\r\n`;
      const operations = JSON.stringify({
        query:
          'mutation ($file: Upload!) { uploadImage(input: { file: $file }) { __typename ... on Error { message } } }',
        variables: { file: null },
      });
      const head = `${part('operations', operations)}${part('map', '{"0":["variables.file"]}')}--${boundary}\r\ncontent-disposition: form-data; name="0"; filename="a.png"\r\n\r\n`;
      const body = Buffer.concat([Buffer.from(head), Buffer.alloc(bytes), Buffer.from(`\r\n--${boundary}--\r\n`)]);
      return ask('/graphql', body, {
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'apollo-require-preflight': 'true',
      });
    };
    // These are no images; but they reached the server, which says so.
    const taken = JSON.parse(await text(await upload(50_000_000)));
    expect(taken.data.uploadImage.__typename).toBe('InvalidInputError');
    const refused = await upload(61 * 1024 * 1024);
    expect(refused.statusCode).toBe(413);
    refused.resume();
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Started by root, the workers of nginx would be somebody who may not write into the folder of the test. */
function userOf(): string {
  return process.getuid?.() === 0 ? 'user root;' : '';
}

/** @returns a function that stops it */
async function startNginx(folder: string, upstream: string, port: number): Promise<() => Promise<void>> {
  const page = await readFile(join(import.meta.dirname, '../../docs/proxy.md'), 'utf8');
  const [, documented] = /```nginx\n(.*?)```/su.exec(page) ?? [];
  if (documented === undefined) throw new Error('docs/proxy.md has no configuration of nginx');
  const certificate = join(folder, 'certificate.pem');
  const privateKey = join(folder, 'key.pem');
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
      ...['-subj', `/CN=${HOST}`, '-keyout', privateKey, '-out', certificate],
    ],
    { stdio: 'ignore' },
  );
  const server = documented
    .replace('listen 80;', `listen 127.0.0.1:${await freePort()};`)
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replace(/ssl_certificate .*;/u, `ssl_certificate ${certificate};`)
    .replace(/ssl_certificate_key .*;/u, `ssl_certificate_key ${privateKey};`)
    .replaceAll('http://127.0.0.1:4000', upstream);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  const configuration = join(folder, 'nginx.conf');
  await writeFile(
    configuration,
    `${userOf()} daemon off; pid ${join(folder, 'pid')}; error_log ${join(folder, 'error.log')};
    events {}
    http { access_log off; ${paths.join(' ')}
    ${server} }`,
  );
  const child = spawn('nginx', ['-c', configuration, '-e', join(folder, 'error.log')], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  await eventually('nginx', async () => {
    if (child.exitCode !== null) throw new Error(await readFile(join(folder, 'error.log'), 'utf8'));
    const asked = request({ port, path: '/health/live', headers: { host: HOST }, rejectUnauthorized: false }).end();
    const answer = await once(asked, 'response').catch(() => null);
    asked.destroy();
    return answer === null ? undefined : true;
  });
  return async () => {
    child.kill('SIGTERM');
    await ended;
  };
}
