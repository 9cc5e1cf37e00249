/** Tokens for browsers: a token reaches one conversation or one call, does no more than its creator, and ends with it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../schema/index.ts';
import { startServerHere } from '../support/app.ts';
import { newDataDir, type RunningServer, runMain } from '../support/server.ts';
import { clientWith, type KeyedClient, type Variables } from './keyed-client.ts';
import { eventually, rawId, within } from './steps.ts';

const GENERATE = `mutation ($input: GenerateImageInput!) { generateImage(input: $input) {
  __typename ... on GenerateImageSuccess { call { id conversation { id } } } ... on InvalidInputError { message } } }`;
const CREATE = `mutation ($input: CreateClientTokenInput!) { createClientToken(input: $input) {
  __typename ... on CreateClientTokenSuccess { clientToken { token scopes expiresAt } }
  ... on InvalidInputError { fields { field message } } ... on ForbiddenError { scope } } }`;
const TAG = 'mutation ($input: UpdateImageInput!) { updateImage(input: $input) { __typename } }';
const STATUS = 'query ($id: ID!) { generationCall(id: $id) { status images { id url } partialImages { url } } }';

/** A conversation with a call and its image. The prompt contains `mark`. */
interface Place {
  readonly mark: string;
  readonly conversationId: string;
  readonly callId: string;
  readonly imageId: string;
  readonly imageUrl: string;
  readonly partialUrl: string;
}

let server: RunningServer;
let dataDir: string;
let key: string;
let owner: KeyedClient;
let inside: Place;
/** Another conversation, with an image made from the one inside. */
let outside: Place;
/** Another call of the conversation inside. */
let sibling: Place;
let looseImageId: string;

async function createKey(...args: readonly string[]): Promise<string> {
  const { stdout } = await runMain(['keys', 'create', '--principal', 'anna', ...args], { DATA_DIR: dataDir });
  return stdout.trim();
}

async function makeImage(mark: string, input: Variables): Promise<Place> {
  const { generateImage } = await owner.data(GENERATE, { input: { prompt: `a ${mark} boat`, ...input } });
  const { id: callId, conversation } = generateImage.call;
  const call = await eventually('the image', async () => {
    const { generationCall } = await owner.data(STATUS, { id: callId });
    return generationCall.status === 'COMPLETED' ? generationCall : undefined;
  });
  const [{ id: imageId, url: imageUrl }] = call.images;
  const partialUrl = call.partialImages[0]?.url ?? '';
  return { mark, conversationId: conversation.id, callId, imageId, imageUrl, partialUrl };
}

async function tokenFor(creator: KeyedClient, input: Variables): Promise<string> {
  const { createClientToken } = await creator.data(CREATE, { input });
  return createClientToken.clientToken.token;
}

beforeAll(async () => {
  dataDir = await newDataDir();
  key = await createKey('--scopes', 'read,generate,upload,delete,cost,admin');
  server = await startServerHere({ dataDir, env: { AUTH: 'keys' } });
  owner = clientWith(server.url, key);
  inside = await makeImage('seen', { options: { partialImages: 1 } });
  outside = await makeImage('hidden', { sourceImageIds: [inside.imageId], options: { partialImages: 1 } });
  sibling = await makeImage('sibling', { conversationId: inside.conversationId, sourceImageIds: [outside.imageId] });
  looseImageId = (await owner.upload(null)).data.uploadImage.image.id;
  for (const { imageId, mark } of [inside, outside]) await owner.data(TAG, { input: { imageId, addTags: [mark] } });
}, 30_000);
afterAll(() => server[Symbol.asyncDispose]());

/** What is shown of a place. */
function factsOf({ mark, conversationId, callId, imageId }: Place): readonly string[] {
  return [mark, conversationId, callId, imageId];
}

/** Every id and text that tells of a place. */
function tracesOf(place: Place): readonly string[] {
  const { mark, conversationId, callId, imageId } = place;
  return [mark, ...[conversationId, callId, imageId].flatMap((id) => [id, rawId(id)])];
}

