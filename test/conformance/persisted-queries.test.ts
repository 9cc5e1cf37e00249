/** Automatic persisted queries of the server itself, on each way in, and what the limits say to them. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../../schema/relay/global-id.ts';
import { type Authenticate, unlimitedPrincipal } from '../../src/auth/authenticate.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type Outcome, WAYS_IN } from './ways-in.ts';

/** Everybody is who they say they are. */
const authenticate: Authenticate = async ({ headers }) => unlimitedPrincipal(headers.authorization ?? 'nobody');

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ authenticate }, { MAX_QUERY_TOKENS: '200' });
});
afterAll(() => app[Symbol.asyncDispose]());

const VARIABLES = { callId: encodeGlobalId('GenerationCall', '01980000-0000-7000-8000-000000000001') };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hashOf = (text: string, version = 1) => ({ persistedQuery: { version, sha256Hash: sha256(text) } });
const as = (name: string) => ({ headers: { authorization: name } });

const codesOf = ({ payloads }: Outcome) =>
  payloads.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions?.['code']));
/** Whether a resolver ran: it answered, or found no such call. */
const hasRun = (outcome: Outcome) =>
  codesOf(outcome).every((code) => code === 'NOT_FOUND') && outcome.payloads.length > 0;

describe('an automatic persisted query', () => {
  it.each(WAYS_IN)(
    'is registered with its document and runs by its hash, by $name',
    async ({ name, document, send }) => {
      const query = `${document()} # ${name}`;
      const operation = { extensions: hashOf(query), variables: VARIABLES };
      const unknown = await send(app.url, operation, as('anna'));
      expect(codesOf(unknown)).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
      expect(unknown.payloads[0]?.errors?.[0]?.message).toBe('PersistedQueryNotFound');
      // Some clients read no body with another status.
      expect([200, null]).toContain(unknown.status);
      expect(hasRun(await send(app.url, { ...operation, query }, as('anna')))).toBe(true);
      expect(hasRun(await send(app.url, operation, as('anna')))).toBe(true);
    },
  );

  it.each(WAYS_IN)('of another kind is refused so that clients fall back, by $name', async ({ document, send }) => {
    const operation = { extensions: hashOf(document(), 2), variables: VARIABLES };
    const refused = await send(app.url, operation, as('anna'));
    expect(codesOf(refused)).toEqual(['PERSISTED_QUERY_NOT_SUPPORTED']);
    expect(refused.payloads[0]?.errors?.[0]?.message).toBe('PersistedQueryNotSupported');
    expect(hasRun(await send(app.url, { ...operation, query: document() }, as('anna')))).toBe(true);
  });

  it.each(WAYS_IN)('with the hash of another document runs nothing, by $name', async ({ document, send }) => {
    const operation = { query: document(), extensions: hashOf('another'), variables: VARIABLES };
    expect(codesOf(await send(app.url, operation, as('anna')))).toEqual(['PERSISTED_QUERY_MISMATCH']);
  });

  it.each(WAYS_IN)('promise 10: is not known to another principal, by $name', async ({ name, document, send }) => {
    // Over WebSocket the header of the request that opens the socket says who it is.
    const query = `${document()} # ${name}, of Anna`;
    const operation = { extensions: hashOf(query), variables: VARIABLES };
    expect(hasRun(await send(app.url, { ...operation, query }, as('anna')))).toBe(true);
    expect(codesOf(await send(app.url, operation, as('bruno')))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
  });

  it.each(WAYS_IN)('has the limits of any document, by $name', async ({ name, document, send }) => {
    const query = document(Array.from({ length: 150 }, (_, nth) => `a${nth}: __typename`).join(' '));
    const operation = { extensions: hashOf(`${query} # ${name}`), variables: VARIABLES };
    for (const sent of [{ ...operation, query: `${query} # ${name}` }, operation]) {
      expect(codesOf(await send(app.url, sent, as('anna')))).toEqual(['LIMIT_EXCEEDED']);
    }
  });

  const [small, , get] = WAYS_IN;

  it('that is a mutation does not run over GET', async () => {
    const query = 'mutation { cancelGeneration(input: { callId: "none" }) { __typename } }';
    await small?.send(app.url, { query, extensions: hashOf(query) }, as('anna'));
    expect((await get?.send(app.url, { extensions: hashOf(query) }, as('anna')))?.status).toBe(405);
  });

  it('is forgotten when too much has come since, and registered again', async () => {
    const queryOf = (nth: number) => `{ __typename } # ${nth} ${'x'.repeat(18_000)}`;
    const send = async (nth: number, query?: string) =>
      small?.send(app.url, { extensions: hashOf(queryOf(nth)), ...(query && { query }) }, as('clara'));
    // 36 kB each, of 8 MiB.
    for (let nth = 0; nth < 260; nth += 1) await send(nth, queryOf(nth));
    expect((await send(259))?.payloads).toEqual([{ data: { __typename: 'Query' } }]);
    expect((await send(0))?.payloads[0]?.errors).toMatchObject([{ message: 'PersistedQueryNotFound' }]);
    await send(0, queryOf(0));
    expect((await send(0))?.payloads).toEqual([{ data: { __typename: 'Query' } }]);
  });

  it('is not remembered when its document is long', async () => {
    const query = `{ __typename } # ${'x'.repeat(21_000)}`;
    expect((await small?.send(app.url, { query, extensions: hashOf(query) }, as('anna')))?.status).toBe(200);
    const again = await small?.send(app.url, { extensions: hashOf(query) }, as('anna'));
    expect(again?.payloads[0]?.errors).toMatchObject([{ message: 'PersistedQueryNotFound' }]);
  });
});

describe('what is refused by its headers or its form', () => {
  const post = async (path: string, body: unknown, headers: Readonly<Record<string, string>>) => {
    const response = await fetch(`${app.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };

  it.each(['/graphql', '/graphql?long'])('says in JSON what a client has to change, at %s', async (path) => {
    const query = '{ __typename }';
    const picture = await post(path, { query }, { accept: 'image/png' });
    expect(picture).toMatchObject({ status: 406, type: 'application/json; charset=utf-8' });
    expect(JSON.parse(picture.text)).toMatchObject({
      errors: [{ message: expect.stringContaining('application/json'), extensions: { code: 'NOT_ACCEPTABLE' } }],
    });
    const subscription = await post(
      path,
      { query: 'subscription { viewerEvents { cursor } }' },
      { accept: 'application/json' },
    );
    expect(subscription).toMatchObject({ status: 406, type: 'application/json; charset=utf-8' });
    expect(JSON.parse(subscription.text)).toMatchObject({
      errors: [{ message: expect.stringContaining('text/event-stream'), extensions: { code: 'NOT_ACCEPTABLE' } }],
    });
    const batch = await post(path, [{ query }, { query }], {});
    expect(batch).toMatchObject({ status: 400, type: 'application/json; charset=utf-8' });
    expect(JSON.parse(batch.text)).toMatchObject({
      errors: [{ message: expect.stringContaining('Batching is not supported'), extensions: { code: 'BAD_REQUEST' } }],
    });
  });

  it.each([undefined, 'text/plain', 'application/x-www-form-urlencoded'])(
    'names the content type that is needed, with %s',
    async (type) => {
      const body = new Blob([JSON.stringify({ query: '{ __typename }' })], { type: type ?? '' });
      const response = await fetch(`${app.url}/graphql`, { method: 'POST', body });
      expect(response.status).toBe(415);
      expect(response.headers.get('accept-post')).toBe('application/json, multipart/form-data');
      expect(await response.json()).toMatchObject({
        errors: [{ message: expect.stringContaining('application/json') }],
      });
    },
  );
});
