/** What is limited while an operation runs, what operations are told of their cost, and what clients are told of the limits. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generate, generateToEnd, openDatabase, watchToEnd } from '../api/steps.ts';
import { dataOf, type Operation, type Payload, WAYS_IN, type WayIn } from '../conformance/ways-in.ts';
import { startServerHere, startTestApp } from '../support/app.ts';
import { newDataDir, type RunningServer, startServer, type TestServer } from '../support/server.ts';
import { uploadPicture } from '../support/upload.ts';

const TIMEOUT_MS = 100;
const MAX_ANSWER_BYTES = 65_536;
const QUERIES = WAYS_IN.filter(({ name }) => !['WebSocket mutation', 'WebSocket subscription'].includes(name));

const tooSlow = {
  message: `The operation was given up after ${TIMEOUT_MS} ms. Ask for less at once.`,
  extensions: { code: 'LIMIT_EXCEEDED', limit: 'executionTimeoutMs', max: TIMEOUT_MS },
};
const tooLarge = {
  message: `The answer has more than ${MAX_ANSWER_BYTES} bytes of data URIs and texts. Ask for fewer images at once, or for their URLs.`,
  extensions: { code: 'LIMIT_EXCEEDED', limit: 'maxAnswerBytes', max: MAX_ANSWER_BYTES },
};

/** The error of a mutation whose answer is missing, although it was carried out. */
function executed({ message, extensions }: typeof tooSlow, field: string) {
  const note =
    `"${field}" was carried out, and only its answer is missing: do not send it again without its idempotencyKey. With ` +
    'the same key and fewer fields it returns the same call; otherwise query what it made or changed.';
  return { message: `${message} ${note}`, extensions: { ...extensions, executed: field } };
}

/** Thousands of reads, which take much longer than 100 ms, and find nothing. */
const READS = Array.from({ length: 190 }, (_, n) => `a${n}: refinements(first: 1) { pageInfo { hasNextPage } }`);
const SLOW = `images(first: 100) { edges { node { ${READS.join(' ')} } } }`;

/** An answer of too much time, and one of too many bytes, are the business of one server each. */
let hasty: TestServer;
let brief: RunningServer;
let callId: string;
let conversationId: string;
let imageId: string;
let briefCallId: string;

beforeAll(async () => {
  const dataDir = await newDataDir();
  const env = { SIMULATOR_DURATION_MS: '0', CONCURRENCY: '20' };
  {
    // Its limits are the usual ones while it is filled.
    await using server = await startServerHere({ dataDir, env });
    const first = await generate(server.url, { prompt: 'boats' });
    callId = first.id;
    conversationId = first.conversation.id;
    const more = await Promise.all(
      Array.from({ length: 4 }, () => generate(server.url, { prompt: 'boats', count: 10, conversationId })),
    );
    await Promise.all([first, ...more].map(({ id }) => watchToEnd(server.url, id)));
  }
  const generous = { MAX_QUERY_COST: '10000000', MAX_QUERY_SELECTIONS: '100000' };
  hasty = await startServer({ dataDir, env: { ...env, ...generous, EXECUTION_TIMEOUT_MS: String(TIMEOUT_MS) } });
  brief = await startServerHere({ env: { ...env, MAX_ANSWER_BYTES: String(MAX_ANSWER_BYTES) } });
  imageId = await uploadNoise(brief.url);
  briefCallId = (await generateToEnd(brief.url, { prompt: 'a boat' })).id;
}, 60_000);
afterAll(async () => {
  await hasty?.[Symbol.asyncDispose]();
  if (hasty !== undefined) await rm(hasty.dataDir, { recursive: true, force: true });
  await brief?.[Symbol.asyncDispose]();
});

/** A picture of about 45 kB, which does not compress. */
async function uploadNoise(url: string): Promise<string> {
  const raw = { width: 120, height: 120, channels: 3 } as const;
  const noise = randomBytes(120 * 120 * 3);
  return (await uploadPicture(url, await sharp(noise, { raw }).png().toBuffer())).id;
}

