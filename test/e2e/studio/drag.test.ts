/** Pictures that are dragged to the composer, from any view, and files that are dropped where the composer is not. */
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { drop, items, picture, promptOf, uploaded } from './building-on.ts';
import { describeStudio, generate, screenshot, send, signIn } from './harness.ts';

/** Drags with the mouse, as far as the composer. */
async function dragToComposer(page: Page, from: Locator, name?: string): Promise<void> {
  await from.hover();
  await page.mouse.down();
  const box = await page.locator('.dock').boundingBox();
  if (box === null) throw new Error('There is no composer.');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  // The first step begins the drag, and the next ones go on with it.
  for (const part of [0.4, 0.7, 1]) await page.mouse.move(x, y * part, { steps: 3 });
  await page.mouse.move(x + 1, y);
  if (name !== undefined) await screenshot(page, name);
  await page.mouse.up();
}

describeStudio('A picture that is dragged to the composer', {}, (studio) => {
  test('is a source: from the gallery', async () => {
    await generate(studio.url, { prompt: 'a pear to drag' });
    const page = await studio.open();
    await dragToComposer(page, page.getByRole('link', { name: 'a pear to drag' }), 'make-drag');
    await uploaded(page, 1);
    expect(await promptOf(page).evaluate((element) => element.matches(':focus'))).toBe(true);
    await promptOf(page).fill('in a bowl');
    await promptOf(page).press('Control+Enter');
    await expect.poll(() => items(page).count()).toBe(0);
    const { generationCalls } = await send<{ generationCalls: { nodes: readonly { sources: object[] }[] } }>(
      studio.url,
      '{ generationCalls(first: 1) { nodes { sources { prompt } } } }',
    );
    expect(generationCalls.nodes[0]?.sources).toEqual([{ prompt: 'a pear to drag' }]);
  });

  test('takes with it all that are selected, and nothing is selected or left by the drag itself', async () => {
    await generate(studio.url, { prompt: 'first plum' });
    await generate(studio.url, { prompt: 'second plum' });
    const page = await studio.open();
    await page.getByRole('button', { name: 'Select: first plum' }).click();
    await page.getByRole('button', { name: 'Select: second plum' }).click();
    await dragToComposer(page, page.getByRole('link', { name: 'first plum' }));
    await uploaded(page, 2);
    expect(await page.locator('.tile[data-selected]').count()).toBe(2);
    expect(await page.locator('.picture-drop').count()).toBe(0);
  });

  test('is a source: from its view and from a conversation, as itself and not as another file', async () => {
    const { imageIds, callId } = await generate(studio.url, { prompt: 'a quince to drag' });
    const page = await studio.open({ view: `/view/${imageIds[0]}` });
    await page.locator('.print-layer[data-loaded]').waitFor();
    await dragToComposer(page, page.getByRole('button', { name: 'Enlarge' }));
    await uploaded(page, 1);
    await page.getByRole('button', { name: 'Remove a quince to drag' }).click();
    const { generationCall } = await send<{ generationCall: { conversation: { id: string } } }>(
      studio.url,
      'query ($id: ID!) { generationCall(id: $id) { conversation { id } } }',
      { id: callId },
    );
    await page.goto(`${studio.url}/#/c/${generationCall.conversation.id}`);
    await dragToComposer(page, page.locator('main').locator(`a[href*="${imageIds[0]}"]`).first());
    await uploaded(page, 1);
    const { images } = await send<{ images: { nodes: readonly object[] } }>(
      studio.url,
      '{ images(first: 10, filter: { origin: UPLOADED }) { nodes { id } } }',
    );
    expect(images.nodes).toEqual([]);
  });
});

describeStudio('A file that is dropped', { env: { AUTH: 'keys' } }, (studio) => {
  test('in the trash is taken, and the gallery is shown with it', async () => {
    const key = await studio.createKey('gardener', 'generate,read,upload');
    const page = await studio.open();
    await signIn(page, key);
    await page.getByRole('link', { name: 'Trash' }).click();
    await page.getByRole('heading', { name: /trash/iu }).first().waitFor();
    await drop(page, await picture());
    await page.waitForURL((url) => url.hash === '#/' || url.hash === '');
    await uploaded(page, 1);
  });

  test('on a dialog is taken, too, and the page says so above it', async () => {
    const page = await studio.open();
    await signIn(page, await studio.createKey('cook', 'generate,read,upload'));
    await page
      .getByRole('button', { name: /account/iu })
      .first()
      .click();
    await drop(page, await picture());
    await uploaded(page, 1);
  });

  test('is refused in words where the key does not allow it, and does not take the page away', async () => {
    const page = await studio.open();
    await signIn(page, await studio.createKey('reader', 'read'));
    await page.getByRole('heading', { name: 'There are no pictures yet.' }).waitFor();
    // Until it is known what the key may do, the composer is there, and takes files.
    await promptOf(page).waitFor({ state: 'detached' });
    const isKept = await page.evaluate(`(() => {
      const event = new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: new DataTransfer() });
      event.dataTransfer.items.add(new File(['x'], 'x.png', { type: 'image/png' }));
      return !document.querySelector('main').dispatchEvent(event);
    })()`);
    expect(isKept).toBe(true);
    await page.locator('.notice').getByText('This key or token may not add pictures.').waitFor();
  });
});
