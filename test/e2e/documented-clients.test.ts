/** The clients that the documentation shows, over a network that cuts their connections, in a real browser. */
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callDetails, collect, eventually, generate, watchToEnd, watchViewer } from '../api/steps.ts';
import { startServerHere } from '../support/app.ts';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { data } from '../support/client.ts';
import { type ConnectionCutter, startConnectionCutter } from '../support/connection-cutter.ts';
import { Gallery } from '../support/log-documents.ts';
import type { RunningServer } from '../support/server.ts';
import { DOCUMENTED_CLIENTS, type DocumentedClient } from '../support/snippets.ts';

const executable = findChromium();
const MODULES = join(import.meta.dirname, '../../node_modules');
/** As a bundler would resolve them. */
const IMPORTS = {
  'graphql-ws': '/modules/graphql-ws/dist/client.js',
  'graphql-sse': '/modules/graphql-sse/lib/client.mjs',
};

if (executable === null) {
  console.warn('Documented clients are not tested in a browser: no Chromium is installed, and CHROMIUM names none.');
}

const PAGE = `<!doctype html><script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>
  <script type="module" src="/module.js"></script>`;

describe.skipIf(executable === null)('in Chromium', () => {
  let browser: Browser;
  let server: RunningServer;
  let cutter: ConnectionCutter;
  beforeAll(async () => {
    server = await startServerHere({ env: { SIMULATOR_DURATION_MS: '400' } });
    cutter = await startConnectionCutter(server.url);
    browser = await launchChromium(executable ?? '');
  });
  afterAll(async () => {
    await browser?.close();
    await cutter?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  /** What the module reports on a page of its own until it has returned. */
  async function reportsOf(code: string): Promise<readonly string[]> {
    const page = await browser.newPage();
    const reports: string[] = [];
    try {
      await page.exposeFunction('report', (text: string) => void reports.push(text));
      page.on('pageerror', (error) => reports.push(String(error), 'returned'));
      await page.route('**/modules/**', async (route) => {
        const path = new URL(route.request().url()).pathname.replace('/modules/', '');
        await route.fulfill({ contentType: 'text/javascript', body: await readFile(join(MODULES, path)) });
      });
      const module = stripTypeScriptTypes(code);
      await page.route('**/module.js', (route) => route.fulfill({ contentType: 'text/javascript', body: module }));
      // A page that the test answers itself would have no address, and Chromium would let it reach none of this machine.
      await page.goto(`${server.url}/health/live`);
      await page.setContent(PAGE);
      await eventually('the module to return', () => (reports.includes('returned') ? true : undefined));
      return reports.filter((report) => report !== 'returned');
    } finally {
      await page.close();
    }
  }

  async function run(client: DocumentedClient) {
    const { viewer } = await data(server.url, Gallery, {});
    const after = viewer.cursor ?? '';
    const { id: callId } = await generate(server.url, { prompt: client.name, options: { partialImages: 3 } });
    cutter.cut([
      { afterEvents: 2, kind: 'reset' },
      { afterEvents: 1, kind: 'inside an event' },
      { afterEvents: 1, kind: 'end' },
    ]);
    const reported = await reportsOf(client.code(cutter.host, { callId, after }));
    expect(cutter.left(), 'cuts that did not happen').toBe(0);
    await watchToEnd(server.url, callId);
    const { partialImages, images } = await callDetails(server.url, callId);
    if (client.reports === 'events') {
      const events = await collect(watchViewer(server.url, { after }), reported.length);
      expect(events.at(-1)?.__typename).toBe('GenerationCompleted');
      return { reported, expected: events.map(({ cursor }) => cursor) };
    }
    const pathOf = (url: string) => new URL(url).pathname;
    const shown = client.name.includes('gallery') ? images : [...partialImages, ...images];
    return { reported: reported.map(pathOf), expected: shown.map(({ url }) => pathOf(url)) };
  }

  it.each(DOCUMENTED_CLIENTS)('promise 2: $name shows everything once, in order', async (client) => {
    const { reported, expected } = await run(client);
    expect(reported).toEqual(expected);
    expect(reported.length).toBeGreaterThan(0);
  });
});
