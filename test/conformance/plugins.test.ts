/** Plugins that people use, on each way in: what they forbid is forbidden everywhere, and they see every operation. */
import { createHash } from 'node:crypto';
import { useOpenTelemetry } from '@envelop/opentelemetry';
import { maxDepthPlugin } from '@escape.tech/graphql-armor-max-depth';
import { maxTokensPlugin } from '@escape.tech/graphql-armor-max-tokens';
import { useAPQ } from '@graphql-yoga/plugin-apq';
import { useCSRFPrevention } from '@graphql-yoga/plugin-csrf-prevention';
import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { parse, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../schema/index.ts';
import { encodeGlobalId } from '../../schema/relay/global-id.ts';
import { eventually, makeImage } from '../api/steps.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type Outcome, type Payload, WAYS_IN } from './ways-in.ts';

const UNKNOWN_CALL = encodeGlobalId('GenerationCall', '01980000-0000-7000-8000-000000000001');
const VARIABLES = { callId: UNKNOWN_CALL };

/** Which plugins a server has is decided when it starts: one for all tests of a group. */
function serverWith(...plugins: readonly Plugin[]): { readonly url: string } {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ plugins });
  });
  afterAll(() => app[Symbol.asyncDispose]());
  return {
    get url() {
      return app.url;
    },
  };
}

const messagesOf = ({ payloads }: Outcome) =>
  payloads.flatMap(({ errors = [] }) => errors.map(({ message }) => message));

/** Whether a resolver ran: it found no such call, or answered. */
function hasRun({ payloads }: Outcome): boolean {
  const found = ({ data, errors = [] }: Payload) =>
    data != null || errors.some(({ extensions }) => extensions?.['code'] === 'NOT_FOUND');
  return payloads.some(found);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const known = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: sha256(text) } });

describe('persisted operations as an allow-list', () => {
  const allowed = new Map(WAYS_IN.map(({ document }) => [sha256(document()), document()]));
  const server = serverWith(usePersistedOperations({ getPersistedOperation: (hash) => allowed.get(hash) ?? null }));

  it.each(WAYS_IN)('refuse a document that the client brings, by $name', async ({ document, send }) => {
    const outcome = await send(server.url, { query: document(), variables: VARIABLES });
    expect(messagesOf(outcome)).toEqual(['PersistedQueryOnly']);
    expect(hasRun(outcome)).toBe(false);
  });

  it.each(WAYS_IN)('refuse a document that is not in the list, by $name', async ({ document, send }) => {
    const outcome = await send(server.url, { extensions: known(document('__typename')), variables: VARIABLES });
    expect(messagesOf(outcome)).toEqual(['PersistedQueryNotFound']);
  });

  it.each(WAYS_IN)('run a document of the list, by $name', async ({ document, send }) => {
    const outcome = await send(server.url, { extensions: known(document()), variables: VARIABLES });
    expect(hasRun(outcome)).toBe(true);
  });
});

it('a persisted subscription over a small JSON POST is answered as over any other', async () => {
  const document = 'subscription ($callId: ID!) { generationEvents(callId: $callId) { sequence } }';
  const usePersisted = usePersistedOperations({
    allowArbitraryOperations: true,
    getPersistedOperation: (hash) => (hash === sha256(document) ? document : null),
  });
  await using app = await startTestApp({ plugins: [usePersisted] });
  const { callId } = await makeImage(app.url, { prompt: 'a boat' });
  const post = async (path: string, accept: string) => {
    const { status, headers } = await fetch(`${app.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ extensions: known(document), variables: { callId } }),
    });
    return { status, accept: headers.get('accept'), type: headers.get('content-type') };
  };
  for (const accept of ['*/*', 'application/json', 'text/event-stream']) {
    expect(await post('/graphql', accept)).toEqual(await post('/graphql?long', accept));
  }
  expect((await post('/graphql', 'application/json')).status).toBe(406);
});

describe('automatic persisted queries', () => {
  const server = serverWith(useAPQ());

  it.each(WAYS_IN)(
    'are registered with their document and run by their hash, by $name',
    async ({ name, document, send }) => {
      // Of its own for each way in, so that none has registered it for another.
      const query = `${document()} # ${name}`;
      const extensions = known(query);
      const unknown = await send(server.url, { extensions, variables: VARIABLES });
      expect(messagesOf(unknown)).toEqual(['PersistedQueryNotFound']);
      expect(hasRun(await send(server.url, { query, extensions, variables: VARIABLES }))).toBe(true);
      expect(hasRun(await send(server.url, { extensions, variables: VARIABLES }))).toBe(true);
    },
  );

  it.each(WAYS_IN)('are refused with the hash of another document, by $name', async ({ document, send }) => {
    const outcome = await send(server.url, { query: document(), extensions: known('another'), variables: VARIABLES });
    expect(messagesOf(outcome)).toEqual(['PersistedQueryMismatch']);
    expect(hasRun(outcome)).toBe(false);
  });
});

