/**
 * Promise 10: no principal can see, follow, refine, cancel or delete what is not theirs, and not found and not yours look
 * the same. Everything that the schema lets a client name is tried by Bert with Anna's names, over each way in.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'graphql';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../schema/index.ts';
import { countRows, within } from '../api/steps.ts';
import type { Operation, Outcome } from '../conformance/ways-in.ts';
import { CASES, ELSEWHERE, WAYS } from './cases.ts';
import { referencesOf, rootFieldsOf, selectionsOf } from './references.ts';
import { ANNA, BERT, type Names, openWorld, post, SECRET, send, unknownNames, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world?.[Symbol.asyncDispose]());

/** Names to build documents with, for their shape alone. */
const EXAMPLE: Names = {
  image: '',
  refinement: '',
  upload: '',
  call: '',
  failedCall: '',
  conversation: '',
  eventCursor: '',
  conversationCursor: '',
  cursors: {
    images: '',
    calls: '',
    conversations: '',
    imagesOfConversation: '',
    callsOfConversation: '',
    itemsOfConversation: '',
    refinements: '',
    ancestors: '',
  },
  key: '',
};

/** The root fields that Bert reads as a whole, with all that they lead to. */
const WALKED = [
  'apiKeys',
  'conversations',
  'generationCalls',
  'generationCallsAwaitingApproval',
  'images',
  'models',
  'tags',
  'viewer',
];

/** They name no rows with an owner; the scope ADMIN has tests of its own. */
const FOR_ADMINISTRATORS = ['Mutation.createApiKey', 'Mutation.revokeApiKey'];

/** It names nothing: everything in it is the viewer's own. */
const NAMELESS = ['Mutation.createConversation'];

const MATRIX = Object.entries(CASES).flatMap(([reference, cases]) =>
  cases.flatMap((attempt, index) => {
    const { query = '' } = attempt(EXAMPLE, EXAMPLE);
    return waysOf(query).map((way) => ({ name: `${reference} ${index + 1}`, way, attempt }));
  }),
);

function waysOf(query: string): readonly string[] {
  if (query.includes('$file')) return WAYS.upload;
  const [kind] = query.split(' ');
  return WAYS[kind === 'mutation' || kind === 'subscription' ? kind : 'query'];
}

/** An outcome with each name replaced, so that two can be compared. */
function withoutNames(outcome: Outcome, names: Names): string {
  const { cursors, ...ids } = names;
  return [...Object.values(cursors), ...Object.values(ids)]
    .filter((text) => text !== '')
    .reduce((text, name) => text.replaceAll(name, '<name>'), JSON.stringify(outcome));
}

describe('the matrix of two principals', () => {
  it(`names everything that the schema lets a client name, and every root field`, () => {
    expect(Object.keys({ ...CASES, ...ELSEWHERE }).sort()).toEqual(referencesOf(schema));
    expect(
      [
        ...new Set([...rootsOfCases(), ...WALKED.map((field) => `Query.${field}`), ...NAMELESS, ...FOR_ADMINISTRATORS]),
      ].sort(),
    ).toEqual(rootFieldsOf(schema));
    expect(MATRIX.length).toBeGreaterThan(100);
    console.log(`two principals: ${MATRIX.length} attempts at ${Object.keys(CASES).length} arguments and input fields`);
  });

  it('promise 10: what is not yours looks like what does not exist, over every way in', async () => {
    const unknown = unknownNames(world.annas);
    const before = countRows(world.app.dataDir);
    for (const { name, way, attempt } of MATRIX) {
      const theirs = await send(way, world.app.url, attempt(world.annas, world.berts), BERT);
      const nobodys = await send(way, world.app.url, attempt(unknown, world.berts), BERT);
      expect(withoutNames(theirs, world.annas), `${name} by ${way}`).toBe(withoutNames(nobodys, unknown));
      expectNoSecrets(withoutNames(theirs, world.annas), `${name} by ${way}`);
    }
    expect(countRows(world.app.dataDir)).toEqual(before);
  }, 120_000);

  it('every attempt would show, or do, something if it were allowed', async () => {
    const unknown = unknownNames(world.annas);
    for (const [reference, cases] of Object.entries(CASES)) {
      for (const [index, attempt] of cases.entries()) {
        const [way = ''] = waysOf(attempt(world.annas, world.annas).query ?? '');
        const own = await allowed(way, attempt(world.annas, world.annas));
        const nobodys = await send(way, world.app.url, attempt(unknown, world.annas), ANNA);
        const what = `${reference} ${index + 1}`;
        expect(withoutNames(own, world.annas), what).not.toBe(withoutNames(nobodys, unknown));
      }
    }
  }, 60_000);
});

