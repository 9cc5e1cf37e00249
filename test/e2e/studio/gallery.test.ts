/** Finding, keeping, exporting, deleting and restoring pictures, with the mouse, with keys alone, and with a finger. */
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import { seriousFindings } from './findings.ts';
import { describeStudio, generate, patience, type Studio, screenshot, send } from './harness.ts';

const PROMPTS = ['an owl in a birch', 'a red fox', 'a fox in the snow', 'a harbour at night', 'a green hill'];

/** Without the tiles that stand for pictures just made until the list of pictures has arrived. */
const tiles = (page: Page) =>
  page
    .getByRole('list', { name: 'Pictures' })
    .getByRole('listitem')
    .filter({ has: page.locator('[data-image]') });
const linkTo = (page: Page, prompt: string) => page.getByRole('link', { name: prompt });
const bar = (page: Page) => page.getByRole('toolbar', { name: 'The selected pictures' });
const count = (locator: Locator) => expect.poll(() => locator.count(), patience);
const hash = (page: Page) => decodeURIComponent(new URL(page.url()).hash);
const check = (page: Page, prompt: string) => page.getByRole('button', { name: `Select: ${prompt}` });

/** The pictures of the server, in the order of the gallery: the newest first. */
async function makePictures(studio: Studio): Promise<void> {
  for (const prompt of PROMPTS) await generate(studio.url, { prompt });
}

async function namesOf(page: Page): Promise<readonly string[]> {
  return page.evaluate("[...document.querySelectorAll('.tile img')].map(({ alt }) => alt)");
}

