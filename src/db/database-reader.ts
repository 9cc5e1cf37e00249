/**
 * Reads what one principal may see. Lookups of the same tick become one query. Nothing is cached after it: a subscription
 * lasts for hours and must not send stale rows.
 */
import type { Conversation } from '../domain/conversation.ts';
import { type Cost, NO_COST } from '../domain/cost/cost.ts';
import { sumUsage, type TokenUsage } from '../domain/cost/usage.ts';
import { onlyConversationOf } from '../domain/found-lists.ts';
import { type CallDuration, MAX_RECENT_CALLS } from '../domain/generation/duration-estimate.ts';
import type { GenerationCall } from '../domain/generation/generation-call.ts';
import type { Image, PartialImage } from '../domain/images/image.ts';
import type { TagPage } from '../domain/images/image-tags.ts';
import type { DayRange } from '../domain/limits/charges.ts';
import { type Batches, batches, byId, grouped, type ReadGate } from './batches.ts';
import type { Database } from './database.ts';
import { parseUsage } from './json.ts';
import type { CallFilter } from './lists/call-filter.ts';
import type { ImageFilter } from './lists/image-filter.ts';
import type { Page } from './lists/page.ts';
import { reportedUsages } from './queries/attempts.ts';
import {
  countCallsOfConversations,
  countCallsOfPrincipal,
  findCalls,
  findRetriesOfCalls,
  pageOfCalls,
  recentDurations,
} from './queries/calls.ts';
import { chargedDays } from './queries/charged-days.ts';
import { countItemsOfConversations, pageOfConversationItems } from './queries/conversation-items.ts';
import {
  type ConversationFilter,
  countConversations,
  findConversations,
  pageOfConversations,
} from './queries/conversations.ts';
import { costOfCalls, costOfConversations, costOfPrincipal } from './queries/cost-lines.ts';
import { lastEventId } from './queries/events.ts';
import { findSourcesOfCalls } from './queries/images/call-sources.ts';
import { findTagsOfImages } from './queries/images/image-tags.ts';
import {
  countImages,
  countImagesOfConversations,
  findImages,
  findShownImagesOfCalls,
  newestImages,
  pageOfImages,
} from './queries/images/images.ts';
import { countAncestors, findDeletedSourcesOfCalls, findLineages, pageOfAncestors } from './queries/images/lineage.ts';
import { findPartialImagesOfCalls, thumbhashesOfPartials } from './queries/images/partial-images.ts';
import { countRefinements, pageOfRefinements } from './queries/images/refinements.ts';
import { tagsInUse, tagsWithin } from './queries/images/tags-in-use.ts';
import type { Reader, RefinementFilter, TagsWithin } from './reader.ts';

export function createReader(db: Database, principal: string, gate: ReadGate): Reader {
  return new DatabaseReader(db, principal, gate);
}

/** Every subscription keeps one for as long as it lasts, so loaders are created when they are first used. */
class DatabaseReader implements Reader {
  readonly #db: Database;
  readonly #principal: string;
  readonly #gate: ReadGate;
  #image: Batches<Image> | undefined;
  #conversation: Batches<Conversation> | undefined;
  #call: Batches<GenerationCall> | undefined;
  #imagesOfCall: Batches<readonly Image[]> | undefined;
  #tagsOfImage: Batches<readonly string[]> | undefined;
  #partialImagesOfCall: Batches<readonly PartialImage[]> | undefined;
  #thumbhashOfPartial: Batches<string | null> | undefined;
  #sourcesOfCall: Batches<readonly Image[]> | undefined;
  #deletedSourcesOfCall: Batches<readonly string[]> | undefined;
  #lineage: Batches<readonly Image[]> | undefined;
  #ancestors: Batches<number> | undefined;
  #retriesOfCall: Batches<readonly GenerationCall[]> | undefined;
  #usagesOfCall: Batches<readonly (TokenUsage | null)[]> | undefined;
  #costOfCall: Batches<Cost> | undefined;
  #costOfConversation: Batches<Cost> | undefined;
  #costOfEverything: Batches<Cost> | undefined;
  #cover: Batches<Image> | undefined;
  #imagesOfConversation: Batches<number> | undefined;
  #callsOfConversation: Batches<number> | undefined;
  #itemsOfConversation: Batches<number> | undefined;
  /** By the conversation that the refinements are restricted to. */
  readonly #refinements = new Map<string | undefined, Batches<number>>();
  #recentDurations: Batches<readonly CallDuration[]> | undefined;

  constructor(db: Database, principal: string, gate: ReadGate) {
    this.#db = db;
    this.#principal = principal;
    this.#gate = gate;
  }

