/** Where the page is: the hash of its address, so that every view can be linked, below any path in front of a proxy. */
import { useMemo, useSyncExternalStore } from 'react';

export interface Place {
  /** Such as `/` or `/view/<id>`. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** The address of a view, for `href`. */
export function hrefOf(path: string, query?: URLSearchParams): string {
  const search = query?.toString() ?? '';
  return `#${path}${search === '' ? '' : `?${search}`}`;
}

export function go(path: string, query?: URLSearchParams): void {
  location.hash = hrefOf(path, query);
}

/** The same without an entry in the history, as for what is typed. */
export function replace(path: string, query?: URLSearchParams): void {
  history.replaceState(history.state, '', hrefOf(path, query));
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

export function usePlace(): Place {
  const hash = useSyncExternalStore(onHashChange, () => location.hash);
  return useMemo(() => {
    const [path = '', search = ''] = hash.replace(/^#/, '').split('?');
    return { path: path === '' ? '/' : path, query: new URLSearchParams(search) };
  }, [hash]);
}

function onHashChange(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}