async function payloadsOf({ url }: RunningServer, way: WayIn, operation: Operation): Promise<readonly object[]> {
  const { payloads } = await way.send(url, operation);
  return payloads.map(({ errors, ...rest }) => {
    if (errors === undefined) return rest;
    return { ...rest, errors: errors.map(({ message, extensions }) => ({ message, extensions })) };
  });
}

const wayNamed = (name: string) => WAYS_IN.find((way) => way.name === name) as WayIn;

describe('an operation that takes too long', () => {
  it.each(QUERIES)('is given up, over $name', async (way) => {
    expect(await payloadsOf(hasty, way, { query: `{ ${SLOW} }` })).toEqual([{ data: null, errors: [tooSlow] }]);
  });

  it('is given up again when it comes often enough to be compiled', async () => {
    for (let time = 0; time < 4; time += 1) {
      const payloads = await payloadsOf(hasty, wayNamed('small JSON POST'), { query: `{ ${SLOW} }` });
      expect(payloads).toEqual([{ data: null, errors: [tooSlow] }]);
    }
  });

  it.each(['small JSON POST', 'WebSocket mutation'])(
    'is carried out, if it is a mutation, whose answer reads no more, over %s',
    async (name) => {
      using database = openDatabase(hasty.dataDir);
      // SQLite returns a number.
      const count = () => database.prepare('select count(*) from calls').pluck().get() as number;
      const before = count();
      const input = `{ prompt: "late", conversationId: "${conversationId}" }`;
      const query = `mutation {
        generateImage(input: ${input}) { ... on GenerateImageSuccess { call { id conversation { id ${SLOW} } } } }
      }`;
      const [payload] = await payloadsOf(hasty, wayNamed(name), { query });
      expect(payload).toMatchObject({
        data: null,
        errors: expect.arrayContaining([executed(tooSlow, 'generateImage')]),
      });
      expect(count()).toBe(before + 1);
    },
  );

  it.each(['SSE', 'WebSocket subscription'])(
    'is an error in place of an event of a subscription, which goes on, over %s',
    async (name) => {
      const query = (selection: string) => `subscription { generationEvents(callId: "${callId}") { ${selection} } }`;
      const events = await payloadsOf(hasty, wayNamed(name), { query: query('sequence') });
      expect(events.length).toBeGreaterThan(2);
      const slow = query(`sequence call { conversation { ${SLOW} } }`);
      expect(await payloadsOf(hasty, wayNamed(name), { query: slow })).toEqual(
        events.map(() => ({ data: null, errors: [tooSlow] })),
      );
    },
  );
});

