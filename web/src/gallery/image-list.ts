/**
 * A list of images as far as it was loaded, kept current by what happens to them. It outlives the gallery, so that one
 * who comes back from a picture finds it where it was.
 */
import type { Client } from '@urql/core';
import { ask } from '../api/query.ts';
import { messageOf } from '../app/notices.tsx';
import { createStore, type Store } from '../app/store.ts';
import { GalleryDocument, type ImageTileFragment } from '../gql/graphql.ts';
import { type ImageChange, onImageChange } from '../pictures/image-changes.ts';
import type { ListVariables } from './search/filters.ts';

export type Tile = ImageTileFragment;

export interface ListState {
  /** Those to show, in their order. */
  readonly images: readonly Tile[];
  /** How many the whole list has; null until the server has told. */
  readonly total: number | null;
  readonly isLoading: boolean;
  /** Whether there is nothing more to load. */
  readonly isComplete: boolean;
  /** Why loading failed, in words. */
  readonly error: string | null;
  /** New ones that wait above what is shown, so that nothing moves under the eye of who reads further down. */
  readonly waiting: number;
}

export interface ImageList {
  readonly client: Client;
  /** Other variables, another key. */
  readonly key: string;
  readonly state: Store<ListState>;
  /** Loads the next page; nothing while one is loading or after the last. */
  more(): void;
  /** Tries again after an error. */
  retry(): void;
  /** Shows those that wait. */
  showWaiting(): void;
  /** Whether new ones wait, rather than move what is shown. */
  holdNew(isHeld: boolean): void;
  /** Where the page was scrolled to, in pixels. */
  scrolledTo: number;
  close(): void;
}

const PAGE = 100;
const RELOAD_DELAY_MS = 250;
const EMPTY: ListState = { images: [], total: null, isLoading: false, isComplete: false, error: null, waiting: 0 };

interface Load {
  /** Null for the whole list, in place of what was loaded. */
  readonly from: string | null;
  /** Pages are loaded until there are so many images, or all. */
  readonly wanted: number;
}

