/**
 * The reader of credentials that are limited to one conversation or one call. Everything outside looks as if it did not
 * exist. Ids that a resolver takes from an object it was given need no check: the object is inside.
 */

import type { Restriction } from '../domain/access/restriction.ts';
import type { Conversation } from '../domain/conversation.ts';
import { NO_COST } from '../domain/cost/cost.ts';
import type { GenerationCall } from '../domain/generation/generation-call.ts';
import type { Image } from '../domain/images/image.ts';
import type { Reader } from './reader.ts';

export function restrictReader(reader: Reader, only: Restriction): Reader {
  const isInside = only.type === 'Conversation' ? insideConversation(only.id) : insideCall(only.id);
  const lists = only.type === 'Conversation' ? listsOfConversation(reader, only.id) : listsOfCall(reader, only.id);
  return {
    ...lists,
    image: async (id) => keep(await reader.image(id), isInside.image),
    conversation: async (id) => keep(await reader.conversation(id), isInside.conversation),
    call: async (id) => keep(await reader.call(id), isInside.call),
    tagsOfImage: (id) => reader.tagsOfImage(id),
    imagesOfCall: (id) => reader.imagesOfCall(id),
    partialImagesOfCall: (id) => reader.partialImagesOfCall(id),
    thumbhashOfPartial: (id) => reader.thumbhashOfPartial(id),
    sourcesOfCall: async (id) => (await reader.sourcesOfCall(id)).filter(isInside.image),
    retriesOfCall: async (id) => (await reader.retriesOfCall(id)).filter(isInside.call),
    usageOfCall: (id) => reader.usageOfCall(id),
    costOfCall: (id) => reader.costOfCall(id),
    costOfConversation: (id) => reader.costOfConversation(id),
    async lineage(image) {
      const line = await reader.lineage(image);
      return line.slice(line.findLastIndex((ancestor) => !isInside.image(ancestor)) + 1);
    },
    items: (conversationId, window) => reader.items(conversationId, window),
    countItems: (conversationId) => reader.countItems(conversationId),
    place: async () => null,
    // Nobody knows any more whether they were inside.
    deletedSourcesOfCall: async () => [],
    // Nobody asks: these credentials cannot have the scope that it needs. The sums are those of the principal.
    chargedDays: async () => [],
    // They tell of other calls of the principal.
    recentDurations: async () => [],
    cover: (conversationId) => reader.cover(conversationId),
  };
}

/** What is inside. Images that were read in part have no owner here: lists are restricted where they are read. */
interface Inside {
  readonly image: (image: Image) => boolean;
  readonly conversation: (conversation: Conversation) => boolean;
  readonly call: (call: GenerationCall) => boolean;
}

function insideConversation(id: string): Inside {
  return {
    image: ({ conversationId }) => conversationId === id,
    conversation: (conversation) => conversation.id === id,
    call: ({ conversationId }) => conversationId === id,
  };
}

/** The conversation of the call is not inside: its title comes from the prompt of another call. */
function insideCall(id: string): Inside {
  return {
    image: ({ callId }) => callId === id,
    conversation: () => false,
    call: (call) => call.id === id,
  };
}

type Lists = Pick<
  Reader,
  | 'images'
  | 'countImages'
  | 'refinements'
  | 'countRefinements'
  | 'ancestors'
  | 'countAncestors'
  | 'conversations'
  | 'countConversations'
  | 'calls'
  | 'countCalls'
  | 'costOfEverything'
  | 'tags'
>;

/** Whether a filter names something else than the only thing that there is. */
function isOutside(asked: string | undefined, only: string): boolean {
  return asked !== undefined && asked !== only;
}

function listsOfConversation(reader: Reader, id: string): Lists {
  const only = { conversationId: id };
  return {
    images: async (filter, window, properties) =>
      isOutside(filter.conversationId, id) ? [] : reader.images({ ...filter, ...only }, window, properties),
    countImages: async (filter) =>
      isOutside(filter.conversationId, id) ? 0 : reader.countImages({ ...filter, ...only }),
    refinements: (imageId, window) => reader.refinements(imageId, window, only),
    countRefinements: (imageId) => reader.countRefinements(imageId, only),
    ancestors: (imageId, window) => reader.ancestors(imageId, window, only),
    countAncestors: (imageId) => reader.countAncestors(imageId, only),
    conversations: async (filter, window) =>
      isOutside(filter.id, id) ? [] : reader.conversations({ ...filter, id }, window),
    countConversations: async (filter) => (isOutside(filter.id, id) ? 0 : reader.countConversations({ ...filter, id })),
    calls: async (filter, window) =>
      isOutside(filter.conversationId, id) ? [] : reader.calls({ ...filter, ...only }, window),
    countCalls: async (filter) =>
      isOutside(filter.conversationId, id) ? 0 : reader.countCalls({ ...filter, ...only }),
    costOfEverything: () => reader.costOfConversation(id),
    tags: (page) => reader.tags(page, only),
  };
}

function listsOfCall(reader: Reader, id: string): Lists {
  return {
    images: async (filter, window, properties) =>
      isOutside(filter.callId, id) ? [] : reader.images({ ...filter, callId: id }, window, properties),
    countImages: async (filter) => (isOutside(filter.callId, id) ? 0 : reader.countImages({ ...filter, callId: id })),
    refinements: async () => [],
    countRefinements: async () => 0,
    ancestors: async () => [],
    countAncestors: async () => 0,
    conversations: async () => [],
    countConversations: async () => 0,
    calls: async (filter, window) => (isOutside(filter.id, id) ? [] : reader.calls({ ...filter, id }, window)),
    countCalls: async (filter) => (isOutside(filter.id, id) ? 0 : reader.countCalls({ ...filter, id })),
    costOfEverything: async () => (await reader.costOfCall(id)) ?? NO_COST,
    tags: (page) => reader.tags(page, { callId: id }),
  };
}

function keep<T>(row: T | null, isInside: (row: T) => boolean): T | null {
  return row !== null && isInside(row) ? row : null;
}
