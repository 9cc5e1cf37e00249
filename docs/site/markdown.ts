/** What the Markdown of the repository becomes on the site: links lead to its pages, and captioned blocks become tabs. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { dirname, join as joinPosix, normalize } from 'node:path/posix';
import { introductionOf } from '../tools/pages.ts';
import { addressOf, sourceAddressOf } from './addresses.ts';

/** A fenced block, which is left as it is. */
const FENCE = /^(`{3,}).*?^\1$/gmsu;

/** A link or a picture with an address of the repository: `](docs/costs.md#in-all)`. */
const LINK = /(?<mark>!?)\[(?<text>(?:[^[\]]|\[[^\]]*\])*)\]\((?!https?:|#)(?<path>[^)#\s]+)(?<anchor>#[^)\s]+)?\)/gu;

/** A line of bold text, and the block that it is the caption of. */
const CAPTIONED = /^\*\*(?<caption>[^*\n]+)\*\*\n\n```(?<language>\w+)\n(?<code>.*?)^```\n/msu;
const GROUP = new RegExp(`${CAPTIONED.source}(?:\\n${numbered(CAPTIONED.source)})+`, 'gmsu');

/** The same pattern without names, which a pattern can have only once. */
function numbered(source: string): string {
  return source.replaceAll(/\(\?<\w+>/gu, '(?:');
}

/**
 * Two or more blocks behind each other, each with a line of bold text above it, as tabs. On GitHub they stand below each
 * other.
 */
export function withTabs(text: string): string {
  return text.replaceAll(GROUP, (group) => {
    const tabs = [...group.matchAll(new RegExp(CAPTIONED.source, 'gmsu'))].map(
      ({ groups: { caption, language, code } = {} }) => `\`\`\`${language} [${caption}]\n${code}\`\`\`\n`,
    );
    return `::: code-group\n\n${tabs.join('\n')}\n:::\n`;
  });
}

export interface LinkedFiles {
  /** Pictures, which stand beside the pages. */
  readonly pictures: Set<string>;
  /** Files that are no pages. Each gets one that shows it. */
  readonly sources: Set<string>;
}

/**
 * The page with links as the site has them.
 * @param page its path in the repository
 * @param known all pages of the site
 * @param linked takes the files that are to be copied
 * @throws {Error} for a link to a file that does not exist, or to a folder
 */
export function withSiteLinks(
  root: string,
  page: string,
  text: string,
  known: ReadonlySet<string>,
  linked: LinkedFiles,
): string {
  return outsideFences(text, (part) =>
    part.replaceAll(LINK, (_, mark: string, label: string, path: string, anchor: string | undefined = '') => {
      const target = normalize(joinPosix(dirname(page), path));
      const file = statSync(join(root, target), { throwIfNoEntry: false });
      if (!file) throw new Error(`${page} links to ${path}, which does not exist.`);
      if (file.isDirectory()) throw new Error(`${page} links to ${path}, a folder, for which the site has no page.`);
      if (mark === '!' || /\.(?:webp|png|jpe?g|svg)$/u.test(target)) {
        linked.pictures.add(target);
        return `${mark}[${label}](/${target})`;
      }
      if (known.has(target)) return `[${labelOf(label, target)}](/${addressOf(target)}${anchor})`;
      linked.sources.add(target);
      return `[${label}](/${sourceAddressOf(target)})`;
    }),
  );
}

/** On the site a page is known by its title, and not by its file: `[costs.md](costs.md)`. */
const labelOf = (label: string, page: string) => (/^[\w./-]+\.md$/u.test(label) ? introductionOf(page).title : label);

function outsideFences(text: string, change: (part: string) => string): string {
  const fences = text.match(FENCE) ?? [];
  return text
    .split(FENCE)
    .filter((_, index) => index % 2 === 0) // The others are the backticks of the fence.
    .map((part, index) => change(part) + (fences[index] ?? ''))
    .join('');
}
