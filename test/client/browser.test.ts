/** @darkroom/client in a real browser, through a network with faults. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callDetails, eventually, generate, within } from '../api/steps.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { reaching, snippet } from '../support/snippets.ts';
import { bundle } from './bundle.ts';
import { type FaultyNetwork, startFaultyNetwork } from './faulty-network.ts';

const LIMIT_MS = 30_000;
const executable = findChromium();
if (executable === null) console.warn('@darkroom/client is not tested in a browser: there is no Chromium.');

describe.skipIf(executable === null)('in Chromium', () => {
  let browser: Browser;
  let app: TestApp;
  let network: FaultyNetwork;
  let script: string;

  beforeAll(async () => {
    app = await startTestApp({}, { SIMULATOR_DURATION_MS: '600', KEEP_ALIVE_MS: '300' });
    browser = await launchChromium(executable ?? '');
    script = await bundle(`
      import { createDarkroomClient, eventStream, webSocket } from '@darkroom/client';
      const transports = { eventStream, webSocket };
      window.watch = async (name, callId) => {
        const client = createDarkroomClient(transports[name]({ url: new URL('/graphql', location.href), silenceMs: 1500 }));
        const sequences = [];
        for await (const { sequence } of client.watchCall(callId)) {
          sequences.push(sequence);
          await window.onSequence(sequence);
        }
        return sequences;
      };
    `);
  });
  afterAll(async () => {
    await browser.close();
    await app[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    network = await startFaultyNetwork(app.url);
  });
  afterEach(() => network[Symbol.asyncDispose]());

  async function watch(transport: string, onSequence: (sequence: number, offline: Offline) => unknown) {
    const { id } = await generate(app.url, { prompt: 'a pear', options: { partialImages: 2 } });
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(new URL('/health/live', network.url).href);
    await page.exposeFunction('onSequence', (sequence: number) =>
      onSequence(sequence, (isOffline) => context.setOffline(isOffline)),
    );
    await page.addScriptTag({ content: script, type: 'module' });
    await page.waitForFunction('window.watch');
    const sequences = await within(LIMIT_MS, 'the last event', () =>
      page.evaluate(`window.watch(${JSON.stringify(transport)}, ${JSON.stringify(id)})`),
    );
    await context.close();
    return sequences;
  }

  describe.each(['webSocket', 'eventStream'])('over %s', (transport) => {
    it('misses and repeats nothing when the connection is cut after every event (promise 2)', async () => {
      expect(await watch(transport, () => network.cut())).toEqual([1, 2, 3, 4, 5, 6]);
      expect(network.accepted).toBeGreaterThan(1);
    });

    it('replaces a connection through which nothing comes', async () => {
      const sequences = await watch(transport, (sequence) => {
        if (sequence === 2) network.stall();
      });
      expect(sequences).toEqual([1, 2, 3, 4, 5, 6]);
    });

    it('waits while the server cannot be reached', async () => {
      const sequences = await watch(transport, (sequence) => {
        if (sequence !== 2) return;
        network.isRefusing = true;
        network.cut();
        setTimeout(() => {
          network.isRefusing = false;
        }, 1_500);
      });
      expect(sequences).toEqual([1, 2, 3, 4, 5, 6]);
    });
  });

  it('goes on as soon as the browser is online again', async () => {
    let offlineMs = 0;
    const sequences = await watch('eventStream', async (sequence, offline) => {
      if (sequence !== 2) return;
      await offline(true);
      network.cut();
      const accepted = network.accepted;
      // Long enough that the next attempt by itself would be seconds away.
      setTimeout(async () => {
        const start = performance.now();
        await offline(false);
        await eventually('a connection', () => (network.accepted > accepted ? true : undefined));
        offlineMs = performance.now() - start;
      }, 8_000);
    });
    expect(sequences).toEqual([1, 2, 3, 4, 5, 6]);
    expect(offlineMs).toBeLessThan(1_500);
  });

  it('shows every picture once with the code of its README', async () => {
    const { id } = await generate(app.url, { prompt: 'a pear', options: { partialImages: 2 } });
    const code = reaching(new URL(network.url).host, snippet('client/README.md', 'ts', 'darkroom.watchCall('));
    const page = await browser.newPage();
    const shown: string[] = [];
    await page.exposeFunction('show', (url: string) => {
      shown.push(new URL(url).pathname);
      network.cut();
    });
    let hasEnded = false;
    await page.exposeFunction('end', () => {
      hasEnded = true;
    });
    await page.goto(new URL('/health/live', network.url).href);
    const documented = await bundle(`const callId = '${id}';\n${code}\nend();`);
    await page.addScriptTag({ content: documented, type: 'module' });
    await eventually('the end of the loop', () => (hasEnded ? true : undefined));
    await page.close();
    const { partialImages, images } = await callDetails(app.url, id);
    expect(shown).toEqual([...partialImages, ...images].map(({ url }) => new URL(url).pathname));
  });
});

type Offline = (isOffline: boolean) => Promise<void>;
