/** Which pictures are selected, and how clicks, keys and rectangles change that. */
import { createStore } from '../../app/store.ts';

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Where a range begins; null before anything was selected. */
  readonly anchor: string | null;
}

const NONE: Selection = { ids: new Set(), anchor: null };

/** Each view that selects has one. */
export function createSelection() {
  const selection = createStore(NONE);
  return {
    get: selection.get,
    use: selection.use,
    clear(): void {
      selection.set((old) => (old.ids.size === 0 ? old : NONE));
    },
    toggle(id: string): void {
      selection.set(({ ids }) => {
        const next = new Set(ids);
        if (!next.delete(id)) next.add(id);
        return { ids: next, anchor: id };
      });
    },
    /** From the anchor to `id`, in this order. */
    extend(order: readonly string[], id: string): void {
      selection.set(({ ids, anchor }) => {
        const from = order.indexOf(anchor ?? id);
        const to = order.indexOf(id);
        const range = from < 0 ? [id] : order.slice(Math.min(from, to), Math.max(from, to) + 1);
        return { ids: new Set([...ids, ...range]), anchor: from < 0 ? id : anchor };
      });
    },
    replace(ids: Iterable<string>): void {
      selection.set(({ anchor }) => ({ ids: new Set(ids), anchor }));
    },
    /** Forgets those that are not shown any more. */
    keepOnly(order: readonly string[]): void {
      selection.set((old) => {
        const known = new Set(order);
        const ids = [...old.ids].filter((id) => known.has(id));
        return ids.length === old.ids.size ? old : { ...old, ids: new Set(ids) };
      });
    },
  };
}

export type SelectionStore = ReturnType<typeof createSelection>;
