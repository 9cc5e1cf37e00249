/** The pages of the documentation in the order in which they are read, as llms.txt lists them. */
import { readFileSync } from 'node:fs';

export interface PageGroup {
  readonly title: string;
  /** Paths from the root of the repository. */
  readonly pages: readonly string[];
}

const docs = (...names: readonly string[]) => names.map((name) => `docs/${name}.md`);

export const PAGE_GROUPS: readonly PageGroup[] = [
  {
    title: 'Tasks',
    pages: docs(
      'getting-started',
      'studio',
      'generate',
      'refine',
      'upload',
      'gallery',
      'models',
      'costs',
      'failures',
      'resuming',
      'python',
    ),
  },
  { title: 'Running a server', pages: [...docs('proxy', 'operations'), 'SECURITY.md'] },
  {
    title: 'Clients',
    pages: [...docs('clients', 'following', 'authentication', 'client-tokens'), 'client/README.md'],
  },
  {
    title: 'In detail',
    pages: docs('options', 'images', 'archive', 'prices', 'budgets', 'limits', 'plugins', 'glossary'),
  },
  {
    title: 'Contracts',
    pages: ['PROTOCOL.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'docs/decisions/README.md'],
  },
  {
    title: 'API reference',
    pages: docs(
      ...[
        'README',
        'queries',
        'mutations',
        'subscriptions',
        'events',
        'errors',
        'results',
        'connections',
        'objects',
      ].map((name) => `reference/${name}`),
      ...['interfaces-and-unions', 'inputs', 'enums', 'scalars'].map((name) => `reference/${name}`),
    ),
  },
];

const ROOT = new URL('../../', import.meta.url);

/** The title of a page, and its first sentence as plain text, if it starts with one. @throws {Error} for a page without a title */
export function introductionOf(page: string): { readonly title: string; readonly sentence: string } {
  const text = readFileSync(new URL(page, ROOT), 'utf8');
  const { title, paragraph } = /^# (?<title>.+)\n+(?<paragraph>(?:.+\n)+)/u.exec(text)?.groups ?? {};
  if (title === undefined || paragraph === undefined)
    throw new Error(`${page} does not start with a title and a text.`);
  const plain = paragraph
    .replaceAll(/\]\([^)]*\)|[[*]/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  return { title, sentence: /^.*?[.:](?= |$)/u.exec(plain)?.[0].replace(/:$/u, '.') ?? plain };
}

/** The index of the documentation for language models (https://llmstxt.org). */
export function llmsText(): string {
  const sections = PAGE_GROUPS.map(({ title, pages }) => {
    const lines = pages.map((page) => {
      const { title: name, sentence } = introductionOf(page);
      return `- [${name}](${page})${sentence === '' ? '' : `: ${sentence}`}`;
    });
    return `## ${title}\n\n${lines.join('\n')}\n`;
  });
  const summary =
    '> A GraphQL API with subscriptions for image generation: a mutation returns a call at once, a subscription delivers partial ' +
    'images, and every image can be refined.';
  const note =
    'Every page is plain Markdown. The whole API in one file: [schema.graphql](schema/schema.graphql). The quick start and ' +
    'the environment variables: [README.md](README.md).';
  return `# Darkroom\n\n${summary}\n\n${note}\n\n${sections.join('\n')}`;
}
