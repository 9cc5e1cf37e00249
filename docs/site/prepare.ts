/**
 * Copies the pages into `build/pages`, from where VitePress makes the site. The pages of the repository stay plain Markdown,
 * which reads well where it stands. As they are, they are on the site too, under the same paths: llms.txt names them.
 */
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { introductionOf } from '../tools/pages.ts';
import { addressOf, sitePages, sourceAddressOf } from './addresses.ts';
import { type LinkedFiles, withSiteLinks, withTabs } from './markdown.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = join(import.meta.dirname, 'build/pages');

const decisions = globSync('docs/decisions/*.md', { cwd: ROOT });

function write(path: string, text: string): void {
  const file = join(PAGES, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const copy = (path: string, to: string) => cpSync(join(ROOT, path), join(PAGES, to), { recursive: true });

/** A page that shows a file. It is not searched: what it says is described elsewhere. */
function sourcePage(path: string): string {
  const name = path.split('/').at(-1) ?? path;
  const language = extname(path).slice(1) || 'sh';
  const text = readFileSync(join(ROOT, path), 'utf8');
  return `---\nsearch: false\noutline: false\n---\n\n# ${name}\n\n\`${path}\` in the repository.\n\n\`\`\`\`${language}\n${text}\`\`\`\`\n`;
}

/** Makes `build/pages` anew. @throws {Error} for a link to a file that does not exist */
export function preparePages(): void {
  rmSync(PAGES, { recursive: true, force: true });
  const { pages, decisions: notes } = sitePages(decisions);
  const all = [...pages, ...notes];
  const known = new Set(all);
  const linked: LinkedFiles = { pictures: new Set(), sources: new Set() };
  for (const page of all) {
    let text = readFileSync(join(ROOT, page), 'utf8');
    if (page === 'docs/decisions/README.md') text += `\n${listOf(notes)}\n`;
    const markdown = withTabs(withSiteLinks(ROOT, page, text, known, linked));
    write(addressOf(page), `---\nmarkdown: /${page}\n---\n\n${markdown}`);
    copy(page, `public/${page}`);
  }
  for (const path of linked.pictures) copy(path, path);
  for (const path of linked.sources) {
    write(sourceAddressOf(path), sourcePage(path));
    copy(path, `public/${path}`);
  }
  copy('llms.txt', 'public/llms.txt');
  // The picture of Studio.
  copy('web/public/icon.svg', 'public/icon.svg');
}

const listOf = (notes: readonly string[]) =>
  notes
    .map(
      (note) => `- ${note.split('/').at(-1)?.slice(0, 10)}: [${introductionOf(note).title}](${note.split('/').at(-1)})`,
    )
    .join('\n');
