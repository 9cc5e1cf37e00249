/** The project's own documents, and what its clients send, stay far below the limits of operations. */
import { type DocumentNode, getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../schema/index.ts';
import * as cliDocuments from '../../src/cli/generate/documents.ts';
import { parseConfig } from '../../src/config/config.ts';
import { graphiqlOptions } from '../../src/graphql/graphiql/tabs.ts';
import { checkDocument } from '../../src/graphql/plugins/documents/check-document.ts';
import { costOf } from '../../src/graphql/plugins/documents/operation-cost.ts';
import * as testDocuments from '../support/documents.ts';

const limits = parseConfig({}).limits.operation;
/** The largest part of each limit that a document may use. */
const LARGEST_PART = 0.3;
const INTROSPECTION = 'the introspection of GraphiQL';
const LARGE_PAGE = { first: 100, n: 100 };

/** How Relay fetches an object again, and the next page of a list. */
const RELAY = {
  RelayRefetch:
    'query ($id: ID!) { node(id: $id) { __typename id ... on Image { url width height prompt lineage { id url } } } }',
  RelayPage: `query ($id: ID!, $first: Int = 100, $after: String) {
    node(id: $id) { __typename id ... on Conversation { images(first: $first, after: $after) {
      edges { cursor node { id url width height thumbhash __typename } } pageInfo { endCursor hasNextPage } } } }
  }`,
};

const documents: readonly (readonly [string, string])[] = [
  ...Object.entries({ ...cliDocuments, ...testDocuments, ...RELAY })
    .filter(([, document]) => typeof document !== 'function')
    .map(([name, document]) => [name, String(document)] as const)
    .filter(([, text]) => !text.trimStart().startsWith('fragment')),
  ...(
    graphiqlOptions({ callId: null, imageId: null, needsCredentials: false, introspection: true }).defaultTabs ?? []
  ).map(({ query }, index) => [`tab ${index + 1} of GraphiQL`, query ?? ''] as const),
  [INTROSPECTION, getIntrospectionQuery()],
];

interface Parts {
  readonly tokens: number;
  readonly selections: number;
  readonly depth: number;
  readonly cost: number;
}

function partsOf(document: DocumentNode): Parts {
  const { points, selections, depth } = costOf({ schema, document, variableValues: LARGE_PAGE });
  return {
    tokens: (document.tokenCount ?? 0) / limits.maxQueryTokens,
    selections: selections / limits.maxQuerySelections,
    depth: depth / limits.maxQueryDepth,
    cost: points / limits.maxQueryCost,
  };
}

describe.each(documents)('%s', (name, text) => {
  it('uses a small part of each limit', () => {
    const document = parse(text, { maxTokens: limits.maxQueryTokens });
    expect(checkDocument(document, limits)).toBeNull();
    const parts = partsOf(document);
    const percent = Object.entries(parts).map(([limit, part]) => `${limit} ${(part * 100).toFixed(1)} %`);
    console.log(`${name}: ${percent.join(', ')}`);
    // Introspection is fifteen levels deep, and costs as much as the schema is long.
    const { depth, cost, ...rest } = parts;
    for (const [limit, part] of Object.entries(rest)) expect(part, limit).toBeLessThan(LARGEST_PART);
    expect(cost).toBeLessThan(name === INTROSPECTION ? 0.5 : LARGEST_PART);
    expect(depth).toBeLessThan(0.8);
  });
});
