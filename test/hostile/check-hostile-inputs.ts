/** Runs a table of hostile inputs against one server: the exact answer of each, and that the server came to no harm. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { within } from '../api/steps.ts';
import { WAYS_IN } from '../conformance/ways-in.ts';
import type {
  HostileBytes,
  HostileInput,
  HostileMessages,
  HostileOperation,
  HostileRequest,
  Seed,
  Way,
} from './hostile-input.ts';
import { type MeasuredServer, type MeasuredServerOptions, startMeasuredServer } from './measured-server.ts';

const MAX_GROWTH_BYTES = 100_000_000;
const MAX_TURN_MS = 100;
const ANSWER_TIMEOUT_MS = 15_000;
/** Longer URLs are refused by Node before anything sees them. */
const MAX_URL_LENGTH = 12_000;
const WAYS: readonly Way[] = ['small JSON POST', 'large POST', 'GET', 'multipart', 'SSE', 'WebSocket query'];
const SHORT_MS = 50;
/**
 * With HOSTILE=all, every operation is sent over every way in. Otherwise, each is sent over one of them,
 * the next over the next one.
 */
const IS_COMPLETE = process.env['HOSTILE'] === 'all';

/** Defines one test for each case and way in. The server is started with the options, and shared by all of them. */
export function checkHostileInputs(
  title: string,
  inputs: readonly HostileInput[],
  options: MeasuredServerOptions = {},
): void {
  describe(title, () => {
    let server: MeasuredServer;
    let sent = 0;
    let peaks = { turnMs: 0, turnOf: '', growthBytes: 0, growthOf: '' };
    beforeAll(async () => {
      server = await startMeasuredServer(options);
    }, 120_000);
    afterAll(async () => {
      await server?.[Symbol.asyncDispose]();
      const { turnMs, turnOf, growthBytes, growthOf } = peaks;
      console.log(
        `${title}: ${inputs.length} inputs, ${sent} tests; the longest turn was ${turnMs} ms (${turnOf}), ` +
          `the largest growth ${Math.round(growthBytes / 1e6)} MB (${growthOf})`,
      );
    });

    async function measureSending(send: () => Promise<void>, times: number) {
      const before = await server.measureCollected();
      for (let time = 1; time <= times; time += 1) await send();
      expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
      const { longestTurnMs, peakBytes } = await server.measure();
      return { longestTurnMs, growthBytes: peakBytes - before.residentBytes };
    }

    async function check(input: HostileInput, name: string, send: () => Promise<void>): Promise<void> {
      const {
        maxGrowthBytes = MAX_GROWTH_BYTES,
        maxTurnMs = MAX_TURN_MS,
        times = 'operation' in input ? 3 : 1,
      } = input;
      sent += 1;
      const footprint = await server.footprint();
      const first = await measureSending(send, times);
      // When memory is collected is chance: what an input needs, it needs a second time.
      const { longestTurnMs, growthBytes } =
        first.growthBytes > maxGrowthBytes ? await measureSending(send, times) : first;
      if (longestTurnMs > peaks.turnMs) peaks = { ...peaks, turnMs: longestTurnMs, turnOf: name };
      if (growthBytes > peaks.growthBytes) peaks = { ...peaks, growthBytes, growthOf: name };
      expect(longestTurnMs, 'milliseconds in which nothing else was answered').toBeLessThanOrEqual(maxTurnMs);
      expect(growthBytes, 'bytes by which the server grew').toBeLessThanOrEqual(maxGrowthBytes);
      expect(await server.footprint(), 'stored, and asked of the upstream').toEqual(footprint);
      expect(server.process.exitCode).toBeNull();
    }

    for (const [index, input] of inputs.entries()) {
      if ('operation' in input) {
        const ways = input.over ?? WAYS;
        it.each(ways.filter((_, nth) => IS_COMPLETE || nth === index % ways.length))(`${input.name}, by %s`, (way) =>
          check(input, `${input.name}, by ${way}`, () => sendOperation(input, way, server)),
        );
        continue;
      }
      it(input.name, () =>
        check(input, input.name, async () => {
          if ('request' in input) await sendRequest(input, server);
          else if ('bytes' in input) await sendBytes(input, server);
          else await sendMessages(input, server);
        }),
      );
    }
  });
}

interface Target {
  readonly url: string;
  readonly seed: Seed;
}

async function sendOperation(input: HostileOperation, wayName: Way, { url, seed }: Target): Promise<void> {
  const way = WAYS_IN.find(({ name }) => name === wayName);
  if (way === undefined) throw new Error(`there is no way in ${wayName}`);
  const operation = input.operation(seed);
  if (way.name === 'GET' && encodeURIComponent(JSON.stringify(operation)).length > MAX_URL_LENGTH) return;
  const { status, payloads } = await way.send(url, operation, input.credentials);
  expect(payloads.map(withoutPlaces)).toEqual(input.payloads);
  if (way.transport === 'HTTP' && way.name !== 'SSE') expect(status).toBe(input.status);
}

/** Where in the document an error is does not belong to the answer that is compared. */
function withoutPlaces(payload: object): object {
  const { errors, ...rest } = payload as { readonly errors?: readonly { locations?: unknown; path?: unknown }[] };
  if (errors === undefined) return rest;
  return { ...rest, errors: errors.map(({ locations: _, path: __, ...error }) => error) };
}

async function sendRequest(input: HostileRequest, { url, seed }: Target): Promise<void> {
  const { path, init } = await input.request(url, seed);
  const response = await fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  expect({ status: response.status, body: isJson && text !== '' ? JSON.parse(text) : text }).toEqual({
    status: input.status,
    body: input.body,
  });
  expect(Object.fromEntries(response.headers)).toMatchObject(input.headers ?? {});
}

async function sendBytes(input: HostileBytes, { url, seed }: Target): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const received: Buffer[] = [];
  socket.on('data', (chunk) => received.push(chunk));
  socket.on('error', () => undefined);
  await within(ANSWER_TIMEOUT_MS, 'the end of a connection', async () => {
    const closed = once(socket, 'close');
    const bytes = input.bytes(new URL(url), seed);
    if (typeof bytes === 'string' || bytes instanceof Uint8Array) socket.write(bytes);
    else for await (const chunk of bytes) if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), closed]);
    await closed;
  });
  expect(Buffer.concat(received).toString('latin1')).toEqual(input.response);
}

async function sendMessages(input: HostileMessages, { url, seed }: Target): Promise<void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const answers: unknown[] = [];
  let closeCode: number | null = null;
  await within(ANSWER_TIMEOUT_MS, 'the answers over a WebSocket', async () => {
    const done = new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        const answer = JSON.parse(String(data));
        answers.push(answer);
        if (answer.type === 'connection_ack') for (const message of input.afterAck?.(seed) ?? []) socket.send(message);
        if (answers.length >= input.answers.length && input.closeCode === null) resolve();
      });
      socket.on('error', () => undefined);
      socket.on('close', (code) => {
        closeCode = code;
        resolve();
      });
    });
    await once(socket, 'open');
    for (const message of input.messages(seed)) socket.send(message);
    await done;
  });
  // It stays open, and nothing more comes.
  if (input.closeCode === null) await new Promise((resolve) => setTimeout(resolve, SHORT_MS));
  expect({ answers, closeCode }).toEqual({ answers: input.answers, closeCode: input.closeCode });
  socket.removeAllListeners('close').terminate();
}
