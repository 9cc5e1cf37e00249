/** Where each picture of a masonry stands. Sizes are known before any picture is loaded, so that nothing moves when one arrives. */

export interface Sized {
  readonly width: number;
  readonly height: number;
  /** In pixels on the screen: for what has words to be read, however narrow the columns are. */
  readonly minHeight?: number;
}

export interface Layout {
  readonly columns: number;
  /** In pixels, as everything here. */
  readonly columnWidth: number;
  readonly gap: number;
  /** The column of each item. */
  readonly column: Uint8Array;
  readonly top: Float64Array;
  readonly itemHeight: Float64Array;
  /** Of all. */
  readonly height: number;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const MAX_COLUMNS = 8;
/** A picture that is taller than this many widths is shown from its middle. */
const MAX_TALLNESS = 2.4;
const MIN_TALLNESS = 0.35;

export function columnsFor(width: number): number {
  const wanted = width < 640 ? 165 : width < 1500 ? 270 : 330;
  return Math.min(MAX_COLUMNS, Math.max(1, Math.round(width / wanted)));
}

/** Each item goes into the shortest column, so that the order reads from left to right and down. */
export function layOut(items: readonly Sized[], width: number): Layout {
  const columns = columnsFor(width);
  const gap = width < 640 ? 6 : 12;
  const columnWidth = Math.max(1, (width - gap * (columns - 1)) / columns);
  const column = new Uint8Array(items.length);
  const top = new Float64Array(items.length);
  const itemHeight = new Float64Array(items.length);
  const ends = new Float64Array(columns);
  for (const [index, item] of items.entries()) {
    let shortest = 0;
    // Half a pixel: widths that do not divide evenly must not decide.
    for (let other = 1; other < columns; other += 1) {
      if ((ends[other] ?? 0) < (ends[shortest] ?? 0) - 0.5) shortest = other;
    }
    const tallness = Math.min(MAX_TALLNESS, Math.max(MIN_TALLNESS, item.height / item.width));
    const height = Math.max(item.minHeight ?? 0, Math.round(columnWidth * tallness));
    column[index] = shortest;
    top[index] = ends[shortest] ?? 0;
    itemHeight[index] = height;
    ends[shortest] = (ends[shortest] ?? 0) + height + gap;
  }
  return { columns, columnWidth, gap, column, top, itemHeight, height: Math.max(0, Math.max(...ends) - gap) };
}

export function boxOf(layout: Layout, index: number): Box {
  return {
    left: (layout.column[index] ?? 0) * (layout.columnWidth + layout.gap),
    top: layout.top[index] ?? 0,
    width: layout.columnWidth,
    height: layout.itemHeight[index] ?? 0,
  };
}

/** The items that are at least partly within, in their order. */
export function itemsWithin(layout: Layout, area: Box): number[] {
  const found: number[] = [];
  for (let index = 0; index < layout.top.length; index += 1) {
    const top = layout.top[index] ?? 0;
    if (top > area.top + area.height || top + (layout.itemHeight[index] ?? 0) < area.top) continue;
    const { left, width } = boxOf(layout, index);
    if (left <= area.left + area.width && left + width >= area.left) found.push(index);
  }
  return found;
}

export type Direction = 'up' | 'down' | 'left' | 'right';

/** The item beside another one, as one sees it; the same one where there is none. */
export function neighbour(layout: Layout, index: number, direction: Direction): number {
  const own = boxOf(layout, index);
  const column = layout.column[index] ?? 0;
  if (direction === 'up' || direction === 'down') {
    const step = direction === 'down' ? 1 : -1;
    for (let other = index + step; other >= 0 && other < layout.top.length; other += step) {
      if (layout.column[other] === column) return other;
    }
    return index;
  }
  const wanted = column + (direction === 'right' ? 1 : -1);
  // At the edge the order goes on, as in a text.
  if (wanted < 0 || wanted >= layout.columns) {
    const next = index + (direction === 'right' ? 1 : -1);
    return next >= 0 && next < layout.top.length ? next : index;
  }
  const middle = own.top + own.height / 2;
  let nearest = index;
  let distance = Number.POSITIVE_INFINITY;
  for (let other = 0; other < layout.top.length; other += 1) {
    if (layout.column[other] !== wanted) continue;
    const top = layout.top[other] ?? 0;
    const away = Math.abs(top + (layout.itemHeight[other] ?? 0) / 2 - middle);
    if (away < distance) [nearest, distance] = [other, away];
  }
  return nearest;
}
