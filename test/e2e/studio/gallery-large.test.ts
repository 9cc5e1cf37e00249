/** Ten thousand pictures: scrolled to the end, with as much of the page in memory as at the beginning. */
import SQLite from 'better-sqlite3';
import type { CDPSession, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { databaseIn, makeArchive } from '../../../bench/harness/archive.ts';
import { addSearchFunctions } from '../../../src/db/drivers/sqlite/search-functions.ts';
import { describeStudio, patience, screenshot } from './harness.ts';

const IMAGES = 10_000;
const MAX_TILES = 150;
const MAX_NODES = 4_000;
/** What a second and a third time through all pictures may add. */
const MAX_GROWTH_BYTES = 4_000_000;

/** Pictures of all shapes; their bytes are not there, as if none had arrived yet. */
async function prepare(dataDir: string): Promise<void> {
  await makeArchive(dataDir, IMAGES);
  const database = new SQLite(databaseIn(dataDir));
  try {
    addSearchFunctions(database);
    database.exec('update images set height = 700 + (rowid * 7919) % 1700');
  } finally {
    database.close();
  }
}

describeStudio('A gallery of ten thousand pictures', { prepare }, (studio) => {
  test('is scrolled to its end and back with a steady memory and a small document', async () => {
    const page = await studio.open({ width: 1280, height: 900 });
    const session = await page.context().newCDPSession(page);
    await page.locator('.tile').first().waitFor();

    const most = await scrollToEnd(page);
    await screenshot(page, 'end-of-ten-thousand');
    expect(await page.locator('.masonry > li').last().getAttribute('aria-posinset')).toBe(String(IMAGES));
    expect(most.tiles).toBeLessThanOrEqual(MAX_TILES);
    expect(most.nodes).toBeLessThanOrEqual(MAX_NODES);

    const atFirst = await heapBytes(session);
    for (let round = 0; round < 2; round += 1) {
      await page.evaluate('scrollTo(0, 0)');
      await page.locator('[aria-posinset="1"]').waitFor();
      await scrollToEnd(page);
    }
    expect((await heapBytes(session)) - atFirst).toBeLessThan(MAX_GROWTH_BYTES);
  }, 180_000);

  test('finds one of them while it is typed', async () => {
    const page = await studio.open();
    await page.getByRole('searchbox').pressSequentially('number 7331', { delay: 20 });
    await expect.poll(() => page.locator('.masonry > li').count(), patience).toBe(1);
  });

  test('is where it was for who comes back from a picture', async () => {
    const page = await studio.open({ width: 1280, height: 900 });
    await page.locator('.tile').first().waitFor();
    await page.evaluate('scrollTo(0, 5000)');
    await expect.poll(() => page.evaluate('scrollY'), patience).toBe(5000);
    const link = page.locator('.masonry > li:has([data-image])').nth(20).getByRole('link');
    const id = await link.getAttribute('data-image');
    await page.waitForTimeout(300);
    await link.dispatchEvent('click');
    await expect.poll(() => page.locator('.masonry').count(), patience).toBe(0);
    await page.goBack();
    await page.locator(`[data-image="${id}"]`).waitFor();
    expect(await page.evaluate('scrollY')).toBe(5000);
  });
});

interface Most {
  tiles: number;
  nodes: number;
}

/** As fast as pages load. @returns the most that was in the document at any time */
async function scrollToEnd(page: Page): Promise<Most> {
  const most: Most = { tiles: 0, nodes: 0 };
  const deadline = Date.now() + 90_000;
  for (;;) {
    const { tiles, nodes, isAtEnd } = await page.evaluate<Most & { isAtEnd: boolean }>(`new Promise((done) => {
      scrollBy(0, 3 * innerHeight);
      requestAnimationFrame(() => requestAnimationFrame(() => done({
        tiles: document.querySelectorAll('.masonry > li').length,
        nodes: document.querySelectorAll('*').length,
        isAtEnd: document.querySelector('[aria-posinset="${IMAGES}"]') !== null,
      })));
    })`);
    most.tiles = Math.max(most.tiles, tiles);
    most.nodes = Math.max(most.nodes, nodes);
    if (isAtEnd) return most;
    if (Date.now() > deadline) throw new Error(`the end is not reached; most: ${JSON.stringify(most)}`);
  }
}

async function heapBytes(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}
