/** Images and uploads a minute: refused before anything is stored or received, and honest about when to come back. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { as, believe } from '../conformance/believing.ts';
import { dataOf, WAYS_IN } from '../conformance/ways-in.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { UPLOAD_HEADERS } from '../support/upload.ts';
import { eventually, picture } from './steps.ts';

let app: TestApp;
beforeAll(async () => {
  const env = { RATE_IMAGES_PER_MINUTE: '10', RATE_UPLOADS_PER_MINUTE: '2' };
  app = await startTestApp({ authenticate: believe }, env);
});
afterAll(() => app[Symbol.asyncDispose]());
afterEach(() => {
  vi.useRealTimers();
});

const newUser = () => `user-${randomUUID()}`;

interface Started {
  readonly __typename: string;
  readonly call?: { readonly id: string };
  readonly code?: string;
  readonly message?: string;
  readonly retryAfter?: string | null;
}

const RESULT = `__typename ... on Error { code message } ... on RateLimitedError { retryAfter }`;

async function run<Data>(user: string, query: string, variables: object = {}): Promise<Data> {
  const [small] = WAYS_IN;
  return dataOf<Data>(await small?.send(app.url, { query, variables: { ...variables } }, as(user)));
}

async function generate(user: string, input: object): Promise<Started> {
  const query = `mutation ($input: GenerateImageInput!) {
    generateImage(input: $input) { ${RESULT} ... on GenerateImageSuccess { call { id } } }
  }`;
  const data = await run<{ generateImage: Started }>(user, query, { input: { prompt: 'a boat', ...input } });
  return data.generateImage;
}

async function numberOfCalls(user: string): Promise<number> {
  const query = '{ generationCalls(first: 50) { edges { node { id } } } }';
  return (await run<{ generationCalls: { edges: unknown[] } }>(user, query)).generationCalls.edges.length;
}

describe('images a minute', () => {
  it('count the images of calls, and refuse a call as a whole before anything is stored', async () => {
    const user = newUser();
    for (const count of [4, 4]) expect((await generate(user, { count })).__typename).toBe('GenerateImageSuccess');
    const refused = await generate(user, { count: 3 });
    expect(refused).toMatchObject({ __typename: 'RateLimitedError', code: 'RATE_LIMITED' });
    expect(refused.message).toMatch(
      /^Only 10 images a minute are allowed for each principal \(RATE_IMAGES_PER_MINUTE\)\. Try again after /u,
    );
    expect(await numberOfCalls(user)).toBe(2);
    expect((await generate(user, { count: 2 })).__typename).toBe('GenerateImageSuccess');
    expect((await generate(newUser(), { count: 10 })).__typename).toBe('GenerateImageSuccess');
  });

  it('do not count a request that repeats an idempotency key', async () => {
    const user = newUser();
    const input = { count: 10, idempotencyKey: 'one' };
    const first = await generate(user, input);
    for (let nth = 0; nth < 5; nth += 1) expect(await generate(user, input)).toEqual(first);
    expect((await generate(user, { count: 1 })).__typename).toBe('RateLimitedError');
    expect(await generate(user, input)).toEqual(first);
  });

  it('do not count what is invalid', async () => {
    const user = newUser();
    for (let nth = 0; nth < 12; nth += 1) {
      expect((await generate(user, { prompt: '' })).__typename).toBe('InvalidInputError');
    }
    expect((await generate(user, { count: 10 })).__typename).toBe('GenerateImageSuccess');
  });

  it('count refinements and retries, too', async () => {
    const user = newUser();
    const { call } = await generate(user, { prompt: 'a boat [sim:moderation]', count: 1 });
    await ended(user, call?.id ?? '');
    const retry = `mutation ($callId: ID!) { retryGeneration(input: { callId: $callId }) { ${RESULT} } }`;
    await generate(user, { count: 9 });
    const { retryGeneration } = await run<{ retryGeneration: Started }>(user, retry, { callId: call?.id });
    expect(retryGeneration).toMatchObject({ __typename: 'RateLimitedError' });
    const image = await uploaded(user);
    const refine = `mutation ($imageId: ID!) {
      refineImage(input: { imageId: $imageId, prompt: "snow" }) { ${RESULT} }
    }`;
    const { refineImage } = await run<{ refineImage: Started }>(user, refine, { imageId: image.image?.id });
    expect(refineImage).toMatchObject({ __typename: 'RateLimitedError' });
  });

  it('accept of 200 aliased calls no more than a minute has', async () => {
    const user = newUser();
    const aliases = Array.from(
      { length: 10 },
      (_, nth) => `a${nth}: generateImage(input: { prompt: "a boat" }) { __typename }`,
    );
    const types: string[] = [];
    for (let nth = 0; nth < 20; nth += 1) {
      const data = await run<Record<string, Started>>(user, `mutation { ${aliases.join(' ')} }`);
      types.push(...Object.values(data).map(({ __typename }) => __typename));
    }
    expect(types.filter((type) => type === 'GenerateImageSuccess')).toHaveLength(10);
    expect(types.filter((type) => type === 'RateLimitedError')).toHaveLength(190);
    expect(await numberOfCalls(user)).toBe(10);
  });

  it('are honest about retryAfter: a second before it the call is refused, at it the call is accepted', async () => {
    const user = newUser();
    await generate(user, { count: 10 });
    const { retryAfter } = await generate(user, { count: 10 });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(retryAfter ?? '') - 1_000 });
    expect((await generate(user, { count: 10 })).__typename).toBe('RateLimitedError');
    vi.setSystemTime(Date.parse(retryAfter ?? ''));
    expect((await generate(user, { count: 10 })).__typename).toBe('GenerateImageSuccess');
  });
});

describe('uploads a minute', () => {
  it('are limited for each principal', async () => {
    const user = newUser();
    for (let nth = 0; nth < 2; nth += 1) expect((await uploaded(user)).__typename).toBe('UploadImageSuccess');
    const refused = await uploaded(user);
    expect(refused).toMatchObject({ __typename: 'RateLimitedError', code: 'RATE_LIMITED' });
    expect(refused.message).toMatch(/^Only 2 uploads a minute are allowed for each principal/u);
    expect(Date.parse(refused.retryAfter ?? '')).toBeGreaterThan(Date.now());
    expect((await uploaded(newUser())).__typename).toBe('UploadImageSuccess');
  });

  it('are refused before their bytes are received', async () => {
    const user = newUser();
    for (let nth = 0; nth < 2; nth += 1) await uploaded(user);
    const outgoing = request(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=cut', 'x-user': user, ...UPLOAD_HEADERS },
    });
    outgoing.on('error', () => undefined);
    // The first bytes of a file, and no end: the operation starts when they arrive.
    outgoing.write(`${HEAD}${'x'.repeat(1_000)}`);
    const [response]: IncomingMessage[] = await once(outgoing, 'response');
    let answer = '';
    for await (const chunk of response ?? []) answer += String(chunk);
    expect(JSON.parse(answer)).toMatchObject({ data: { uploadImage: { __typename: 'RateLimitedError' } } });
    outgoing.destroy();
  });
});

const UPLOAD = `mutation ($file: Upload!) {
  uploadImage(input: { file: $file }) { ${RESULT} ... on UploadImageSuccess { image { id } } }
}`;
const HEAD = [
  '--cut\r\ncontent-disposition: form-data; name="operations"\r\n',
  JSON.stringify({ query: UPLOAD, variables: { file: null } }),
  '--cut\r\ncontent-disposition: form-data; name="map"\r\n',
  '{ "0": ["variables.file"] }',
  '--cut\r\ncontent-disposition: form-data; name="0"; filename="picture.png"\r\ncontent-type: image/png\r\n\r\n',
].join('\r\n');

async function uploaded(user: string): Promise<Started & { readonly image?: { readonly id: string } }> {
  const form = new FormData();
  form.append('operations', JSON.stringify({ query: UPLOAD, variables: { file: null } }));
  form.append('map', JSON.stringify({ 0: ['variables.file'] }));
  form.append('0', new Blob([new Uint8Array(await picture('#336699'))]), 'picture.png');
  const answer = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'x-user': user, ...UPLOAD_HEADERS },
    body: form,
  });
  // The shape that the document asks for.
  return ((await answer.json()) as { data: { uploadImage: Started } }).data.uploadImage;
}

async function ended(user: string, callId: string): Promise<void> {
  const query = 'query ($id: ID!) { generationCall(id: $id) { status } }';
  await eventually('the call to end', async () => {
    const { generationCall } = await run<{ generationCall: { status: string } }>(user, query, { id: callId });
    return /FAILED|COMPLETED/u.test(generationCall.status) || undefined;
  });
}