interface Case {
  readonly query: string;
  readonly variables: (place: Place) => Variables;
  /** What the answer contains when the place cannot be reached. */
  readonly refused: RegExp;
  /** Whether the token of the conversation can do it inside; otherwise nowhere. */
  readonly worksInside: boolean;
}

const IMAGE = '{ id prompt conversation { id } call { id } }';
const CALL = '{ id prompt images { id } }';
const ADMIN_ONLY = { refused: /FORBIDDEN|ForbiddenError/u, worksInside: false } as const;
const NULL = { refused: /^\{"data":\{"\w+":null\}\}$/u, worksInside: true } as const;
const EMPTY = { refused: /"edges":\[\]/u, worksInside: true } as const;
const NOT_FOUND = { refused: /NotFoundError/u, worksInside: true } as const;
const change = (mutation: string, input: string, selection: string) =>
  `mutation ($input: ${input}!) { ${mutation}(input: $input) { __typename ... on Error { message }
   ... on ${mutation[0]?.toUpperCase()}${mutation.slice(1)}Success { ${selection} } } }`;
const call = (mutation: string, input: string) => change(mutation, input, 'call { id }');

/** How each field of the root types would reach a place. A new field needs a case here. */
const CASES: Readonly<Record<string, Case>> = {
  'Query.conversation': {
    query: 'query ($id: ID!) { conversation(id: $id) { id title } }',
    variables: ({ conversationId: id }) => ({ id }),
    ...NULL,
  },
  'Query.conversations': {
    query: '{ conversations { edges { node { id title } } } }',
    variables: () => ({}),
    refused: /./u,
    worksInside: true,
  },
  'Query.estimateGeneration': {
    query: 'query ($input: EstimateGenerationInput!) { estimateGeneration(input: $input) { __typename } }',
    variables: ({ conversationId }) => ({ input: { prompt: 'x', conversationId } }),
    ...ADMIN_ONLY,
  },
  'Query.apiKeys': {
    query: '{ apiKeys { edges { node { id } } } }',
    variables: () => ({}),
    ...ADMIN_ONLY,
  },
  'Query.generationCall': {
    query: `query ($id: ID!) { generationCall(id: $id) ${CALL} }`,
    variables: ({ callId: id }) => ({ id }),
    ...NULL,
  },
  'Query.generationCalls': {
    query: `query ($id: ID) { generationCalls(filter: { conversationId: $id }) { edges { node ${CALL} } } }`,
    variables: ({ conversationId: id }) => ({ id }),
    ...EMPTY,
  },
  'Query.generationCallsAwaitingApproval': {
    query: '{ generationCallsAwaitingApproval { edges { node { callId } } } }',
    variables: () => ({}),
    ...ADMIN_ONLY,
  },
  'Query.image': {
    query: `query ($id: ID!) { image(id: $id) ${IMAGE} }`,
    variables: ({ imageId: id }) => ({ id }),
    ...NULL,
  },
  'Query.images': {
    query: `query ($id: ID) { images(filter: { conversationId: $id }) { edges { node ${IMAGE} } } }`,
    variables: ({ conversationId: id }) => ({ id }),
    ...EMPTY,
  },
  'Query.imagesExportUrl': {
    query: 'query ($ids: [ID!]!) { imagesExportUrl(ids: $ids) }',
    variables: ({ imageId }) => ({ ids: [imageId] }),
    refused: /NOT_FOUND/u,
    worksInside: true,
  },
  // The catalogue is the same for everybody.
  'Query.models': { query: '{ models { name } }', variables: () => ({}), refused: /"models"/u, worksInside: true },
  'Query.tags': {
    query: '{ tags { name imageCount } }',
    variables: () => ({}),
    refused: /"tags":/u,
    worksInside: true,
  },
  'Query.node': {
    query: 'query ($id: ID!) { node(id: $id) { id __typename } }',
    variables: ({ imageId: id }) => ({ id }),
    ...NULL,
  },
  'Query.nodes': {
    query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Image { prompt } ... on Conversation { title } } }',
    variables: ({ imageId, callId, conversationId }) => ({ ids: [imageId, callId, conversationId] }),
    refused: /"nodes":\[null,null,null\]/u,
    worksInside: true,
  },
  'Query.viewer': {
    query: '{ viewer { cost { amount } budgets { limit } } }',
    variables: () => ({}),
    ...ADMIN_ONLY,
  },
  'Mutation.approveGeneration': {
    query: `mutation ($input: ApproveGenerationInput!) { approveGeneration(input: $input) { __typename } }`,
    variables: ({ callId }) => ({ input: { callId } }),
    ...ADMIN_ONLY,
  },
  'Mutation.refuseGeneration': {
    query: `mutation ($input: RefuseGenerationInput!) { refuseGeneration(input: $input) { __typename } }`,
    variables: ({ callId }) => ({ input: { callId } }),
    ...ADMIN_ONLY,
  },
  'Mutation.createApiKey': {
    query: 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { __typename } }',
    variables: () => ({ input: { scopes: ['READ'] } }),
    ...ADMIN_ONLY,
  },
  'Mutation.revokeApiKey': {
    query: 'mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { __typename } }',
    variables: () => ({ input: { apiKeyId: 'abcdefghijkl' } }),
    ...ADMIN_ONLY,
  },
  'Mutation.cancelGeneration': {
    query: call('cancelGeneration', 'CancelGenerationInput'),
    variables: ({ callId }) => ({ input: { callId } }),
    ...NOT_FOUND,
  },
  // A token cannot create tokens, not even for what it reaches.
  'Mutation.createClientToken': {
    query: CREATE,
    variables: ({ conversationId }) => ({ input: { conversationId } }),
    refused: /InvalidInputError/u,
    worksInside: false,
  },
  'Mutation.generateImage': {
    query: call('generateImage', 'GenerateImageInput'),
    variables: ({ conversationId }) => ({ input: { prompt: 'more', conversationId } }),
    ...NOT_FOUND,
  },
  'Mutation.refineImage': {
    query: call('refineImage', 'RefineImageInput'),
    variables: ({ imageId }) => ({ input: { prompt: 'more', imageId } }),
    ...NOT_FOUND,
  },
  'Mutation.retryGeneration': {
    query: call('retryGeneration', 'RetryGenerationInput'),
    variables: ({ callId }) => ({ input: { callId } }),
    ...NOT_FOUND,
  },
  'Mutation.updateImage': {
    query: change('updateImage', 'UpdateImageInput', 'image { id favorite }'),
    variables: ({ imageId }) => ({ input: { imageId, favorite: true } }),
    ...NOT_FOUND,
  },
  'Mutation.updateImages': {
    query: change('updateImages', 'UpdateImagesInput', 'results { imageId result { __typename } }'),
    variables: ({ imageId }) => ({ input: { imageIds: [imageId], addTags: ['seen'] } }),
    ...NOT_FOUND,
  },
  'Mutation.updateConversation': {
    query: change('updateConversation', 'UpdateConversationInput', 'conversation { id }'),
    variables: ({ conversationId }) => ({ input: { conversationId, title: 'a seen title' } }),
    ...NOT_FOUND,
  },
  // A token is for a conversation that exists.
  'Mutation.createConversation': {
    query: change('createConversation', 'CreateConversationInput', 'conversation { id }'),
    variables: () => ({ input: { title: 'a title' } }),
    refused: /InvalidInputError/u,
    worksInside: false,
  },
  // No token has the scope DELETE.
  'Mutation.deleteImage': {
    query: change('deleteImage', 'DeleteImageInput', 'deletedId'),
    variables: ({ imageId }) => ({ input: { imageId } }),
    ...ADMIN_ONLY,
  },
  'Mutation.restoreImage': {
    query: change('restoreImage', 'RestoreImageInput', 'image { id }'),
    variables: ({ imageId }) => ({ input: { imageId } }),
    ...ADMIN_ONLY,
  },
  'Mutation.deleteImages': {
    query: change('deleteImages', 'DeleteImagesInput', 'results { imageId }'),
    variables: ({ imageId }) => ({ input: { imageIds: [imageId] } }),
    ...ADMIN_ONLY,
  },
  'Mutation.restoreImages': {
    query: change('restoreImages', 'RestoreImagesInput', 'results { imageId }'),
    variables: ({ imageId }) => ({ input: { imageIds: [imageId] } }),
    ...ADMIN_ONLY,
  },
  'Mutation.deleteConversation': {
    query: change('deleteConversation', 'DeleteConversationInput', 'deletedId'),
    variables: ({ conversationId }) => ({ input: { conversationId } }),
    ...ADMIN_ONLY,
  },
  'Mutation.restoreConversation': {
    query: change('restoreConversation', 'RestoreConversationInput', 'conversation { id }'),
    variables: ({ conversationId }) => ({ input: { conversationId } }),
    ...ADMIN_ONLY,
  },
  'Mutation.uploadImage': { query: '', variables: ({ conversationId }) => ({ conversationId }), ...NOT_FOUND },
  'Subscription.generationEvents': {
    query: 'subscription ($id: ID!) { generationEvents(callId: $id) { __typename call { id prompt } } }',
    variables: ({ callId: id }) => ({ id }),
    refused: /NOT_FOUND/u,
    worksInside: true,
  },
  'Subscription.conversationEvents': {
    query: 'subscription ($id: ID!) { conversationEvents(conversationId: $id) { __typename call { id prompt } } }',
    variables: ({ conversationId: id }) => ({ id }),
    refused: /NOT_FOUND/u,
    worksInside: true,
  },
  'Subscription.viewerEvents': {
    query: 'subscription { viewerEvents { __typename cursor } }',
    variables: () => ({}),
    refused: /FORBIDDEN.*conversationEvents|conversationEvents.*FORBIDDEN/u,
    worksInside: false,
  },
};

