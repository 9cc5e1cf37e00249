/** Documents and variables that ask for too much. Each way in gives the same answer. */
import { expect } from 'vitest';
import { checkHostileInputs } from './check-hostile-inputs.ts';
import { doublingFragments, generation, nested, repeat } from './documents.ts';
import { type HostileInput, type HostileOperation, refused } from './hostile-input.ts';
import { anyErrors, characters, cost, lines, POSTED, selections, tokens, tooMuch } from './refusals.ts';

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
  tooMuch('__typename twenty thousand times', `{${' __typename'.repeat(20_000)} }`, tokens),
  tooMuch(
    'viewer { cost } two thousand times',
    `{ ${repeat(2_000, (n) => `a${n}: viewer { cost { amount } }`)} }`,
    tokens,
  ),
  tooMuch('models ten thousand times', `{ ${repeat(10_000, (n) => `a${n}: models { name }`)} }`, tokens),
  tooMuch('fifteen thousand ids in nodes', `{ nodes(ids: [${repeat(15_000, (n) => `"${n}"`)}]) { id } }`, tokens),
  tooMuch(
    'five thousand mutations in as few characters as they can have',
    `mutation{${repeat(5_000, (n) => `a${n}:generateImage(input:{prompt:"a"}){__typename}`, '')}}`,
    tokens,
    POSTED,
  ),
  tooMuch('a depth of ten thousand', `{ ${nested(10_000, 'viewer { ', 'id')} }`, tokens),
  tooMuch(
    'five thousand mutations',
    `mutation { ${repeat(5_000, (n) => generation(n))} }`,
    characters(323_902),
    POSTED,
  ),
  tooMuch(
    'a document of a thousand operations',
    repeat(1_000, (n) => `query Q${n} { __typename }`),
    tokens,
  ),
  tooMuch('a document of 250 kB', `{ ${repeat(9_000, (n) => `aliasNumber${n}: __typename`)} }`, tokens),
  tooMuch('a document of 900 kB', `{ ${repeat(30_000, (n) => `aliasNumber${n}: __typename`)} }`, characters(858_893)),
  tooMuch('a megabyte of spaces', `{${' '.repeat(800_000)}__typename }`, characters(800_013)),
  tooMuch('a string of half a megabyte', `{ image(id: "${'x'.repeat(500_000)}") { id } }`, characters(500_024)),
  tooMuch('ten thousand empty lines', `{${'\n'.repeat(10_000)}__typename }`, lines),
  tooMuch('ten thousand comments', `{${'#\n'.repeat(10_000)}__typename }`, lines),
];

const INTROSPECTION: readonly HostileInput[] = [
  {
    name: 'introspection of fields of types of fields',
    operation: () => ({ query: `{ __schema { types { ${nested(5, 'fields { type { ', 'name', '} }')} } } }` }),
    status: 400,
    payloads: [anyErrors('GRAPHQL_VALIDATION_FAILED')],
  },
  tooMuch(
    'introspection of everything under aliases',
    `{ ${repeat(48, (n) => `a${n}: __schema { types { name fields(includeDeprecated: true) { name type { name kind fields { name description } } } } }`)} }`,
    cost(expect.any(Number)),
  ),
];

const variables = (name: string, value: unknown, expected: object): HostileOperation => ({
  name,
  operation: () => ({ query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', variables: { ids: value } }),
  status: 400,
  payloads: [{ errors: [expected] }],
});
const tooManyItems = (length: number) => ({
  message: `A list has ${length} items; at most 100 are allowed.`,
  extensions: { code: 'LIMIT_EXCEEDED', limit: 'maxListLength', max: 100 },
});
const tooDeep = {
  message: 'The variables are nested more than 50 levels deep.',
  extensions: { code: 'LIMIT_EXCEEDED', limit: 'maxNesting', max: 50 },
};

/** As text: a client in JavaScript cannot make such a body. */
const deepBody = (name: string, value: string): HostileInput => ({
  name,
  request: () => ({
    path: '/graphql',
    init: {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: `{ "query": "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", "variables": { "ids": ${value} } }`,
    },
  }),
  status: 400,
  body: { errors: [tooDeep] },
});

const VARIABLES: readonly HostileInput[] = [
  deepBody('a variable twenty thousand lists deep', nested(20_000, '[', '"a"', ']')),
  deepBody('a variable four hundred thousand lists deep', nested(400_000, '[', '"a"', ']')),
  deepBody('a variable that is an object a hundred thousand levels deep', nested(100_000, '{"a":', '1')),
  variables(
    'fifteen thousand ids in a variable',
    Array.from({ length: 15_000 }, () => 'a'),
    tooManyItems(15_000),
  ),
  variables('a variable a thousand lists deep', JSON.parse(nested(1_000, '[', '"a"', ']')), tooDeep),
  variables(
    'an object with ten thousand names',
    Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`name${n}`, n])),
    {
      message: 'The variables have more than 2000 values.',
      extensions: { code: 'LIMIT_EXCEEDED', limit: 'maxVariableValues', max: 2_000 },
    },
  ),
  {
    name: 'a page size in a variable that costs too much',
    operation: () => ({
      query: `query ($n: Int) { images(first: $n) { edges { node { refinements(first: $n) { edges { node { id url width } } } } } } }`,
      variables: { n: 100 },
    }),
    status: 400,
    payloads: [
      {
        errors: [
          {
            message: cost(40_706).message,
            extensions: expect.objectContaining({ limit: 'maxQueryCost', cost: expect.any(Number) }),
          },
        ],
      },
    ],
  },
  {
    name: 'a page size that is no number',
    operation: () => ({ query: 'query ($n: Int) { images(first: $n) { __typename } }', variables: { n: 'many' } }),
    over: ['small JSON POST', 'GET', 'WebSocket query'],
    status: 400,
    payloads: [
      refused(
        'BAD_USER_INPUT',
        'Variable "$n" got invalid value "many"; Int cannot represent non-integer value: "many"',
      ),
    ],
  },
];

const operation = (id: string, query: string) => JSON.stringify({ id, type: 'subscribe', payload: { query } });

const ON_ONE_SOCKET: readonly HostileInput[] = [
  {
    name: 'a depth of ten thousand, after which the socket is still open',
    messages: () => ['{"type":"connection_init"}'],
    afterAck: () => [operation('1', `{ ${nested(10_000, 'viewer { ', 'id')} }`), operation('2', '{ __typename }')],
    answers: [
      { type: 'connection_ack' },
      { id: '1', type: 'error', payload: [expect.objectContaining({ message: tokens.message })] },
      { id: '2', type: 'next', payload: { data: { __typename: 'Query' } } },
      { id: '2', type: 'complete' },
    ],
    closeCode: null,
  },
];

checkHostileInputs('documents', [...EXPANSION, ...COSTS, ...SIZES, ...INTROSPECTION, ...VARIABLES, ...ON_ONE_SOCKET]);
