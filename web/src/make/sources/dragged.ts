/** Pictures of the page that are dragged: any link to a picture, from any view. The composer takes them as sources. */
import { createStore } from '../../app/store.ts';

/** The ids of the images that are dragged; none while nothing is. */
export const dragged = createStore<readonly string[]>([]);

/** Starts listening to the page. Returns what ends it. */
export function watchDrags(): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  document.addEventListener(
    'dragstart',
    ({ target }) => {
      // A view may have said already what is dragged, such as all pictures that are selected.
      if (dragged.get().length > 0 || !(target instanceof Element)) return;
      const id = idAt(target);
      if (id !== null) dragged.set(() => [id]);
    },
    { signal },
  );
  document.addEventListener('dragend', endDrag, { signal });
  // It does not come from what left the page meanwhile. While something is dragged, no pointer moves.
  document.addEventListener('pointermove', endDrag, { signal });
  return () => ending.abort();
}

export function endDrag(): void {
  dragged.set((ids) => (ids.length === 0 ? ids : []));
}

/** The image that an element shows or leads to; null for other things. */
function idAt(target: Element): string | null {
  const named = target.closest<HTMLElement>('[data-picture]')?.dataset['picture'];
  if (named !== undefined) return named;
  const link = target.closest('a');
  return /^#\/view\/([^/?]+)/u.exec(link?.hash ?? '')?.[1] ?? null;
}
