/** The site that `npm run docs` built, in a real browser. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { source as axeSource } from 'axe-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { type PreviewServer, preview } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PAGE_GROUPS } from '../../docs/tools/pages.ts';
import { findChromium, launchChromium } from '../support/chromium.ts';

const SITE = join(import.meta.dirname, '../../docs/site');
const isBuilt = existsSync(join(SITE, 'dist/index.html'));
const executable = findChromium();
const canRun = process.env['CI'] === 'true' || (isBuilt && executable !== null);
if (!canRun) console.warn('The site of the documentation is not tested: it needs Chromium, and `npm run docs` before.');

const PHONE = { width: 390, height: 844 };
const LAPTOP = { width: 1280, height: 900 };
const PAGES = ['index', 'generate', 'upload', 'limits', 'options', 'reference/objects', 'decisions/index', 'changelog'];

describe.skipIf(!canRun)('the site of the documentation', () => {
  let server: PreviewServer;
  let browser: Browser;
  let url: string;
  let context: BrowserContext | undefined;

  beforeAll(async () => {
    if (!isBuilt || executable === null) throw new Error('Chromium and `npm run docs` are needed.');
    server = await preview({
      root: SITE,
      configFile: false,
      appType: 'mpa',
      build: { outDir: 'dist' },
      preview: { host: '127.0.0.1', port: 0 },
      logLevel: 'silent',
    });
    url = server.resolvedUrls?.local[0] ?? '';
    browser = await launchChromium(executable);
  });
  afterEach(() => context?.close());
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** A new tab. What it asks other hosts for, and what it complains about, is put into `findings`. */
  async function open(path: string, options: BrowserContextOptions = {}) {
    context = await browser.newContext({ viewport: LAPTOP, ...options });
    const page = await context.newPage();
    const findings: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) findings.push(`asks for ${request.url()}`);
    });
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) findings.push(message.text());
    });
    page.on('pageerror', (error) => findings.push(String(error)));
    await page.goto(url + path, { waitUntil: 'networkidle' });
    return { page, findings };
  }

  const widthOf = (page: Page) => page.evaluate('document.documentElement.scrollWidth');

  it.each([
    ['a phone in the light', PHONE, 'light'],
    ['a laptop in the dark', LAPTOP, 'dark'],
  ] as const)(
    'shows its pages on %s without sideways scrolling, and asks no other host',
    async (_, viewport, scheme) => {
      const { page, findings } = await open('', { viewport, colorScheme: scheme });
      for (const name of PAGES) {
        await page.goto(`${url}${name}.html`, { waitUntil: 'networkidle' });
        expect([name, await widthOf(page)]).toEqual([name, viewport.width]);
        expect(await page.locator('h1').count()).toBe(1);
      }
      expect(await page.evaluate("document.documentElement.classList.contains('dark')")).toBe(scheme === 'dark');
      expect(findings).toEqual([]);
    },
  );

  it.each(['light', 'dark'] as const)('has no serious finding of axe in the %s', async (colorScheme) => {
    const { page } = await open('generate.html', { colorScheme });
    await page.evaluate(axeSource);
    // The highlighter of the code blocks has colours of its own. The two rules are about parts of VitePress: the label of
    // its button for the search, and the button within the heading of a group of pages.
    const rules = "{ 'label-content-name-mismatch': { enabled: false }, 'nested-interactive': { enabled: false } }";
    const serious =
      await page.evaluate(`axe.run({ exclude: ['pre.shiki'] }, { rules: ${rules} }).then(({ violations }) =>
      violations.filter(({ impact }) => ['serious', 'critical'].includes(impact)).map(({ id, nodes }) => [id, nodes[0].html]))`);
    expect(serious).toEqual([]);
  });

  it('has a link to every page beside it', async () => {
    const { page } = await open('getting-started.html');
    const links = await page.locator('.VPSidebar a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(new Set(links).size).toBeGreaterThan(PAGE_GROUPS.flatMap(({ pages }) => pages).length);
  });

  it('keeps the tab that was chosen, in every group and on every page', async () => {
    const { page } = await open('refine.html');
    const shown = () => page.locator('.vp-code-group .blocks > .active').first().innerText();
    expect(await shown()).toContain("from '@apollo/client'");
    await page.locator('.vp-code-group label', { hasText: 'urql' }).click();
    expect(await shown()).toContain("from '@urql/core'");
    await page.locator('.VPSidebar a', { hasText: 'Generate and watch' }).click();
    await page.waitForURL('**/generate.html');
    await expect.poll(shown).toContain("from '@urql/core'");
    await page.reload();
    await expect.poll(shown).toContain("from '@urql/core'");
    // Its tab has another name on another page.
    await page.locator('.vp-code-group label', { hasText: 'fetch + SSE' }).click();
    await page.goto(`${url}refine.html`);
    await expect.poll(shown).toContain("from './darkroom.ts'");
  });

  it('finds a page by a word', async () => {
    const { page, findings } = await open('');
    await page.keyboard.press('Control+k');
    await page.locator('#localsearch-input').fill('idempotency');
    await expect.poll(() => page.locator('.VPLocalSearchBox .result').count()).toBeGreaterThan(2);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\.html#/u);
    expect(findings).toEqual([]);
  });

  it('has each page as Markdown, too, where llms.txt names it', async () => {
    const { page } = await open('costs.html');
    await page.getByText('This page as Markdown').click();
    await page.waitForURL(`${url}docs/costs.md`);
    const llms = await (await fetch(`${url}llms.txt`)).text();
    for (const [, path = ''] of llms.matchAll(/\]\(([^)]+)\)/gu)) {
      const answer = await fetch(url + path);
      expect([path, answer.status, (await answer.text()).includes('<html')]).toEqual([path, 200, false]);
    }
  });
});
