/** What the pages become on the site of the documentation, and what its check finds. */
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addressOf, sitePages, sourceAddressOf } from '../../docs/site/addresses.ts';
import { problemsOf } from '../../docs/site/check-built.ts';
import { type LinkedFiles, withSiteLinks, withTabs } from '../../docs/site/markdown.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('tabs', () => {
  const block = (caption: string, code: string) => `**${caption}**\n\n\`\`\`ts\n${code}\n\`\`\`\n`;

  it('are made of captioned blocks behind each other', () => {
    const text = `Before.\n\n${block('urql', 'one')}\n${block('fetch + SSE', 'two')}\nAfter.\n`;
    expect(withTabs(text)).toBe(
      'Before.\n\n::: code-group\n\n```ts [urql]\none\n```\n\n```ts [fetch + SSE]\ntwo\n```\n\n:::\n\nAfter.\n',
    );
  });

  it('are not made of one block, nor over a text between two', () => {
    const text = `${block('urql', 'one')}\nAnd then:\n\n${block('Relay', 'two')}`;
    expect(withTabs(text)).toBe(text);
  });
});

describe('links', () => {
  const linksOf = (page: string, text: string) => {
    const linked: LinkedFiles = { pictures: new Set(), sources: new Set() };
    return { text: withSiteLinks(ROOT, page, text, new Set(['PROTOCOL.md', 'docs/costs.md']), linked), linked };
  };

  it('lead to the pages of the site', () => {
    expect(linksOf('docs/costs.md', '[`a`](../PROTOCOL.md#cost) [b](costs.md) [c](https://example.com)').text).toBe(
      '[`a`](/protocol.md#cost) [b](/costs.md) [c](https://example.com)',
    );
  });

  it('have the title of the page in place of the name of its file', () => {
    expect(linksOf('README.md', '[docs/costs.md](docs/costs.md#in-all)').text).toBe(
      '[Costs and budgets](/costs.md#in-all)',
    );
  });

  it('to a source lead to a page that shows it', () => {
    const { text, linked } = linksOf('README.md', '[a](.env.example) ![b](docs/developing.webp)');
    expect(text).toBe('[a](/source/env.example.md) ![b](/docs/developing.webp)');
    expect([...linked.sources, ...linked.pictures]).toEqual(['.env.example', 'docs/developing.webp']);
  });

  it('in code stay as they are', () => {
    const text = '```md\n[a](costs.md)\n```\n[a](/costs.md)\n';
    expect(linksOf('docs/costs.md', '```md\n[a](costs.md)\n```\n[a](costs.md)\n').text).toBe(text);
  });

  it('to a file that does not exist are an error', () => {
    expect(() => linksOf('README.md', '[a](docs/nothing.md)')).toThrow('README.md links to docs/nothing.md');
  });

  it('to a folder are an error: the site has no page for it', () => {
    expect(() => linksOf('README.md', '[a](docs/screenshots)')).toThrow('README.md links to docs/screenshots');
  });

  it('of every page lead to a file', () => {
    const { pages, decisions } = sitePages(globSync('docs/decisions/*.md', { cwd: ROOT }));
    expect(() => {
      for (const page of [...pages, ...decisions]) linksOf(page, readFileSync(join(ROOT, page), 'utf8'));
    }).not.toThrow();
  });

  it('of READMEs, pages of the root and hidden files have addresses', () => {
    expect(['README.md', 'docs/reference/README.md', 'client/README.md', 'SECURITY.md'].map(addressOf)).toEqual([
      'index.md',
      'reference/index.md',
      'client/index.md',
      'security.md',
    ]);
    expect(sourceAddressOf('.env.example')).toBe('source/env.example.md');
  });
});

describe('the check of the built site', () => {
  it('finds dead links, missing headings, and what is loaded from elsewhere', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'darkroom-site-'));
    await writeFile(
      join(folder, 'index.html'),
      `<h2 id="here"></h2><script src="https://cdn.example.com/a.js"></script><a href="https://example.com">out</a>
       <a href="#here">good</a><a href="/other.html#there">good</a><a href="/gone.html">dead</a><a href="other.html#gone">dead</a>`,
    );
    await writeFile(join(folder, 'other.html'), '<h2 id="there"></h2>');
    await writeFile(join(folder, 'style.css'), '@import "//fonts.example.com/a.css"; a { background: url(./a.png) }');
    expect(problemsOf(folder)).toEqual([
      'index.html loads https://cdn.example.com/a.js',
      'index.html links to /gone.html, which does not exist',
      'index.html links to other.html#gone, and there is no such heading',
      'style.css loads //fonts.example.com/a.css',
    ]);
    await rm(folder, { recursive: true });
  });
});
