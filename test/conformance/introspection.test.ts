/** INTROSPECTION=off keeps the schema to those who know it, on every way in. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServerHere } from '../support/app.ts';
import type { RunningServer } from '../support/server.ts';
import { WAYS_IN } from './ways-in.ts';

const QUERY_WAYS = WAYS_IN.filter(({ name }) => name !== 'WebSocket mutation' && name !== 'WebSocket subscription');

describe.each(QUERY_WAYS)('by $name', (way) => {
  let closed: RunningServer;
  let open: RunningServer;
  beforeAll(async () => {
    [closed, open] = await Promise.all([startServerHere({ env: { INTROSPECTION: 'off' } }), startServerHere()]);
  });
  afterAll(() => Promise.all([closed?.[Symbol.asyncDispose](), open?.[Symbol.asyncDispose]()]));

  const errorOf = async (server: RunningServer, query: string, variables = {}) => {
    const [payload] = (await way.send(server.url, { query, variables })).payloads;
    return { message: payload?.errors?.[0]?.message, code: payload?.errors?.[0]?.extensions?.['code'] };
  };

  it.each([
    '{ __schema { types { name } } }',
    '{ a: __type(name: "Query") { name } }',
    '{ ...F } fragment F on Query { __schema { types { name } } }',
  ])('refuses %s', async (query) => {
    expect(await errorOf(closed, query)).toEqual({
      message: expect.stringMatching(/^Introspection is off, so "__(?:schema|type)" cannot be queried\./u),
      code: 'INTROSPECTION_DISABLED',
    });
  });

  it('suggests no names of fields, arguments, types or values', async () => {
    for (const query of [
      '{ viewr { principal } }',
      '{ viewer { principl } }',
      '{ images(frist: 1) { edges { cursor } } }',
      'query ($a: GenerateImageInpu) { viewer { principal } }',
    ]) {
      expect(await errorOf(open, query)).toMatchObject({ message: expect.stringContaining('Did you mean') });
      expect(await errorOf(closed, query)).toMatchObject({ message: expect.not.stringContaining('Did you mean') });
    }
  });

  it('suggests none for variables either', async () => {
    const query = 'query ($input: EstimateGenerationInput!) { estimateGeneration(input: $input) { __typename } }';
    const variables = { input: { prompt: 'x', optoins: {} } };
    expect(await errorOf(open, query, variables)).toMatchObject({ message: expect.stringContaining('Did you mean') });
    const { message } = await errorOf(closed, query, variables);
    expect(message).toContain('optoins');
    expect(message).not.toContain('Did you mean');
  });

  it('describes the schema as a whole', async () => {
    const [payload] = (await way.send(open.url, { query: '{ __schema { description } }' })).payloads;
    expect(payload?.data).toEqual({ __schema: { description: expect.stringContaining('... on Error') } });
  });

  it('answers __typename', async () => {
    const [payload] = (await way.send(closed.url, { query: way.document('__typename') })).payloads;
    expect(payload?.errors?.[0]?.message ?? '').not.toContain('Introspection');
  });
});
