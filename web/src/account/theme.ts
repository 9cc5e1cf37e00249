/** Dark, light, or what the system says. It is kept in this browser. */
import { createStore } from '../app/store.ts';

export const THEMES = ['system', 'dark', 'light'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'darkroom.theme';

const theme = createStore<Theme>(read());
show(theme.get());

export const useTheme = theme.use;

export function chooseTheme(next: Theme): void {
  theme.set(() => next);
  show(next);
  // A browser may forbid storage: the choice then holds until the page is closed.
  try {
    localStorage.setItem(KEY, next);
  } catch {}
}

function show(chosen: Theme): void {
  document.documentElement.dataset['theme'] = chosen;
}

function read(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return THEMES.find((each) => each === kept) ?? 'system';
  } catch {
    return 'system';
  }
}
