/** Pictures in columns, of which only those near the screen are in the document. */
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef } from 'react';
import { type Box, boxOf, itemsWithin, type Layout, layOut, type Sized } from './layout.ts';
import { useReshaping } from './reshaping.ts';
import { useViewBox } from './view-box.ts';
import './masonry.css';

export interface MasonryItem extends Sized {
  readonly key: string;
}

/** What keys and the mouse need to know of the places. */
export interface MasonryHandle {
  readonly layout: Layout;
  readonly element: HTMLElement | null;
}

export interface MasonryProps<Item extends MasonryItem> {
  readonly items: readonly Item[];
  /** What this is, for screen readers. */
  readonly label: string;
  /** How many there are, also those that are not loaded. */
  readonly total: number;
  /** The item that stays in the document wherever one scrolls, so that the focus is not lost. */
  readonly active: number;
  readonly handle: Ref<MasonryHandle>;
  /** Where the page was scrolled to when it was shown before, in pixels. */
  readonly initialScroll: number;
  /** Called while the end is near. */
  nearEnd(): void;
  readonly children: (item: Item, index: number, box: Box) => ReactNode;
}

export function Masonry<Item extends MasonryItem>(props: MasonryProps<Item>) {
  const { items, label, total, active, handle, initialScroll, nearEnd, children } = props;
  const element = useRef<HTMLUListElement>(null);
  const view = useViewBox(element);
  const isReshaping = useReshaping(items);
  const layout = useMemo(() => layOut(items, view.width), [items, view.width]);
  const shown = useMemo(() => {
    if (view.width === 0) return [];
    const near = itemsWithin(layout, { left: 0, top: view.top, width: view.width, height: view.height });
    return near.includes(active) || active >= items.length ? near : [...near, active].sort((one, other) => one - other);
  }, [layout, view, active, items.length]);
  const isMeasured = view.width > 0;
  const scroll = useRef(initialScroll);
  useLayoutEffect(() => {
    if (isMeasured) window.scrollTo(0, scroll.current);
  }, [isMeasured]);
  useEffect(() => {
    if (isMeasured && view.top + view.height > layout.height - window.innerHeight) nearEnd();
  }, [isMeasured, view, layout, nearEnd]);
  useImperativeHandle(handle, () => ({ layout, element: element.current }), [layout]);
  return (
    <ul
      ref={element}
      className="masonry"
      aria-label={label}
      data-reshaping={isReshaping || undefined}
      style={{ blockSize: layout.height }}
    >
      {shown.map((index) => {
        const item = items[index];
        if (item === undefined) return null;
        const box = boxOf(layout, index);
        return (
          <li
            key={item.key}
            aria-setsize={Math.max(total, items.length)}
            aria-posinset={index + 1}
            style={{
              transform: `translate(${box.left}px, ${box.top}px)`,
              inlineSize: box.width,
              blockSize: box.height,
            }}
          >
            {children(item, index, box)}
          </li>
        );
      })}
    </ul>
  );
}
