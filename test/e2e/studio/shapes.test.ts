/** The shape of a picture whose size the model chooses: guessed well, and corrected without a jump. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { watchLayoutShifts } from './findings.ts';
import { describeStudio, generate, patience, screenshot, start } from './harness.ts';

const tileOf = (page: Page, prompt: string) => page.getByRole('article', { name: `Developing: ${prompt}` });

async function ratio(page: Page, prompt: string): Promise<number> {
  const box = await tileOf(page, prompt).boundingBox();
  return Math.round((100 * (box?.width ?? 0)) / (box?.height ?? 1)) / 100;
}

describeStudio('A picture of the size that the model chooses', { env: { SIMULATOR_DURATION_MS: '6000' } }, (studio) => {
  test('gets the shape of its first partial image, gliding, and keeps it to the end', async () => {
    await generate(studio.url, { prompt: 'a pear, [sim:duration=50]' });
    const page = await studio.open();
    await page.getByRole('link', { name: /a pear/u }).waitFor();
    // Otherwise the first partial image may come before the page has heard of the call.
    await page.getByRole('img', { name: 'Live' }).waitFor();
    const prompt = 'a panorama of the coast';
    await start(studio.url, { prompt, options: { partialImages: 3 } });
    await tileOf(page, prompt).waitFor();
    expect(await ratio(page, prompt)).toBe(1);
    const shifts = await watchLayoutShifts(page);
    // Each height on its way, as a person sees it.
    await page.evaluate(`globalThis.heights = new Set();
      (function look() {
        const tile = document.querySelector('article.developing');
        if (tile) heights.add(Math.round(tile.getBoundingClientRect().height));
        if (tile) requestAnimationFrame(look);
      })()`);
    await expect.poll(() => ratio(page, prompt), patience).toBe(1.5);
    await screenshot(page, 'shape-partial');
    await tileOf(page, prompt).waitFor({ state: 'detached' });
    await page.getByRole('img', { name: prompt }).first().waitFor();
    expect(await shifts.sum()).toBe(0);
    const heights = await page.evaluate<number[]>('[...heights]');
    expect(heights.length).toBeGreaterThan(3);
    // It only becomes lower.
    expect(heights).toEqual([...heights].sort((one, other) => other - one));
  });

  test('has the shape of its source from the first moment on', async () => {
    const size = '1024x1536';
    const { imageIds } = await generate(studio.url, { prompt: 'a tall tower [sim:duration=50]', options: { size } });
    const page = await studio.open();
    await page.getByRole('img', { name: 'Live' }).waitFor();
    await start(studio.url, { prompt: '[sim:slow] in winter', sourceImageIds: imageIds });
    await tileOf(page, '[sim:slow] in winter').waitFor();
    expect(await ratio(page, '[sim:slow] in winter')).toBe(0.67);
    await tileOf(page, '[sim:slow] in winter').getByRole('button', { name: 'Cancel' }).click();
  });

  test('does not glide where less motion is wanted', async () => {
    const page = await studio.open({ reducedMotion: 'reduce' });
    await page.getByRole('img', { name: 'Live' }).waitFor();
    const prompt = 'a wide sea [sim:duration=2500]';
    await start(studio.url, { prompt });
    await tileOf(page, prompt).waitFor();
    const seen = new Set<number>([await ratio(page, prompt)]);
    await expect
      .poll(async () => {
        const now = await ratio(page, prompt);
        seen.add(now);
        return now;
      }, patience)
      .toBe(1.5);
    expect([...seen]).toEqual([1, 1.5]);
  });
});

describeStudio('A tile on a phone', { env: { SIMULATOR_DURATION_MS: '9000' } }, (studio) => {
  test('shows all of its button, whatever its words', async () => {
    const page = await studio.open({ width: 390, height: 844, colorScheme: 'light' });
    await page.getByRole('img', { name: 'Live' }).waitFor();
    await start(studio.url, { prompt: 'a wren' });
    const cancel = tileOf(page, 'a wren').getByRole('button', { name: 'Cancel' });
    await cancel.waitFor();
    await screenshot(page, 'developing-phone');
    // The longest words that a tile can have.
    await page.evaluate(`document.querySelector('.developing-foot > span').textContent = 'Taking longer than usual'`);
    const [tile, button] = await Promise.all([tileOf(page, 'a wren').boundingBox(), cancel.boundingBox()]);
    const end = (box: { x: number; width: number } | null) => (box?.x ?? 0) + (box?.width ?? 0);
    expect(end(button)).toBeLessThanOrEqual(end(tile));
    await cancel.click();
  });
});
