/** What is being written: it outlives a reload, and ends with the tab. */
import { createStore } from '../../app/store.ts';
import type { ImageOptionsInput } from '../../gql/graphql.ts';

export interface Draft {
  readonly prompt: string;
  /** 1 to 10. */
  readonly count: number;
  /** What was chosen. What the model does not support of it is left out of the request, and comes back with the model. */
  readonly options: ImageOptionsInput;
  readonly verbatim: boolean;
}

const KEY = 'darkroom.draft';
const EMPTY: Draft = { prompt: '', count: 1, options: {}, verbatim: false };

export const PROMPT_ID = 'prompt';

const draft = createStore<Draft>(readDraft());

export const useDraft = draft.use;
export const currentDraft = draft.get;

export function changeDraft(change: Partial<Draft>): void {
  draft.set((current) => ({ ...current, ...change }));
  keepDraft();
}

export function changeOptions(change: ImageOptionsInput): void {
  changeDraft({ options: { ...draft.get().options, ...change } });
}

export function focusPrompt(): void {
  document.getElementById(PROMPT_ID)?.focus();
}

function readDraft(): Draft {
  // A browser may forbid storage, and another version of the page may have written something else.
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    if (typeof kept !== 'object' || kept === null) return EMPTY;
    const { prompt, count, options, verbatim } = { ...EMPTY, ...kept };
    if (typeof prompt !== 'string' || typeof count !== 'number' || typeof options !== 'object' || !options)
      return EMPTY;
    return { prompt, count, options, verbatim: verbatim === true };
  } catch {
    return EMPTY;
  }
}

function keepDraft(): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(draft.get()));
  } catch {
    // Then it lasts as long as the page.
  }
}
