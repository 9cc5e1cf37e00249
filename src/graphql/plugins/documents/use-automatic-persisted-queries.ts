/**
 * Automatic persisted queries, as Apollo Client, urql and others send them: a client sends the SHA-256 of its document; if
 * the document is not known here it sends both once, and the hash alone from then on.
 *
 * The document takes the place of the one that the client could have sent, before anything has looked at it, so every
 * limit holds for it. Each principal has documents of its own: otherwise the answer to a hash would tell whether
 * somebody else had sent that document (promise 10).
 */
import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import * as v from 'valibot';
import type { ServerContext } from '../../server-context.ts';

/** What is remembered for all principals together, in bytes of memory. */
const CACHE_BYTES = 8_388_608;
/** Longer documents are not remembered: their clients send them each time. */
const MAX_CHARACTERS = 20_000;
const BYTES_PER_CHARACTER = 2;
/** The hash, the key and the entry of the cache; an estimate. */
const BYTES_PER_ENTRY = 500;

const PersistedQuery = v.object({
  version: v.literal(1),
  sha256Hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u)),
});

export interface AutomaticPersistedQueries {
  /** Comes before the plugins that were passed in. */
  readonly first: Plugin<object, ServerContext>;
  /** Comes behind them: an allow-list of documents, or a store of another kind, has found the document by now. */
  readonly last: Plugin<object, ServerContext>;
}

export function useAutomaticPersistedQueries(): AutomaticPersistedQueries {
  /** Requests that bring no document. */
  const withoutDocument = new WeakSet<Request>();
  const documents = new LRUCache<string, string>({
    maxSize: CACHE_BYTES,
    sizeCalculation: (text, key) => (text.length + key.length) * BYTES_PER_CHARACTER + BYTES_PER_ENTRY,
  });

  const first: AutomaticPersistedQueries['first'] = {
    onParams({ params, request }) {
      if (!params.query) withoutDocument.add(request);
    },
  };
  const last: AutomaticPersistedQueries['last'] = {
    onParams({ params, setParams, context, request }) {
      const extension = params.extensions?.['persistedQuery'];
      if (extension === undefined || extension === null) return;
      const { query } = params;
      // Another plugin has found the document, by a hash of its own.
      if (query && withoutDocument.has(request)) return;
      const { success, output } = v.safeParse(PersistedQuery, extension);
      // Another kind of persisted query. A request that has its document can do without.
      if (!success) {
        if (query) return;
        throw refusal('PersistedQueryNotSupported', 'PERSISTED_QUERY_NOT_SUPPORTED');
      }
      const { sha256Hash } = output;
      const key = `${sha256Hash} ${context.identity.id}`;
      if (!query) {
        const known = documents.get(key);
        if (known === undefined) throw refusal('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND');
        setParams({ ...params, query: known });
        return;
      }
      if (createHash('sha256').update(query).digest('hex') !== sha256Hash) {
        throw new GraphQLError('The sha256Hash of the persisted query is not that of its document.', {
          extensions: { code: 'PERSISTED_QUERY_MISMATCH', http: { status: 400 } },
        });
      }
      if (query.length <= MAX_CHARACTERS) documents.set(key, query);
    },
  };
  return { first, last };
}

/** With 200, as from Apollo's own server: clients expect it, and some read no body with another status. */
function refusal(message: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 200 } } });
}
