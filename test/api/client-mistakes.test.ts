/**
 * What only a client did wrong is no trouble of the server: no line of its log is a warning or an error, and every line says
 * in words what it is about. Read from what a server process writes.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Operation, WAYS_IN } from '../conformance/ways-in.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { eventually, makeImage, unknownId } from './steps.ts';

/** Of pino. */
const INFO = 30;
/** Behind the answer, for what a server writes when a connection has gone. */
const SETTLE_MS = 20;

let server: TestServer;
let image: string;
beforeAll(async () => {
  server = await startServer({ env: { LOG_LEVEL: 'trace', SIMULATOR_DURATION_MS: '0' } });
  const { events } = await makeImage(server.url, { prompt: 'a kite' });
  image = events.flatMap((event) => (event.__typename === 'ImageCompleted' ? [event.image.url] : []))[0] ?? '';
});
afterAll(() => server[Symbol.asyncDispose]());

/** The lines that the server writes while a client does something. */
async function linesWhile(act: () => Promise<unknown>, at = server): Promise<readonly string[]> {
  const before = at.output().length;
  await act();
  await delay(SETTLE_MS);
  // The server has handled everything before this, and is still there.
  expect((await fetch(`${at.url}/health/live`)).status).toBe(200);
  return at
    .output()
    .slice(before)
    .split('\n')
    .filter((line) => line !== '');
}

async function expectCalmLog(act: () => Promise<unknown>, at = server): Promise<void> {
  for (const line of await linesWhile(act, at)) {
    // A line in another form was written past the log.
    expect(line).toMatch(/^\{"level":\d+,/u);
    const { level, msg, ...rest } = JSON.parse(line);
    expect(level, line).toBeLessThanOrEqual(INFO);
    expect(msg, line).toMatch(/\w+ \w+/u);
    expect(rest, line).not.toHaveProperty('0');
  }
}

const ID = 'query ($id: ID!) { node(id: $id) { id } }';
const ORDER = 'mutation ($input: GenerateImageInput!) { generateImage(input: $input) { __typename } }';

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'a document that cannot be parsed': { query: '{ viewer { ' },
  'no document': { query: '' },
  'an unknown field': { query: '{ viewer { nonsense } }' },
  'an unknown operation': { query: 'query A { __typename } query B { __typename }', operationName: 'C' },
  'several operations and no name': { query: 'query A { __typename } query B { __typename }' },
  'an unknown persisted operation': { extensions: { persistedQuery: { version: 1, sha256Hash: 'f'.repeat(64) } } },
  'a missing variable': { query: ID, variables: {} },
  'a variable of another type': { query: ID, variables: { id: { no: 'id' } } },
  'variables that are no object': { query: ID, variables: 'nonsense' as never },
  'a bad id': { query: ID, variables: { id: 'nonsense' } },
  'a bad id of a subscription': {
    query: 'subscription ($id: ID!) { generationEvents(callId: $id) { sequence } }',
    variables: { id: 'nonsense' },
  },
  'a bad cursor of a subscription': {
    query: 'subscription ($id: ID!) { generationEvents(callId: $id, after: "nonsense") { sequence } }',
    variables: { id: unknownId('GenerationCall') },
  },
  'an id of nothing': { query: ID, variables: { id: unknownId('Image') } },
  'bad ids in a list': { query: '{ nodes(ids: ["nonsense", ""]) { id } }' },
  'a bad cursor': { query: '{ images(first: 1, after: "nonsense") { nodes { id } } }' },
  'a bad page': { query: '{ images(first: -1) { nodes { id } } }' },
  'an invalid input': { query: ORDER, variables: { input: { prompt: '', options: { size: 'huge' } } } },
  'an unknown field of an input': { query: ORDER, variables: { input: { prompt: 'a kite', nonsense: true } } },
  'an unknown directive': { query: '{ viewer @nonsense { id } }' },
  'a fragment of itself': { query: '{ viewer { ...A } } fragment A on Viewer { ...A }' },
  'too much at once': { query: `{ ${Array.from({ length: 500 }, (_, n) => `a${n}: __typename`).join(' ')} }` },
};

describe.each(WAYS_IN)('over $name', (way) => {
  it.each(Object.keys(OPERATIONS))('%s leaves the log calm', async (name) => {
    // What counts is the log: some ways in refuse the connection, which is an answer as well.
    await expectCalmLog(() => way.send(server.url, OPERATIONS[name] ?? {}).catch(() => undefined));
  });
});

const JSON_HEADERS = { 'content-type': 'application/json' };

function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = JSON_HEADERS) {
  return fetch(`${server.url}/graphql`, { method: 'POST', headers, body }).then((response) => response.text());
}

