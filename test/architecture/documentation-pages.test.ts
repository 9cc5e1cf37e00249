/** The pages of the documentation: each is in llms.txt, and its links lead somewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorOf } from '../../docs/tools/anchors.ts';
import { introductionOf, llmsText, PAGE_GROUPS } from '../../docs/tools/pages.ts';
import { schema } from '../../schema/index.ts';
import { referencePages } from '../../schema/tools/reference.ts';

const ROOT = join(import.meta.dirname, '../..');
const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8');
const listed = PAGE_GROUPS.flatMap(({ pages }) => pages);
const pagesIn = (folder: string) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);

/** The anchors of a page. */
function anchorsOf(page: string): ReadonlySet<string> {
  const titles = [
    ...textOf(page)
      .replaceAll(/^```.*?^```$/gmsu, '')
      .matchAll(/^#+ (.+)$/gmu),
  ].map(([, title = '']) => title);
  return new Set(titles.map((title) => anchorOf(title)));
}

/** The links of a page that lead nowhere. */
function deadLinks(page: string): readonly string[] {
  const text = textOf(page).replaceAll(/^```.*?^```$/gmsu, '');
  return [...text.matchAll(/\]\((?!https?:)(?<path>[^)#\s]*)(?:#(?<anchor>[^)\s]+))?\)/gu)]
    .filter(({ groups }) => {
      const path = groups?.['path'] ?? '';
      const anchor = groups?.['anchor'];
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).has(anchor);
    })
    .map(([link]) => link);
}

describe('the documentation', () => {
  it('lists every page once', () => {
    const pages = [...pagesIn('docs'), ...pagesIn('docs/reference'), 'docs/decisions/README.md'];
    expect(listed.filter((page) => page.startsWith('docs/')).toSorted()).toEqual(pages.toSorted());
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('has a title for every page, and a line of llms.txt', () => {
    for (const page of listed) expect(llmsText()).toContain(`- [${introductionOf(page).title}](${page})`);
  });

  it.each(['README.md', ...listed])('of %s has no dead link', (page) => {
    expect(deadLinks(page)).toEqual([]);
  });

  it('has a reference of every type and every root field, and no page that is left over', () => {
    const pages = referencePages(schema);
    expect(readdirSync(join(ROOT, 'docs/reference')).toSorted()).toEqual(Object.keys(pages).toSorted());
    const headings = new Set(
      [
        ...Object.values(pages)
          .join('\n')
          .matchAll(/^## (.+)$/gmu),
      ].map(([, name]) => name),
    );
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
    const expected = [
      ...types.filter((type) => !roots.some((root) => root === type)).map(({ name }) => name),
      ...roots.flatMap((root) => Object.keys(root?.getFields() ?? {})),
    ];
    expect([...headings].toSorted()).toEqual(expected.toSorted());
  });
});
