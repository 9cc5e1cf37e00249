/** The whole way of a picture, as one person goes it: from the prompt to its return from the trash. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { alphaOf, sent } from './building-on.ts';
import { describeStudio, patience, screenshot } from './harness.ts';

const LOOKS = [
  { width: 1280, height: 800, hasTouch: false },
  { width: 390, height: 844, hasTouch: true },
] as const;

const tiles = (page: Page) => page.getByRole('list', { name: 'Pictures' }).locator('[data-image]');
const counted = (page: Page) => expect.poll(() => tiles(page).count(), patience);
const bar = (page: Page) => page.getByRole('toolbar', { name: 'The selected pictures' });
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();

/** By its circle, or by a finger that rests on it. */
async function select(page: Page, prompt: string, hasTouch: boolean): Promise<void> {
  if (!hasTouch) return page.getByRole('button', { name: `Select: ${prompt}` }).click();
  const box = await page.getByRole('link', { name: prompt }).boundingBox();
  if (box === null) throw new Error('The picture is not shown.');
  const session = await page.context().newCDPSession(page);
  const point = { x: box.x + box.width / 2, y: box.y + 40 };
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] });
  await bar(page).waitFor();
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}

async function write(page: Page, prompt: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Prompt' }).fill(prompt);
  await page
    .getByRole('button', { name: /^(?:Generate|Refine)$/u })
    .last()
    .click();
}

/** Paints a mask over the middle of the picture to be refined. */
async function paint(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Paint on it' }).click();
  const painter = page.getByRole('dialog', { name: 'Paint on the picture' });
  const paper = await painter.getByRole('application').boundingBox();
  if (paper === null) throw new Error('The paper is not shown.');
  const middle = { x: paper.x + paper.width / 2, y: paper.y + paper.height / 2 };
  await page.mouse.move(middle.x - 60, middle.y);
  await page.mouse.down();
  await page.mouse.move(middle.x + 60, middle.y, { steps: 10 });
  await page.mouse.up();
  await painter.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Change the mask' }).waitFor();
}

describeStudio('A picture', { env: { SIMULATOR_DURATION_MS: '800' } }, (studio) => {
  test.each(LOOKS)(
    'is made, refined under a mask, tagged, found, exported, deleted and restored ($width px)',
    async ({ width, ...look }) => {
      const [first, second] = [`a boat on a lake ${width}`, `a red sail ${width}`];
      const tag = `sailing ${width}`;
      const page = await studio.open({ width, ...look });
      await page.getByRole('img', { name: 'Live' }).waitFor();

      // Made, watched in its place, and looked at.
      await write(page, first);
      await page.getByRole('article', { name: `Developing: ${first}` }).waitFor();
      await page.locator('.tile').getByRole('link', { name: first }).click();
      await heading(page, first);

      // Refined where a mask allows it.
      await page.getByRole('main').getByRole('button', { name: 'Refine' }).click();
      await paint(page);
      await screenshot(page, `journey-refine-${width}`);
      await write(page, second);
      const call = await sent(page, studio.url);
      expect(call).toMatchObject({ kind: 'REFINE', sources: [{}] });
      const alpha = await alphaOf(call?.mask?.url ?? '');
      expect([alpha(0.5, 0.5), alpha(0.1, 0.1)]).toEqual([0, 255]);
      await page.getByRole('region', { name: second }).getByRole('link', { name: second }).click();
      await heading(page, second);
      const family = page.getByRole('region', { name: 'Family of this picture' });
      await family.getByRole('link', { name: first, exact: true }).waitFor();

      // Tagged, and found by its tag.
      await page.getByRole('combobox', { name: 'Add a tag' }).fill(tag);
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: tag }).waitFor();
      await page.getByRole('link', { name: 'Gallery' }).click();
      await page.getByRole('searchbox', { name: 'Search the pictures' }).fill(tag);
      await counted(page).toBe(1);
      await page.getByRole('link', { name: second }).waitFor();

      // Exported.
      await select(page, second, look.hasTouch);
      const download = page.waitForEvent('download');
      await bar(page).getByRole('button', { name: 'ZIP' }).click();
      const zip = await readFile(await (await download).path());
      expect(zip.subarray(0, 2).toString()).toBe('PK');
      expect(zip.includes(`${second.replaceAll(' ', '-')}.json`)).toBe(true);

      // Deleted, and restored from the trash with what it had.
      await bar(page).getByRole('button', { name: 'Delete' }).click();
      await counted(page).toBe(0);
      await page.getByRole('link', { name: 'Trash' }).click();
      await page.getByRole('link', { name: second }).waitFor();
      await select(page, second, look.hasTouch);
      await bar(page).getByRole('button', { name: 'Restore' }).click();
      await page.getByRole('heading', { name: 'The trash is empty.' }).waitFor();
      await page.goto(`${studio.url}/#/?q=${encodeURIComponent(tag)}`);
      await counted(page).toBe(1);
      await page.getByRole('link', { name: second }).click();
      await heading(page, second);
      await page.getByRole('link', { name: tag }).waitFor();
      await screenshot(page, `journey-end-${width}`);
    },
  );
});
