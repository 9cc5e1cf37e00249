/** What every proxy of docs/proxy.md must pass on: tests of one, in front of a real server. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { Agent, request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually, within } from '../api/steps.ts';
import { startServerHere } from '../support/app.ts';
import { isAbsent } from '../support/programs.ts';
import { newDataDir, type RunningServer, runMain } from '../support/server.ts';

/** The host name of the documentation. */
export const HOST = 'pictures.example.com';
const LIMIT_MS = 15_000;

export interface ProxyStart {
  /** For its files; it is removed afterwards. */
  readonly folder: string;
  /** The server behind the proxy: `http://127.0.0.1:<port>`. */
  readonly upstream: string;
  /** Where it must listen with TLS, and without. */
  readonly port: number;
  readonly plainPort: number;
}

export interface ProxyUnderTest {
  readonly name: string;
  readonly program: string;
  /** The public host of the server, as the page has it: with its port, if it is not 443. */
  readonly host: string;
  /** Whether its configuration limits the size of a request; else the server does it alone. */
  readonly refusesLarge: boolean;
  /** Starts it as the page says, and returns its process at once. */
  start(options: ProxyStart): Promise<ChildProcess>;
}

/** Declares the tests of a proxy. */
export function testProxy(proxy: ProxyUnderTest): void {
  describe.skipIf(isAbsent(proxy.program))(`behind ${proxy.name}`, () => proxyTests(proxy));
}

/** The configuration in this language in docs/proxy.md that starts like this. @throws {Error} when there is not exactly one */
export async function documentedConfiguration(language: string, start: string): Promise<string> {
  const page = await readFile(join(import.meta.dirname, '../../docs/proxy.md'), 'utf8');
  const blocks = [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gmsu'))].map(
    ([, code = '']) => code,
  );
  const [found, ...others] = blocks.filter((code) => code.startsWith(start));
  if (found === undefined || others.length > 0)
    throw new Error(`docs/proxy.md must have one ${language} block "${start}".`);
  return found;
}

function proxyTests({ start, host, refusesLarge }: ProxyUnderTest): void {
  const [servername] = host.split(':');
  let folder: string;
  let server: RunningServer;
  let key: string;
  let port: number;
  let plainPort: number;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'darkroom-proxy-'));
    const dataDir = await newDataDir();
    const { stdout } = await runMain(['keys', 'create', '--principal', 'anna', '--scopes', 'read,generate,upload'], {
      DATA_DIR: dataDir,
    });
    key = stdout.trim();
    server = await startServerHere({
      dataDir,
      env: {
        AUTH: 'keys',
        PUBLIC_URL: `https://${host}`,
        TRUST_PROXY: 'loopback',
        SIMULATOR_DURATION_MS: '1500',
        MAX_SUBSCRIPTIONS_PER_PRINCIPAL: '1',
      },
    });
    [port, plainPort] = [await freePort(), await freePort()];
    const child = await start({ folder, upstream: server.url, port, plainPort });
    stop = await running(child, port, host);
  });
  afterAll(async () => {
    await stop?.();
    await server?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const headers = () => ({ host, authorization: `Bearer ${key}` });

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
      servername,
      rejectUnauthorized: false,
    });
    // What is too large is answered before all of it was sent.
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

  it('leads from HTTP to HTTPS', async () => {
    const asked = plainRequest({ port: plainPort, path: '/health/ready', headers: { host } }).end();
    const [answer] = await once(asked, 'response');
    answer.resume();
    expect([301, 308]).toContain(answer.statusCode);
    expect(new URL(answer.headers.location).protocol).toBe('https:');
  });

  it('serves images under the public address', async () => {
    const id = await newCall();
    const url = await eventually('the image', async () => {
      const { generationCall } = await execute(`{ generationCall(id: "${id}") { images { url } } }`);
      return generationCall.images[0]?.url;
    });
    const { origin, pathname, search } = new URL(url);
    expect(origin).toBe(`https://${host}`);
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

  it('ends a stream at the server when its client has gone', async () => {
    const follow = () =>
      ask('/graphql', JSON.stringify({ query: 'subscription { viewerEvents { cursor } }' }), {
        'content-type': 'application/json',
        accept: 'text/event-stream',
      });
    const first = await follow();
    expect(first.statusCode).toBe(200);
    const second = await follow();
    // The principal may have one at a time.
    expect(await within(LIMIT_MS, 'the refusal', () => text(second))).toContain('RATE_LIMITED');
    first.on('error', () => {});
    first.destroy();
    await eventually('a place', async () => {
      const next = await follow();
      next.on('error', () => {});
      const [start] = next.statusCode === 200 ? await once(next, 'data') : [''];
      next.destroy();
      return next.statusCode === 200 && !String(start).includes('RATE_LIMITED') ? true : undefined;
    });
  });

  it('passes a WebSocket on', async () => {
    const id = await newCall();
    const socket = new WebSocket(`wss://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', {
      headers: { host },
      agent: new Agent({ servername, rejectUnauthorized: false }),
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

  it('takes an upload that is as large as the server allows, and not a larger one', async () => {
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
    const answer = await text(refused);
    if (refusesLarge) expect(refused.statusCode).toBe(413);
    // The server has the limit, and names it.
    else expect(JSON.parse(answer).data.uploadImage).toMatchObject({ message: expect.stringContaining('52428800') });
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Waits until the proxy answers. @returns a function that stops it @throws {Error} when it ends at once */
async function running(child: ChildProcess, port: number, host: string): Promise<() => Promise<void>> {
  let output = '';
  child.stderr?.on('data', (part) => {
    output += part;
  });
  const ended = once(child, 'exit');
  await eventually('the proxy', async () => {
    if (child.exitCode !== null) throw new Error(output);
    const options = {
      port,
      path: '/health/live',
      headers: { host },
      servername: host.split(':')[0],
      rejectUnauthorized: false,
    };
    const asked = request(options).end();
    const answer = await once(asked, 'response').catch(() => null);
    asked.destroy();
    return answer === null ? undefined : true;
  });
  return async () => {
    child.kill('SIGTERM');
    await ended;
  };
}
