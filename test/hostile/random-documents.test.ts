/**
 * Random hostile documents, valid documents with words changed, and random bytes. Whatever comes, the answer is a
 * well-formed one with a code, no socket is closed, and the server comes to no harm. HOSTILE_CASES and HOSTILE_SEED give
 * more and other cases.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { within } from '../api/steps.ts';
import type { Operation } from '../conformance/ways-in.ts';
import * as projectDocuments from '../support/documents.ts';
import { type MeasuredServer, startMeasuredServer } from './measured-server.ts';
import { type DocumentForm, garbled, hostileDocument, type Random } from './random-hostile-document.ts';

const CASES = Number(process.env['HOSTILE_CASES'] ?? 60);
const SEED = Number(process.env['HOSTILE_SEED'] ?? 20_261_128);
const TIMEOUT_MS = Math.max(60_000, CASES * 1_000);
const ANSWER_TIMEOUT_MS = 20_000;
/** Of a body of JSON, with everything around the document. */
const MAX_LENGTH = 900_000;
/** Documents are compiled when they come for the third time. */
const TIMES = 4;
const MAX_TURN_MS = 100;
const MAX_GROWTH_BYTES = 100_000_000;

const documents = Object.values(projectDocuments).map(String);
let schema: ReturnType<typeof buildSchema>;
let server: MeasuredServer;
let ids: readonly string[];
let socket: WebSocket;
const peaks = { turnMs: 0, growthBytes: 0 };
const codes = new Map<string, number>();

beforeAll(async () => {
  schema = buildSchema(await readFile(join(import.meta.dirname, '../../schema/schema.graphql'), 'utf8'));
  server = await startMeasuredServer({ calls: 4, env: { MAX_OPEN_CALLS: '20' } });
  ids = Object.values(server.seed);
  socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  socket.setMaxListeners(0);
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
}, 120_000);
afterAll(async () => {
  socket?.terminate();
  await server?.[Symbol.asyncDispose]();
  const seen = [...codes].sort(([, a], [, b]) => b - a).map(([code, count]) => `${count} ${code}`);
  console.log(
    `random inputs (seed ${SEED}): the longest turn was ${peaks.turnMs} ms, the largest growth ` +
      `${Math.round(peaks.growthBytes / 1e6)} MB; ${seen.join(', ')}`,
  );
});

const forms: fc.Arbitrary<DocumentForm> = fc.record({
  size: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 200, max: 3_000 }), fc.constant(40_000)),
  depth: fc.integer({ min: 1, max: 25 }),
  width: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constantFrom(30, 300)),
  fragments: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 100, max: 250 })),
  operations: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constantFrom(2, 49, 60) }),
  aliasRate: fc.constantFrom(0, 0.3, 1),
  argumentRate: fc.constantFrom(0, 0.3, 1),
  spreadRate: fc.constantFrom(0, 0.2, 0.7),
  directiveRate: fc.constantFrom(0, 0, 0.1, 0.5),
  variableRate: fc.constantFrom(0, 0.2, 1),
  errorRate: fc.constantFrom(0, 0, 0, 0, 0.001, 0.01, 0.2),
  listLength: fc.constantFrom(1, 3, 100, 5_000),
  circles: fc.constantFrom(false, false, true),
});

const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const operations: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(forms, seeds).map(([form, seed]) => walked(form, seed)) },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom(...documents), seeds).map(([text, seed]) => ({
      query: garbled(text, { random: randomOf(seed), maxLength: 260_000 }),
      variables: { id: ids[seed % ids.length], input: { prompt: 'a boat' }, first: 100 },
    })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(forms, seeds).map(([form, seed]) => {
      const { query = '', ...rest } = walked(form, seed);
      return { ...rest, query: garbled(query, { random: randomOf(seed), maxLength: 600_000 }) };
    }),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 3_000 }).map((query) => ({ query })) },
  { weight: 1, arbitrary: fc.record({ query: fc.string(), variables: fc.dictionary(fc.string(), fc.jsonValue()) }) },
);

function walked(form: DocumentForm, seed: number): Operation {
  return hostileDocument({ schema, ids, form, random: randomOf(seed) });
}

/** mulberry32: small, fast, and good enough to choose documents. */
function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const WAYS = { POST: post, 'event stream': postForEvents, WebSocket: overSocket } as const;

