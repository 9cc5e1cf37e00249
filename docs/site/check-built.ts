/** What no build step of VitePress checks: anchors, and that the site asks no other host for anything. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dirname, join as joinPosix } from 'node:path/posix';

/** What a browser loads by itself. Links that people follow may lead anywhere. */
const LOADED = /<(?:script|img|link|iframe|source|video)\b[^>]*?\b(?:src|href)="(?<address>[^"]+)"/gu;
const LINKED = /<a\b[^>]*?\bhref="(?<address>[^"]+)"/gu;
const IN_STYLES = /url\(["']?(?<address>[^"')]+)["']?\)|@import ["'](?<sheet>[^"']+)/gu;
const IS_ELSEWHERE = /^(?:[a-z]+:)?\/\//u;

/**
 * The problems of a built site.
 * @param folder with the built files
 * @param base where the site will be served: `/`, or a path that starts and ends with `/`
 */
export function problemsOf(folder: string, base = '/'): readonly string[] {
  const pages = globSync('**/*.html', { cwd: folder });
  const texts = new Map(pages.map((page) => [page, readFileSync(join(folder, page), 'utf8')]));
  const ids = new Map([...texts].map(([page, text]) => [page, idsOf(text)]));
  const problems: string[] = pages.length === 0 ? [`${folder} has no pages.`] : [];
  for (const [page, text] of texts) {
    for (const address of addressesOf(text, LOADED)) {
      if (IS_ELSEWHERE.test(address)) problems.push(`${page} loads ${address}`);
    }
    for (const address of [...addressesOf(text, LOADED), ...addressesOf(text, LINKED)]) {
      if (/^[a-z]+:|^\/\//u.test(address)) continue;
      const [path = '', anchor = ''] = address.split('#');
      const target = path === '' ? page : fileOf(page, path, base);
      if (!existsSync(join(folder, target))) problems.push(`${page} links to ${address}, which does not exist`);
      else if (anchor !== '' && ids.get(target)?.has(decodeURIComponent(anchor)) === false) {
        problems.push(`${page} links to ${address}, and there is no such heading`);
      }
    }
  }
  for (const sheet of globSync('**/*.css', { cwd: folder })) {
    for (const address of addressesOf(readFileSync(join(folder, sheet), 'utf8'), IN_STYLES)) {
      if (IS_ELSEWHERE.test(address)) problems.push(`${sheet} loads ${address}`);
    }
  }
  return problems;
}

function addressesOf(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(({ groups }) => groups?.['address'] ?? groups?.['sheet'] ?? '');
}

const idsOf = (html: string) => new Set([...html.matchAll(/\bid="([^"]+)"/gu)].map(([, id = '']) => id));

function fileOf(page: string, address: string, base: string): string {
  const path = decodeURIComponent(address.split('?')[0] ?? '');
  const absolute = path.startsWith(base) ? path.slice(base.length) : joinPosix(dirname(page), path);
  return absolute === '' || absolute.endsWith('/') ? `${absolute}index.html` : absolute;
}
