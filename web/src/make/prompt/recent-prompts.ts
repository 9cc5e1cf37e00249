/** The last prompts of a viewer, kept in this browser alone. */
import { createStore } from '../../app/store.ts';

const MOST = 30;
const recent = createStore<Readonly<Record<string, readonly string[]>>>({});

/** The newest first. */
export function useRecentPrompts(viewerId: string | null): readonly string[] {
  const read = recent.use();
  return viewerId === null ? [] : (read[viewerId] ?? readPrompts(viewerId));
}

export function lastPrompt(viewerId: string): string | undefined {
  return readPrompts(viewerId)[0];
}

export function rememberPrompt(viewerId: string, prompt: string): void {
  const others = readPrompts(viewerId).filter((one) => one !== prompt);
  keepPrompts(viewerId, [prompt, ...others].slice(0, MOST));
}

export function forgetPrompts(viewerId: string): void {
  keepPrompts(viewerId, []);
}

function keyOf(viewerId: string): string {
  return `darkroom.prompts.${viewerId}`;
}

function readPrompts(viewerId: string): readonly string[] {
  // A browser may forbid storage, and other tabs write to it.
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(viewerId)) ?? '[]');
    return Array.isArray(kept) ? kept.filter((prompt) => typeof prompt === 'string') : [];
  } catch {
    return [];
  }
}

function keepPrompts(viewerId: string, prompts: readonly string[]): void {
  recent.set((all) => ({ ...all, [viewerId]: prompts }));
  try {
    localStorage.setItem(keyOf(viewerId), JSON.stringify(prompts));
  } catch {
    // Then they last as long as the page.
  }
}