export function openImageList(client: Client, variables: ListVariables): ImageList {
  const state = createStore(EMPTY);
  /** All that were loaded, also those that were deleted since: undo puts these back where they were. */
  let loaded: Tile[] = [];
  let held: Tile[] = [];
  const gone = new Set<string>();
  let cursor: string | null = null;
  let holdsNew = false;
  /** Which load is the current one: the answers of earlier ones are nobody's any more. */
  let round = 0;
  /** The one that `retry` repeats. */
  let latest: Load = { from: null, wanted: PAGE };
  /** What happened since the current load began: its answer may be older. */
  let meanwhile: ImageChange[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function show(change: Partial<ListState> = {}): void {
    const images = gone.size === 0 ? loaded : loaded.filter(({ id }) => !gone.has(id));
    state.set((old) => ({ ...old, images, waiting: held.length, ...change }));
  }

  /** Loads what follows a cursor, or the list anew. What is shown stays until then; an older load ends without effect. */
  async function load({ from, wanted }: Load): Promise<void> {
    const own = ++round;
    latest = { from, wanted };
    meanwhile = [];
    show({ isLoading: true, error: null });
    const nodes: Tile[] = [];
    let after = from;
    try {
      for (;;) {
        const { images } = await ask(client, 'query', GalleryDocument, { first: PAGE, after, ...variables });
        if (own !== round) return;
        nodes.push(...images.nodes);
        after = images.pageInfo.endCursor ?? null;
        const isComplete = !images.pageInfo.hasNextPage;
        if (!isComplete && nodes.length < wanted) continue;
        take(nodes, from === null);
        cursor = after;
        show({ isLoading: false, isComplete, total: images.totalCount });
        for (const change of meanwhile) apply(change);
        return;
      }
    } catch (error) {
      if (own === round) show({ isLoading: false, error: messageOf(error) });
    }
  }

  function take(nodes: readonly Tile[], isAnew: boolean): void {
    if (isAnew) {
      [loaded, held] = [[...nodes], []];
      gone.clear();
      return;
    }
    const known = new Set([...loaded, ...held].map(({ id }) => id));
    loaded = [...loaded, ...nodes.filter(({ id }) => !known.has(id))];
  }

  function more(): void {
    const { isLoading, isComplete, error } = state.get();
    if (!isLoading && !isComplete && error === null) void load({ from: cursor, wanted: PAGE });
  }

  /** For changes whose place only the server knows. */
  function reloadSoon(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void load({ from: null, wanted: loaded.length }), RELOAD_DELAY_MS);
  }

  function count(difference: number): void {
    state.set((old) => (old.total === null ? old : { ...old, total: Math.max(0, old.total + difference) }));
  }

  function add(image: Tile): void {
    if (has(image.id)) {
      update(image);
      return;
    }
    const place = placeOf(variables, image);
    if (place === 'unknown') reloadSoon();
    if (place !== 'by-time') return;
    count(1);
    const isNewest = loaded[0] === undefined || image.createdAt >= loaded[0].createdAt;
    if (isNewest && holdsNew) held = [image, ...held];
    else insert(image);
    show();
  }

  function insert(image: Tile): void {
    const at = loaded.findIndex(({ createdAt }) => createdAt <= image.createdAt);
    if (at >= 0) loaded = loaded.toSpliced(at, 0, image);
    else if (state.get().isComplete) loaded = [...loaded, image];
  }

  function has(id: string): boolean {
    return loaded.some((image) => image.id === id) || held.some((image) => image.id === id);
  }

  function update(image: Tile): void {
    const change = (old: Tile) => (old.id === image.id ? { ...old, ...image } : old);
    if (!has(image.id)) return;
    [loaded, held] = [loaded.map(change), held.map(change)];
    show();
  }

  function remove(id: string): void {
    if (gone.has(id)) return;
    gone.add(id);
    // The page that is being loaded may still contain it.
    if (!has(id)) return;
    held = held.filter((image) => image.id !== id);
    count(-1);
    show();
  }

  function putBack(image: Tile): void {
    const wasHere = gone.delete(image.id) && has(image.id);
    if (wasHere) {
      count(1);
      update(image);
    } else add(image);
  }

  function apply(change: ImageChange): void {
    const isTrash = variables.filter?.deleted === true;
    if (change.kind === 'many') reloadSoon();
    else if (change.kind === 'updated') update(change.image);
    else if (change.kind === 'purged') remove(change.imageId);
    else if (isTrash) applyToTrash(change);
    else if (change.kind === 'added') add(change.image);
    else if (change.kind === 'deleted') remove(change.imageId);
    else putBack(change.image);
  }

  /** In the trash, what is deleted comes, and what is restored goes. */
  function applyToTrash(change: Exclude<ImageChange, { kind: 'many' }>): void {
    if (change.kind === 'restored') remove(change.image.id);
    if (change.kind !== 'deleted') return;
    if (gone.delete(change.imageId)) show();
    else if (!has(change.imageId)) reloadSoon();
  }

  const stop = onImageChange((change) => {
    if (change.kind !== 'many' && state.get().isLoading) meanwhile.push(change);
    apply(change);
  });
  return {
    client,
    key: JSON.stringify(variables),
    state,
    more,
    retry: () => void load(latest),
    showWaiting() {
      if (held.length === 0) return;
      [loaded, held] = [[...held, ...loaded], []];
      show();
    },
    holdNew(isHeld) {
      holdsNew = isHeld;
      if (!isHeld) this.showWaiting();
    },
    scrolledTo: 0,
    close() {
      stop();
      clearTimeout(timer);
      round += 1;
    },
  };
}

/** Where a new image belongs, as far as this page can tell: by time, or not here, or where the server says. */
function placeOf({ filter, orderBy }: ListVariables, image: Tile): 'by-time' | 'elsewhere' | 'unknown' {
  const { origin, deleted, ...others } = filter ?? {};
  if (origin != null && origin !== image.origin) return 'elsewhere';
  const isSimple = Object.keys(others).length === 0 && orderBy?.field === 'CREATED_AT' && orderBy.direction === 'DESC';
  return isSimple ? 'by-time' : 'unknown';
}

const KEPT = 4;
const kept = new WeakMap<Client, Map<string, ImageList>>();

/** The list of these variables: the one that was shown before, or a new one. The oldest of those that are kept is closed. */
export function imageListOf(client: Client, variables: ListVariables): ImageList {
  const lists = kept.get(client) ?? new Map<string, ImageList>();
  kept.set(client, lists);
  const key = JSON.stringify(variables);
  const list = lists.get(key) ?? openImageList(client, variables);
  // The last in the order of the map is the one that was used last.
  lists.delete(key);
  lists.set(key, list);
  for (const [oldKey, old] of lists) {
    if (lists.size <= KEPT) break;
    old.close();
    lists.delete(oldKey);
  }
  return list;
}