describe('a random hostile input', () => {
  it.each(
    // The keys of a constant.
    (Object.keys(WAYS) as (keyof typeof WAYS)[]).map((way, index) => ({ way, seed: SEED + index })),
  )(
    'is answered with data or with errors that have a code, over $way',
    async ({ way, seed }) => {
      await fc.assert(
        fc.asyncProperty(operations, (operation) =>
          unharmed(async () => {
            for (let time = 1; time <= TIMES; time += 1) expectWellFormed(await WAYS[way](operation));
          }),
        ),
        { seed, numRuns: Math.ceil(CASES / 3), endOnFailure: true },
      );
    },
    TIMEOUT_MS,
  );

  it(
    'is refused with a code, as the bytes of a body',
    async () => {
      const bodies = fc.oneof(
        fc.uint8Array({ maxLength: 3_000 }),
        fc.json().map((text) => Buffer.from(text)),
        fc.tuple(operations, seeds).map(([operation, seed]) => {
          const random = randomOf(seed);
          return Buffer.from(garbled(JSON.stringify(operation), { random, maxLength: MAX_LENGTH }));
        }),
      );
      await fc.assert(
        fc.asyncProperty(bodies, (body) => unharmed(async () => expectWellFormed(await postBody(body)))),
        { seed: SEED, numRuns: CASES, endOnFailure: true },
      );
    },
    TIMEOUT_MS,
  );
});

/** That nothing else waited while it was done, and that the memory was given back. */
async function unharmed(act: () => Promise<void>): Promise<void> {
  const before = await server.measureCollected();
  await act();
  const { longestTurnMs, peakBytes } = await server.measure();
  const growthBytes = peakBytes - before.residentBytes;
  peaks.turnMs = Math.max(peaks.turnMs, longestTurnMs);
  peaks.growthBytes = Math.max(peaks.growthBytes, growthBytes);
  expect(longestTurnMs, 'milliseconds in which nothing else was answered').toBeLessThanOrEqual(MAX_TURN_MS);
  expect(growthBytes, 'bytes by which the server grew').toBeLessThanOrEqual(MAX_GROWTH_BYTES);
  expect(server.process.exitCode).toBeNull();
}

function expectWellFormed(answer: unknown): void {
  // Whatever it is, it is looked at below.
  const { data, errors } = (answer ?? {}) as { data?: unknown; errors?: readonly GivenError[] };
  if (errors === undefined) {
    expect(data, JSON.stringify(answer)).toBeTypeOf('object');
    count('data');
    return;
  }
  expect(errors.length).toBeGreaterThan(0);
  for (const { message, extensions } of errors) {
    expect(message).toBeTypeOf('string');
    expect(extensions?.code, message).toMatch(/^[A-Z_]+$/u);
    expect(extensions?.code, message).not.toBe('INTERNAL_SERVER_ERROR');
  }
  count(errors[0]?.extensions?.code ?? '');
}

interface GivenError {
  readonly message: string;
  readonly extensions?: { readonly code?: string };
}

function count(code: string): void {
  codes.set(code, (codes.get(code) ?? 0) + 1);
}

async function post(operation: Operation): Promise<unknown> {
  return postBody(JSON.stringify(operation));
}

async function postBody(body: string | Uint8Array): Promise<unknown> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    // Node's types know no body that is a view of any buffer.
    body: body as string,
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  const text = await response.text();
  // No answer can be written for a client that takes no streams.
  if (response.status === 406) return { errors: [{ message: text, extensions: { code: 'NOT_ACCEPTABLE' } }] };
  return JSON.parse(text);
}

/** The first event, or the answer to what is no subscription. */
async function postForEvents(operation: Operation): Promise<unknown> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify(operation),
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    const [, json] = /event: next\ndata: (.+)\n\n/u.exec(text) ?? [];
    // Leaving the loop closes the connection.
    if (json !== undefined) return JSON.parse(json);
  }
  // A log without events behind the cursor.
  if (text.includes('event: complete')) return { data: null };
  return JSON.parse(text);
}

let messages = 0;

/** All over one socket, which must stay open. */
function overSocket(operation: Operation): Promise<unknown> {
  messages += 1;
  const id = String(messages);
  const message = JSON.stringify({ id, type: 'subscribe', payload: operation });
  // A longer message closes the socket (sockets.test.ts).
  fc.pre(Buffer.byteLength(message) <= MAX_LENGTH);
  return within(ANSWER_TIMEOUT_MS, 'an answer over WebSocket', async () => {
    const answer = await new Promise<unknown>((resolve, reject) => {
      const onClose = (code: number) => reject(new Error(`the socket was closed with ${code}`));
      const onMessage = (given: Buffer) => {
        const { id: of, type, payload } = JSON.parse(String(given));
        if (of !== id) return;
        socket.off('message', onMessage).off('close', onClose);
        if (type === 'next') resolve(payload);
        else resolve(type === 'error' ? { errors: payload } : { data: null });
      };
      socket.on('message', onMessage).once('close', onClose);
      socket.send(message);
    });
    socket.send(JSON.stringify({ id, type: 'complete' }));
    return answer;
  });
}