/** What Anna gets. A subscription to a conversation stays open, which is an answer too. */
async function allowed(way: string, operation: Operation): Promise<Outcome> {
  const outcome = send(way, world.app.url, operation, ANNA);
  outcome.catch(() => undefined);
  return Promise.race([outcome, delay(1_000, { status: null, payloads: [] })]);
}

describe('promise 10:', () => {
  it.each(WALKED)(
    'what the viewer reads through %s, some levels deep, has nothing of another principal',
    async (field) => {
      const type = schema.getQueryType()?.getFields()[field]?.type;
      const parts = selectionsOf(schema, String(type).replace(/[[\]!]/gu, ''), 2);
      expect(parts.length).toBeGreaterThan(0);
      const page = /^(?:models|viewer)$/u.test(field) ? '' : '(first: 3)';
      const mayRead = !['models', 'tags', 'viewer', 'apiKeys', 'generationCallsAwaitingApproval'].includes(field);
      const annas: string[] = [];
      for (const part of parts) {
        const query = `{ ${field}${page} ${part} }`;
        const berts = await send('large POST', world.app.url, { query }, BERT);
        expectNoSecrets(JSON.stringify(berts), query);
        if (mayRead) expect(berts.payloads[0]?.errors, query).toBeUndefined();
        annas.push(JSON.stringify(await send('large POST', world.app.url, { query }, ANNA)));
      }
      // Anna does read what Bert must not.
      if (mayRead) expect(world.secrets.filter((secret) => annas.join().includes(secret))).not.toEqual([]);
    },
  );

  it.each(WAYS.subscription)(
    'viewerEvents over %s replays and follows what is the viewer’s own, and nothing of another principal',
    async (way) => {
      const query = `subscription ($after: String) { viewerEvents(after: $after) { __typename cursor at
        ... on ConversationEvent { sequence call { id prompt images { id sha256 } conversation { id title } } }
        ... on ConversationCreated { conversation { id title } }
        ... on ImageUploaded { imageId uploaded: image { id sha256 url } }
        ... on PartialImageReceived { partial { url } } ... on ImageCompleted { image { id url prompt } } } }`;
      const follow = async (who: typeof ANNA, after: string | null) => {
        // Anna does something meanwhile, and Bert behind her: his event is the last one that comes to him.
        const start = (prompt: string) => ({
          query: `mutation { generateImage(input: { prompt: "${prompt}" }) { __typename } }`,
        });
        const last = who === ANNA ? SECRET : `the last kite over ${way}, ${randomUUID()}`;
        const operation = { query, variables: { after } };
        const arrived = within(20_000, 'the last event', () => followUntil(last, way, operation, who));
        await delay(100);
        await post(world.app.url, ANNA, start(SECRET));
        if (who === BERT) await post(world.app.url, BERT, start(last));
        return arrived;
      };
      const berts = await follow(BERT, null);
      expect(berts.length).toBeGreaterThan(5);
      expectNoSecrets(berts.join('\n'), way);
      // A place in the log of Anna is one in his own.
      expectNoSecrets((await follow(BERT, world.annas.eventCursor)).join('\n'), way);
      const annas = await follow(ANNA, null);
      expect(world.secrets.filter((secret) => annas.join('\n').includes(secret))).not.toEqual([]);
    },
  );

  it.each([
    { method: 'GET', headers: {} },
    { method: 'HEAD', headers: {} },
    { method: 'GET', headers: { range: 'bytes=0-9' } },
    { method: 'GET', headers: { 'if-none-match': '*' } },
    { method: 'GET', headers: { 'if-match': '"other"' } },
    { method: 'PUT', headers: {} },
  ])(
    'the URL of another principal’s image answers $method $headers like one of no image',
    async ({ method, headers }) => {
      expect(world.paths).toHaveLength(2);
      for (const path of world.paths) {
        const nobodys = path.replace(/[0-9a-f-]{36}/u, '01980000-0000-7000-8000-000000000000');
        const [theirs, none, own] = await Promise.all(
          [[path, BERT] as const, [nobodys, BERT] as const, [path, ANNA] as const].map(async ([at, who]) => {
            const response = await fetch(world.app.url + at, { method, headers: { ...headers, ...who.headers } });
            const { date: _, ...rest } = Object.fromEntries(response.headers);
            return { status: response.status, headers: rest, body: await response.text() };
          }),
        );
        expect(theirs).toEqual(none);
        if (method !== 'PUT') expect(own?.status).not.toBe(none?.status);
      }
    },
  );

  it('the idempotency key of an upload of another principal is free: each has an upload of one’s own', () => {
    // The world uploads the same bytes with the same key for both.
    expect(world.annas.upload).not.toBe(world.berts.upload);
  });

  it('the idempotency key of another principal is free: the same input and another one start calls of one’s own', async () => {
    const start = `mutation ($input: GenerateImageInput!) { generateImage(input: $input) {
      __typename ... on GenerateImageSuccess { call { id } } } }`;
    const key = world.annas.key;
    expect(key).toBe(world.berts.key);
    const run = (who: typeof ANNA, prompt: string) =>
      post<{ generateImage: { __typename: string; call?: { id: string } } }>(world.app.url, who, {
        query: start,
        variables: { input: { prompt, options: { partialImages: 1 }, idempotencyKey: key } },
      });
    expect(await run(ANNA, SECRET)).toMatchObject({ generateImage: { call: { id: world.annas.call } } });
    expect(await run(BERT, 'a red kite')).toMatchObject({ generateImage: { call: { id: world.berts.call } } });
    // Anna's input under Bert's use of the key is a conflict with his own input, not an answer with her call.
    expect(await run(BERT, SECRET)).toEqual({ generateImage: { __typename: 'IdempotencyConflictError' } });
    const retry = `mutation ($input: RetryGenerationInput!) { retryGeneration(input: $input) { __typename } }`;
    const input = { callId: world.annas.failedCall, idempotencyKey: 'a key of a retry' };
    expect(await post(world.app.url, ANNA, { query: retry, variables: { input } })).toMatchObject({
      retryGeneration: { __typename: 'RetryGenerationSuccess' },
    });
    expect(await post(world.app.url, BERT, { query: retry, variables: { input } })).toMatchObject({
      retryGeneration: { __typename: 'NotFoundError' },
    });
  });

  it('not found and not yours take the same time', async () => {
    const unknown = unknownNames(world.annas);
    const query = 'query ($id: ID!) { image(id: $id) { id prompt } }';
    const timeOf = async (id: string) => {
      const begun = performance.now();
      await send('small JSON POST', world.app.url, { query, variables: { id } }, BERT);
      return performance.now() - begun;
    };
    const times = { theirs: [] as number[], nobodys: [] as number[] };
    for (let round = 0; round < 60; round += 1) {
      times.theirs.push(await timeOf(world.annas.image));
      times.nobodys.push(await timeOf(unknown.image));
    }
    const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[30] ?? 0;
    const ratio = median(times.theirs) / median(times.nobodys);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });
});