  async image(id: string) {
    this.#image ??= batches(this.#gate, (ids) => byId(findImages(this.#db, this.#principal, ids)));
    const image = (await this.#image.load(id)) ?? null;
    return image === null || (await this.#isGoing(image)) ? null : image;
  }

  async conversation(id: string) {
    this.#conversation ??= batches(this.#gate, (ids) => byId(findConversations(this.#db, this.#principal, ids)));
    return (await this.#conversation.load(id)) ?? null;
  }

  async call(id: string) {
    this.#call ??= batches(this.#gate, (ids) => byId(findCalls(this.#db, this.#principal, ids)));
    const call = (await this.#call.load(id)) ?? null;
    return call === null || (await this.#isGoing(call)) ? null : call;
  }

  /** Whether it is in a conversation whose deletion for good has begun, so that nobody finds it any more. */
  async #isGoing({ deletedAt, conversationId }: Pick<Image, 'deletedAt' | 'conversationId'>) {
    return deletedAt !== null && conversationId !== null && (await this.conversation(conversationId)) === null;
  }

  images<Property extends keyof Image = keyof Image>(
    filter: ImageFilter,
    window: Page,
    properties?: readonly Property[],
  ) {
    return this.#gate.read(() => pageOfImages(this.#db, this.#principal, filter, window, properties));
  }

  async countImages(filter: ImageFilter) {
    const conversationId = onlyConversationOf(filter);
    if (conversationId === null) return this.#gate.read(() => countImages(this.#db, this.#principal, filter));
    this.#imagesOfConversation ??= batches(this.#gate, (ids) =>
      countImagesOfConversations(this.#db, this.#principal, ids),
    );
    return (await this.#imagesOfConversation.load(conversationId)) ?? 0;
  }

  refinements(imageId: string, window: Page, filter: RefinementFilter = {}) {
    return this.#gate.read(() => pageOfRefinements(this.#db, this.#principal, imageId, window, filter));
  }

  async countRefinements(imageId: string, filter: RefinementFilter = {}) {
    const counts =
      this.#refinements.get(filter.conversationId) ??
      batches(this.#gate, (ids) => countRefinements(this.#db, this.#principal, ids, filter));
    this.#refinements.set(filter.conversationId, counts);
    return (await counts.load(imageId)) ?? 0;
  }

  conversations(filter: ConversationFilter, window: Page) {
    return this.#gate.read(() => pageOfConversations(this.#db, this.#principal, filter, window));
  }

  countConversations(filter: ConversationFilter) {
    return this.#gate.read(() => countConversations(this.#db, this.#principal, filter));
  }

  calls(filter: CallFilter, window: Page) {
    return this.#gate.read(() => pageOfCalls(this.#db, this.#principal, filter, window));
  }

  async countCalls(filter: CallFilter) {
    const conversationId = onlyConversationOf(filter);
    if (conversationId === null) return this.#gate.read(() => countCallsOfPrincipal(this.#db, this.#principal, filter));
    this.#callsOfConversation ??= batches(this.#gate, (ids) =>
      countCallsOfConversations(this.#db, this.#principal, ids),
    );
    return (await this.#callsOfConversation.load(conversationId)) ?? 0;
  }

  async imagesOfCall(callId: string) {
    this.#imagesOfCall ??= batches(this.#gate, async (ids) => {
      const images = await findShownImagesOfCalls(this.#db, this.#principal, ids);
      return grouped(images, (image) => image.callId ?? '', itself);
    });
    return this.#gate.list((await this.#imagesOfCall.load(callId)) ?? []);
  }

  async tagsOfImage(imageId: string) {
    this.#tagsOfImage ??= batches(this.#gate, (ids) => findTagsOfImages(this.#db, this.#principal, ids));
    return (await this.#tagsOfImage.load(imageId)) ?? [];
  }

  tags(page: TagPage, within?: TagsWithin) {
    return this.#gate.read(() =>
      within === undefined
        ? tagsInUse(this.#db, this.#principal, page)
        : tagsWithin(this.#db, this.#principal, within, page),
    );
  }

  async partialImagesOfCall(callId: string) {
    this.#partialImagesOfCall ??= batches(this.#gate, async (ids) => {
      const found = await findPartialImagesOfCalls(this.#db, this.#principal, ids);
      return grouped(found, callIdOf, ({ partial }) => partial);
    });
    return this.#gate.list((await this.#partialImagesOfCall.load(callId)) ?? []);
  }

  async thumbhashOfPartial(partialId: string) {
    this.#thumbhashOfPartial ??= batches(this.#gate, async (ids) => {
      const found = await thumbhashesOfPartials(this.#db, this.#principal, ids);
      return new Map(found.map(({ id, thumbhash }) => [id, thumbhash]));
    });
    return (await this.#thumbhashOfPartial.load(partialId)) ?? null;
  }

  async sourcesOfCall(callId: string) {
    this.#sourcesOfCall ??= batches(this.#gate, async (ids) => {
      const found = await findSourcesOfCalls(this.#db, this.#principal, ids);
      return grouped(found, callIdOf, ({ image }) => image);
    });
    return this.#gate.list((await this.#sourcesOfCall.load(callId)) ?? []);
  }

  async retriesOfCall(callId: string) {
    this.#retriesOfCall ??= batches(this.#gate, async (ids) => {
      const calls = await findRetriesOfCalls(this.#db, this.#principal, ids);
      return grouped(calls, ({ retryOf }) => retryOf ?? '', itself);
    });
    return this.#gate.list((await this.#retriesOfCall.load(callId)) ?? []);
  }

  async usageOfCall(callId: string) {
    this.#usagesOfCall ??= batches(this.#gate, async (ids) => {
      const found = await reportedUsages(this.#db, this.#principal, ids);
      return grouped(found, callIdOf, ({ usage }) => parseUsage(usage));
    });
    const usages = (await this.#usagesOfCall.load(callId)) ?? [];
    return sumUsage(usages.filter((usage) => usage !== null));
  }

  async costOfCall(callId: string) {
    this.#costOfCall ??= batches(this.#gate, (ids) => costOfCalls(this.#db, this.#principal, ids));
    return (await this.#costOfCall.load(callId)) ?? null;
  }

  async costOfConversation(conversationId: string) {
    this.#costOfConversation ??= batches(this.#gate, (ids) => costOfConversations(this.#db, this.#principal, ids));
    return (await this.#costOfConversation.load(conversationId)) ?? NO_COST;
  }

  async costOfEverything() {
    // One query for all who ask for it at once.
    const read = async ([id = '']: readonly string[]) => new Map([[id, await costOfPrincipal(this.#db, id)]]);
    this.#costOfEverything ??= batches(this.#gate, read);
    return (await this.#costOfEverything.load(this.#principal)) ?? NO_COST;
  }

  chargedDays(days: DayRange) {
    return this.#gate.read(() => chargedDays(this.#db, this.#principal, days));
  }

  async recentDurations() {
    // One query for all calls that ask for it at once.
    this.#recentDurations ??= batches(
      this.#gate,
      async ([id = '']) => new Map([[id, await recentDurations(this.#db, id, MAX_RECENT_CALLS)]]),
    );
    return (await this.#recentDurations.load(this.#principal)) ?? [];
  }

  async deletedSourcesOfCall(callId: string) {
    this.#deletedSourcesOfCall ??= batches(this.#gate, async (ids) => {
      const found = await findDeletedSourcesOfCalls(this.#db, this.#principal, ids);
      return grouped(found, callIdOf, ({ imageId }) => imageId);
    });
    return this.#gate.list((await this.#deletedSourcesOfCall.load(callId)) ?? []);
  }

  async lineage(youngest: Image) {
    if (youngest.callId === null) return [youngest];
    this.#lineage ??= batches(this.#gate, async (ids) => {
      const found = await findLineages(this.#db, this.#principal, ids);
      return grouped(
        found,
        ({ of }) => of,
        ({ image }) => image,
      );
    });
    return this.#gate.list((await this.#lineage.load(youngest.id)) ?? [youngest]);
  }

  ancestors(imageId: string, window: Page, within?: { readonly conversationId: string }) {
    return this.#gate.read(() => pageOfAncestors(this.#db, this.#principal, imageId, window, within));
  }

  async countAncestors(imageId: string, within?: { readonly conversationId: string }) {
    // All calls on one reader have the same border.
    this.#ancestors ??= batches(this.#gate, (ids) => countAncestors(this.#db, this.#principal, ids, within));
    return (await this.#ancestors.load(imageId)) ?? 0;
  }

  items(conversationId: string, window: Page) {
    return this.#gate.read(() => pageOfConversationItems(this.#db, this.#principal, conversationId, window));
  }

  async countItems(conversationId: string) {
    this.#itemsOfConversation ??= batches(this.#gate, (ids) =>
      countItemsOfConversations(this.#db, this.#principal, ids),
    );
    return (await this.#itemsOfConversation.load(conversationId)) ?? 0;
  }

  place() {
    return this.#gate.read(() => lastEventId(this.#db, this.#principal));
  }

  async cover(conversationId: string) {
    this.#cover ??= batches(this.#gate, async (ids) => {
      const images = await newestImages(this.#db, this.#principal, ids);
      return new Map(images.map((image) => [image.conversationId ?? '', image]));
    });
    return (await this.#cover.load(conversationId)) ?? null;
  }
}

const callIdOf = ({ callId }: { readonly callId: string }) => callId;
const itself = <T>(value: T) => value;
