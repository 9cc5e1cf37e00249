/** The Pothos builder: plugins, scalars' types and the defaults that every type follows. */
import SchemaBuilder from '@pothos/core';
import ErrorsPlugin from '@pothos/plugin-errors';
import RelayPlugin from '@pothos/plugin-relay';
import type { IncomingFile } from '../src/domain/incoming-file.ts';
import type { Context } from './context.ts';
import { decodeGlobalId, encodeGlobalId } from './global-id.ts';
import NodeIdsPlugin from './node-ids.ts';

export interface SchemaTypes {
  Context: Context;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: string; Output: string };
    URL: { Input: string; Output: string };
    ImageSize: { Input: string; Output: string };
    Decimal: { Input: string; Output: string };
    SafeInt: { Input: number; Output: number };
    Upload: { Input: IncomingFile; Output: never };
  };
}

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [ErrorsPlugin, RelayPlugin, NodeIdsPlugin],
  defaultFieldNullability: false,
  errors: { directResult: false },
  relay: {
    cursorType: 'String',
    edgesFieldOptions: { nullable: { list: false, items: false }, description: 'The page, each with its cursor.' },
    nodeFieldOptions: { nullable: false, description: 'What stands at the end of the edge.' },
    cursorFieldOptions: { description: 'For `after` or `before`, to go on from here.' },
    pageInfoFieldOptions: { description: 'Whether and where the list goes on.' },
    firstArgOptions: { description: 'How many from the beginning of the list, 100 at most (default 20).' },
    lastArgOptions: { description: 'How many from the end of the list, 100 at most.' },
    afterArgOptions: { description: 'Only what stands behind this cursor.' },
    beforeArgOptions: { description: 'Only what stands before this cursor.' },
    nodeTypeOptions: {
      description: 'Anything that can be asked for again by its id (Relay Global Object Identification).',
    },
    idFieldOptions: { description: 'Unique among everything in this API, and opaque.' },
    pageInfoTypeOptions: { description: 'Whether and where a list goes on (Relay Cursor Connections).' },
    hasNextPageFieldOptions: { description: 'Whether more stands behind this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether more stands before this page.' },
    startCursorFieldOptions: { description: 'The cursor of the first edge.' },
    endCursorFieldOptions: { description: 'The cursor of the last edge.' },
    nodeQueryOptions: {
      description: 'Any one thing by its id; null when there is none.',
      args: { id: { description: 'The `id` of an Image, a Conversation or a GenerationCall.' } },
    },
    nodesQueryOptions: {
      description: 'Several things by their ids, in the same order; null where there is none.',
      args: { ids: { description: 'Ids of any types.' } },
    },
    encodeGlobalID: (typename, id) => encodeGlobalId(typename, String(id)),
    decodeGlobalID: (globalId) => decodeGlobalId(globalId),
  },
});

builder.queryType({ description: 'What there is.' });
builder.mutationType({
  description: 'What can be done. Every mutation returns a union of its success and the errors that can be expected.',
});
builder.subscriptionType({ description: 'What happens. Every event carries a cursor to resume behind it.' });
