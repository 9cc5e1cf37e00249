/** What an event changes in the lists of the cache. Its objects are in the cache already. */
import type { Cache, DataFields } from '@urql/exchange-graphcache';
import { ActiveCallsDocument, type ActiveCallsQuery, type LiveSubscription } from '../gql/graphql.ts';

type LiveEvent = LiveSubscription['viewerEvents'];

const ACTIVE: ReadonlySet<string> = new Set(['QUEUED', 'IN_PROGRESS', 'AWAITING_APPROVAL']);

export function applyEvent(cache: Cache, data: DataFields): void {
  // The subscription is the only one of this page.
  const event = data['viewerEvents'] as unknown as LiveEvent;
  if ('call' in event && event.call !== null) keepActive(cache, event.call);
  switch (event.__typename) {
    case 'GenerationCompleted':
    case 'GenerationFailed':
    case 'GenerationCancelled':
      forgetCosts(cache);
      break;
    case 'ImageUpdated':
      forgetLists(cache, ['tags']);
      break;
    case 'ImageCompleted':
    case 'ImageUploaded':
    case 'ImagePurged':
      forgetLists(cache, ['images', 'conversations']);
      break;
    case 'ImageRestored':
    case 'ImageDeleted':
      forgetLists(cache, ['images', 'conversations', 'tags']);
      break;
    case 'ConversationCreated':
    case 'ConversationUpdated':
      // Their calls are told of by events of their own. Loaded again, they would be missing until the answer is there.
      forgetLists(cache, ['images', 'conversations']);
      break;
    case 'ConversationDeleted':
    case 'ConversationRestored':
    case 'ConversationPurged':
      forgetLists(cache, ['images', 'conversations', 'generationCalls', 'tags']);
  }
}

type Call = ActiveCallsQuery['generationCalls']['nodes'][number];

/** How many calls that have ended are kept for what is left to do about them. */
const MAX_ENDED = 20;

/** The calls that have not ended, and those that ended last, the newest first. */
function keepActive(cache: Cache, call: Call): void {
  cache.updateQuery({ query: ActiveCallsDocument.toString() }, (data: ActiveCallsQuery | null) => {
    if (data === null) return data;
    const { generationCalls, ended } = data;
    const isActive = ACTIVE.has(call.status);
    return {
      ...data,
      generationCalls: { ...generationCalls, nodes: placed(generationCalls.nodes, call, isActive) },
      ended: {
        ...ended,
        nodes: placed(ended.nodes, call, !isActive && call.status !== 'CANCELLED').slice(0, MAX_ENDED),
      },
    };
  });
}

function placed(calls: readonly Call[], call: Call, isIn: boolean): readonly Call[] {
  const others = calls.filter(({ id }) => id !== call.id);
  if (!isIn) return others;
  return [call, ...others].sort((one, other) => other.createdAt.localeCompare(one.createdAt));
}

const COSTS = ['cost', 'spending', 'budgets'];

/** What was spent is asked for again where it is shown. */
function forgetCosts(cache: Cache): void {
  const viewer = cache.resolve('Query', 'viewer');
  if (typeof viewer !== 'string') return;
  for (const { fieldName, fieldKey } of cache.inspectFields(viewer)) {
    if (COSTS.includes(fieldName)) cache.invalidate(viewer, fieldKey);
  }
}

/** Lists that are shown are loaded again: which place a row has depends on filters that the server knows. */
function forgetLists(cache: Cache, names: readonly string[]): void {
  for (const { fieldName, fieldKey } of cache.inspectFields('Query')) {
    if (names.includes(fieldName)) cache.invalidate('Query', fieldKey);
  }
}
