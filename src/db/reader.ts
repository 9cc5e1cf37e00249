/**
 * What one principal may see, for the length of one request. Lookups of the same tick are one query, and nothing is
 * kept behind it: a subscription lives for hours and must never show what was true at its beginning.
 */
import DataLoader from 'dataloader';
import type { Conversation } from '../domain/conversation.ts';
import { type Cost, NO_COST } from '../domain/cost.ts';
import type { GenerationCall } from '../domain/generation-call.ts';
import type { Image, PartialImage } from '../domain/image.ts';
import { sumUsage, type TokenUsage } from '../domain/usage.ts';
import { reportedUsages } from './attempts.ts';
import { type CallFilter, findCalls, findRetriesOfCalls, pageOfCalls } from './calls.ts';
import { findConversations, pageOfConversations } from './conversations.ts';
import { costOfCalls, costOfConversations, costOfPrincipal } from './cost-lines.ts';
import type { Database } from './database.ts';
import {
  findImages,
  findImagesOfCalls,
  findSourcesOfCalls,
  type ImageFilter,
  newestImage,
  pageOfImages,
  pageOfRefinements,
} from './images.ts';
import { parseUsage } from './json.ts';
import type { Page } from './page.ts';
import { findPartialImagesOfCalls } from './partial-images.ts';

export interface Reader {
  image(id: string): Promise<Image | null>;
  conversation(id: string): Promise<Conversation | null>;
  call(id: string): Promise<GenerationCall | null>;
  images(filter: ImageFilter, window: Page): Promise<readonly Image[]>;
  /** The pictures that were made from this one. */
  refinements(imageId: string, window: Page): Promise<readonly Image[]>;
  conversations(window: Page): Promise<readonly Conversation[]>;
  calls(filter: CallFilter, window: Page): Promise<readonly GenerationCall[]>;
  imagesOfCall(callId: string): Promise<readonly Image[]>;
  partialImagesOfCall(callId: string): Promise<readonly PartialImage[]>;
  /** The pictures that the call builds upon, in order. */
  sourcesOfCall(callId: string): Promise<readonly Image[]>;
  /** The calls that were made again of this one, the oldest first. */
  retriesOfCall(callId: string): Promise<readonly GenerationCall[]>;
  /** What the upstream reported of the call; null when it reported nothing. */
  usageOfCall(callId: string): Promise<TokenUsage | null>;
  /** Null while surely nothing was bought. */
  costOfCall(callId: string): Promise<Cost | null>;
  costOfConversation(conversationId: string): Promise<Cost>;
  costOfEverything(): Promise<Cost>;
  /** From the oldest ancestor to the image itself, along each picture's first source. */
  lineage(image: Image): Promise<readonly Image[]>;
  /** The newest picture of the conversation. */
  cover(conversationId: string): Promise<Image | null>;
}

export function createReader(db: Database, principal: string): Reader {
  const image = batched((ids) => byId(findImages(db, principal, ids)));
  const conversation = batched((ids) => byId(findConversations(db, principal, ids)));
  const call = batched((ids) => byId(findCalls(db, principal, ids)));
  const imagesOfCall = batched(async (ids) =>
    grouped(
      await findImagesOfCalls(db, principal, ids),
      ({ callId }) => callId ?? '',
      (found) => found,
    ),
  );
  const partialImagesOfCall = batched(async (ids) =>
    grouped(
      await findPartialImagesOfCalls(db, principal, ids),
      ({ callId }) => callId,
      ({ partial }) => partial,
    ),
  );
  const sourcesOfCall = batched(async (ids) =>
    grouped(
      await findSourcesOfCalls(db, principal, ids),
      ({ callId }) => callId,
      (source) => source.image,
    ),
  );
  const retriesOfCall = batched(async (ids) =>
    grouped(
      await findRetriesOfCalls(db, principal, ids),
      ({ retryOf }) => retryOf ?? '',
      (retry) => retry,
    ),
  );
  const costOfCall = batched((ids) => costOfCalls(db, principal, ids));
  const costOfConversation = batched((ids) => costOfConversations(db, principal, ids));
  const usagesOfCall = batched(async (ids) =>
    grouped(
      await reportedUsages(db, principal, ids),
      ({ callId }) => callId,
      ({ usage }) => parseUsage(usage),
    ),
  );

  return {
    image: async (id) => (await image(id)) ?? null,
    conversation: async (id) => (await conversation(id)) ?? null,
    call: async (id) => (await call(id)) ?? null,
    images: (filter, window) => pageOfImages(db, principal, filter, window),
    refinements: (imageId, window) => pageOfRefinements(db, principal, imageId, window),
    conversations: (window) => pageOfConversations(db, principal, window),
    calls: (filter, window) => pageOfCalls(db, principal, filter, window),
    imagesOfCall: async (callId) => (await imagesOfCall(callId)) ?? [],
    partialImagesOfCall: async (callId) => (await partialImagesOfCall(callId)) ?? [],
    sourcesOfCall: async (callId) => (await sourcesOfCall(callId)) ?? [],
    retriesOfCall: async (callId) => (await retriesOfCall(callId)) ?? [],
    usageOfCall: async (callId) => sumUsage(((await usagesOfCall(callId)) ?? []).filter((usage) => usage !== null)),
    costOfCall: async (callId) => (await costOfCall(callId)) ?? null,
    costOfConversation: async (conversationId) => (await costOfConversation(conversationId)) ?? NO_COST,
    costOfEverything: () => costOfPrincipal(db, principal),
    cover: (conversationId) => newestImage(db, principal, conversationId),

    async lineage(youngest) {
      const line = [youngest];
      for (let { callId } = youngest; callId !== null; ) {
        const [parent] = (await sourcesOfCall(callId)) ?? [];
        if (parent === undefined) break;
        line.unshift(parent);
        callId = parent.callId;
      }
      return line;
    },
  };
}

/** Gathers the ids that are asked for in one tick into one query. */
function batched<T>(load: (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>) {
  let loader: DataLoader<string, T | undefined> | undefined;
  const loadMany = async (ids: readonly string[]) => {
    const found = await load([...new Set(ids)]);
    return ids.map((id) => found.get(id));
  };
  return (id: string) => {
    // A request needs few of them.
    loader ??= new DataLoader(loadMany, { cache: false });
    return loader.load(id);
  };
}

async function byId<T extends { readonly id: string }>(rows: Promise<readonly T[]>): Promise<ReadonlyMap<string, T>> {
  return new Map((await rows).map((row) => [row.id, row]));
}

function grouped<Row, T>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  pick: (row: Row) => T,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key) ?? [];
    group.push(pick(row));
    groups.set(key, group);
  }
  return groups;
}