describe('an answer of too many bytes', () => {
  const aliases = (count: number) =>
    `{ image(id: "${imageId}") { ${Array.from({ length: count }, (_, n) => `a${n}: dataUri`).join(' ')} } }`;

  it.each(QUERIES)('is replaced by an error, over $name', async (way) => {
    expect(await payloadsOf(brief, way, { query: aliases(2) })).toEqual([{ data: null, errors: [tooLarge] }]);
  });

  describe.each(['small JSON POST', 'WebSocket mutation'])('of a mutation, over %s', (name) => {
    const start = (alias: string, key: string, selection: string) =>
      `${alias}: generateImage(input: { prompt: "${'x'.repeat(30_000)}", idempotencyKey: "${key}" }) {
        ... on GenerateImageSuccess { call { id ${selection} } } }`;
    // Three of these are more than an answer may have.
    const prompts = 'a: prompt b: prompt c: prompt';
    const send = (query: string) => payloadsOf(brief, wayNamed(name), { query });
    const countCalls = () => {
      using database = openDatabase(brief.dataDir);
      // SQLite returns a number.
      return database.prepare('select count(*) from calls').pluck().get() as number;
    };

    it('is replaced by an error that says that it was carried out, and how to read its result', async () => {
      const key = `executed ${name}`;
      const before = countCalls();
      expect(await send(`mutation { ${start('mine', key, prompts)} }`)).toEqual([
        { data: null, errors: [executed(tooLarge, 'mine')] },
      ]);
      expect(countCalls()).toBe(before + 1);
      // As the error says.
      expect(await send(`mutation { ${start('mine', key, 'status')} }`)).toEqual([
        { data: { mine: { call: { id: expect.any(String), status: expect.any(String) } } } },
      ]);
      expect(countCalls()).toBe(before + 1);
    });

    it('is told of the field that it is about: those before it were carried out, and those behind it were not', async () => {
      const key = `several ${name}`;
      const before = countCalls();
      const fields = [start('one', `${key} 1`, ''), start('two', `${key} 2`, prompts), start('three', `${key} 3`, '')];
      expect(await send(`mutation { ${fields.join(' ')} }`)).toEqual([
        { data: null, errors: [executed(tooLarge, 'two')] },
      ]);
      expect(countCalls()).toBe(before + 2);
    });
  });

  it('is sent when it has just as many as it may have', async () => {
    const { image } = dataOf<{ image: { a0: string } }>(
      await wayNamed('small JSON POST').send(brief.url, { query: aliases(1) }),
    );
    expect(image.a0).toMatch(/^data:image\/png;base64,/u);
    expect(image.a0.length).toBeGreaterThan(MAX_ANSWER_BYTES / 2);
  });
});

describe('the cost of an operation', () => {
  const costsOf = (payloads: readonly Payload[]) =>
    payloads.map((payload) => (payload as { extensions?: { cost?: unknown } }).extensions?.cost);

  it.each(WAYS_IN)('is told to a client that asks for it, over $name', async (way) => {
    const operation = { query: way.document(), variables: { callId: briefCallId } };
    const { payloads } = await way.send(brief.url, { ...operation, extensions: { cost: true } });
    expect(payloads.length).toBeGreaterThan(0);
    for (const cost of costsOf(payloads)) {
      expect(cost).toEqual({
        points: expect.any(Number),
        maxPoints: 20_000,
        selections: 2,
        depth: 2,
        rootFields: 1,
      });
    }
  });

  it.each(WAYS_IN)('is not told to others, over $name', async (way) => {
    const { payloads } = await way.send(brief.url, { query: way.document(), variables: { callId: briefCallId } });
    expect(payloads.length).toBeGreaterThan(0);
    for (const cost of costsOf(payloads)) expect(cost).toBeUndefined();
  });
});

it('tells every limit of the configuration in viewer.limits', async () => {
  const environment = {
    MAX_QUERY_TOKENS: '3001',
    MAX_QUERY_SELECTIONS: '1002',
    MAX_QUERY_DEPTH: '13',
    MAX_QUERY_COST: '10004',
    MAX_ROOT_FIELDS: '25',
    MAX_MUTATIONS: '6',
    MAX_DATA_URI_BYTES: '70007',
    MAX_ANSWER_BYTES: '80008',
    EXECUTION_TIMEOUT_MS: '9009',
  };
  await using app = await startTestApp({}, environment);
  const query = `{ viewer { limits { maxQueryTokens maxQuerySelections maxQueryDepth maxQueryCost maxRootFields maxMutations
    maxDataUriBytes maxAnswerBytes executionTimeoutMs maxAliases maxListLength } } }`;
  expect(dataOf(await wayNamed('small JSON POST').send(app.url, { query }))).toEqual({
    viewer: {
      limits: {
        maxQueryTokens: 3_001,
        maxQuerySelections: 1_002,
        maxQueryDepth: 13,
        maxQueryCost: 10_004,
        maxRootFields: 25,
        maxMutations: 6,
        maxDataUriBytes: 70_007,
        maxAnswerBytes: 80_008,
        executionTimeoutMs: 9_009,
        maxAliases: 200,
        maxListLength: 100,
      },
    },
  });
});
