/** Selecting pictures with the mouse: Ctrl, Shift, and a rectangle; the line with their day; and what was done taken back. */
import SQLite from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { databaseIn, makeArchive } from '../../../bench/harness/archive.ts';
import { addSearchFunctions } from '../../../src/db/drivers/sqlite/search-functions.ts';
import { describeStudio, patience, screenshot } from './harness.ts';

const IMAGES = 200;

/** A picture for each day of the year, from the second of January on; their bytes are not there. */
async function prepare(dataDir: string): Promise<void> {
  await makeArchive(dataDir, IMAGES);
  const database = new SQLite(databaseIn(dataDir));
  try {
    addSearchFunctions(database);
    const noon = "strftime('%Y-%m-%dT12:00:00.000Z', 1767225600 + rowid * 86400, 'unixepoch')";
    database.exec(`update images set height = 700 + (rowid * 7919) % 900, created_at = ${noon}`);
  } finally {
    database.close();
  }
}

/** By its place in the gallery: 1 is the newest. */
const tile = (page: Page, place: number) => page.locator(`.masonry > li[aria-posinset="${place}"]`);
const selected = (page: Page) => page.locator('.masonry > li:has([data-selected])');
const bar = (page: Page) => page.getByRole('toolbar', { name: 'The selected pictures' });
const counted = (page: Page) => expect.poll(() => bar(page).locator('strong').textContent(), patience);

async function placesSelected(page: Page): Promise<readonly number[]> {
  const places = await selected(page).evaluateAll((items) => items.map((item) => Number(item.ariaPosInSet)));
  return places.sort((one, other) => one - other);
}

/** Draws from the space left of one picture to the middle of another, with the keys that are held. */
async function drawRectangle(page: Page, from: number, to: number): Promise<void> {
  const [start, end] = await Promise.all([tile(page, from).boundingBox(), tile(page, to).boundingBox()]);
  if (start === null || end === null) throw new Error('A picture is not shown.');
  await page.mouse.move(start.x - 6, start.y + 20);
  await page.mouse.down();
  await page.mouse.move(end.x + end.width / 2, end.y + 40, { steps: 8 });
  await page.mouse.up();
}

const FORMS = [
  { month: 'long', year: 'numeric' },
  { month: 'short', day: 'numeric' },
] as const;

describeStudio('Pictures of many days', { prepare }, (studio) => {
  async function open(): Promise<Page> {
    const page = await studio.open({ width: 1280, height: 900, locale: 'en-US' });
    await tile(page, 8).waitFor();
    return page;
  }

  test('are selected one by one with Ctrl, and in a row with Shift, and none is opened', async () => {
    const page = await open();
    await tile(page, 2)
      .getByRole('link')
      .click({ modifiers: ['Control'] });
    await counted(page).toBe('1');
    await tile(page, 6)
      .getByRole('link')
      .click({ modifiers: ['Shift'] });
    await counted(page).toBe('5');
    expect(await placesSelected(page)).toEqual([2, 3, 4, 5, 6]);
    await tile(page, 4)
      .getByRole('link')
      .click({ modifiers: ['Control'] });
    await tile(page, 1)
      .getByRole('link')
      .click({ modifiers: ['Control'] });
    await counted(page).toBe('5');
    expect(await placesSelected(page)).toEqual([1, 2, 3, 5, 6]);
    expect(page.context().pages()).toHaveLength(1);
    expect(page.url()).not.toContain('/view/');
  });

  test('are selected by a rectangle, and with Ctrl besides those that were', async () => {
    const page = await open();
    await drawRectangle(page, 1, 3);
    await counted(page).toBe('3');
    expect(await placesSelected(page)).toEqual([1, 2, 3]);
    await tile(page, 4)
      .getByRole('link')
      .click({ modifiers: ['Control'] });
    await page.keyboard.down('Control');
    await drawRectangle(page, 1, 2);
    await page.keyboard.up('Control');
    await counted(page).toBe('4');
    await screenshot(page, 'rectangle');
    await drawRectangle(page, 1, 2);
    await counted(page).toBe('2');
  });

  test('are put into the trash and taken back together', async () => {
    const page = await open();
    const ids = () => page.locator('.tile-link').evaluateAll((links) => links.map((link) => link.dataset['image']));
    const before = (await ids()).slice(0, 6);
    await tile(page, 1)
      .getByRole('link')
      .click({ modifiers: ['Control'] });
    await tile(page, 3)
      .getByRole('link')
      .click({ modifiers: ['Shift'] });
    await bar(page).getByRole('button', { name: 'Delete' }).click();
    await expect.poll(async () => (await ids())[0], patience).toBe(before[3]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(async () => (await ids()).slice(0, 6), patience).toEqual(before);
  });

  test('tell their day while one scrolls', async () => {
    const page = await open();
    const line = page.locator('.date-line');
    expect(await line.getAttribute('data-shown')).toBeNull();
    for (const top of [1_500, 4_000]) {
      await page.evaluate(`scrollTo(0, ${top})`);
      await page.locator('.date-line[data-shown]').waitFor();
      await screenshot(page, `date-line-${top}`);
      // Of the first picture that reaches below the header. The newest is of the day 200 days behind the first.
      const words = async () => {
        const place = await page.evaluate<number>(`Math.min(...[...document.querySelectorAll('.masonry > li')]
          .filter((item) => item.getBoundingClientRect().bottom > 90).map((item) => Number(item.ariaPosInSet)))`);
        const day = new Date(Date.UTC(2026, 0, 1) + (IMAGES - place + 1) * 86_400_000);
        return FORMS.map((form) => day.toLocaleDateString('en-US', { ...form, timeZone: 'UTC' })).join();
      };
      // While one scrolls there may be no picture for a moment.
      const isRight = async () => (await line.locator('span').allTextContents()).join() === (await words());
      await expect.poll(isRight, patience).toBe(true);
    }
    await page.locator('.date-line:not([data-shown])').waitFor({ state: 'attached' });
  });
});
