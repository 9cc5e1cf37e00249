/** A browser's EventSource, which resumes and stops by itself, through a proxy that cuts connections. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServerHere } from '../support/app.ts';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import type { RunningServer } from '../support/server.ts';
import { snippet } from '../support/snippets.ts';

const chromium = findChromium();
if (chromium === null) console.warn('EventSource is not tested: no Chromium is installed, and CHROMIUM names none.');

const DOCUMENTED = snippet('docs/following.md', 'ts', 'new EventSource(');

describe.skipIf(chromium === null)('an EventSource', () => {
  let server: RunningServer;
  let browser: Browser;
  beforeAll(async () => {
    if (chromium === null) return;
    server = await startServerHere({ env: { SIMULATOR_DURATION_MS: '600' } });
    browser = await launchChromium(chromium);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
  });

  test.each([
    ['compressed', true],
    ['plain', false],
  ])('promise 2: misses and repeats nothing through cuts, and stops behind the end: %s', async (_, isCompressed) => {
    const proxy = await startCuttingProxy(server.url, { isCompressed });
    const page = await browser.newPage();
    try {
      // A page of the API's own origin, without GraphiQL's policy.
      await page.goto(`${proxy.url}/health/live`);
      const { types, sequences, states } = await follow(page);
      expect(sequences).toEqual([1, 2, 3, 4, 5, 6]);
      expect(types.at(-1)).toBe('GenerationCompleted');
      // 2 is CLOSED: it does not ask again.
      expect(states.at(-1)).toBe(2);
      expect(proxy.asked.length).toBeGreaterThanOrEqual(4);
      expect(proxy.asked[0]?.lastEventId).toBeUndefined();
      expect(proxy.asked.slice(1).every(({ lastEventId }) => lastEventId !== undefined)).toBe(true);
      expect(proxy.asked.at(-1)?.status).toBe(204);
      expect(proxy.asked[0]?.encoding).toBe(isCompressed ? 'gzip' : 'none');
    } finally {
      await page.close();
      proxy.close();
    }
  });

  test('promise 3: stops after an error, which would come every three seconds', async () => {
    const page = await browser.newPage();
    try {
      await page.goto(`${server.url}/health/live`);
      const results = await page.evaluate<string[]>(`new Promise((resolve) => {
        const query = 'subscription { generationEvents(callId: "none") { sequence } }';
        const source = new EventSource('/graphql?query=' + encodeURIComponent(query));
        const results = [];
        source.addEventListener('next', ({ data }) => results.push(data));
        source.addEventListener('error', () => source.readyState === EventSource.CLOSED && resolve(results));
      })`);
      expect(results).toHaveLength(1);
      expect(results[0]).toContain('"errors"');
    } finally {
      await page.close();
    }
  });

  /** Starts a call and follows it with an EventSource that nobody closes, until it stops by itself. */
  function follow(page: Page) {
    return page.evaluate<{ types: string[]; sequences: number[]; states: number[] }>(`(async () => {
      const mutation = 'mutation { generateImage(input: { prompt: "a pear", options: { partialImages: 2 } }) ' +
        '{ ... on GenerateImageSuccess { call { id } } } }';
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query: mutation }) });
      const { id } = (await answer.json()).data.generateImage.call;
      const callId = id;
      const [types, sequences, states] = [[], [], []];
      const show = (event) => {
        types.push(event.__typename);
        sequences.push(event.sequence);
      };
      ${DOCUMENTED}
      await new Promise((resolve) => {
        source.addEventListener('error', () => {
          states.push(source.readyState);
          if (source.readyState === EventSource.CLOSED) resolve();
        });
      });
      // Longer than it waits before it asks again.
      await new Promise((resolve) => setTimeout(resolve, 3500));
      states.push(source.readyState);
      return { types, sequences, states };
    })()`);
  }
});
