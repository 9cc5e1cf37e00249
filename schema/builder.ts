/** The Pothos builder: its plugins, the types of the scalars, and the defaults of every type. */
import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import ErrorsPlugin from '@pothos/plugin-errors';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import type { Scope } from '../src/domain/access/scope.ts';
import type { IncomingFile } from '../src/domain/images/incoming-file.ts';
import type { Context } from './context.ts';
import { COUNT_PRICE, listPrice } from './prices.ts';
import { decodeGlobalId, encodeGlobalId } from './relay/global-id.ts';
import { loadNode, NO_NODE } from './relay/load-node.ts';
import NodeIdsPlugin from './relay/node-ids.ts';
import { authScopesOf, forbidden } from './scopes.ts';

export interface SchemaTypes {
  Context: Context;
  AuthScopes: Record<Scope, boolean>;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  /** What every connection has besides its page (connection.ts). */
  Connection: { readonly count: () => Promise<number> };
  Scalars: {
    ID: { Input: string; Output: string };
    Date: { Input: string; Output: string };
    DateTime: { Input: string; Output: string };
    URL: { Input: string; Output: string };
    ImageSize: { Input: string; Output: string };
    Decimal: { Input: string; Output: string };
    SafeInt: { Input: number; Output: number };
    Upload: { Input: IncomingFile; Output: never };
  };
}

export const builder = new SchemaBuilder<SchemaTypes>({
  // The first comes outermost: a missing scope becomes a member of a mutation's result union.
  plugins: [ErrorsPlugin, ScopeAuthPlugin, RelayPlugin, NodeIdsPlugin, ComplexityPlugin],
  defaultFieldNullability: false,
  errors: { directResult: false },
  // Only the prices beside the fields: src/graphql/plugins/documents/operation-cost.ts adds them up before the execution.
  complexity: { disabled: true, defaultListMultiplier: 5 },
  scopeAuth: {
    authScopes: ({ identity }) => authScopesOf(identity.scopes),
    unauthorizedError: (_parent, _context, _info, { failure }) => forbidden(failure),
    // Once for each subscription, not once for each event.
    authorizeOnSubscribe: true,
  },
  relay: {
    cursorType: 'String',
    edgesFieldOptions: {
      nullable: { list: false, items: false },
      description: 'The edges of this page, in list order.',
      // Paid for as often as the page has items, which is the price of the field that returns the connection.
      complexity: { multiplier: 1 },
      extensions: { isPage: true },
    },
    nodesOnConnection: {
      description: 'The items of this page, in list order: the `node` of each edge.',
      // As `edges`.
      complexity: { multiplier: 1 },
      extensions: { isPage: true },
    },
    nodeFieldOptions: { nullable: false, description: 'The item at the end of the edge.' },
    cursorFieldOptions: { description: 'The cursor of this edge, to pass as `after` or `before`.' },
    pageInfoFieldOptions: { description: 'Information about this page and its neighbours.' },
    firstArgOptions: { description: 'The number of items from the start of the list: 0 to 100. Defaults to 20.' },
    lastArgOptions: {
      description: 'The number of items from the end of the list: 0 to 100. Cannot be combined with `first`.',
    },
    afterArgOptions: { description: 'Returns only items after this cursor.' },
    beforeArgOptions: { description: 'Returns only items before this cursor.' },
    nodeTypeOptions: {
      description: 'An object that can be fetched again by its id (Relay Global Object Identification).',
    },
    idFieldOptions: { description: 'The globally unique, opaque id of the object.' },
    pageInfoTypeOptions: { description: 'Information about a page of a list (Relay Cursor Connections).' },
    hasNextPageFieldOptions: { description: 'Whether there are more items after this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether there are more items before this page.' },
    startCursorFieldOptions: { description: 'The cursor of the first edge; null when the page is empty.' },
    endCursorFieldOptions: { description: 'The cursor of the last edge; null when the page is empty.' },
    nodeQueryOptions: {
      authScopes: { READ: true },
      description: 'An object by its id; null when it does not exist or is not yours.',
      resolve: (_, { id }, context) => loadNode(id, context),
      args: { id: { description: 'The `id` of an Image, a Conversation or a GenerationCall.' } },
    },
    nodesQueryOptions: {
      authScopes: { READ: true },
      description: 'Objects by their ids, in the same order; null for each that does not exist or is not yours.',
      complexity: listPrice,
      resolve: (_, { ids }, context) => ids.map((id) => loadNode(id, context)),
      args: { ids: { description: 'The ids of the objects, which may be of different types.' } },
    },
    encodeGlobalID: (typename, id) => encodeGlobalId(typename, String(id)),
    decodeGlobalID: (globalId) => decodeGlobalId(globalId) ?? NO_NODE,
  },
});

builder.queryType({ description: 'Read operations.' });
builder.mutationType({
  description: 'Write operations. Every mutation returns a union of its success type and its expected errors.',
});
builder.subscriptionType({
  description: 'Live updates. Every event carries a cursor from which a subscription can be resumed.',
});

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    description: 'The number of items in the whole list, with its filter. Counted only when it is selected.',
    complexity: COUNT_PRICE,
    resolve: ({ count }) => count(),
  }),
);
