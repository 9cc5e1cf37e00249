/** What a picture comes from and what comes of it: its tree, the line between two of them, and what was asked for. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeStudio, generate, patience, type Studio, screenshot, send } from './harness.ts';

const REFINE = `mutation ($input: RefineImageInput!) {
  refineImage(input: $input) { ... on RefineImageSuccess { call { id } } ... on Error { code message } }
}`;
const REFINEMENTS = 'query ($id: ID!) { image(id: $id) { refinements(first: 5) { nodes { id } } } }';

interface Refinements {
  readonly image: { readonly refinements: { readonly nodes: readonly { readonly id: string }[] } };
}

/** Makes a picture of another one as another client would, and waits for it. @returns its id */
async function refine(studio: Studio, imageId: string, prompt: string): Promise<string> {
  await send(studio.url, REFINE, { input: { imageId, prompt } });
  const made = async () => (await send<Refinements>(studio.url, REFINEMENTS, { id: imageId })).image.refinements.nodes;
  await expect.poll(async () => (await made()).length, patience).toBe(1);
  return (await made())[0]?.id ?? '';
}

const family = (page: Page) => page.getByRole('region', { name: 'Family of this picture' });
const member = (page: Page, prompt: string) => family(page).getByRole('link', { name: prompt, exact: true });
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });

/** The family as a tree of prompts: each with those that were made from it. */
const TREE = `(function read(branch) {
  const below = [...branch.querySelectorAll(':scope > ul > li > .branch')];
  return { name: branch.querySelector('img').alt, of: below.map(read) };
})(document.querySelector('.lineage-tree > .branch'))`;

describeStudio('The family of a picture', {}, (studio) => {
  test('is a tree that branches where an older picture is refined again', async () => {
    const { imageIds } = await generate(studio.url, { prompt: 'a lighthouse' });
    const nightId = await refine(studio, imageIds[0] ?? '', 'at night');
    const snowId = await refine(studio, nightId, 'in the snow');
    const page = await studio.open({ view: `/view/${snowId}` });
    await heading(page, 'in the snow').waitFor();
    const line = { name: 'at night', of: [{ name: 'in the snow', of: [] }] };
    await expect.poll(() => page.evaluate(TREE), patience).toEqual({ name: 'a lighthouse', of: [line] });
    expect(await member(page, 'in the snow').getAttribute('aria-current')).toBe('true');

    await member(page, 'a lighthouse').click();
    await heading(page, 'a lighthouse').waitFor();
    await page.getByRole('main').getByRole('button', { name: 'Refine' }).click();
    await page.getByRole('textbox', { name: 'Prompt' }).fill('on a sunny day');
    await page.keyboard.press('Control+Enter');
    const call = page.getByRole('region', { name: 'on a sunny day' });
    await call.getByRole('link', { name: 'on a sunny day' }).click();

    await heading(page, 'on a sunny day').waitFor();
    const tree = {
      name: 'a lighthouse',
      of: [
        { name: 'on a sunny day', of: [] },
        { name: 'at night', of: [] },
      ],
    };
    await expect.poll(() => page.evaluate(TREE), patience).toEqual(tree);
    await screenshot(page, 'family-branched');
    // From the other branch, too.
    await member(page, 'at night').click();
    await heading(page, 'at night').waitFor();
    const other = { name: 'a lighthouse', of: [line, { name: 'on a sunny day', of: [] }] };
    await expect.poll(() => page.evaluate(TREE), patience).toEqual(other);
  });

  test('is compared by a line that has the focus at once, and moves by keys alone', async () => {
    const { imageIds } = await generate(studio.url, { prompt: 'a bridge' });
    const childId = await refine(studio, imageIds[0] ?? '', 'a bridge in fog');
    const page = await studio.open({ view: `/view/${childId}` });
    await page.getByRole('link', { name: 'Compare with its source' }).focus();
    await page.keyboard.press('Enter');
    const line = page.getByRole('slider');
    await expect.poll(() => line.evaluate((element) => element.matches(':focus')), patience).toBe(true);
    await page.keyboard.press('Home');
    expect(await line.inputValue()).toBe('0');
    await page.keyboard.press('ArrowRight');
    expect(Number(await line.inputValue())).toBeGreaterThan(0);
    // Neither of these keys goes to another picture.
    expect(page.url()).toContain(`/view/${childId}?with=${imageIds[0]}`);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Enlarge' }).waitFor();
    expect(page.url()).not.toContain('with=');
  });
});

describeStudio('What was asked for', {}, (studio) => {
  const fact = (page: Page, name: string) =>
    page.locator('.facts > div', { has: page.getByText(name, { exact: true }) });

  test('stands beside what came, where it is something else', async () => {
    const options = { size: '1536x1024', quality: 'HIGH' };
    const { imageIds } = await generate(studio.url, { prompt: 'a pier [sim:wrong-size]', options });
    const page = await studio.open({ view: `/view/${imageIds[0]}` });
    await expect.poll(() => fact(page, 'Size').innerText(), patience).toMatch(/asked for 1536 × 1024$/u);
    await screenshot(page, 'asked-for');
    expect(await fact(page, 'Quality').innerText()).toMatch(/High$/u);
    expect(await fact(page, 'Quality').locator('.asked').count()).toBe(0);
  });

  test('is not repeated where it is what came', async () => {
    const options = { size: '1536x1024', quality: 'LOW', format: 'WEBP' };
    const { imageIds } = await generate(studio.url, { prompt: 'a jetty', options });
    const page = await studio.open({ view: `/view/${imageIds[0]}` });
    await expect.poll(() => fact(page, 'Size').innerText(), patience).toMatch(/1536 × 1024$/u);
    await fact(page, 'Format').getByText('WEBP').waitFor();
    expect(await page.locator('.facts .asked').count()).toBe(0);
  });
});
