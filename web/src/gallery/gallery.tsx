/** All pictures: found by words and filters, looked at, selected. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useClient } from 'urql';
import { announce } from '../app/notices.tsx';
import { replace, usePlace } from '../app/router.ts';
import { useDevelopingItems } from '../pictures/developing-items.ts';
import { failureAt } from '../pictures/developing-state.ts';
import { DevelopingTile } from '../pictures/developing-tile.tsx';
import { useImageActions } from '../pictures/image-actions.ts';
import { Empty } from './empty.tsx';
import { Grid } from './grid/grid.tsx';
import type { OtherItem } from './grid/items.ts';
import { type ImageList, imageListOf, type Tile } from './image-list.ts';
import { type Filters, isFiltered, NO_FILTERS, readFilters, variablesOf, writeFilters } from './search/filters.ts';
import { SearchBar } from './search/search-bar.tsx';
import { createSelection } from './selection/selection.ts';
import { GalleryActions, SelectionBar } from './selection/selection-bar.tsx';
import './gallery.css';

/** Kept while one looks at a picture and comes back. */
const selection = createSelection();

export function Gallery() {
  const { query } = usePlace();
  const filters = useMemo(() => readFilters(query), [query]);
  const { list, isStale } = useList(filters);
  const state = list.state.use();
  const actions = useImageActions();
  const others = useDeveloping(state.images, filters);
  const change = useCallback((next: Filters) => replace('/', writeFilters(next)), []);
  useTotalAloud(state.total);
  useSearchKey();

  return (
    <section className="gallery" aria-label="Gallery">
      <h1 className="visually-hidden">Gallery</h1>
      <SearchBar filters={filters} change={change} />
      <div className="gallery-pictures" data-stale={isStale || undefined}>
        <Grid
          key={list.key}
          list={list}
          state={state}
          selection={selection}
          others={others}
          label="Pictures"
          hasDates={filters.order !== 'best'}
          remove={(images) => {
            selection.clear();
            void actions.remove(images);
          }}
          favorite={(images, favorite) => void actions.setFavorite(images, favorite)}
        />
      </div>
      <SelectionBar selection={selection} images={state.images}>
        {(chosen) => <GalleryActions chosen={chosen} selection={selection} />}
      </SelectionBar>
      <NewPictures list={list} waiting={state.waiting} />
      <Empty
        state={state}
        hasFirst={others.length > 0}
        filters={filters}
        clear={() => change(NO_FILTERS)}
        retry={list.retry}
      />
    </section>
  );
}

/** The list of these filters; while it has nothing yet, the one before it, so that typing does not empty the page. */
function useList(filters: Filters): { readonly list: ImageList; readonly isStale: boolean } {
  const client = useClient();
  const wanted = useMemo(() => imageListOf(client, variablesOf(filters)), [client, filters]);
  const { total, error } = wanted.state.use();
  const shown = useRef(wanted);
  const isReady = total !== null || error !== null;
  useEffect(() => {
    wanted.more();
  }, [wanted]);
  useEffect(() => {
    if (isReady) shown.current = wanted;
  }, [isReady, wanted]);
  const list = isReady || shown.current.client !== client ? wanted : shown.current;
  return { list, isStale: list !== wanted };
}

const NOTHING: readonly OtherItem[] = [];
/** Room for why a picture was not made, and what to do, in the columns of a phone. */
const FAILURE_PX = 196;

/** What is being made comes first, where the newest do, and becomes the picture in its place. What failed stays at its time. */
function useDeveloping(images: readonly Tile[], filters: Filters): readonly OtherItem[] {
  const listed = useMemo(() => new Set(images.map(({ id }) => id)), [images]);
  const items = useDevelopingItems(listed);
  const isShown = !isFiltered(filters) && filters.order === 'newest';
  return useMemo(() => {
    if (!isShown || items.length === 0) return NOTHING;
    return items.map(({ call, index, endedAt, ...item }) => ({
      ...item,
      ...(failureAt(call, index) !== null && { minHeight: FAILURE_PX }),
      at: endedAt,
      content: <DevelopingTile call={call} index={index} isFilling />,
    }));
  }, [items, isShown]);
}

function NewPictures({ list, waiting }: { readonly list: ImageList; readonly waiting: number }) {
  if (waiting === 0) return null;
  const show = () => {
    list.showWaiting();
    window.scrollTo({ top: 0, behavior: 'smooth' });
  };
  return (
    <button type="button" className="gallery-new" onClick={show}>
      {waiting === 1 ? 'A new picture' : `${waiting} new pictures`} ↑
    </button>
  );
}

/** Says how many pictures were found, for who does not see them come. */
function useTotalAloud(total: number | null): void {
  const [isFirst, setFirst] = useState(true);
  useEffect(() => {
    if (total === null) return;
    if (!isFirst) announce(total === 1 ? 'One picture.' : `${total} pictures.`);
    setFirst(false);
  }, [total, isFirst]);
}

/** `/` begins to search, as in many places of the web. */
function useSearchKey(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof Element && event.target.matches('input, textarea, select');
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      document.getElementById('gallery-search')?.focus();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
