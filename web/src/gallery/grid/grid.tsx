/** The pictures of a list in a masonry, with everything that keys, mouse and fingers do to them. */
import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { announce } from '../../app/notices.tsx';
import { dragged } from '../../make/sources/dragged.ts';
import { pictures } from '../../make/words.ts';
import { shownOrder } from '../../pictures/order.ts';
import type { ImageList, ListState, Tile } from '../image-list.ts';
import { Masonry, type MasonryHandle } from '../masonry/masonry.tsx';
import { useDragRectangle } from '../selection/drag-rectangle.ts';
import { watchLongPress } from '../selection/long-press.ts';
import type { SelectionStore } from '../selection/selection.ts';
import { DateLine } from './date-line.tsx';
import { imageAtIndex, imageBeyond, itemsOf, type OtherItem, timeAtIndex } from './items.ts';
import { type GalleryKeys, handleKey } from './keys.ts';
import { GalleryTile, type TileEvents } from './tile.tsx';
import './grid.css';

export interface GridProps {
  readonly list: ImageList;
  readonly state: ListState;
  readonly selection: SelectionStore;
  readonly label: string;
  /** What stands between the pictures, such as those that are being made. */
  readonly others?: readonly OtherItem[];
  /** Whether the order is one of time, so that dates help. */
  readonly hasDates: boolean;
  /** A few words on each picture. */
  noteOf?(image: Tile): string;
  isUrgent?(image: Tile): boolean;
  /** The Delete key; absent where nothing can be deleted. */
  remove?(images: readonly Tile[]): void;
  favorite?(images: readonly Tile[], favorite: boolean): void;
}

const NONE: readonly OtherItem[] = [];

export function Grid(props: GridProps) {
  const { list, state, selection, label, others = NONE, hasDates, noteOf } = props;
  const { images, isComplete } = state;
  const masonry = useRef<MasonryHandle>(null);
  const rectangle = useRef<HTMLDivElement>(null);
  const { ids: selected } = selection.use();
  const items = useMemo(() => itemsOf({ images, isComplete }, others), [images, isComplete, others]);
  const ids = useMemo(() => images.map(({ id }) => id), [images]);
  const { activeId, setActive, focus } = useActive(ids, masonry);
  const active = useMemo(
    () =>
      Math.max(
        0,
        items.findIndex(({ key }) => key === activeId),
      ),
    [items, activeId],
  );

  useEffect(() => selection.keepOnly(ids), [selection, ids]);
  useScrollMemory(list);

  /** What an action is about: the selection, or else the picture with the focus. */
  const targets = useCallback((): readonly Tile[] => {
    const chosen = selection.get().ids;
    if (chosen.size > 0) return images.filter(({ id }) => chosen.has(id));
    const image = imageAtIndex(items, active);
    return image === null ? [] : [image];
  }, [selection, images, items, active]);

  const events = useTileEvents(props, ids, setActive);

  const keys: GalleryKeys = {
    move(to, isExtending) {
      const id = imageBeyond(items, active, to)?.id;
      if (id === undefined) return;
      if (isExtending) {
        if (selection.get().anchor === null) selection.toggle(activeId ?? id);
        selection.extend(ids, id);
      }
      focus(id);
    },
    toggle() {
      if (activeId !== null) selection.toggle(activeId);
    },
    selectAll() {
      selection.replace(ids);
      announce(`${pictures(ids.length)} selected.`);
    },
    remove: () => props.remove?.(targets()),
    favorite() {
      const chosen = targets();
      props.favorite?.(chosen, !chosen.every((image) => image.favorite));
    },
    clear: selection.clear,
  };

  function onKeyDown(event: KeyboardEvent): void {
    const isOnButton = event.target instanceof HTMLButtonElement;
    if (isOnButton && (event.key === ' ' || event.key === 'Enter')) return;
    const layout = masonry.current?.layout;
    if (layout !== undefined && handleKey(event, layout, active, keys)) event.preventDefault();
  }

  const before = useRef<ReadonlySet<string>>(new Set());
  useDragRectangle({
    masonry,
    rectangle,
    isSelecting: selected.size > 0,
    begin(isAdding) {
      before.current = isAdding ? selection.get().ids : new Set();
    },
    change(indexes) {
      const within = indexes.flatMap((index) => imageAtIndex(items, index)?.id ?? []);
      selection.replace([...before.current, ...within]);
    },
  });

  const timeOf = useCallback((index: number) => timeAtIndex(items, index), [items]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the links within.
    <div className="grid" onKeyDown={onKeyDown}>
      <Masonry
        items={items}
        label={label}
        total={(state.total ?? 0) + items.length - images.length}
        active={active}
        handle={masonry}
        initialScroll={list.scrolledTo}
        nearEnd={list.more}
      >
        {(item, index, box) =>
          'content' in item ? (
            item.content
          ) : (
            <GalleryTile
              image={item.image}
              width={box.width}
              isActive={index === active}
              isSelected={selected.has(item.image.id)}
              isSelecting={selected.size > 0}
              note={noteOf?.(item.image)}
              isNoteUrgent={props.isUrgent?.(item.image) ?? false}
              hasHeart={props.favorite !== undefined}
              events={events}
            />
          )
        }
      </Masonry>
      <div ref={rectangle} className="grid-rectangle" />
      <span id="tile-selected" hidden>
        selected
      </span>
      {hasDates && <DateLine masonry={masonry} timeOf={timeOf} />}
    </div>
  );
}

