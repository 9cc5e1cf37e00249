/** Documents that ask for too much, or are not what they seem. Each way in gives the same answer. */
import { expect } from 'vitest';
import { checkHostileInputs } from './check-hostile-inputs.ts';
import { doublingFragments, nested, pages, repeat } from './documents.ts';
import type { HostileInput, HostileOperation, Seed } from './hostile-input.ts';

/** A document that is refused before it is executed. */
function tooMuch(
  name: string,
  query: string | ((seed: Seed) => string),
  { limit, max, message, ...more }: { limit: string; max: number; message: unknown; [extension: string]: unknown },
): HostileOperation {
  return {
    name,
    operation: (seed) => ({ query: typeof query === 'string' ? query : query(seed) }),
    status: 400,
    payloads: [{ errors: [{ message, extensions: { code: 'LIMIT_EXCEEDED', limit, max, ...more } }] }],
  };
}

const tokens = {
  limit: 'maxQueryTokens',
  max: 4000,
  message: 'The document has more than 4000 tokens.',
};
const selections = (count: unknown) => ({
  limit: 'maxQuerySelections',
  max: 2000,
  message:
    typeof count === 'number'
      ? `The operation selects ${count} fields, with its fragments written out; at most 2000 are allowed.`
      : count,
});
const depth = (levels: number) => ({
  limit: 'maxQueryDepth',
  max: 20,
  message: `The operation selects fields ${levels} levels deep; at most 20 are allowed.`,
});
const cost = (points: number) => ({
  limit: 'maxQueryCost',
  max: 20_000,
  message:
    `The operation costs ${points} points; at most 20000 are allowed. ` +
    'Ask for smaller pages, or for less within them.',
  cost: points,
});
const nesting = { limit: 'maxNesting', max: 50, message: 'The document is nested more than 50 levels deep.' };
const roots = (count: number, type = 'query') => ({
  limit: type === 'mutation' ? 'maxMutations' : 'maxRootFields',
  max: type === 'mutation' ? 10 : 50,
  message: `The ${type} has ${count} root fields; at most ${type === 'mutation' ? 10 : 50} are allowed.`,
});
const many = (count: number, what: string, max: number) => ({
  limit: `max${what[0]?.toUpperCase()}${what.slice(1)}`,
  max,
  message: `The document has ${count} ${what}; at most ${max} are allowed.`,
});
const list = (length: number) => ({
  limit: 'maxListLength',
  max: 100,
  message: `A list has ${length} items; at most 100 are allowed.`,
});

const REFINEMENTS = 'refinements(first: 100)';

const EXPANSION: readonly HostileInput[] = [
  tooMuch(
    'fourteen doubling fragments on an existing conversation',
    ({ conversationId }) =>
      doublingFragments(14, 'Conversation', `{ conversation(id: "${conversationId}") { … } }`, 'id title'),
    selections(65_537),
  ),
  tooMuch(
    'fourteen doubling fragments on a conversation that does not exist',
    doublingFragments(14, 'Conversation', '{ conversation(id: "none") { … } }', 'id'),
    selections(32_769),
  ),
  tooMuch(
    'two hundred doubling fragments',
    doublingFragments(199, 'Query', '{ … }', '__typename'),
    selections(expect.stringMatching(/^The operation selects [\d.e+]+ fields/u)),
  ),
  tooMuch(
    'fragments that spread each other many times',
    doublingFragments(40, 'Query', '{ … }', '__typename', 20),
    selections(expect.stringMatching(/^The operation selects [\d.e+]+ fields/u)),
  ),
  tooMuch(
    'doubling fragments on an interface',
    doublingFragments(12, 'Node', '{ node(id: "none") { … } }', '... on Image { id } ... on Conversation { id }'),
    selections(16_385),
  ),
  tooMuch(
    'doubling inline fragments within fragments',
    doublingFragments(12, 'Image', '{ image(id: "none") { ... on Image { … } } }', '... on Image { id url }'),
    selections(16_385),
  ),
  tooMuch(
    'doubling selections with directives',
    doublingFragments(12, 'Viewer', '{ viewer { … } }', 'principal @include(if: true) cost @skip(if: true) { amount }'),
    selections(24_577),
  ),
  {
    name: 'a fragment that spreads itself',
    operation: () => ({ query: '{ viewer { ...F } } fragment F on Viewer { principal ...F ...F }' }),
    status: 400,
    payloads: [anyErrors('GRAPHQL_VALIDATION_FAILED')],
  },
  {
    name: 'fragments that spread each other in a circle',
    operation: () => ({
      query: `{ viewer { ...F0 } } ${repeat(50, (index) => `fragment F${index} on Viewer { ...F${(index + 1) % 50} }`)}`,
    }),
    status: 400,
    payloads: [anyErrors('GRAPHQL_VALIDATION_FAILED')],
  },
];

const COSTS: readonly HostileInput[] = [
  tooMuch(
    'pages within pages: refinements of sources of refinements',
    ({ conversationId }) =>
      `{ conversation(id: "${conversationId}") { calls(first: 100) { edges { node { sources { ${REFINEMENTS} ` +
      `{ edges { node { sources { ${REFINEMENTS} { edges { node { id } } } } } } } } } } } } }`,
    cost(51_603_207),
  ),
  tooMuch(
    'four levels of images of conversations of images',
    `{ ${nested(3, 'images(first: 100) { edges { node { conversation { ', 'images(first: 100) { edges { node { id } } }', '} } } }')} }`,
    cost(208_080_806),
  ),
];

const SIZES: readonly HostileInput[] = [
  tooMuch('__typename a hundred thousand times', `{${' __typename'.repeat(20_000)} }`, tokens),
  tooMuch(
    'five thousand mutations',
    `mutation {${repeat(400, (n) => `a${n}: cancelGeneration(input: { callId: "a" }) { __typename }`)} }`,
    tokens,
  ),
];

function anyErrors(code: string): object {
  return { errors: expect.arrayContaining([expect.objectContaining({ extensions: { code } })]) };
}

checkHostileInputs('documents', [...EXPANSION, ...COSTS, ...SIZES]);
void [depth, nesting, roots, many, list, pages];
