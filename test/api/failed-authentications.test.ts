/** Guessing credentials: an address that failed too often is told to wait, and shuts nobody else out. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { as, believe } from '../conformance/believing.ts';
import { type Outcome, WAYS_IN } from '../conformance/ways-in.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

const LIMIT = 5;
let app: TestApp;
beforeEach(async () => {
  const env = { RATE_FAILED_AUTHENTICATIONS_PER_MINUTE: String(LIMIT), RATE_REQUESTS_PER_MINUTE: '8' };
  app = await startTestApp({ authenticate: believe }, env);
});
afterEach(async () => {
  vi.useRealTimers();
  await app[Symbol.asyncDispose]();
});

const HTTP = WAYS_IN.filter(({ transport }) => transport === 'HTTP');
const SOCKET = WAYS_IN.filter(({ transport }) => transport === 'WebSocket');
const REFUSED = /^Only 5 failed authentications a minute are allowed for each address/u;

async function guess(way = WAYS_IN[0]): Promise<Outcome | Error> {
  try {
    return (
      (await way?.send(app.url, { query: way.document(), variables: { callId: 'none' } }, as('wrong'))) ?? new Error()
    );
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const statusOf = (outcome: Outcome | Error) => ('status' in outcome ? outcome.status : outcome.message);

describe('too many failed authentications', () => {
  it.each(HTTP)('are answered with 429 over $name, and shut out nobody who has right ones', async (way) => {
    for (let nth = 0; nth < LIMIT; nth += 1) expect(statusOf(await guess(way))).toBe(401);
    for (let nth = 0; nth < 20; nth += 1) expect(statusOf(await guess(way))).toBe(429);
    const refused = await guess(way);
    expect(refused).toMatchObject({
      payloads: [{ errors: [{ message: expect.stringMatching(REFUSED), extensions: { code: 'RATE_LIMITED' } }] }],
    });
    // Many clients may have one address: behind a proxy, for example.
    const [small] = WAYS_IN;
    expect((await small?.send(app.url, { query: '{ __typename }' }, as('anna')))?.status).toBe(200);
  });

  it.each(SOCKET)('close a $name with 1013, a code on which clients come back later', async (way) => {
    for (let nth = 0; nth < LIMIT; nth += 1) expect(statusOf(await guess(way))).toMatch(/closed with 4403/u);
    expect(statusOf(await guess(way))).toMatch(/closed with 1013 Too many failed authentications/u);
  });

  it('say in Retry-After when the address can try again, and then it can', async () => {
    for (let nth = 0; nth < LIMIT; nth += 1) await guess();
    const { status, headers } = await fetch(`${app.url}/images/01980000-0000-7000-8000-000000000001.png`, {
      ...as('wrong'),
    });
    expect(status).toBe(429);
    const seconds = Number(headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(30);
    expect(seconds).toBeLessThanOrEqual(60);
  });

  it('do not count right credentials', async () => {
    const [small] = WAYS_IN;
    for (let nth = 0; nth < 8; nth += 1) {
      expect((await small?.send(app.url, { query: '{ __typename }' }, as('anna')))?.status).toBe(200);
    }
    expect(statusOf(await guess())).toBe(401);
  });

  it('are not those who present nothing: such requests are limited like others', async () => {
    const [small] = WAYS_IN;
    const statuses: (number | null | undefined)[] = [];
    for (let nth = 0; nth < 10; nth += 1)
      statuses.push((await small?.send(app.url, { query: '{ __typename }' }))?.status);
    expect(statuses).toEqual([...Array.from({ length: 8 }, () => 401), 429, 429]);
    // They have guessed nothing, so right credentials of the same address are welcome.
    expect((await small?.send(app.url, { query: '{ __typename }' }, as('anna')))?.status).toBe(200);
  });
});
