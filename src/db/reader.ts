/** What can be read for one principal. */
import type { Conversation } from '../domain/conversation.ts';
import type { Cost } from '../domain/cost/cost.ts';
import type { TokenUsage } from '../domain/cost/usage.ts';
import type { CallDuration } from '../domain/generation/duration-estimate.ts';
import type { GenerationCall } from '../domain/generation/generation-call.ts';
import type { Image, PartialImage } from '../domain/images/image.ts';
import type { TagCount, TagPage } from '../domain/images/image-tags.ts';
import type { DayCharges, DayRange } from '../domain/limits/charges.ts';
import type { CallFilter } from './lists/call-filter.ts';
import type { ImageFilter } from './lists/image-filter.ts';
import type { Page, Placed } from './lists/page.ts';
import type { ConversationItem } from './queries/conversation-items.ts';
import type { ConversationFilter } from './queries/conversations.ts';

export interface Reader {
  image(id: string): Promise<Image | null>;
  conversation(id: string): Promise<Conversation | null>;
  call(id: string): Promise<GenerationCall | null>;
  /** Reads only `properties` of each image, or all of them. */
  images<Property extends keyof Image = keyof Image>(
    filter: ImageFilter,
    window: Page,
    properties?: readonly Property[],
  ): Promise<readonly Placed<Pick<Image, Property>>[]>;
  countImages(filter: ImageFilter): Promise<number>;
  /** The images that were made from this one. */
  refinements(imageId: string, window: Page, filter?: RefinementFilter): Promise<readonly Image[]>;
  countRefinements(imageId: string, filter?: RefinementFilter): Promise<number>;
  conversations(filter: ConversationFilter, window: Page): Promise<readonly Placed<Conversation>[]>;
  countConversations(filter: ConversationFilter): Promise<number>;
  calls(filter: CallFilter, window: Page): Promise<readonly Placed<GenerationCall>[]>;
  countCalls(filter: CallFilter): Promise<number>;
  /** Without those that were deleted on their own. */
  imagesOfCall(callId: string): Promise<readonly Image[]>;
  tagsOfImage(imageId: string): Promise<readonly string[]>;
  /** The tags of images outside the trash: of all, or of those of a conversation or call. */
  tags(page: TagPage, within?: TagsWithin): Promise<readonly TagCount[]>;
  partialImagesOfCall(callId: string): Promise<readonly PartialImage[]>;
  /** The placeholder of the partial image; null when it is not computed. */
  thumbhashOfPartial(partialId: string): Promise<string | null>;
  /** The source images of the call, in order; for a call that names none, the one that it goes on from. */
  sourcesOfCall(callId: string): Promise<readonly Image[]>;
  /** The calls that retry this one, oldest first. */
  retriesOfCall(callId: string): Promise<readonly GenerationCall[]>;
  /** The usage that the upstream reported for the call; null when it reported none. */
  usageOfCall(callId: string): Promise<TokenUsage | null>;
  /** Null when nothing was charged for certain. */
  costOfCall(callId: string): Promise<Cost | null>;
  costOfConversation(conversationId: string): Promise<Cost>;
  costOfEverything(): Promise<Cost>;
  /** What was charged on each day; days without calls may be left out. */
  chargedDays(days: DayRange): Promise<readonly DayCharges[]>;
  /** How long the newest completed calls took. */
  recentDurations(): Promise<readonly CallDuration[]>;
  /** The ids of the sources of the call that were deleted for good. */
  deletedSourcesOfCall(callId: string): Promise<readonly string[]>;
  /** From the oldest ancestor to the image itself, following the first source of each image. */
  lineage(image: Image): Promise<readonly Image[]>;
  /** The calls and uploads of the conversation. */
  items(conversationId: string, window: Page): Promise<readonly ConversationItem[]>;
  countItems(conversationId: string): Promise<number>;
  /** The place of the newest event in the log of the principal. Null for credentials that cannot follow it. */
  place(): Promise<number | null>;
  /** A page of the same, without the image itself, the nearest first; `within` ends it at the border of a conversation. */
  ancestors(imageId: string, window: Page, within?: { readonly conversationId: string }): Promise<readonly Image[]>;
  countAncestors(imageId: string, within?: { readonly conversationId: string }): Promise<number>;
  /** The newest image of the conversation. */
  cover(conversationId: string): Promise<Image | null>;
}

export type RefinementFilter = Pick<ImageFilter, 'conversationId'>;

export type TagsWithin = Pick<ImageFilter, 'conversationId' | 'callId'>;