const BODIES: Readonly<Record<string, () => Promise<unknown>>> = {
  'no JSON': () => post('nonsense'),
  'no JSON, in a large body': () => post('x'.repeat(200_000)),
  nothing: () => post(''),
  null: () => post('null'),
  'a number': () => post('1'),
  'a batch': () => post('[{"query":"{ __typename }"}]'),
  'an empty batch': () => post('[]'),
  'a document that is no text': () => post('{"query":{"a":1}}'),
  'an operation name that is no text': () => post('{"query":"{ __typename }","operationName":[]}'),
  'bytes that are not UTF-8': () => post(new Uint8Array([0x7b, 0xff, 0x7d])),
  'another media type': () => post('{}', { 'content-type': 'text/plain' }),
  'a form that is none': () => post('nonsense', { 'content-type': 'multipart/form-data; boundary=x' }),
  'a form without a boundary': () => post('nonsense', { 'content-type': 'multipart/form-data' }),
  'an encoding that is not spoken': () => post('{}', { ...JSON_HEADERS, 'content-encoding': 'br' }),
  'an answer that is not offered': () => post('{"query":"{ __typename }"}', { ...JSON_HEADERS, accept: 'image/png' }),
  'a body over the limit': () => post('x'.repeat(2_000_000)).catch(() => undefined),
  'a mutation by GET': () => fetch(`${server.url}/graphql?query=mutation%7Ba%7D`),
  'variables of GET that cannot be parsed': () => fetch(`${server.url}/graphql?query=%7Ba%7D&variables=%7B`),
  'a method that is not offered': () => fetch(`${server.url}/graphql`, { method: 'DELETE' }),
  'an unknown path': () => fetch(`${server.url}/nonsense`),
  'an image with a bad id': () => fetch(`${server.url}/images/nonsense.png`),
  'an image that is not there': () => fetch(`${server.url}/images/0198ffff-ffff-7fff-bfff-ffffffffffff.png`),
  'an image by another method': () => fetch(image, { method: 'DELETE' }),
  'another host': () => raw('GET /graphql HTTP/1.1\r\nHost: evil.example\r\n\r\n'),
  'another origin': () => post('{"query":"{ __typename }"}', { ...JSON_HEADERS, origin: 'https://evil.example' }),
  'no HTTP': () => raw('nonsense\r\n\r\n'),
};

/** Sends bytes and leaves: at once, or when the server has answered or ended. */
async function raw(bytes: string, isImpatient = false): Promise<void> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(bytes);
  if (isImpatient) await delay(20);
  else await Promise.race([once(socket, 'data'), once(socket, 'close'), delay(1_000)]);
  socket.destroy();
}

describe('a request with', () => {
  it.each(Object.keys(BODIES))('%s leaves the log calm', async (name) => {
    await expectCalmLog(async () => BODIES[name]?.());
  });
});

const HEAD = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
const SLOW = JSON.stringify({ query: '{ images(first: 50) { nodes { id dataUri } } }' });
const FORM =
  'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n' +
  'Graphql-Preflight: 1\r\nContent-Length: 100000\r\n\r\n' +
  '--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n' +
  '{"query":"mutation($f: Upload!){uploadImage(input:{file:$f}){__typename}}","variables":{"f":null}}\r\n' +
  '--x\r\nContent-Disposition: form-data; name="map"\r\n\r\n{"0":["variables.f"]}\r\n' +
  '--x\r\nContent-Disposition: form-data; name="0"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG';

function follow(callId: string) {
  return { query: 'subscription ($id: ID!) { generationEvents(callId: $id) { sequence } }', variables: { id: callId } };
}

