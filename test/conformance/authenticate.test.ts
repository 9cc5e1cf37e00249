/** One function says who is asking, on every way in: each principal sees what is theirs, and strangers see nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authenticate, UnauthenticatedError, unlimitedPrincipal } from '../../src/auth/authenticate.ts';
import { startBareServer } from '../http/bare-server.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type Credentials, dataOf, type Outcome, WAYS_IN } from './ways-in.ts';

/** Believes what the client says; it says it in a header, or over WebSocket in `connection_init`. */
const authenticate: Authenticate = async ({ headers, connectionParams }) => {
  asked += 1;
  const id = connectionParams?.['user'] ?? headers['x-user'];
  if (typeof id !== 'string') throw new UnauthenticatedError('Say who you are.');
  return unlimitedPrincipal(id);
};

const ANNA: Credentials = { headers: { 'x-user': 'anna' }, connectionParams: { user: 'anna' } };
const BERT: Credentials = { headers: { 'x-user': 'bert' }, connectionParams: { user: 'bert' } };

let asked = 0;
let app: TestApp;
let callId: string;
let image: { readonly id: string; readonly url: string };

beforeAll(async () => {
  app = await startTestApp({ authenticate });
  const started = await post(
    'mutation { generateImage(input: { prompt: "a boat" }) { ... on GenerateImageSuccess { call { id } } } }',
    ANNA,
  );
  callId = dataOf<{ generateImage: { call: { id: string } } }>(started).generateImage.call.id;
  await subscription('SSE').send(app.url, { query: subscription('SSE').document(), variables: { callId } }, ANNA);
  const seen = await post('{ images(first: 1) { edges { node { id url } } } }', ANNA);
  const { images } = dataOf<{ images: { edges: { node: typeof image }[] } }>(seen);
  image = images.edges[0]?.node ?? { id: '', url: '' };
});
afterAll(() => app[Symbol.asyncDispose]());

function subscription(name: string) {
  const way = WAYS_IN.find((each) => each.name.startsWith(name) && each.type === 'subscription');
  if (way === undefined) throw new Error(`there is no way in ${name}`);
  return way;
}

function post(query: string, credentials: Credentials): Promise<Outcome> {
  const [small] = WAYS_IN;
  if (small === undefined) throw new Error('there is no way in');
  return small.send(app.url, { query }, credentials);
}

const codesOf = ({ payloads }: Outcome) =>
  payloads.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions?.['code']));

describe.each(WAYS_IN.filter(({ type }) => type === 'query'))('$name', ({ send }) => {
  it('shows each principal what is theirs', async () => {
    const query = '{ viewer { principal } images(first: 5) { edges { node { id } } } }';
    const [annas, berts] = await Promise.all([send(app.url, { query }, ANNA), send(app.url, { query }, BERT)]);
    expect(annas.payloads).toEqual([
      { data: { viewer: { principal: 'anna' }, images: { edges: [{ node: { id: image.id } }] } } },
    ]);
    expect(berts.payloads).toEqual([{ data: { viewer: { principal: 'bert' }, images: { edges: [] } } }]);
  });
});

describe.each(WAYS_IN.filter(({ type }) => type === 'subscription'))('$name', ({ document, send }) => {
  it('follows only the calls of its principal', async () => {
    const operation = { query: document(), variables: { callId } };
    const [annas, berts] = await Promise.all([send(app.url, operation, ANNA), send(app.url, operation, BERT)]);
    expect(annas.payloads.length).toBeGreaterThan(3);
    expect(codesOf(annas)).toEqual([]);
    expect(codesOf(berts)).toEqual(['NOT_FOUND']);
  });
});

it('WebSocket mutation: ends only the calls of its principal', async () => {
  const way = WAYS_IN.find(({ name }) => name === 'WebSocket mutation');
  const query = `mutation { cancelGeneration(input: { callId: ${JSON.stringify(callId)} }) { __typename } }`;
  const [annas, berts] = await Promise.all([way?.send(app.url, { query }, ANNA), way?.send(app.url, { query }, BERT)]);
  expect(JSON.stringify(annas?.payloads)).not.toContain('NotFoundError');
  expect(JSON.stringify(berts?.payloads)).toContain('NotFoundError');
});

it('multipart: what is uploaded belongs to who uploads it', async () => {
  const way = WAYS_IN.find(({ name }) => name === 'multipart');
  const query = way?.document('... on UploadImageSuccess { image { id } }') ?? '';
  const outcome = await way?.send(app.url, { query }, { headers: { 'x-user': 'carla' } });
  const { uploadImage } = dataOf<{ uploadImage: { image: { id: string } } }>(outcome);
  const read = `{ node(id: ${JSON.stringify(uploadImage.image.id)}) { id } }`;
  expect((await post(read, { headers: { 'x-user': 'carla' } })).payloads).toEqual([
    { data: { node: { id: uploadImage.image.id } } },
  ]);
  expect((await post(read, BERT)).payloads).toEqual([{ data: { node: null } }]);
});

it('the bytes of an image are sent to its principal only, and to those who have its signed URL', async () => {
  const [unsigned = ''] = image.url.split('?');
  const statusFor = async (headers: Readonly<Record<string, string>>) => (await fetch(unsigned, { headers })).status;
  expect((await fetch(image.url)).status).toBe(200);
  expect(await statusFor({ 'x-user': 'anna' })).toBe(200);
  expect(await statusFor({ 'x-user': 'bert' })).toBe(404);
  expect(await statusFor({})).toBe(401);
});

it('GraphiQL fills in the newest call of its principal', async () => {
  const page = async (user: string) => {
    const response = await fetch(`${app.url}/graphql`, { headers: { accept: 'text/html', 'x-user': user } });
    return response.text();
  };
  expect(await page('anna')).toContain(callId);
  expect(await page('bert')).not.toContain(callId);
});

describe('who does not say who they are', () => {
  it.each(WAYS_IN.filter(({ transport }) => transport === 'HTTP'))('gets 401 by $name', async ({ document, send }) => {
    const outcome = await send(app.url, { query: document(), variables: { callId } });
    expect(outcome).toEqual({
      status: 401,
      payloads: [{ errors: [{ message: 'Say who you are.', extensions: { code: 'UNAUTHENTICATED' } }] }],
    });
  });

  it.each(WAYS_IN.filter(({ transport }) => transport === 'WebSocket'))(
    'is closed with 4403 by $name',
    async ({ document, send }) => {
      const refused = send(app.url, { query: document(), variables: { callId } });
      await expect(refused).rejects.toThrow(/closed with 4403/u);
    },
  );
});

it('who is asking is asked once per request, and once per WebSocket', async () => {
  for (const { document, send } of WAYS_IN) {
    asked = 0;
    await send(app.url, { query: document(), variables: { callId } }, ANNA);
    expect(asked).toBe(1);
  }
});

it.each(WAYS_IN.filter(({ type }) => type === 'subscription'))(
  'answers are shared by principal, over $name',
  async (way) => {
    const audiences: string[] = [];
    await using bare = await startBareServer({
      keepAliveMs: 10_000,
      contextFor: ({ identity }) => ({
        principal: identity.id,
        eventStreams: { ofCall: async () => ({ async *[Symbol.asyncIterator]() {} }) },
      }),
      audienceOf: ({ identity }) => audiences[audiences.push(identity.id) - 1] ?? '',
    });
    await way.send(bare.url, { query: way.document(), variables: { callId } });
    expect(audiences).toEqual(['somebody']);
  },
);
