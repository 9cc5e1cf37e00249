/** What the masonry of the gallery shows: pictures, and between them what is being made or was not made. */
import type { ReactNode } from 'react';
import type { ListState, Tile } from '../image-list.ts';
import type { MasonryItem } from '../masonry/masonry.tsx';

/** What is no picture of the list. */
export interface OtherItem extends MasonryItem {
  readonly content: ReactNode;
  /** Its time, which is its place in a list with the newest first; null to come before all. */
  readonly at: string | null;
}

export interface PictureItem extends MasonryItem {
  readonly image: Tile;
}

export type Item = OtherItem | PictureItem;

/**
 * The pictures in their order, with the others where their time puts them. What is older than all that was loaded waits
 * until there is nothing more to load before it.
 */
export function itemsOf(
  { images, isComplete }: Pick<ListState, 'images' | 'isComplete'>,
  others: readonly OtherItem[],
): readonly Item[] {
  const first = others.filter(({ at }) => at === null);
  const timed = others.flatMap((item) => (item.at === null ? [] : [{ ...item, at: item.at }]));
  timed.sort((one, other) => other.at.localeCompare(one.at));
  const items: Item[] = [...first];
  let next = 0;
  for (const image of images) {
    for (let item = timed[next]; item !== undefined && item.at >= image.createdAt; item = timed[next]) {
      items.push(item);
      next += 1;
    }
    items.push({ key: image.id, width: image.width, height: image.height, image });
  }
  return isComplete || images.length === 0 ? [...items, ...timed.slice(next)] : items;
}

/** The picture at an index; null for something else. */
export function imageAtIndex(items: readonly Item[], index: number): Tile | null {
  const item = items[index];
  return item !== undefined && 'image' in item ? item.image : null;
}

/** The time of what is at an index; null for what is being made. */
export function timeAtIndex(items: readonly Item[], index: number): string | null {
  const item = items[index];
  if (item === undefined) return null;
  return 'image' in item ? item.image.createdAt : item.at;
}

/** The picture at an index, or the next one behind it as seen from another, or else the last one before it; null for none. */
export function imageBeyond(items: readonly Item[], from: number, to: number): Tile | null {
  const step = to < from ? -1 : 1;
  for (let index = to; index >= 0 && index < items.length; index += step) {
    const image = imageAtIndex(items, index);
    if (image !== null) return image;
  }
  for (let index = to - step; index !== from && index >= 0 && index < items.length; index -= step) {
    const image = imageAtIndex(items, index);
    if (image !== null) return image;
  }
  return null;
}
