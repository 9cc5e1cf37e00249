/** While a picture develops in front of others, nothing that is shown jumps. */
import { expect, test } from 'vitest';
import { watchLayoutShifts } from './findings.ts';
import { describeStudio, generate, screenshot, start } from './harness.ts';

const MARKER = '[sim:duration=2500]';
const SIZES = [
  { size: '1024x1024', width: 390 },
  { size: '1024x1536', width: 1024 },
  { size: '1536x1024', width: 1920 },
];

describeStudio('Layout', {}, (studio) => {
  test('is measured: what is pushed down counts', async () => {
    await generate(studio.url, { prompt: 'a bowl of apricots' });
    const page = await studio.open();
    await page
      .getByRole('img', { name: /apricots/u })
      .first()
      .waitFor();
    const shifts = await watchLayoutShifts(page);
    await page.evaluate("document.querySelector('main').style.paddingBlockStart = '200px'");
    await expect.poll(() => shifts.sum()).toBeGreaterThan(0);
  });

  test.each(SIZES)('stays while a picture of $size develops at $width px', async ({ size, width }) => {
    await generate(studio.url, { prompt: 'a bowl of apricots' });
    const page = await studio.open({ width, height: 900 });
    await page
      .getByRole('img', { name: /apricots/u })
      .first()
      .waitFor();
    const input = { prompt: `a lighthouse, ${size} ${MARKER}`, options: { size, partialImages: 3 } };
    await start(studio.url, input);
    const tile = page.getByRole('article', { name: `Developing: a lighthouse, ${size}` });
    await tile.waitFor();
    const shape = await tile.boundingBox();
    const shifts = await watchLayoutShifts(page);
    await tile.locator('img').first().waitFor();
    await screenshot(page, `developing-${width}`);
    expect(await tile.boundingBox()).toEqual(shape);
    // The picture takes the place of its tile.
    await tile.waitFor({ state: 'detached', timeout: 15_000 });
    await page
      .getByRole('img', { name: new RegExp(`a lighthouse, ${size}`, 'u') })
      .first()
      .waitFor();
    await page.waitForLoadState('networkidle');
    expect(await shifts.sum()).toBe(0);
  });
});