/** What arrives until a text is in it. */
async function followUntil(
  last: string,
  way: string,
  operation: Required<Pick<Operation, 'query'>> & Operation,
  who: typeof ANNA,
): Promise<readonly string[]> {
  const url = `${world.app.url}/graphql`;
  const { headers = {}, connectionParams = {} } = who;
  const client =
    way === 'SSE'
      ? createSseClient({ url, headers, retryAttempts: 0 })
      : createWsClient({ url: url.replace('http', 'ws'), connectionParams, retryAttempts: 0 });
  const arrived: string[] = [];
  for await (const payload of client.iterate(operation)) {
    arrived.push(JSON.stringify(payload));
    if (arrived.at(-1)?.includes(last)) break;
  }
  await client.dispose();
  return arrived;
}

function expectNoSecrets(text: string, what: string): void {
  for (const secret of world.secrets) expect(text, what).not.toContain(secret);
}

function rootsOfCases(): readonly string[] {
  return Object.values(CASES)
    .flat()
    .flatMap((attempt) => {
      const document = parse(attempt(EXAMPLE, EXAMPLE).query ?? '');
      return document.definitions.flatMap((definition) => {
        if (definition.kind !== 'OperationDefinition') return [];
        const root = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' }[definition.operation];
        return definition.selectionSet.selections.flatMap((field) =>
          field.kind === 'Field' ? [`${root}.${field.name.value}`] : [],
        );
      });
    });
}
