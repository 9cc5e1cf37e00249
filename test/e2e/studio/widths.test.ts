/** The gallery, the composer and the painter on a phone, a laptop and a large screen: nothing is cut off or out of reach. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { seriousFindings } from './findings.ts';
import { describeStudio, generate, patience, screenshot } from './harness.ts';

const ARABIC = 'منارة في الضباب، بألوان هادئة';
const LOOKS = [
  { width: 390, height: 844, colorScheme: 'dark' },
  { width: 1280, height: 800, colorScheme: 'light' },
  { width: 1920, height: 1080, colorScheme: 'dark' },
] as const;

/** What can be pressed and is not wholly on the screen, at its place in the page. */
const OUT_OF_REACH = `[...document.querySelectorAll('main button, main a, .composer button, .composer input, dialog[open] button')]
  .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((element) => !element.matches('.visually-hidden'))
  // They scroll.
  .filter((element) => element.closest('.tray ul') === null)
  .filter((element) => {
    const { left, right, width } = element.getBoundingClientRect();
    return width > 0 && (left < -1 || right > innerWidth + 1);
  })
  .map((element) => element.outerHTML.slice(0, 120))`;

/** How many words stand in the last line of the qualities. */
const LAST_LINE_OF_QUALITIES = `(() => {
  const group = [...document.querySelectorAll('.choices')].find(({ firstChild }) => firstChild.innerText === 'Quality');
  const tops = [...group.querySelectorAll('label')].map((label) => Math.round(label.getBoundingClientRect().top));
  return tops.filter((top) => top === Math.max(...tops)).length;
})()`;

/** How many pixels of the gallery are between the filters and the composer. */
const ROOM_BELOW_FILTERS = `document.querySelector('.dock').getBoundingClientRect().top
  - (document.querySelector('.tile')?.getBoundingClientRect().top ?? Infinity)`;

async function fits(page: Page): Promise<void> {
  const outside = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  // Less, where room is kept for the bar to scroll by.
  expect(await page.evaluate(outside)).toBeLessThanOrEqual(0);
  expect(await page.evaluate(OUT_OF_REACH)).toEqual([]);
  expect(await seriousFindings(page)).toEqual([]);
}

describeStudio('The page', {}, (studio) => {
  beforeAll(async () => {
    const shapes = ['1024x1024', '1536x1024', '1024x1536'];
    for (const [index, size] of [...shapes, ...shapes].entries())
      await generate(studio.url, {
        prompt: index === 4 ? ARABIC : `a study of pears, number ${index}`,
        options: { size },
      });
  }, 60_000);

  test.each(LOOKS)('fits a screen of $width pixels ($colorScheme)', async (look) => {
    const { width } = look;
    const page = await studio.open(look);
    await page.locator('.tile-picture[data-loaded]').nth(3).waitFor();
    await page.getByRole('button', { name: `Select: ${ARABIC}` }).click();
    await page.getByRole('button', { name: 'Select: a study of pears, number 5' }).click();
    await screenshot(page, `gallery-selection-${width}`);
    await fits(page);
    await page.getByRole('button', { name: 'End the selection' }).click();

    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByRole('group', { name: 'Format' }).getByRole('checkbox', { name: 'PNG' }).check();
    await page.getByRole('group', { name: 'Model' }).waitFor();
    // Pictures stay in sight below the filters.
    await expect.poll(() => page.evaluate(ROOM_BELOW_FILTERS), patience).toBeGreaterThan(150);
    await screenshot(page, `gallery-filters-${width}`);
    await fits(page);
    await page.getByRole('button', { name: /^Filters/u }).click();
    await page.getByRole('list', { name: 'Active filters' }).waitFor();
    await screenshot(page, `gallery-chips-${width}`);
    await fits(page);

    await page.getByRole('textbox', { name: 'Prompt' }).fill(ARABIC);
    await page.getByRole('button', { name: /^Options/u }).click();
    await expect.poll(() => page.evaluate(LAST_LINE_OF_QUALITIES), patience).not.toBe(1);
    await page.getByText('More options').click();
    await page.locator('.estimate span').first().waitFor();
    await screenshot(page, `composer-options-${width}`);
    await fits(page);
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Add pictures' }).click();
    const sheet = page.getByRole('region', { name: 'Pictures to build on' });
    await sheet.getByRole('button', { name: ARABIC }).click();
    // More than a phone has room for: they scroll, and what is below them stays in reach.
    for (const number of [0, 1, 2, 3]) await sheet.getByRole('button', { name: `number ${number}` }).click();
    await expect.poll(() => page.locator('.tray li').count(), patience).toBe(5);
    await screenshot(page, `composer-sources-${width}`);
    await fits(page);
    await page.getByRole('button', { name: 'Paint on it' }).click();
    const painter = page.getByRole('dialog', { name: 'Paint on the picture' });
    await painter.getByText('Notes').click();
    const paper = await painter.getByRole('application').boundingBox();
    if (paper === null) throw new Error('The paper is not shown.');
    const middle = { x: paper.x + paper.width / 2, y: paper.y + paper.height / 2 };
    await page.mouse.move(middle.x - 80, middle.y);
    await page.mouse.down();
    await page.mouse.move(middle.x + 80, middle.y + 40, { steps: 8 });
    await page.mouse.up();
    await screenshot(page, `painter-${width}`);
    await fits(page);
  });

  test('reads a prompt in the direction of its script, wherever it stands', async () => {
    const page = await studio.open({ width: 1280 });
    const directionOf = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => getComputedStyle(element).direction);
    await page.getByRole('link', { name: ARABIC }).waitFor();
    expect(await directionOf(`.tile-words:text("${ARABIC}")`)).toBe('rtl');
    expect(await directionOf('.tile-words:text("number 5")')).toBe('ltr');
    const prompt = page.getByRole('textbox', { name: 'Prompt' });
    await prompt.fill(ARABIC);
    expect(await directionOf('#prompt')).toBe('rtl');
    await prompt.press('Control+Enter');
    // What is open is closed when it is sent.
    await expect.poll(() => prompt.inputValue(), patience).toBe('');
    await page.getByRole('button', { name: 'Recent prompts' }).click();
    await page.getByRole('button', { name: ARABIC, exact: true }).waitFor();
    expect(await directionOf(`.recent button:text("${ARABIC}")`)).toBe('rtl');
    await page.keyboard.press('Escape');
    // Until then the pictures move.
    await expect.poll(() => page.locator(`.tile-words:text("${ARABIC}")`).count(), patience).toBe(2);
    await page.locator('.tile').getByRole('link', { name: ARABIC }).last().click();
    await page.getByRole('heading', { level: 1, name: ARABIC }).waitFor();
    expect(await directionOf(`h1:text("${ARABIC}")`)).toBe('rtl');
    await screenshot(page, 'view-right-to-left');
    await page.goto(`${studio.url}/#/conversations`);
    await page.getByRole('heading', { name: ARABIC }).first().waitFor();
    expect(await directionOf(`h2:has-text("${ARABIC}")`)).toBe('rtl');
  });
});