const DEPARTURES: Readonly<Record<string, () => Promise<unknown>>> = {
  'before its request is complete': () => raw(`${HEAD}Content-Length: 1000\r\n\r\n{"query`, true),
  'before its large request is complete': () =>
    raw(`${HEAD}Content-Length: 900000\r\n\r\n${'x'.repeat(200_000)}`, true),
  'before the request for its event stream is complete': () =>
    raw(`${HEAD}Accept: text/event-stream\r\nContent-Length: 1000\r\n\r\n{"query`, true),
  'in the middle of its chunks': () => raw(`${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n{"que\r\n`, true),
  'with broken chunks': () => raw(`${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n{"que\r\n`),
  'in the middle of its upload': () => raw(FORM, true),
  'before its answer': async () => {
    for (let nth = 0; nth < 5; nth += 1) {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(`${HEAD}Content-Length: ${SLOW.length}\r\n\r\n${SLOW}`, () => socket.resetAndDestroy());
      await once(socket, 'close');
    }
  },
  'before its answer through fetch': async () => {
    const body = JSON.stringify({ query: '{ images(first: 50) { nodes { id dataUri } } }', x: 'x'.repeat(150_000) });
    for (const timeoutMs of [1, 3, 6, 10]) {
      const signal = AbortSignal.timeout(timeoutMs);
      await fetch(`${server.url}/graphql`, { method: 'POST', headers: JSON_HEADERS, body, signal }).catch(() => null);
    }
  },
  'in the middle of an image': async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(`GET ${new URL(image).pathname} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await once(socket, 'data');
    socket.resetAndDestroy();
  },
  'of an event stream': async () => {
    const callId = await slowCall();
    const signal = AbortSignal.timeout(150);
    const headers = { ...JSON_HEADERS, accept: 'text/event-stream' };
    const body = JSON.stringify(follow(callId));
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body, signal });
    await response.text().catch(() => undefined);
  },
  'of a WebSocket in the middle of a subscription': async () => {
    const callId = await slowCall();
    await talk([{ type: 'connection_init' }, { id: '1', type: 'subscribe', payload: follow(callId) }]);
  },
};

async function slowCall(): Promise<string> {
  const query =
    'mutation ($p: String!) { generateImage(input: { prompt: $p }) { ... on GenerateImageSuccess { call { id } } } }';
  const text = await post(JSON.stringify({ query, variables: { p: 'a boat [sim:duration=500]' } }));
  return JSON.parse(text).data.generateImage.call.id;
}

describe('a client that leaves', () => {
  it.each(Object.keys(DEPARTURES))('%s leaves the log calm', async (name) => {
    await expectCalmLog(async () => DEPARTURES[name]?.());
  });
});

/** Sends messages over a WebSocket, waits until the server closes it or has answered, and drops it. */
async function talk(messages: readonly (object | string | Uint8Array)[], protocol = 'graphql-transport-ws') {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, protocol);
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('open', () => {
    for (const message of messages) {
      socket.send(typeof message === 'string' || message instanceof Uint8Array ? message : JSON.stringify(message));
    }
  });
  await Promise.race([closed, delay(150)]);
  socket.terminate();
  await closed;
}

const INIT = { type: 'connection_init' };
const ASK = { id: '1', type: 'subscribe', payload: { query: '{ __typename }' } };

const TALKS: Readonly<Record<string, () => Promise<unknown>>> = {
  'a message that is no JSON': () => talk([INIT, 'nonsense']),
  'a message of an unknown type': () => talk([INIT, { type: 'nonsense' }]),
  'a message that is no object': () => talk([INIT, '[]']),
  'an operation before connection_init': () => talk([ASK]),
  'two connection_init': () => talk([INIT, INIT]),
  'one id twice': () => talk([INIT, { ...ASK, payload: follow('nonsense') }, ASK, ASK]),
  'an operation without a document': () => talk([INIT, { ...ASK, payload: {} }]),
  'an operation whose document is no text': () => talk([INIT, { ...ASK, payload: { query: 1 } }]),
  'variables that are no object': () => talk([INIT, { ...ASK, payload: { query: ID, variables: 'nonsense' } }]),
  'bytes that are no text': () => talk([INIT, new Uint8Array([0xff, 0xfe])]),
  'a message over the limit': () => talk([INIT, 'x'.repeat(2_000_000)]),
  'the end of an operation that never began': () => talk([INIT, { id: '9', type: 'complete' }]),
  'a protocol that is not spoken': () => talk([INIT], 'graphql-ws'),
  'frames that break the protocol': () =>
    raw(
      'GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
        'Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n\xff\xff\xff\xff',
    ),
  'an upgrade without a key': () =>
    raw('GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
};

describe('a WebSocket with', () => {
  it.each(Object.keys(TALKS))('%s leaves the log calm', async (name) => {
    await expectCalmLog(async () => TALKS[name]?.());
  });
});

const BEARER = `Bearer dk_${'a'.repeat(12)}_${'b'.repeat(43)}`;

describe('credentials', () => {
  let locked: TestServer;
  beforeAll(async () => {
    locked = await startServer({ env: { LOG_LEVEL: 'trace', AUTH: 'keys' } });
  });
  afterAll(() => locked[Symbol.asyncDispose]());

  it.each([
    ['missing', {}],
    ['unknown', { authorization: BEARER }],
    ['malformed', { authorization: 'Bearer nonsense' }],
    ['of another scheme', { authorization: 'Basic bm9uc2Vuc2U=' }],
  ])('that are %s leave the log calm', async (_, headers: Record<string, string>) => {
    await expectCalmLog(async () => {
      for (const way of WAYS_IN) {
        const operation = { query: way.document(), variables: { callId: 'nonsense' } };
        await way.send(locked.url, operation, { headers, connectionParams: headers }).catch(() => undefined);
      }
      await fetch(`${locked.url}/images/0198ffff-ffff-7fff-bfff-ffffffffffff.png`, { headers });
      await fetch(`${locked.url}/images/0198ffff-ffff-7fff-bfff-ffffffffffff.png?exp=1&sig=nonsense`, { headers });
    }, locked);
  });
});

it('says at debug that an operation was refused', async () => {
  const lines = await linesWhile(() =>
    post(JSON.stringify({ query: '{ images(after: "nonsense") { edges { cursor } } }' })),
  );
  const refused = await eventually('the line of the refusal', () =>
    lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'an operation was refused'),
  );
  expect(refused).toMatchObject({ level: 20 });
});
