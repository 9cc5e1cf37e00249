/** Documents and comments cite only files that exist, and a comment that cites a decision names its file. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** A file name with or without folders before it. Names with `*` or `<` are patterns, and URLs are not our files. */
const CITED = /(?<![\w./:@*>-])(?:\.\.?\/)?(?:[\w.-]+\/)*[\w-][\w.-]*\.(?:ts|cjs|md|webp|graphql)\b(?!\/)/gu;
const LINK = /\]\((?!https?:)([^)#\s]+)/gu;
const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gmu;

/** The first line of a code block that shows a file of the reader's project. */
const SHOWN = /(?<=^```ts\n)\/\/ [\w./-]+$/gmu;

/** What Relay's compiler makes. */
const COMPILED = /(?<=')\.\/__generated__\/[\w.]+(?=')/gu;

/** Files of other projects, cited together with the name of the project. */
const FOREIGN: ReadonlySet<string> = new Set(['docs/api/Dispatcher.md']);

/** Every file that is in version control, or about to be. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(ROOT, file)));
const documents = files.filter((file) => file.endsWith('.md'));
const sources = files.filter((file) => /\.(ts|cjs)$/u.test(file) && !file.includes('/gql/'));

function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

function commentsOf(file: string): string {
  // A citation can be broken over two lines of a comment.
  return (textOf(file).match(COMMENT) ?? []).join('\n').replace(/\n\s*(?:\*|\/\/) ?/gu, ' ');
}

/** The cited files that do not exist. A citation may leave out the first folders: `transitions.ts`. */
function missing(text: string): readonly string[] {
  return (text.match(CITED) ?? []).filter((cited) => {
    const path = cited.replace(/^(?:\.\.?\/)+/u, '');
    return !FOREIGN.has(path) && !files.some((file) => file === path || file.endsWith(`/${path}`));
  });
}

describe('cited files', () => {
  it('are looked for in documents and in sources', () => {
    expect(documents.length).toBeGreaterThan(30);
    expect(sources.length).toBeGreaterThan(400);
  });

  it.each(documents)('of %s exist', (file) => {
    const links = [...textOf(file).matchAll(LINK)].map(([, target = '']) => target);
    expect(missing(textOf(file).replace(SHOWN, '').replace(COMPILED, ''))).toEqual([]);
    expect(links.filter((target) => !existsSync(join(ROOT, dirname(file), target)))).toEqual([]);
  });

  it('of comments exist', () => {
    const broken = sources.flatMap((file) => missing(commentsOf(file)).map((cited) => `${file} cites ${cited}`));
    expect(broken).toEqual([]);
  });

  it('are named when a comment cites a decision', () => {
    const vague = sources.filter((file) => /docs\/decisions(?!\/\d{4}-\d{2}-\d{2}-)/u.test(commentsOf(file)));
    expect(vague).toEqual([]);
  });
});
