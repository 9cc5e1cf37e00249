/** One picture: looked at, compared, gone on from; and the conversations that pictures belong to. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { seriousFindings } from './findings.ts';
import { describeStudio, generate, patience, screenshot, send } from './harness.ts';

const LOOKS = [
  { width: 390, height: 844, colorScheme: 'dark' },
  { width: 1024, height: 768, colorScheme: 'light' },
  { width: 1920, height: 1080, colorScheme: 'dark' },
] as const;

const REFINE = `mutation ($imageId: ID!, $prompt: String!) {
  refineImage(input: { imageId: $imageId, prompt: $prompt }) { ... on RefineImageSuccess { call { id } } ... on Error { code message } }
}`;
const CONVERSATION =
  'query ($id: ID!) { image(id: $id) { conversation { id } refinements(first: 5) { nodes { id } } } }';

interface Found {
  readonly image: {
    readonly conversation: { readonly id: string };
    readonly refinements: { readonly nodes: readonly { readonly id: string }[] };
  };
}

/** How many pixels are out of sight on a side. */
const overflow = (page: Page) =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();

describeStudio('The view of a picture', {}, (studio) => {
  async function makeFamily(prompt: string) {
    const { imageIds } = await generate(studio.url, { prompt, options: { size: '1536x1024' } });
    const [parentId = ''] = imageIds;
    await send(studio.url, REFINE, { imageId: parentId, prompt: `${prompt}, at night` });
    const children = async () => (await send<Found>(studio.url, CONVERSATION, { id: parentId })).image;
    await expect.poll(async () => (await children()).refinements.nodes.length, patience).toBe(1);
    const { conversation, refinements } = await children();
    return { parentId, childId: refinements.nodes[0]?.id ?? '', conversationId: conversation.id };
  }

  test.each(LOOKS)(
    'shows it large, with its words and family ($width px, $colorScheme)',
    async ({ width, ...look }) => {
      const { childId } = await makeFamily(`a lighthouse ${width}`);
      const page = await studio.open({ width, ...look, view: `/view/${childId}` });
      await heading(page, `a lighthouse ${width}, at night`);
      await page.locator('.print-layer[data-loaded]').waitFor();
      await page.getByRole('region', { name: 'Family of this picture' }).waitFor();
      await page.getByText('Cost', { exact: true }).waitFor();
      await screenshot(page, `view-${width}-${look.colorScheme}`);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await page.evaluate('scrollX')).toBe(0);
      expect(await seriousFindings(page)).toEqual([]);
    },
  );

  test('goes to the other pictures, back and away by keys', async () => {
    const { parentId, childId } = await makeFamily('a mill');
    const page = await studio.open({ view: `/view/${childId}` });
    await heading(page, 'a mill, at night');
    await page.getByRole('link', { name: 'Next picture' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await heading(page, 'a mill');
    expect(page.url()).toContain(parentId);
    await page.getByRole('link', { name: 'Previous picture' }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await heading(page, 'a mill, at night');
    await page.getByRole('button', { name: 'Enlarge' }).click();
    await page.getByRole('button', { name: 'Zoom in' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Zoom in' }).waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Gallery' }).waitFor({ state: 'attached' });
  });

  test('compares it with its source by a slider, also by keys', async () => {
    const { childId, parentId } = await makeFamily('a bridge');
    const page = await studio.open({ view: `/view/${childId}` });
    await page.getByRole('link', { name: 'Compare with its source' }).click();
    const slider = page.getByRole('slider');
    await slider.focus();
    await page.keyboard.press('End');
    await page.getByRole('slider', { name: /picture before/u }).waitFor();
    expect(await slider.inputValue()).toBe('100');
    await screenshot(page, 'compare');
    expect(page.url()).toContain(`with=${parentId}`);
    await page.getByRole('link', { name: 'Stop comparing' }).click();
    await page.getByRole('button', { name: 'Enlarge' }).waitFor();
  });

  test('is painted on with all tools in sight, whatever it was opened from', async () => {
    const { imageIds } = await generate(studio.url, { prompt: 'a gate', options: { size: '1536x1024' } });
    const page = await studio.open({ view: `/view/${imageIds[0]}` });
    await page.getByRole('main').getByRole('button', { name: 'Refine' }).click();
    await page.getByRole('button', { name: 'Paint on it' }).click();
    const painter = page.getByRole('dialog', { name: 'Paint on the picture' });
    await painter.getByRole('application').waitFor();
    for (const name of ['Done', 'Undo', 'Redo', 'Fit']) {
      const box = await painter.getByRole('button', { name, exact: true }).boundingBox();
      expect(box?.y, name).toBeGreaterThanOrEqual(4);
      expect((box?.y ?? 0) + (box?.height ?? 0), name).toBeLessThanOrEqual(768);
    }
  });

  test('marks what the model made of the prompt', async () => {
    const { imageIds } = await generate(studio.url, { prompt: 'a quiet harbour' });
    const page = await studio.open({ view: `/view/${imageIds[0]}` });
    await page.getByText('What the model drew from it').click();
    await page.locator('.differences ins').first().waitFor();
    const kept = await page.locator('.differences figure').last().innerText();
    expect(kept.toLowerCase()).toContain('a quiet harbour');
  });

  test('changes tags and the favourite, and another tab shows them', async () => {
    const { imageIds } = await generate(studio.url, { prompt: 'a kite' });
    const page = await studio.open({ view: `/view/${imageIds[0]}` });
    const other = await studio.open({ besides: page, view: `/view/${imageIds[0]}` });
    await Promise.all([heading(page, 'a kite'), heading(other, 'a kite')]);
    await other.getByRole('img', { name: 'Live' }).waitFor();
    await page.getByRole('combobox', { name: 'Add a tag' }).fill('Sky, summer');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Favourite', exact: true }).click();
    await other.getByRole('link', { name: 'summer' }).waitFor();
    await other.getByRole('button', { name: 'Remove the tag sky' }).click();
    await page.getByRole('link', { name: 'sky' }).waitFor({ state: 'detached' });
    await expect
      .poll(() => other.getByRole('button', { name: 'Favourite', exact: true }).getAttribute('aria-pressed'), patience)
      .toBe('true');
  });

  test('deletes it, and takes that back', async () => {
    const { imageIds } = await generate(studio.url, { prompt: 'a snail' });
    const page = await studio.open({ view: `/view/${imageIds[0]}` });
    await heading(page, 'a snail');
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('The picture is in the trash.').first().waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The picture is back.').first().waitFor();
    await page.goto(`${studio.url}/#/view/${imageIds[0]}`);
    await heading(page, 'a snail');
    expect(await page.getByRole('button', { name: 'Restore' }).count()).toBe(0);
  });

  test('refines it: the conversation shows the new picture developing, then its family has it', async () => {
    const { imageIds } = await generate(studio.url, { prompt: 'a castle' });
    const page = await studio.open({ view: `/view/${imageIds[0]}` });
    await heading(page, 'a castle');
    await page.getByRole('button', { name: 'Refine' }).click();
    await page.keyboard.type('Make it snow');
    await page.keyboard.press('Control+Enter');
    const call = page.getByRole('region', { name: 'Make it snow' });
    await call.getByRole('article').waitFor();
    await call.getByRole('article', { name: 'Finished: Make it snow' }).waitFor();
    await screenshot(page, 'timeline');
    await call.getByRole('link', { name: 'Make it snow' }).click();
    const family = page.getByRole('region', { name: 'Family of this picture' });
    await family.getByRole('link', { name: 'a castle', exact: true }).waitFor();
  });

  test('is the last of its conversation, which opens with all of it between the header and the composer', async () => {
    const { conversationId } = await makeFamily('a cliff');
    const page = await studio.open({ width: 1280, height: 800, view: `/c/${conversationId}` });
    const picture = page.getByRole('region', { name: 'a cliff, at night' }).locator('.call-picture');
    await picture.locator('img[data-loaded]').first().waitFor();
    const edges = async () => {
      const boxes = [page.getByRole('banner'), picture, page.locator('.dock')].map((part) => part.boundingBox());
      const [header, shown, composer] = await Promise.all(boxes);
      const above = (shown?.y ?? 0) - (header?.height ?? 0);
      return { above, below: (composer?.y ?? 0) - (shown?.y ?? 0) - (shown?.height ?? 0) };
    };
    await expect.poll(async () => (await edges()).above, patience).toBeGreaterThan(8);
    expect((await edges()).below).toBeGreaterThan(8);
  });

  test('says what to do where there is no such picture', async () => {
    const page = await studio.open({ view: '/view/nothing' });
    await page.getByRole('link', { name: 'To the gallery' }).waitFor();
  });

  test.each(LOOKS)('shows conversations by their covers ($width px, $colorScheme)', async ({ width, ...look }) => {
    const { conversationId } = await makeFamily(`a pond ${width}`);
    const page = await studio.open({ width, ...look, view: '/conversations' });
    await page.getByRole('heading', { name: `a pond ${width}` }).waitFor();
    await screenshot(page, `conversations-${width}-${look.colorScheme}`);
    expect(await seriousFindings(page)).toEqual([]);
    await page
      .getByRole('heading', { name: `a pond ${width}` })
      .getByRole('link')
      .click();
    await page.getByRole('region', { name: `a pond ${width}, at night` }).waitFor();
    expect(page.url()).toContain(conversationId);
    await screenshot(page, `timeline-${width}-${look.colorScheme}`);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await seriousFindings(page)).toEqual([]);
  });

  test('renames, finds and deletes conversations, with undo', async () => {
    await makeFamily('a barn');
    const page = await studio.open({ view: '/conversations' });
    await page.getByRole('button', { name: 'Rename: a barn' }).click();
    await page.getByRole('textbox', { name: 'Title' }).fill('The red barn');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'The red barn' }).waitFor();
    await page.getByRole('searchbox', { name: 'Search conversations' }).fill('red ba');
    await expect.poll(() => page.locator('.card').count(), patience).toBe(1);
    await page.getByRole('button', { name: 'Delete: The red barn' }).click();
    await page.getByText('No conversation has these words in its title.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('heading', { name: 'The red barn' }).waitFor();
  });
});
