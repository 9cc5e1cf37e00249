/** Tags of images: words that people choose. A tag is the same in any letter case, so it is stored in lower case. */
import type { FieldError } from '../errors.ts';
import { ILL_FORMED } from '../generation/generation-input.ts';
import { isLine, oneLine } from '../one-line.ts';

/** In characters (Unicode code points) of the tag as it is stored. */
export const TAG_MAX_LENGTH = 64;
/** How many tags an image can have. */
export const MAX_TAGS = 50;

/**
 * The one form of a tag: composed (NFC), in lower case, without outer spaces, and with single spaces within. A list is
 * filtered by this form, too.
 */
export function normalTag(tag: string): string {
  return oneLine(oneLine(tag).toLowerCase());
}

/** The tags in their one form, each once, in the order in which they are shown. */
export function tagSet(tags: Iterable<string>): readonly string[] {
  // By code units: the order does not depend on a language, or on the database.
  return [...new Set([...tags].map(normalTag))].toSorted((a, b) => (a < b ? -1 : 1));
}

/** The problems of tags that a client sent, before they are brought into their form. */
export function tagErrors(field: string, tags: readonly string[]): readonly FieldError[] {
  return tags.flatMap((tag, index) => {
    const message = tagProblem(tag);
    return message === null ? [] : [{ field: `${field}.${index}`, message }];
  });
}

function tagProblem(tag: string): string | null {
  if (!tag.isWellFormed()) return ILL_FORMED;
  if (isLine(normalTag(tag), TAG_MAX_LENGTH)) return null;
  return `must have 1 to ${TAG_MAX_LENGTH} characters, without control characters. Spaces at its ends do not count.`;
}

/** What a client changes of the tags of an image. */
export interface TagChange {
  /** Replaces all tags; null keeps them. */
  readonly tags: readonly string[] | null;
  readonly addTags: readonly string[];
  readonly removeTags: readonly string[];
}

/** The problems of a change, whatever tags the image has. */
export function tagChangeErrors(change: TagChange): readonly FieldError[] {
  const { tags, addTags, removeTags } = change;
  const lists = Object.entries({ tags: tags ?? [], addTags, removeTags });
  const errors = lists.flatMap(([field, list]) => tagErrors(field, list));
  const count = changedTags([], change).length;
  if (count > MAX_TAGS) errors.push({ field: tags === null ? 'addTags' : 'tags', message: tooManyTags(count) });
  return errors;
}

export function tooManyTags(count: number): string {
  return `would have ${count} tags; at most ${MAX_TAGS} are allowed.`;
}

/** The tags of an image after the change. A tag that is added and removed is removed. */
export function changedTags(before: readonly string[], { tags, addTags, removeTags }: TagChange): readonly string[] {
  const removed = new Set(tagSet(removeTags));
  return tagSet([...(tags ?? before), ...addTags]).filter((tag) => !removed.has(tag));
}

/** A tag with the number of images that have it. */
export interface TagCount {
  readonly name: string;
  readonly imageCount: number;
}

export const TAG_ORDERS = ['USE', 'NAME'] as const;
export type TagOrder = (typeof TAG_ORDERS)[number];

/** Which tags to list. */
export interface TagPage {
  /** In the form of a tag; empty for all. */
  readonly prefix: string;
  readonly order: TagOrder;
  readonly limit: number;
}