describeStudio('The gallery', {}, (studio) => {
  let isMade = false;
  beforeEach(async () => {
    if (!isMade) await makePictures(studio);
    isMade = true;
  });

  test('a picture is found, tagged, kept, exported, deleted and restored', async () => {
    const page = await studio.open({ width: 1280, height: 900 });
    await count(tiles(page)).toBe(PROMPTS.length);
    await screenshot(page, 'gallery');

    await page.getByRole('searchbox', { name: 'Search the pictures' }).fill('fox');
    await count(tiles(page)).toBe(2);
    expect(hash(page)).toBe('#/?q=fox');

    await check(page, 'a red fox').click();
    await check(page, 'a fox in the snow').click({ modifiers: ['Shift'] });
    await screenshot(page, 'selection');
    await bar(page).getByRole('button', { name: 'Tags' }).click();
    const dialog = page.getByRole('dialog', { name: 'Tags of 2 pictures' });
    await dialog.getByRole('combobox', { name: 'New tag' }).fill('Animals, forest');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.getByRole('button', { name: 'Remove the tag animals' }).waitFor();
    const completion = dialog.locator('datalist option[value="animals"]');
    await completion.waitFor({ state: 'attached' });
    await dialog.getByRole('button', { name: 'Remove the tag forest' }).click();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await bar(page).getByRole('button', { name: 'Favourite' }).click();

    const download = page.waitForEvent('download');
    await bar(page).getByRole('button', { name: 'ZIP' }).click();
    const bytes = await readFile(await (await download).path());
    expect(bytes.subarray(0, 2).toString()).toBe('PK');
    expect(bytes.includes('a-red-fox.json')).toBe(true);
    await bar(page).getByRole('button', { name: 'End the selection' }).click();

    await page.getByRole('button', { name: 'Clear the search' }).click();
    await count(tiles(page)).toBe(PROMPTS.length);
    await page.getByRole('button', { name: 'Favourites' }).click();
    await count(tiles(page)).toBe(2);
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByRole('group', { name: 'Tags' }).getByRole('checkbox', { name: 'animals' }).check();
    await expect.poll(() => hash(page), patience).toBe('#/?favorite=&tag=animals');
    await count(tiles(page)).toBe(2);
    await screenshot(page, 'filters');

    await check(page, 'a red fox').click();
    await bar(page).getByRole('button', { name: 'Delete' }).click();
    await count(tiles(page)).toBe(1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await count(tiles(page)).toBe(2);

    await check(page, 'a red fox').click();
    await bar(page).getByRole('button', { name: 'Delete' }).click();
    await count(tiles(page)).toBe(1);
    await page.getByRole('link', { name: 'Trash' }).click();
    await page.getByRole('button', { name: 'Select: a red fox' }).click();
    await screenshot(page, 'trash');
    await bar(page).getByRole('button', { name: 'Restore' }).click();
    await page.getByRole('heading', { name: 'The trash is empty.' }).waitFor();
    await page.getByRole('link', { name: 'Gallery' }).click();
    await count(tiles(page)).toBe(PROMPTS.length);
    await linkTo(page, 'a red fox').waitFor();
  });

  test('an address with filters shows what it says, and going back undoes nothing but the place', async () => {
    const page = await studio.open({ view: '/?q=harbour' });
    await count(tiles(page)).toBe(1);
    expect(await page.getByRole('searchbox').inputValue()).toBe('harbour');
    await page.goto(`${studio.url}/#/?order=oldest`);
    await expect.poll(() => namesOf(page), patience).toEqual(PROMPTS);
  });

  test('an address with a day that does not exist shows all pictures', async () => {
    const page = await studio.open({ view: '/?from=2026-99-99' });
    await count(tiles(page)).toBe(PROMPTS.length);
  });

  test('an input method searches when its composition ends', async () => {
    const page = await studio.open();
    await count(tiles(page)).toBe(PROMPTS.length);
    await page.getByRole('searchbox', { name: 'Search the pictures' }).focus();
    const session = await page.context().newCDPSession(page);
    await session.send('Input.imeSetComposition', { text: 'zep', selectionStart: 3, selectionEnd: 3 });
    await page.waitForTimeout(400);
    expect(hash(page)).toBe('#/');
    await session.send('Input.imeSetComposition', { text: 'harbour', selectionStart: 7, selectionEnd: 7 });
    await session.send('Input.insertText', { text: 'harbour' });
    await count(tiles(page)).toBe(1);
    expect(hash(page)).toBe('#/?q=harbour');
  });

  test('says what helps when nothing is found', async () => {
    const page = await studio.open({ view: '/?q=zeppelin' });
    await page.getByRole('heading', { name: 'Nothing found for “zeppelin”.' }).waitFor();
    await screenshot(page, 'nothing-found');
    await page.getByRole('button', { name: 'Show all pictures' }).click();
    await count(tiles(page)).toBe(PROMPTS.length);
  });

  test('a rectangle selects what it touches', async () => {
    const page = await studio.open({ width: 1280, height: 900 });
    await count(tiles(page)).toBe(PROMPTS.length);
    // Waits for the picture, which may be drawn anew at this moment.
    const first = await tiles(page)
      .first()
      .evaluate((picture) => {
        const { x, y, width, height } = picture.getBoundingClientRect();
        return { x, y, width, height };
      });
    await page.mouse.move(first.x - 8, first.y + first.height / 2);
    await page.mouse.down();
    await page.mouse.move(first.x + 1.5 * first.width, first.y + first.height / 2, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => bar(page).locator('strong').textContent(), patience).toBe('2');
  });

  test('everything goes with the keys alone', async () => {
    const page = await studio.open({ width: 1280, height: 900 });
    await count(tiles(page)).toBe(PROMPTS.length);
    const focused = () =>
      page.evaluate<string>("document.activeElement.querySelector('img')?.alt ?? document.activeElement.tagName");
    const order = [...PROMPTS].reverse();

    await page.keyboard.press('/');
    await expect.poll(focused, patience).toBe('INPUT');
    for (let step = 0; step < 8 && (await focused()) !== order[0]; step += 1) await page.keyboard.press('Tab');
    await expect.poll(focused, patience).toBe(order[0]);

    await page.keyboard.press('ArrowRight');
    await expect.poll(focused, patience).toBe(order[1]);
    await page.keyboard.press('End');
    await expect.poll(focused, patience).toBe(order[4]);
    await page.keyboard.press('Home');
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(() => bar(page).locator('strong').textContent(), patience).toBe('2');
    await page.keyboard.press('Escape');
    await bar(page).waitFor({ state: 'hidden' });
    await page.keyboard.press('Control+a');
    await expect.poll(() => bar(page).locator('strong').textContent(), patience).toBe('5');
    await page.keyboard.press('Escape');

    await page.keyboard.press('Home');
    await page.keyboard.press('f');
    await page.getByRole('button', { name: `Favourite: ${order[0]}`, pressed: true }).waitFor();
    await page.keyboard.press('f');
    await page.getByRole('button', { name: `Favourite: ${order[0]}`, pressed: false }).waitFor();

    await page.keyboard.press('Delete');
    await count(tiles(page)).toBe(4);
    await expect.poll(focused, patience).toBe(order[1]);
    await page.getByRole('button', { name: 'Undo' }).focus();
    await page.keyboard.press('Enter');
    await count(tiles(page)).toBe(5);

    await linkTo(page, order[1] ?? '').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => hash(page), patience).toMatch(/^#\/view\//u);
  });

  test('a finger selects by resting, and the page fits a narrow phone', async () => {
    const page = await studio.open({ width: 360, height: 740, hasTouch: true });
    await count(tiles(page)).toBe(PROMPTS.length);
    await screenshot(page, 'phone');
    const box = await tiles(page).first().boundingBox();
    if (box === null) throw new Error('there is no first picture');
    const session = await page.context().newCDPSession(page);
    const point = { x: box.x + 40, y: box.y + 60 };
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] });
    await expect.poll(() => bar(page).isVisible(), patience).toBe(true);
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await tiles(page).nth(1).getByRole('link').tap();
    await expect.poll(() => bar(page).locator('strong').textContent(), patience).toBe('2');
    await screenshot(page, 'phone-selection');
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    const last = await bar(page).getByRole('button', { name: 'Delete' }).boundingBox();
    expect((last?.x ?? 360) + (last?.width ?? 0)).toBeLessThanOrEqual(360);
    await bar(page).getByRole('button', { name: 'End the selection' }).tap();
  });

  test('what another tab does is seen here', async () => {
    const page = await studio.open();
    await count(tiles(page)).toBe(PROMPTS.length);
    await page.getByRole('img', { name: 'Live' }).waitFor();
    const { images } = await send<{ images: { nodes: { id: string }[] } }>(
      studio.url,
      '{ images(first: 1) { nodes { id } } }',
    );
    const ids = { imageIds: images.nodes.map(({ id }) => id) };
    await send(
      studio.url,
      'mutation ($imageIds: [ID!]!) { deleteImages(input: { imageIds: $imageIds }) { __typename } }',
      ids,
    );
    await count(tiles(page)).toBe(PROMPTS.length - 1);
    await send(
      studio.url,
      'mutation ($imageIds: [ID!]!) { restoreImages(input: { imageIds: $imageIds }) { __typename } }',
      ids,
    );
    await count(tiles(page)).toBe(PROMPTS.length);
  });

  test('has no serious accessibility finding, with filters open and pictures selected', async () => {
    const page = await studio.open();
    await page.getByRole('button', { name: 'Filters' }).click();
    await tiles(page)
      .first()
      .getByRole('button', { name: /^Select/u })
      .click();
    expect(await seriousFindings(page)).toEqual([]);
  });
});