/** The picture that the tab key comes to. When it goes, the one that takes its place follows, with the focus if it had it. */
function useActive(ids: readonly string[], masonry: { readonly current: MasonryHandle | null }) {
  const [activeId, setActiveId] = useState<string | null>(null);
  const [wanted, setWanted] = useState<string | null>(null);
  const last = useRef({ index: 0, hadFocus: false });
  const found = activeId === null ? 0 : ids.indexOf(activeId);
  const index = found >= 0 ? found : Math.min(last.current.index, Math.max(0, ids.length - 1));

  useEffect(() => {
    const isGone = activeId !== null && found < 0;
    if (isGone) {
      const next = ids[index] ?? null;
      setActiveId(next);
      // The browser gives the focus of what was removed to the page.
      if (last.current.hadFocus && document.activeElement === document.body) setWanted(next);
    }
    last.current = { index, hadFocus: last.current.hadFocus };
  }, [activeId, found, ids, index]);

  useEffect(() => {
    if (wanted === null) return;
    const link = masonry.current?.element?.querySelector<HTMLElement>(`[data-image="${CSS.escape(wanted)}"]`);
    link?.focus({ preventScroll: true });
    link?.closest('li')?.scrollIntoView({ block: 'nearest' });
    setWanted(null);
  }, [wanted, masonry]);

  useEffect(() => {
    const note = () => {
      const isWithin = masonry.current?.element?.contains(document.activeElement) ?? false;
      if (isWithin || document.activeElement !== document.body) last.current.hadFocus = isWithin;
    };
    document.addEventListener('focusin', note);
    return () => document.removeEventListener('focusin', note);
  }, [masonry]);

  const focus = useCallback((id: string) => {
    setActiveId(id);
    setWanted(id);
  }, []);
  return { activeId: ids[index] ?? null, setActive: setActiveId, focus };
}

function useTileEvents(props: GridProps, ids: readonly string[], setActive: (id: string) => void): TileEvents {
  const current = useRef({ props, ids });
  useLayoutEffect(() => {
    current.current = { props, ids };
  });
  return useMemo<TileEvents>(() => {
    let isTouched = false;
    const select = (image: Tile, shiftKey: boolean) => {
      const { props: now, ids: order } = current.current;
      if (shiftKey) now.selection.extend(order, image.id);
      else now.selection.toggle(image.id);
    };
    return {
      press(image, { shiftKey, ctrlKey, metaKey }) {
        const { selection } = current.current.props;
        const selects = shiftKey || ctrlKey || metaKey || selection.get().ids.size > 0;
        if (selects) select(image, shiftKey);
        else shownOrder.set(() => current.current.ids);
        return selects;
      },
      check: (image, { shiftKey }) => select(image, shiftKey),
      favorite: (image) => current.current.props.favorite?.([image], !image.favorite),
      focus: (image) => setActive(image.id),
      pointerDown(image, event) {
        isTouched = event.pointerType !== 'mouse';
        watchLongPress(event, () => select(image, false));
      },
      dragStart(image, event) {
        // A finger that rests on a picture selects it.
        if (isTouched) return event.preventDefault();
        const { ids: chosen } = current.current.props.selection.get();
        const all = current.current.ids.filter((id) => chosen.has(id));
        dragged.set(() => (chosen.has(image.id) ? all : [image.id]));
      },
    };
  }, [setActive]);
}

/** Where one was, for who comes back; and new pictures wait while one reads further down. */
function useScrollMemory(list: ImageList): void {
  // A layout effect ends as soon as the pictures are hidden: the page is shorter then, and scrolls by itself.
  useLayoutEffect(() => {
    const onScroll = () => {
      list.scrolledTo = window.scrollY;
      list.holdNew(window.scrollY > window.innerHeight / 2);
    };
    window.addEventListener('scroll', onScroll, { passive: true });
    return () => window.removeEventListener('scroll', onScroll);
  }, [list]);
}
