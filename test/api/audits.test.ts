/** The GraphQL over HTTP specification, by the audits that graphql-http ships. */
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServerHere } from '../support/app.ts';
import type { RunningServer } from '../support/server.ts';

let server: RunningServer;

beforeAll(async () => {
  server = await startServerHere();
});
afterAll(() => server?.[Symbol.asyncDispose]());

describe('GraphQL over HTTP', () => {
  const audits = serverAudits({ url: () => `${server.url}/graphql`, fetchFn: fetch });

  it('is audited in all 61 points', () => {
    expect(audits).toHaveLength(61);
  });

  for (const { id, name, fn } of audits) {
    it(`${id} ${name}`, async () => {
      expect(await fn()).toMatchObject({ status: 'ok' });
    });
  }
});
