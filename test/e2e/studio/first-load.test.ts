/** What the page is before anybody does anything: there, live, small, and usable by everybody. */
import { expect, test } from 'vitest';
import { gzipBytes } from './built-page.ts';
import { loadedScripts, seriousFindings, watchLayoutShifts } from './findings.ts';
import { describeStudio, generate, screenshot } from './harness.ts';

/** With gzip: 98 kB of it are React, urql and its cache. */
const MAX_SCRIPT_BYTES = 150_000;
const WIDTHS = [360, 390, 1024, 1920, 3840];

describeStudio('The page at its first load', {}, (studio) => {
  test('shows the gallery and follows the server', async () => {
    const { imageIds } = await generate(studio.url, { prompt: 'a pear on a table' });
    expect(imageIds).toHaveLength(1);
    const page = await studio.open();
    await page.getByRole('img', { name: 'Live' }).waitFor();
    await page.getByRole('img', { name: /a pear on a table/u }).waitFor();
    await expect
      .poll(() =>
        page.evaluate("[...document.querySelectorAll('main img')].every(({ naturalWidth }) => naturalWidth > 0)"),
      )
      .toBe(true);
    await screenshot(page, 'first-load');
  });

  test('shows a picture that another client makes meanwhile', async () => {
    const page = await studio.open();
    await page.getByRole('img', { name: 'Live' }).waitFor();
    await generate(studio.url, { prompt: 'a quince in a bowl' });
    await page.getByRole('img', { name: /a quince in a bowl/u }).waitFor();
  });

  test('loads no more than 150 kB of scripts', async () => {
    const page = await studio.open();
    await page.getByRole('img', { name: 'Live' }).waitFor();
    await page.waitForLoadState('networkidle');
    const sizes = await Promise.all(
      (await loadedScripts(page)).map(async (path) => ({ path, bytes: await gzipBytes(path) })),
    );
    expect(sizes.length).toBeGreaterThan(0);
    const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(total, JSON.stringify(sizes)).toBeLessThanOrEqual(MAX_SCRIPT_BYTES);
  });

  test('is loaded from the cache of the browser at the second visit', async () => {
    const page = await studio.open();
    await page.waitForLoadState('networkidle');
    await page.reload();
    await page.waitForLoadState('networkidle');
    const sent = await page.evaluate(`performance.getEntriesByType('resource')
      .filter(({ name, transferSize }) => name.includes('/assets/') && transferSize > 0).map(({ name }) => name)`);
    expect(sent).toEqual([]);
  });

  test.each(['dark', 'light'] as const)('has no serious finding of axe-core: %s', async (colorScheme) => {
    await generate(studio.url, { prompt: 'a plum' });
    const page = await studio.open({ colorScheme });
    await page
      .getByRole('img', { name: /a plum/u })
      .first()
      .waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });

  test.each(WIDTHS)('fits into %i pixels without scrolling sideways', async (width) => {
    const page = await studio.open({ width, height: 800 });
    await page.getByRole('img', { name: 'Live' }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(await page.evaluate('scrollTo(1000, 0), scrollX')).toBe(0);
  });

  test('does not move what is shown while it waits', async () => {
    const page = await studio.open();
    await page
      .getByRole('img', { name: /a plum/u })
      .first()
      .waitFor();
    const shifts = await watchLayoutShifts(page);
    await page.waitForLoadState('networkidle');
    expect(await shifts.sum()).toBe(0);
  });
});
