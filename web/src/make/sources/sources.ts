/** The pictures to build on: any view adds some by `addSource`, or has one changed by `refine`. */
import { notify } from '../../app/notices.tsx';
import { createStore } from '../../app/store.ts';
import type { ImageTileFragment } from '../../gql/graphql.ts';
import { keptPaintings } from '../mask/kept-paintings.ts';
import { focusPrompt } from '../prompt/draft.ts';

/** What the composer has to know of an image. */
export type Picture = Pick<ImageTileFragment, 'id' | 'url' | 'thumbnail' | 'width' | 'height' | 'prompt'>;

/** A source: an image of the server, or a file on its way there. */
export interface Source {
  /** Of the image, or of the upload. */
  readonly key: string;
  /** Null while the file is uploaded. */
  readonly image: Picture | null;
  /** The file as an object URL; null for an image of the server. */
  readonly preview: string | null;
  /** How much of the file has left, in percent; null when no file is on its way. */
  readonly percent: number | null;
  /** Ends the upload. */
  readonly abort?: () => void;
  /** Uploads the file again. */
  readonly retry?: () => void;
  readonly name: string;
  /** Why the upload failed, in words; null when it did not. */
  readonly problem: string | null;
}

/** Something painted over the first picture: where it may change, or what should change. */
export interface Overlay {
  readonly purpose: 'MASK' | 'MARKUP';
  /** The image that it lies over. */
  readonly over: string;
  /** The uploaded overlay. */
  readonly image: Picture;
}

export const MAX_SOURCES = 16;

/** The sources of the next picture, the first one first. */
export const sources = createStore<readonly Source[]>([]);
/** The image that the next prompt changes; null for a new one. */
export const refining = createStore<Picture | null>(null);
export const overlay = createStore<Overlay | null>(null);

/** Adds an image to the sources, and goes to the prompt unless the focus is to stay. */
export function addSource(image: Picture, { keepsFocus = false } = {}): void {
  const source: Source = {
    key: image.id,
    image,
    preview: null,
    percent: null,
    name: image.prompt ?? 'An upload',
    problem: null,
  };
  if (!putSource(source)) notify({ text: `A picture is made of ${MAX_SOURCES} sources at most.`, isError: true });
  if (!keepsFocus) focusPrompt();
}

/** Whether there is room for it. One with the same key is replaced. */
export function putSource(source: Source): boolean {
  const all = sources.get();
  const isKnown = all.some(({ key }) => key === source.key);
  if (!isKnown && all.length >= MAX_SOURCES) return false;
  sources.set(() => (isKnown ? all.map((one) => (one.key === source.key ? source : one)) : [...all, source]));
  return true;
}

export function isSource(key: string): boolean {
  return sources.get().some((source) => source.key === key);
}

export function removeSource(key: string): void {
  const removed = sources.get().find((source) => source.key === key);
  removed?.abort?.();
  if (removed?.preview) URL.revokeObjectURL(removed.preview);
  sources.set((all) => all.filter((source) => source.key !== key));
}

/** The next prompt changes this image. */
export function refine(image: Picture): void {
  refining.set(() => image);
  focusPrompt();
}

export function stopRefining(): void {
  refining.set(() => null);
}

/** After a request was accepted. */
export function clearSources(): void {
  for (const { key } of sources.get()) removeSource(key);
  stopRefining();
  overlay.set(() => null);
  keptPaintings.clear();
}

/** Takes the mask or the notes off the picture. */
export function removeOverlay(): void {
  const { over } = overlay.get() ?? {};
  if (over !== undefined) keptPaintings.delete(over);
  overlay.set(() => null);
}

/** The image that a mask or a markup would lie over; null when there is none. */
export function firstPicture(base: Picture | null, all: readonly Source[]): Picture | null {
  return base ?? all[0]?.image ?? null;
}
