/** The cache: one copy of every image, call and conversation, and the lists that they are in. */

import schema from 'virtual:graphcache-schema';
import { type Cache, type CacheExchangeOpts, cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import cacheRules from '../../../schema/cache-rules.json';
import { applyEvent } from './live-updates.ts';

const keys = Object.fromEntries(cacheRules.keylessTypes.map((name) => [name, () => null]));

const resolvers: NonNullable<CacheExchangeOpts['resolvers']> = {};
for (const [name, connections] of Object.entries(cacheRules.connections)) {
  resolvers[name] = Object.fromEntries(Object.keys(connections).map((field) => [field, relayPagination()]));
}

/**
 * The gallery, which is the one that names an order, puts its pages together itself: of thousands of images, not all
 * are read again for each page.
 */
const pages = relayPagination();
resolvers['Query'] = {
  ...resolvers['Query'],
  images: (parent, args, cache, info) =>
    'orderBy' in args ? cache.resolve(info.parentKey, 'images', args) : pages(parent, args, cache, info),
};
// These views load each page on its own: a page that changes is loaded again without those before it.
delete resolvers['Query']?.['conversations'];
delete resolvers['Conversation']?.['items'];

export function createCache() {
  return cacheExchange({
    schema,
    keys,
    resolvers,
    updates: { Subscription: { viewerEvents: (data, _, cache: Cache) => applyEvent(cache, data) } },
  });
}
