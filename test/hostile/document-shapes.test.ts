/** Documents of a shape that would take long to validate or to execute, or are not valid. */
import { expect } from 'vitest';
import { checkHostileInputs } from './check-hostile-inputs.ts';
import { generation, nested, repeat } from './documents.ts';
import { type HostileInput, refused } from './hostile-input.ts';
import { anyErrors, depth, list, many, nesting, POSTED, roots, selections, tooMuch } from './refusals.ts';

const SHAPES: readonly HostileInput[] = [
  tooMuch('a depth of a thousand', `{ ${nested(1_000, 'viewer { ', 'id')} }`, nesting),
  tooMuch('inline fragments a thousand deep', `{ ${nested(1_000, '... { ', '__typename')} }`, nesting),
  tooMuch('a list a thousand deep', `{ nodes(ids: ${nested(1_000, '[', '"a"', ']')}) { id } }`, nesting),
  tooMuch('an object a thousand deep', `{ images(filter: ${nested(900, '{ a: ', '1')}) { __typename } }`, nesting),
  tooMuch('a directive with a deep value', `{ __typename @include(if: ${nested(100, '[', 'true', ']')}) }`, nesting),
  tooMuch(
    'a default value a hundred deep',
    `query ($a: [ID!] = ${nested(100, '[', '"a"', ']')}) { __typename }`,
    nesting,
  ),
  tooMuch('forty levels of fields', `{ ${nested(40, 'viewer { ', 'id')} }`, depth(41)),
  tooMuch(
    'forty levels through fragments',
    `{ ...F0 } ${repeat(40, (n) => `fragment F${n} on Query { viewer { ...F${n + 1} } }`)} fragment F40 on Query { __typename }`,
    depth(41),
  ),
  tooMuch('eleven mutations', `mutation { ${repeat(11, (n) => generation(n))} }`, roots(11, 'mutation'), POSTED),
  tooMuch(
    'twenty mutations through fragments',
    `mutation { ...A ...B } fragment A on Mutation { ${repeat(10, (n) => generation(n))} } ` +
      `fragment B on Mutation { ${repeat(10, (n) => generation(n + 10))} }`,
    roots(20, 'mutation'),
    POSTED,
  ),
  tooMuch(
    'a second operation with a hundred mutations',
    `query A { __typename } mutation B { ${repeat(100, (n) => generation(n))} }`,
    roots(100, 'mutation'),
    { ...POSTED, operationName: 'B' },
  ),
  tooMuch('sixty root fields', `{ ${repeat(60, (n) => `a${n}: viewer { id }`)} }`, roots(60)),
  tooMuch('the same root field a thousand times', `{ ${'__typename '.repeat(1_000)} }`, roots(1_000)),
  tooMuch(
    'the same field a thousand times',
    `{ viewer { ${'id '.repeat(1_900)} } viewer { ${'id '.repeat(1_900)} } }`,
    selections(3_802),
  ),
  tooMuch('five hundred aliases', `{ viewer { ${repeat(500, (n) => `a${n}: id`)} } }`, many(500, 'aliases', 200)),
  tooMuch(
    'three hundred fragments',
    `{ __typename } ${repeat(300, (n) => `fragment F${n} on Query { __typename }`)}`,
    many(300, 'fragments', 200),
  ),
  tooMuch(
    'a hundred operations',
    repeat(100, (n) => `query Q${n} { __typename }`),
    many(100, 'operations', 50),
    { operationName: 'Q1' },
  ),
  tooMuch(
    'directives three hundred times',
    `{ __typename ${'@include(if: true) '.repeat(300)} }`,
    many(300, 'directives', 200),
  ),
  tooMuch(
    'unknown directives on everything',
    `{ ${repeat(250, () => '__typename @x')} }`,
    many(250, 'directives', 200),
  ),
  tooMuch('a thousand ids in nodes', `{ nodes(ids: [${'"a" '.repeat(1_000)}]) { id } }`, list(1_000)),
  tooMuch(
    'a thousand statuses',
    `{ generationCalls(filter: { statuses: [${'QUEUED '.repeat(1_000)}] }) { __typename } }`,
    list(1_000),
  ),
  {
    name: 'fields with different arguments under the same name',
    operation: () => ({ query: `{ ${repeat(50, (n) => `images(first: ${n}) { edges { node { id } } }`)} }` }),
    status: 400,
    payloads: [anyErrors('GRAPHQL_VALIDATION_FAILED')],
  },
  {
    name: 'a hundred fragments that conflict with each other',
    operation: () => ({
      query:
        `{ viewer { ${repeat(100, (n) => `...F${n}`)} } } ` +
        repeat(100, (n) => `fragment F${n} on Viewer { a: ${n % 2 === 0 ? 'id' : 'principal'} }`),
    }),
    status: 400,
    payloads: [anyErrors('GRAPHQL_VALIDATION_FAILED')],
  },
  {
    name: 'deep fields that conflict',
    operation: () => ({
      query: `{ ${repeat(40, (n) => nested(15, 'viewer { ', `a: ${n % 2 === 0 ? 'id' : 'principal'}`))} }`,
    }),
    status: 400,
    payloads: [anyErrors('GRAPHQL_VALIDATION_FAILED')],
  },
  {
    name: 'a thousand fields that do not exist',
    operation: () => ({ query: `{ viewer { ${repeat(1_500, (n) => `unknown${n}`)} } }` }),
    status: 400,
    payloads: [anyErrors('GRAPHQL_VALIDATION_FAILED')],
  },
  {
    name: 'a field name of 200 kB',
    operation: () => ({ query: `{ viewer { ${'x'.repeat(200_000)} } }` }),
    status: 400,
    payloads: [refused('GRAPHQL_VALIDATION_FAILED', expect.stringMatching(/^Cannot query field "x{900,1000}…$/u))],
  },
  {
    name: 'a thousand variables that are not used',
    operation: () => ({ query: `query (${repeat(900, (n) => `$a${n}: Int`)}) { __typename }` }),
    status: 400,
    payloads: [anyErrors('GRAPHQL_VALIDATION_FAILED')],
  },
  ...['generationEvents(callId: "x") @skip(if: true) { sequence }', '... @include(if: false) { ...F }', '...F'].map(
    (selection) => ({
      name: `a subscription to nothing: ${selection}`,
      operation: () => ({
        query: `subscription { ${selection} } fragment F on Subscription { generationEvents(callId: "x") @include(if: false) { sequence } }`,
      }),
      over: ['small JSON POST', 'SSE', 'WebSocket subscription'] as const,
      status: 400,
      payloads: [anyErrors('GRAPHQL_VALIDATION_FAILED')],
    }),
  ),
  {
    name: 'a type a thousand lists deep',
    operation: () => ({ query: `query ($a: ${nested(1_000, '[', 'Int', ']')}) { __typename }` }),
    status: 400,
    payloads: [anyErrors('GRAPHQL_VALIDATION_FAILED')],
  },
];

checkHostileInputs('shapes of documents', SHAPES);
