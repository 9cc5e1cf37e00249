/** Where failures stand in the gallery: at their time, between the pictures, until they are put away. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeStudio, generate, patience, screenshot, start } from './harness.ts';

/** The prompts of what stands in the gallery, as one reads. */
function order(page: Page): Promise<readonly string[]> {
  return page.evaluate(`[...document.querySelectorAll('.masonry > li')]
    .sort((one, other) => one.ariaPosInSet - other.ariaPosInSet)
    .map((item) => item.querySelector('article')?.ariaLabel ?? item.querySelector('img')?.alt)`);
}

describeStudio('A failure', {}, (studio) => {
  test('stands where its time puts it, and newer pictures before it, also after a reload', async () => {
    const page = await studio.open();
    await page.getByRole('img', { name: 'Live' }).waitFor();
    await generate(studio.url, { prompt: 'an old barn' });
    const prompt = '[sim:moderation-input] a knight';
    await generate(studio.url, { prompt });
    const failed = `Failed: ${prompt}`;
    await expect.poll(() => order(page), patience).toEqual([failed, 'an old barn']);
    await generate(studio.url, { prompt: 'a new barn' });
    await generate(studio.url, { prompt: 'the newest barn' });
    const expected = ['the newest barn', 'a new barn', failed, 'an old barn'];
    await expect.poll(() => order(page), patience).toEqual(expected);
    await screenshot(page, 'failure-between');
    await page.reload();
    await expect.poll(() => order(page), patience).toEqual(expected);

    // Keys pass it by.
    await page.getByRole('link', { name: 'a new barn' }).focus();
    const focused = () => page.evaluate<string>("document.activeElement.querySelector('img')?.alt");
    await page.keyboard.press('ArrowRight');
    await expect.poll(focused, patience).toBe('an old barn');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(focused, patience).toBe('a new barn');
    await page.keyboard.press('Home');
    await expect.poll(focused, patience).toBe('the newest barn');

    // What is being made comes before all.
    await start(studio.url, { prompt: '[sim:slow] a mill' });
    await expect.poll(() => order(page), patience).toEqual(['Developing: [sim:slow] a mill', ...expected]);
    await page.getByRole('article', { name: 'Developing' }).getByRole('button', { name: 'Cancel' }).click();

    // Put away, it stays away on this device.
    await page.getByRole('article', { name: failed }).getByRole('button', { name: 'Dismiss' }).click();
    const rest = ['the newest barn', 'a new barn', 'an old barn'];
    await expect.poll(() => order(page), patience).toEqual(rest);
    await page.reload();
    await expect.poll(() => order(page), patience).toEqual(rest);
  });

  test('is not among what a search finds', async () => {
    const page = await studio.open({ view: '/?q=nothing-has-this' });
    await page.getByRole('heading', { name: /Nothing found/u }).waitFor();
    expect(await page.getByRole('article').count()).toBe(0);
  });
});