describe('a limit of tokens', () => {
  const server = serverWith(maxTokensPlugin({ n: 100 }));
  const aliases = (count: number) => Array.from({ length: count }, (_, index) => `a${index}: __typename`).join(' ');

  it.each(WAYS_IN)('lets an ordinary document run, by $name', async ({ document, send }) => {
    expect(hasRun(await send(server.url, { query: document(), variables: VARIABLES }))).toBe(true);
  });

  it.each(WAYS_IN)('refuses a long document, by $name', async ({ document, send }) => {
    const outcome = await send(server.url, { query: document(aliases(40)), variables: VARIABLES });
    expect(messagesOf(outcome)).toEqual(['Syntax Error: Token limit of 100 exceeded.']);
    expect(hasRun(outcome)).toBe(false);
  });

  it('refuses a document of 98 kB before anything parses it as a whole', async () => {
    const [small] = WAYS_IN;
    const parsedMs: number[] = [];
    const refusedMs: number[] = [];
    for (let nth = 1; nth <= 9; nth += 1) {
      // Different each time, so that no cache knows it. The two take turns, so that both are as warm.
      const query = `# ${nth}\n${small?.document(aliases(5_400))}`;
      expect(query.length).toBeGreaterThan(95_000);
      parsedMs.push(await processorMs(async () => validate(schema, parse(`# mine\n${query}`))));
      const refuse = async () =>
        expect(await small?.send(server.url, { query })).toMatchObject({ payloads: [{ errors }] });
      const errors = [{ message: 'Syntax Error: Token limit of 100 exceeded.' }];
      refusedMs.push(await processorMs(refuse));
    }
    // The least of each: what else the process does only adds to it.
    expect(Math.min(...refusedMs)).toBeLessThan(Math.min(...parsedMs) / 1.5);
  });
});

/** How long this process, which is client and server, is busy with the work; milliseconds. */
async function processorMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('a limit of depth', () => {
  const server = serverWith(maxDepthPlugin({ n: 5 }));

  it.each(WAYS_IN)('lets a flat document run, by $name', async ({ document, send }) => {
    expect(hasRun(await send(server.url, { query: document(), variables: VARIABLES }))).toBe(true);
  });

  it.each(WAYS_IN)('refuses a deep document, by $name', async ({ document, send }) => {
    const deep = '... { ... { ... { ... { __typename } } } }';
    const outcome = await send(server.url, { query: document(deep), variables: VARIABLES });
    expect(messagesOf(outcome)).toEqual([expect.stringContaining('depth limit of 5 exceeded')]);
    expect(hasRun(outcome)).toBe(false);
  });
});

describe('the prevention of cross-site requests', () => {
  const server = serverWith(useCSRFPrevention());
  /** A browser sends these to another origin without asking first. A WebSocket is refused by its origin instead. */
  const simple: readonly string[] = ['GET', 'multipart'];

  it.each(WAYS_IN)('refuses what a page can send without asking first, by $name', async ({ name, document, send }) => {
    const outcome = await send(server.url, { query: document(), variables: VARIABLES });
    expect(hasRun(outcome)).toBe(!simple.includes(name));
    if (simple.includes(name)) expect(outcome.status).toBe(403);
  });

  it.each(WAYS_IN)('lets a client run that sends the header, by $name', async ({ document, send }) => {
    const headers = { 'x-graphql-yoga-csrf': '1' };
    expect(hasRun(await send(server.url, { query: document(), variables: VARIABLES }, { headers }))).toBe(true);
  });
});

describe('OpenTelemetry', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  // It keeps something of its own in the context, which the type of any plugin cannot say.
  const server = serverWith(useOpenTelemetry({}, provider) as unknown as Plugin);
  let callId: string;
  beforeAll(async () => {
    ({ callId } = await makeImage(server.url, { prompt: 'a boat' }));
  });

  it.each(WAYS_IN)('has one span per operation, by $name', async ({ type, document, send }) => {
    exporter.reset();
    for (let time = 1; time <= 5; time += 1) await send(server.url, { query: document(), variables: { callId } });
    const spans = () => exporter.getFinishedSpans().map(({ name }) => name);
    await eventually('the last span', () => spans().length >= 5 || undefined);
    expect(spans()).toEqual(Array.from({ length: 5 }, () => `${type}.anonymous`));
  });
});

describe('a plugin that wraps how operations are executed', () => {
  const ran: string[] = [];
  const server = serverWith({
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args) => {
        ran.push('execute');
        return executeFn(args);
      });
    },
    onSubscribe({ subscribeFn, setSubscribeFn }) {
      setSubscribeFn((args) => {
        ran.push('subscribe');
        return subscribeFn(args);
      });
    },
  });

  it.each(WAYS_IN)('runs for every operation, by $name', async ({ type, document, send }) => {
    ran.length = 0;
    for (let time = 1; time <= 10; time += 1) await send(server.url, { query: document(), variables: VARIABLES });
    expect(ran).toEqual(Array.from({ length: 10 }, () => (type === 'subscription' ? 'subscribe' : 'execute')));
  });
});

describe('a plugin that replaces how operations are executed', () => {
  const data = { replaced: true };
  const server = serverWith({
    onExecute: ({ setExecuteFn }) => setExecuteFn(() => ({ data })),
    onSubscribe: ({ setSubscribeFn }) =>
      setSubscribeFn(async function* replacement() {
        yield { data };
      }),
  });

  it.each(WAYS_IN)('is asked in place of ours, by $name', async ({ document, send }) => {
    for (let time = 1; time <= 5; time += 1) {
      const { payloads } = await send(server.url, { query: document(), variables: VARIABLES });
      expect(payloads).toEqual([{ data }]);
    }
  });
});
