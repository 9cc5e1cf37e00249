/**
 * What is asked again and again is compiled. The answer must be the one that GraphQL.js gives, whatever is asked: each
 * document goes out once in a text of its own, which is interpreted, and several times in the same.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../schema/index.ts';
import { generateToEnd, makeImage, unknownId } from '../api/steps.ts';
import { startServerHere } from '../support/app.ts';
import type { RunningServer } from '../support/server.ts';
import { randomDocument } from './random-document.ts';

/** More than it takes until a document is compiled. */
const TIMES = 5;

let server: RunningServer;
let literals: Record<string, string[]>;

beforeAll(async () => {
  server = await startServerHere({ env: { SIMULATOR_DURATION_MS: '0' } });
  const { callId, imageId } = await makeImage(server.url, { prompt: 'a boat' });
  await makeImage(server.url, { prompt: 'a boat at night', sourceImageIds: [imageId] });
  const failed = await generateToEnd(server.url, { prompt: 'a kite [sim:http-400]' });
  const ids = [imageId, callId, failed.id, unknownId('Image'), unknownId('GenerationCall'), 'nonsense'];
  const quoted = ids.map((id) => JSON.stringify(id));
  literals = {
    id: quoted,
    ids: [`[${quoted.join(', ')}]`, '[]', `[${quoted[0]}]`],
    first: ['1', '2', '0', '101', 'null'],
    last: ['1', '101'],
    after: ['"nonsense"', 'null'],
    before: ['null'],
    orderBy: ['{ field: CREATED_AT, direction: ASC }'],
    maxBytes: ['1', '1000000'],
    input: ['{ prompt: "a boat" }', '{ prompt: "" }', '{ prompt: "a boat", options: { size: "1x1" } }'],
  };
});
afterAll(() => server[Symbol.asyncDispose]());

async function answer(query: string, yes = true): Promise<unknown> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query, variables: { yes } }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

let documents = 0;

async function expectTheSame(query: string): Promise<void> {
  documents += 1;
  const interpreted = await answer(`${query} # ${documents}`);
  for (let time = 1; time < TIMES; time += 1) await answer(query);
  expect(await answer(query)).toEqual(interpreted);
  expect(await answer(query, false)).toEqual(await answer(`${query} # not ${documents}`, false));
}

describe('a document that is asked again and again', () => {
  it('is answered as it is the first time, whatever it asks for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (generate) => {
        const pick = <T>(choices: readonly T[]) => generate(() => fc.constantFrom(...choices));
        await expectTheSame(randomDocument({ schema, pick, literals }));
      }),
      { numRuns: 150, endOnFailure: true },
    );
  }, 120_000);

  it.each([
    [
      'an error within a list',
      'query ($yes: Boolean!) { nodes(ids: ["nonsense"]) { id } a: __typename @include(if: $yes) }',
    ],
    [
      'introspection',
      'query ($yes: Boolean!) { __schema { types { name kind fields { name } } } __typename @include(if: $yes) }',
    ],
    ['nothing but what is skipped', 'query ($yes: Boolean!) { viewer { principal @skip(if: $yes) } }'],
  ])('is answered alike with %s', (_, query) => expectTheSame(query));
});