async function answerOf(client: KeyedClient, name: string, place: Place): Promise<string> {
  const { query, variables } = CASES[name] ?? { query: '', variables: () => ({}) };
  if (name === 'Mutation.uploadImage') return JSON.stringify(await client.upload(place.conversationId));
  if (name.startsWith('Subscription.')) return JSON.stringify(await client.follow(query, variables(place), 1));
  return JSON.stringify(await client.send(query, variables(place)));
}

function withoutNames(answer: string, variables: Variables): string {
  // An error, or the result for an id, may repeat what the client sent.
  return textsIn(variables).reduce<string>((text, sent) => text.replaceAll(sent, ''), answer);
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

it('every field of the root types has a case', () => {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const fields = roots.flatMap((type) => Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`));
  expect(Object.keys(CASES).toSorted()).toEqual(fields.toSorted());
});

describe('a token for a conversation', () => {
  let browser: KeyedClient;
  beforeAll(async () => {
    const scopes = ['READ', 'GENERATE', 'UPLOAD'];
    browser = clientWith(server.url, await tokenFor(owner, { conversationId: inside.conversationId, scopes }));
  });

  it.each(Object.entries(CASES))('promise 10: reaches no other by %s', async (name, { variables, refused }) => {
    const answer = await answerOf(browser, name, outside);
    expect(answer).toMatch(refused);
    for (const trace of tracesOf(outside)) expect(withoutNames(answer, variables(outside))).not.toContain(trace);
  });

  it.each(Object.entries(CASES).filter(([, { worksInside }]) => worksInside))(
    'works inside by %s',
    async (name, { refused }) => {
      const answer = await answerOf(browser, name, inside);
      expect(answer).not.toMatch(/NotFoundError|NOT_FOUND|FORBIDDEN|ForbiddenError|InvalidInputError/u);
      // These look alike everywhere.
      if (!['Query.models', 'Query.conversations', 'Query.tags'].includes(name)) expect(answer).not.toMatch(refused);
    },
  );

  it('promise 10: sees nothing outside through what is inside', async () => {
    const query = `query ($image: ID!, $call: ID!, $conversation: ID!) {
      image(id: $image) {
        refinements(first: 100) { edges { node ${IMAGE} } pageInfo { hasNextPage } } sources ${IMAGE} lineage ${IMAGE}
        ancestors { edges { node ${IMAGE} } } call { basedOn ${IMAGE} sources ${IMAGE} mask ${IMAGE} markup ${IMAGE} retryOf ${CALL} retries ${CALL} conversation { id title } }
      }
      generationCall(id: $call) { sources ${IMAGE} images { lineage ${IMAGE} sources ${IMAGE} ancestors { edges { node ${IMAGE} } } } }
      conversation(id: $conversation) { cover ${IMAGE} images { edges { node ${IMAGE} } } calls { edges { node ${CALL} } }
        items { edges { node { ... on GenerationCall ${CALL} ... on Image { id sha256 } } } } }
      conversations { edges { node { id title } } }
      images { edges { node ${IMAGE} } }
      generationCalls { edges { node ${CALL} } }
      viewer { id }
    }`;
    const variables = { image: inside.imageId, call: sibling.callId, conversation: inside.conversationId };
    const owners = JSON.stringify(await owner.data(query, variables));
    const browsers = JSON.stringify(await browser.data(query, variables));
    for (const fact of factsOf(outside)) expect(owners).toContain(fact);
    for (const trace of [...tracesOf(outside), looseImageId]) expect(browsers).not.toContain(trace);
    for (const fact of [...factsOf(inside), ...factsOf(sibling)]) expect(browsers).toContain(fact);
  });

  it.each<[string, () => Variables, RegExp]>([
    ['without a conversation', () => ({}), /InvalidInputError.*must be given/u],
    [
      'from a source of another conversation',
      () => ({ conversationId: inside.conversationId, sourceImageIds: [inside.imageId, outside.imageId] }),
      /NotFoundError/u,
    ],
    [
      'with a mask of no conversation',
      () => ({
        conversationId: inside.conversationId,
        sourceImageIds: [inside.imageId],
        maskImageId: looseImageId,
      }),
      /NotFoundError/u,
    ],
    [
      'with a markup of no conversation',
      () => ({
        conversationId: inside.conversationId,
        sourceImageIds: [inside.imageId],
        markupImageId: looseImageId,
      }),
      /NotFoundError.*markupImageId|NotFoundError/u,
    ],
  ])('generates nothing %s', async (_, input, refused) => {
    expect(JSON.stringify(await browser.send(GENERATE, { input: { prompt: 'x', ...input() } }))).toMatch(refused);
  });

  it('uploads nothing outside of it', async () => {
    expect(JSON.stringify(await browser.upload(null))).toContain('InvalidInputError');
  });

  it('promise 10: gets no call of another conversation by its idempotency key', async () => {
    const input = { prompt: 'the same', conversationId: outside.conversationId, idempotencyKey: 'a-key' };
    await owner.data(GENERATE, { input });
    expect(JSON.stringify(await browser.send(GENERATE, { input }))).toContain('NotFoundError');
    const other = { ...input, conversationId: inside.conversationId };
    expect(JSON.stringify(await browser.send(GENERATE, { input: other }))).toContain('IdempotencyConflictError');
  });

  it('promise 10: gets no upload of another conversation by its idempotency key', async () => {
    const idempotencyKey = 'of an upload';
    const first = await owner.upload(outside.conversationId, { idempotencyKey });
    expect(first.data.uploadImage.__typename).toBe('UploadImageSuccess');
    const again = await browser.upload(outside.conversationId, { idempotencyKey });
    expect(again.data.uploadImage.__typename).toBe('NotFoundError');
    const other = await browser.upload(inside.conversationId, { idempotencyKey });
    expect(other.data.uploadImage.__typename).toBe('IdempotencyConflictError');
  });

  it('promise 10: reads the bytes of its own images and partial images alone', async () => {
    const authorization = `Bearer ${await tokenFor(owner, { conversationId: inside.conversationId })}`;
    const statusOf = async (url: string) =>
      (await fetch(url.split('?')[0] ?? '', { headers: { authorization } })).status;
    expect(await Promise.all([inside.imageUrl, inside.partialUrl, sibling.imageUrl].map(statusOf))).toEqual([
      200, 200, 200,
    ]);
    expect(await Promise.all([outside.imageUrl, outside.partialUrl].map(statusOf))).toEqual([404, 404]);
  });

  it('allows READ alone unless more is asked for', async () => {
    const reader = clientWith(server.url, await tokenFor(owner, { conversationId: inside.conversationId }));
    const input = { prompt: 'x', conversationId: inside.conversationId };
    expect(JSON.stringify(await reader.send(GENERATE, { input }))).toContain('ForbiddenError');
    expect(await reader.data('{ viewer { principal scopes } }')).toEqual({
      viewer: { principal: 'anna', scopes: ['READ'] },
    });
  });
});

describe('a token for a call', () => {
  let browser: KeyedClient;
  beforeAll(async () => {
    browser = clientWith(server.url, await tokenFor(owner, { callId: inside.callId }));
  });

  it.each(Object.entries(CASES))('promise 10: reaches no other by %s', async (name, { variables }) => {
    for (const place of [outside, sibling]) {
      const answer = withoutNames(await answerOf(browser, name, place), variables(place));
      const traces = tracesOf(place).filter((trace) => !tracesOf(inside).includes(trace));
      for (const trace of traces) expect(answer).not.toContain(trace);
    }
  });

  it('reads the call and its images, without its conversation', async () => {
    const query = `query ($id: ID!) {
      generationCall(id: $id) { id images { id conversation { id } refinements { edges { node { id } } } } }
      images(first: 1) { edges { node { id } } pageInfo { hasNextPage } }
      generationCalls(filter: { statuses: [COMPLETED] }) { edges { node { id } } }
      conversations { edges { node { id } } }
    }`;
    expect(await browser.data(query, { id: inside.callId })).toEqual({
      generationCall: {
        id: inside.callId,
        images: [{ id: inside.imageId, conversation: null, refinements: { edges: [] } }],
      },
      images: { edges: [{ node: { id: inside.imageId } }], pageInfo: { hasNextPage: false } },
      generationCalls: { edges: [{ node: { id: inside.callId } }] },
      conversations: { edges: [] },
    });
    const answer = await browser.send('query ($id: ID!) { generationCall(id: $id) { conversation { title } } }', {
      id: inside.callId,
    });
    expect(answer.errors[0].extensions.code).toBe('NOT_FOUND');
  });

  it('follows the call to its end', async () => {
    const query = 'subscription ($id: ID!) { generationEvents(callId: $id) { __typename } }';
    const events = await browser.follow(query, { id: inside.callId });
    expect(events.at(-1)).toEqual({ data: { generationEvents: { __typename: 'GenerationCompleted' } } });
  });
});

describe('what is in the trash', () => {
  it('is in no list of a token either, and cannot be continued with it', async () => {
    const place = await makeImage('binned', { options: { partialImages: 1 } });
    const { conversationId, callId, imageId } = place;
    const scopes = ['READ', 'GENERATE', 'UPLOAD'];
    const lists = `{ conversations { edges { node { id } } } images { edges { node { id } } } generationCalls { edges { node { id } } } }`;
    const empty = { conversations: { edges: [] }, images: { edges: [] }, generationCalls: { edges: [] } };
    const ofConversation = clientWith(server.url, await tokenFor(owner, { conversationId, scopes }));
    const ofCall = clientWith(server.url, await tokenFor(owner, { callId }));
    expect(JSON.stringify(await ofConversation.data(lists))).toContain(imageId);
    await owner.data(change('deleteConversation', 'DeleteConversationInput', 'deletedId'), {
      input: { conversationId },
    });
    for (const token of [ofConversation, ofCall]) expect(await token.data(lists)).toEqual(empty);
    expect(await ofCall.data('query ($id: ID!) { image(id: $id) { id } }', { id: imageId })).toEqual({
      image: { id: imageId },
    });
    const input = { prompt: 'x', conversationId };
    expect((await ofConversation.data(GENERATE, { input })).generateImage.__typename).toBe('InTrashError');
  });
});

describe('createClientToken', () => {
  it.each<[string, () => Variables, string]>([
    ['nothing', () => ({}), 'conversationId'],
    [
      'a conversation and a call',
      () => ({ conversationId: inside.conversationId, callId: inside.callId }),
      'conversationId',
    ],
    ['an id of another type', () => ({ callId: inside.imageId }), 'callId'],
    ['no scope', () => ({ callId: inside.callId, scopes: [] }), 'scopes'],
    ['a call to GENERATE', () => ({ callId: inside.callId, scopes: ['READ', 'GENERATE'] }), 'scopes'],
    ['ADMIN', () => ({ conversationId: inside.conversationId, scopes: ['READ', 'ADMIN'] }), 'scopes'],
    ['no time', () => ({ callId: inside.callId, expiresIn: 0 }), 'expiresIn'],
    ['more than a day', () => ({ callId: inside.callId, expiresIn: 86_401 }), 'expiresIn'],
  ])('is refused for %s', async (_, input, field) => {
    const { createClientToken } = await owner.data(CREATE, { input: input() });
    expect(createClientToken).toMatchObject({ __typename: 'InvalidInputError', fields: [{ field }] });
  });

  it('finds only what its creator owns', async () => {
    const { stdout } = await runMain(['keys', 'create', '--principal', 'bert'], { DATA_DIR: dataDir });
    const bert = clientWith(server.url, stdout.trim());
    for (const input of [{ conversationId: inside.conversationId }, { callId: inside.callId }]) {
      expect((await bert.data(CREATE, { input })).createClientToken).toEqual({ __typename: 'NotFoundError' });
    }
  });

  it('gives no scope that its creator lacks', async () => {
    const reader = clientWith(server.url, await createKey('--scopes', 'read'));
    const input = { conversationId: inside.conversationId, scopes: ['READ', 'GENERATE'] };
    expect((await reader.data(CREATE, { input })).createClientToken).toEqual({
      __typename: 'ForbiddenError',
      scope: 'GENERATE',
    });
  });

  it('lasts 15 minutes unless told otherwise', async () => {
    const { createClientToken } = await owner.data(CREATE, { input: { callId: inside.callId } });
    const lasts = Date.parse(createClientToken.clientToken.expiresAt) - Date.now();
    expect(lasts).toBeGreaterThan(880_000);
    expect(lasts).toBeLessThanOrEqual(900_000);
  });
});

describe('a token ends', () => {
  const FOLLOW = 'subscription ($id: ID!) { conversationEvents(conversationId: $id) { __typename } }';
  const statusOf = async (token: string) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const body = JSON.stringify({ query: '{ __typename }' });
    return (await fetch(`${server.url}/graphql`, { method: 'POST', headers, body })).status;
  };

  it('at its time, with its subscriptions', async () => {
    const token = await tokenFor(owner, { conversationId: inside.conversationId, expiresIn: 2 });
    const browser = clientWith(server.url, token);
    await within(5_000, 'the end of the subscription', () => browser.follow(FOLLOW, { id: inside.conversationId }));
    expect(await statusOf(token)).toBe(401);
  });

  it('within seconds of its key, with its subscriptions', async () => {
    const creating = await createKey();
    const token = await tokenFor(clientWith(server.url, creating), { conversationId: inside.conversationId });
    expect(await statusOf(token)).toBe(200);
    const ended = within(8_000, 'the end of the subscription', () =>
      clientWith(server.url, token).follow(FOLLOW, { id: inside.conversationId }),
    );
    await runMain(['keys', 'revoke', creating.slice(3, 15)], { DATA_DIR: dataDir });
    await ended;
    expect(await statusOf(token)).toBe(401);
  }, 15_000);

  it('when anything in it is changed', async () => {
    const token = await tokenFor(owner, { callId: inside.callId });
    const [payload = '', signature = ''] = token.slice(4).split('.');
    const grant = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const wider = Buffer.from(JSON.stringify({ ...grant, scopes: ['READ', 'GENERATE', 'ADMIN'] })).toString(
      'base64url',
    );
    expect(await statusOf(token)).toBe(200);
    for (const changed of [
      `dkt_${wider}.${signature}`,
      `dkt_${payload}.`,
      `dkt_.${signature}`,
      'dkt_',
      `dkt_${payload}`,
    ]) {
      expect(await statusOf(changed)).toBe(401);
    }
  });
});
