/** The site: its pages are those of llms.txt, in the same order. Nothing is loaded from another host. */
import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type DefaultTheme, defineConfig } from 'vitepress';
import { anchorOf } from '../../tools/anchors.ts';
import { introductionOf, PAGE_GROUPS } from '../../tools/pages.ts';
import { addressOf, sitePages } from '../addresses.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const { decisions } = sitePages(globSync('docs/decisions/*.md', { cwd: ROOT }));

const itemOf = (page: string): DefaultTheme.SidebarItem => ({
  text: introductionOf(page).title,
  link: `/${addressOf(page)}`,
});

const sidebar: DefaultTheme.SidebarItem[] = [
  { items: [{ text: 'Introduction', link: '/index.md' }] },
  ...PAGE_GROUPS.map(({ title, pages: own }) => ({
    text: title,
    collapsed: title === 'API reference',
    items: own.map(itemOf),
  })),
  { text: 'Decisions', collapsed: true, items: decisions.map(itemOf) },
];

export default defineConfig({
  lang: 'en',
  title: 'Darkroom',
  description: 'A GraphQL API with subscriptions for image generation',
  srcDir: 'build/pages',
  // Files to be served as they are.
  srcExclude: ['public/**'],
  outDir: 'dist',
  cacheDir: 'build/cache',
  transformHead: ({ siteData }) => [['link', { rel: 'icon', href: `${siteData.base}icon.svg`, type: 'image/svg+xml' }]],
  markdown: {
    anchor: { slugify: anchorOf },
    // The nearest languages that the highlighter has.
    languageAlias: { caddyfile: 'nginx', example: 'sh' },
  },
  themeConfig: {
    sidebar,
    nav: [
      { text: 'Getting started', link: '/getting-started.md' },
      { text: 'Clients', link: '/clients.md' },
      { text: 'API reference', link: '/reference/index.md' },
    ],
    outline: [2, 3],
    search: { provider: 'local' },
    logo: '/icon.svg',
  },
});
