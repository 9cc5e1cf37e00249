/** Documents within the limits whose answers would be large, or take long: bytes, rows and time are bounded while they run. */
import { expect } from 'vitest';
import { checkHostileInputs } from './check-hostile-inputs.ts';
import { nested, repeat } from './documents.ts';
import type { HostileInput, HostileOperation, Seed } from './hostile-input.ts';

/** A document that is executed, and answered whole. */
function answered(name: string, query: string | ((seed: Seed) => string), data: unknown): HostileOperation {
  return {
    name,
    operation: (seed) => ({ query: typeof query === 'string' ? query : query(seed) }),
    status: 200,
    payloads: [{ data }],
    // One more than it takes until a document is compiled.
    times: 4,
  };
}

const ANY_DATA = expect.any(Object);

const LARGEST: readonly HostileInput[] = [
  answered(
    'a page of a hundred images with every field under many aliases',
    `{ images(first: 100) { edges { node { ${repeat(95, (n) => `a${n}: url b${n}: prompt`)} } } } }`,
    ANY_DATA,
  ),
  answered(
    'a hundred images with their lineage and sources',
    '{ images(first: 100) { edges { node { id lineage { id url prompt } sources { id url prompt } call { id images { id url prompt } } } } } }',
    ANY_DATA,
  ),
  answered(
    'refinements of a page of images, under aliases',
    `{ images(first: 100) { edges { node { ${repeat(25, (n) => `a${n}: refinements(first: 1) { pageInfo { hasNextPage } }`)} } } } }`,
    ANY_DATA,
  ),
  answered(
    'pages within pages, as far as the cost allows',
    '{ images(first: 50) { edges { node { refinements(first: 50) { edges { node { id url prompt revisedPrompt } } } } } } }',
    ANY_DATA,
  ),
  answered(
    'calls of a conversation with all that they have',
    ({ conversationId }) =>
      `{ conversation(id: "${conversationId}") { calls(first: 100) { edges { node { prompt cost { amount lines { amount tokens } } ` +
      'usage { totalTokens } images { id url thumbhash } partialImages { url } sources { id } retries { id } } } } } }',
    ANY_DATA,
  ),
  answered(
    'the cost of everything under aliases',
    `{ ${repeat(50, (n) => `a${n}: viewer { cost { amount } }`)} }`,
    ANY_DATA,
  ),
  answered(
    'the catalogue under aliases',
    `{ ${repeat(50, (n) => `a${n}: models { name qualities formats }`)} }`,
    ANY_DATA,
  ),
  answered(
    'introspection under aliases',
    `{ ${repeat(10, (n) => `a${n}: __schema { types { name fields { name type { name } args { name } } } }`)} }`,
    ANY_DATA,
  ),
  answered(
    'a node under aliases on every type',
    ({ imageId }) => `{ node(id: "${imageId}") { ${repeat(190, (n) => `... on Image { a${n}: url }`)} } }`,
    ANY_DATA,
  ),
  answered(
    'one hundred nodes',
    ({ imageId }) =>
      `{ nodes(ids: [${repeat(100, () => `"${imageId}"`)}]) { ... on Image { id url lineage { id } } } }`,
    ANY_DATA,
  ),
  {
    name: 'fifty errors at once',
    operation: () => ({
      query: `{ ${repeat(50, (n) => `a${n}: images(first: 1, after: "nonsense") { __typename }`)} }`,
    }),
    status: 200,
    payloads: [
      expect.objectContaining({
        errors: expect.arrayContaining([
          expect.objectContaining({ extensions: expect.objectContaining({ code: expect.any(String) }) }),
        ]),
      }),
    ],
  },
  answered(
    'twenty levels of one image',
    ({ imageId }) => `{ image(id: "${imageId}") { ${nested(6, 'call { conversation { cover { ', 'id', '} } }')} } }`,
    ANY_DATA,
  ),
];

const BYTES: readonly HostileInput[] = [
  {
    name: 'a data URI of more bytes than the server allows',
    operation: ({ imageId }) => ({ query: `{ image(id: "${imageId}") { dataUri(maxBytes: 100000000) } }` }),
    status: 200,
    payloads: [
      {
        data: { image: { dataUri: null } },
        errors: [
          {
            message: 'maxBytes: must be 0 to 8388608, not 100000000.',
            extensions: {
              code: 'INVALID_INPUT',
              fields: [{ field: 'maxBytes', message: 'must be 0 to 8388608, not 100000000.' }],
            },
          },
        ],
      },
    ],
  },
];

checkHostileInputs('answers', [...LARGEST, ...BYTES], { calls: 8 });
