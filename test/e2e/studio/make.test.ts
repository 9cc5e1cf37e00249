/** Making pictures: what is written, chosen, sent once, and refused in words. */
import type { Page, Route } from 'playwright-core';
import { expect, test } from 'vitest';
import { seriousFindings } from './findings.ts';
import { describeStudio, patience, screenshot, send, signIn } from './harness.ts';

const promptOf = (page: Page) => page.getByRole('textbox', { name: 'Prompt' });
const problemsOf = (page: Page) => page.locator('.composer').getByRole('alert');

/** The calls of the server, the newest first. */
async function calls(url: string) {
  const { generationCalls } = await send<{ generationCalls: { nodes: readonly Call[] } }>(
    url,
    `{ generationCalls(first: 20) { nodes {
      prompt count status requested { size quality format model } sources { id } mask { id } markup { id }
    } } }`,
  );
  return generationCalls.nodes;
}

interface Call {
  readonly prompt: string;
  readonly count: number;
  readonly requested: Readonly<Record<string, string | null>>;
}

describeStudio('The composer', {}, (studio) => {
  test('sends the prompt with its options, and is empty again', async () => {
    const page = await studio.open();
    await promptOf(page).fill('a lighthouse in fog');
    await page.getByRole('button', { name: /^Options/u }).click();
    const options = page.getByRole('region', { name: 'Options' });
    await options.getByText('1536 × 1024').click();
    await options.getByRole('group', { name: 'Quality' }).getByText('Low', { exact: true }).click();
    await options.getByText('WEBP', { exact: true }).click();
    await page.getByRole('button', { name: 'One more' }).click();
    await screenshot(page, 'make-options');
    await page.getByRole('button', { name: 'Generate' }).click();
    await expect.poll(() => promptOf(page).inputValue(), patience).toBe('');
    const [call] = await calls(studio.url);
    expect(call).toMatchObject({ prompt: 'a lighthouse in fog', count: 2 });
    expect(call?.requested).toMatchObject({ size: '1536x1024', quality: 'LOW', format: 'WEBP' });
  });

  test('is used by the keyboard alone', async () => {
    const page = await studio.open();
    await promptOf(page).focus();
    await page.keyboard.type('a tern');
    await page.keyboard.press('Enter');
    await page.keyboard.type('over the dunes');
    await page.getByRole('button', { name: /^Options/u }).focus();
    await page.keyboard.press('Enter');
    const auto = page.getByRole('group', { name: 'Quality' }).getByRole('radio', { name: 'Auto' });
    await auto.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Escape');
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toMatch(/^Options: Low quality/u);
    await promptOf(page).focus();
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => promptOf(page).inputValue(), patience).toBe('');
    const [call] = await calls(studio.url);
    expect(call).toMatchObject({ prompt: 'a tern\nover the dunes', requested: { quality: 'LOW' } });
  });

  test('tells price and time while one writes', async () => {
    const page = await studio.open();
    await promptOf(page).fill('a kite');
    const estimate = page.locator('.estimate');
    await expect.poll(() => estimate.textContent(), patience).toMatch(/\$0\.\d+.*\d s/u);
    const one = await estimate.textContent();
    await page.getByRole('button', { name: 'One more' }).click();
    await expect.poll(() => estimate.textContent(), patience).not.toBe(one);
  });

  test.each([360, 390])('keeps its tools and the button in one row of %i pixels', async (width) => {
    const page = await studio.open({ width, height: 800, colorScheme: 'light' });
    await promptOf(page).fill('a kite');
    await expect.poll(() => page.locator('.estimate').textContent(), patience).toMatch(/\$0\.\d+.*\d s/u);
    await screenshot(page, `make-phone-${width}`);
    const [tool, send] = await Promise.all([
      page.getByRole('button', { name: 'Add pictures' }).boundingBox(),
      page.getByRole('button', { name: 'Generate' }).boundingBox(),
    ]);
    expect(Math.abs((send?.y ?? 0) - (tool?.y ?? 99))).toBeLessThan(8);
  });

  test('offers what the model takes, and says why not the rest', async () => {
    const page = await studio.open();
    await page.getByRole('button', { name: /^Options/u }).click();
    const options = page.getByRole('region', { name: 'Options' });
    const highest = options.getByRole('group', { name: 'Quality' }).getByRole('radio', { name: 'Highest' });
    expect(await highest.isDisabled()).toBe(false);
    await options.getByText('More options').click();
    await options.getByText('gpt-image-2', { exact: true }).click();
    expect(await highest.isDisabled()).toBe(true);
    await options.getByText('Not with gpt-image-2: try gpt-image-2.6-sunburst.').first().waitFor();
    await options.getByText('JPEG', { exact: true }).click();
    expect(await options.getByRole('radio', { name: 'Transparent' }).isDisabled()).toBe(true);
    await options.getByText('Only PNG and WEBP are transparent.').waitFor();
    expect(await options.getByRole('radio', { name: 'gpt-image-1', exact: true }).isDisabled()).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);
    await screenshot(page, 'make-more-options');
  });

  test('says at the size what is wrong with it, and offers the nearest one', async () => {
    const page = await studio.open();
    await promptOf(page).fill('a very wide view');
    await page.getByRole('button', { name: /^Options/u }).click();
    const size = page.getByRole('group', { name: 'Size' });
    await size.getByText('Other').click();
    await page.getByRole('spinbutton', { name: 'Width in pixels' }).fill('2050');
    await size.getByRole('alert').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Generate' }).click();
    await size.getByRole('alert').waitFor();
    await size.getByRole('alert').getByRole('button').first().click();
    await size.getByRole('alert').waitFor({ state: 'hidden' });
    expect(await page.getByRole('spinbutton', { name: 'Width in pixels' }).inputValue()).toBe('2048');
  });

  test('asks for words before it sends anything', async () => {
    const page = await studio.open();
    const before = (await calls(studio.url)).length;
    await page.getByRole('button', { name: 'Generate' }).click();
    await problemsOf(page).getByText('Describe it in some words.').waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('prompt');
    expect(await calls(studio.url)).toHaveLength(before);
  });

  test('takes a recent prompt again, also after a reload', async () => {
    const page = await studio.open();
    await promptOf(page).fill('a barn owl');
    await promptOf(page).press('Control+Enter');
    await expect.poll(() => promptOf(page).inputValue(), patience).toBe('');
    await page.reload();
    await page.getByRole('button', { name: 'Recent prompts' }).click();
    await page.getByRole('button', { name: 'a barn owl', exact: true }).click();
    expect(await promptOf(page).inputValue()).toBe('a barn owl');
    await promptOf(page).fill('');
    await promptOf(page).press('ArrowUp');
    expect(await promptOf(page).inputValue()).toBe('a barn owl');
  });

  test('keeps what is written through a reload', async () => {
    const page = await studio.open();
    await promptOf(page).fill('half of a tho');
    await page.reload();
    expect(await promptOf(page).inputValue()).toBe('half of a tho');
  });

  test('starts one call when it is pressed many times, and when the answer is lost', async () => {
    const page = await studio.open();
    let isLost = true;
    const loseOnce = async (route: Route) => {
      if (!isLost || !(route.request().postData() ?? '').includes('mutation Generate')) return route.continue();
      isLost = false;
      // The server has it, and the page never learns.
      await route.fetch();
      await route.abort();
    };
    await page.route('**/graphql', loseOnce);
    await promptOf(page).fill('a single heron');
    await promptOf(page).press('Control+Enter');
    await problemsOf(page)
      .getByText(/cannot be reached/u)
      .waitFor();
    expect(await promptOf(page).inputValue()).toBe('a single heron');
    await page.getByRole('button', { name: 'Generate' }).dblclick();
    await expect.poll(() => promptOf(page).inputValue(), patience).toBe('');
    const made = (await calls(studio.url)).filter(({ prompt }) => prompt === 'a single heron');
    expect(made).toHaveLength(1);
  });

  test('writes right to left and in Chinese, and the Enter of an input method sends nothing', async () => {
    const page = await studio.open();
    await promptOf(page).fill('منارة في الضباب');
    expect(await page.evaluate('getComputedStyle(document.getElementById("prompt")).direction')).toBe('rtl');
    const before = (await calls(studio.url)).length;
    await promptOf(page).fill('雾中的灯塔');
    await promptOf(page).dispatchEvent('keydown', { key: 'Enter', ctrlKey: true, isComposing: true });
    await promptOf(page).dispatchEvent('keydown', { key: 'Enter', ctrlKey: true, keyCode: 229 });
    await page.waitForTimeout(300);
    expect(await calls(studio.url)).toHaveLength(before);
    expect(await promptOf(page).inputValue()).toBe('雾中的灯塔');
  });

  test('grows with the prompt to six lines', async () => {
    const page = await studio.open();
    const height = async () => (await promptOf(page).boundingBox())?.height ?? 0;
    await promptOf(page).fill('one');
    const one = await height();
    await promptOf(page).fill(Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n'));
    const most = await height();
    expect(most).toBeGreaterThan(one * 3);
    expect(most).toBeLessThan(220);
  });
});

describeStudio('The composer with other credentials', { env: { AUTH: 'keys' } }, (studio) => {
  test('shows no price without the scope for costs', async () => {
    const page = await studio.open();
    await signIn(page, await studio.createKey('someone', 'READ,GENERATE'));
    await promptOf(page).fill('a wren');
    await page.waitForTimeout(1_000);
    expect(await page.locator('.estimate').textContent()).toBe('');
    await promptOf(page).press('Control+Enter');
    await expect.poll(() => promptOf(page).inputValue(), patience).toBe('');
  });

  test('is not there for those who only read', async () => {
    const page = await studio.open();
    await signIn(page, await studio.createKey('someone', 'READ'));
    await page.getByRole('region', { name: 'Make a picture' }).waitFor({ state: 'detached' });
  });
});
