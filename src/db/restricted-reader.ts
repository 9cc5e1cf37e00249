/**
 * The reader of credentials that are limited to one conversation or one call. Everything outside looks as if it did not
 * exist. Ids that a resolver takes from an object it was given need no check: the object is inside.
 */

import type { Restriction } from '../domain/access/restriction.ts';
import type { Conversation } from '../domain/conversation.ts';
import { NO_COST } from '../domain/cost/cost.ts';
import type { GenerationCall } from '../domain/generation-call.ts';
import type { Image } from '../domain/image.ts';
import { firstOf, type Page } from './page.ts';
import type { CallFilter } from './queries/calls.ts';
import type { ImageFilter } from './queries/images.ts';
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
    // Nobody knows any more whether they were inside.
    deletedSourcesOfCall: async () => [],
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

type Lists = Pick<Reader, 'images' | 'refinements' | 'ancestors' | 'conversations' | 'calls' | 'costOfEverything'>;

function listsOfConversation(reader: Reader, id: string): Lists {
  const isOutside = ({ conversationId }: ImageFilter | CallFilter) =>
    conversationId !== undefined && conversationId !== id;
  return {
    images: async (filter, window, properties) =>
      isOutside(filter) ? [] : reader.images({ ...filter, conversationId: id }, window, properties),
    refinements: (imageId, window) => reader.refinements(imageId, window, { conversationId: id }),
    ancestors: (imageId, window) => reader.ancestors(imageId, window, { conversationId: id }),
    async conversations(window) {
      const conversation = await reader.conversation(id);
      // What is in the trash is in no list.
      return pageInMemory(conversation === null || conversation.deletedAt !== null ? [] : [conversation], window);
    },
    calls: async (filter, window) => (isOutside(filter) ? [] : reader.calls({ ...filter, conversationId: id }, window)),
    costOfEverything: () => reader.costOfConversation(id),
  };
}

/** A call has ten images at most. */
function listsOfCall(reader: Reader, id: string): Lists {
  return {
    async images({ conversationId }, window) {
      const images = await reader.imagesOfCall(id);
      return pageInMemory(
        images.filter(
          (image) =>
            image.deletedAt === null && (conversationId === undefined || image.conversationId === conversationId),
        ),
        window,
      );
    },
    refinements: async () => [],
    ancestors: async () => [],
    conversations: async () => [],
    async calls({ conversationId, statuses }, window) {
      const call = await reader.call(id);
      if (
        call === null ||
        call.deletedAt !== null ||
        (conversationId !== undefined && call.conversationId !== conversationId)
      )
        return [];
      return statuses === undefined || statuses.includes(call.status) ? pageInMemory([call], window) : [];
    },
    costOfEverything: async () => (await reader.costOfCall(id)) ?? NO_COST,
  };
}

function keep<T>(row: T | null, isInside: (row: T) => boolean): T | null {
  return row !== null && isInside(row) ? row : null;
}

function pageInMemory<Row extends { readonly id: string }>(rows: readonly Row[], window: Page): readonly Row[] {
  const { after, before, direction } = window;
  const isBehind = (id: string, other: string) => (direction === 'ASC' ? id > other : id < other);
  const inRange = rows.filter(
    ({ id }) => (after === undefined || isBehind(id, after)) && (before === undefined || isBehind(before, id)),
  );
  return firstOf(window, inRange);
}
