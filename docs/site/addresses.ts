/** Where each page of the repository stands on the site. */
import { basename, dirname } from 'node:path/posix';
import { PAGE_GROUPS } from '../tools/pages.ts';

export interface SitePages {
  /** Paths from the root of the repository, in the order in which they are read. */
  readonly pages: readonly string[];
  readonly decisions: readonly string[];
}

/** @param decisions paths of the notes, from the root of the repository */
export function sitePages(decisions: readonly string[]): SitePages {
  // The newest first: it is what holds now.
  const newest = decisions.filter((path) => !path.endsWith('/README.md')).toSorted((a, b) => (a < b ? 1 : -1));
  return { pages: ['README.md', ...PAGE_GROUPS.flatMap(({ pages }) => pages)], decisions: newest };
}

/** The file of a page below the site: `docs/costs.md` is `costs.md`, and a README is the index of its folder. */
export function addressOf(page: string): string {
  const path = page.replace(/^docs\//u, '');
  if (basename(path) === 'README.md') return `${dirname(path)}/index.md`.replace(/^\.\//u, '');
  // PROTOCOL.md and others of the root.
  return page.includes('/') ? path : path.toLowerCase();
}

/** The page that shows a file which is no page itself: a source that a page links to. A page cannot be a hidden file. */
export const sourceAddressOf = (file: string): string => `source/${file.replace(/^\./u, '')}.md`;
