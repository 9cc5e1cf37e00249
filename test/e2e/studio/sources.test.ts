/** Pictures to build on: dropped, pasted, picked; and what is painted on them. */
import { expect, test } from 'vitest';
import { alphaOf, drop, items, openPainter, picture, promptOf, sent, transferOf, uploaded } from './building-on.ts';
import { seriousFindings } from './findings.ts';
import { describeStudio, generate, patience, screenshot, send } from './harness.ts';

describeStudio('Sources', {}, (studio) => {
  test('are dropped anywhere on the page', async () => {
    const page = await studio.open();
    await drop(page, await picture());
    await uploaded(page, 1);
    await promptOf(page).fill('the same in winter');
    await promptOf(page).press('Control+Enter');
    expect(await sent(page, studio.url)).toMatchObject({ sources: [{ width: 600 }] });
    expect(await items(page).count()).toBe(0);
  });

  test('are pasted', async () => {
    const page = await studio.open();
    await page.evaluate(`document.getElementById('prompt').dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: ${transferOf(await picture(320, 320))}, bubbles: true }))`);
    await uploaded(page, 1);
  });

  test('are picked from the gallery and from files, and removed again', async () => {
    await generate(studio.url, { prompt: 'a pear to pick' });
    const page = await studio.open();
    await page.getByRole('button', { name: 'Add pictures' }).click();
    const panel = page.getByRole('region', { name: 'Pictures to build on' });
    await panel.getByRole('searchbox').fill('pear');
    await panel.getByRole('button', { name: /a pear to pick/u }).click();
    await panel.locator('input[type=file]').setInputFiles({
      name: 'mine.png',
      mimeType: 'image/png',
      buffer: await picture(),
    });
    await uploaded(page, 2);
    await screenshot(page, 'make-sources');
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Remove mine.png' }).click();
    await uploaded(page, 1);
  });

  test('are those that are selected in the gallery', async () => {
    await generate(studio.url, { prompt: 'a plum to build on' });
    const page = await studio.open();
    await page.getByRole('button', { name: /^Select: .*a plum to build on/u }).click();
    await page.getByRole('button', { name: 'Use as source' }).click();
    await uploaded(page, 1);
    expect(await page.evaluate('document.activeElement.id')).toBe('prompt');
    await promptOf(page).fill('in a bowl');
    await promptOf(page).press('Control+Enter');
    expect((await sent(page, studio.url))?.sources).toHaveLength(1);
  });

  test('that the server refuses say why, and can be tried again', async () => {
    const page = await studio.open();
    await drop(page, Buffer.from('no picture'), { name: 'broken.png' });
    await items(page).getByRole('button', { name: 'Retry' }).waitFor();
    await promptOf(page).fill('of it');
    await promptOf(page).press('Control+Enter');
    await page.getByText('A picture was not uploaded: try again, or remove it.').waitFor();
    await page.getByRole('button', { name: 'Remove broken.png' }).click();
    await promptOf(page).press('Control+Enter');
    expect(await sent(page, studio.url)).toMatchObject({ sources: [] });
  });
});

describeStudio('Refining', {}, (studio) => {
  test('changes the picture that is shown, and goes on in its conversation', async () => {
    const { imageIds } = await generate(studio.url, { prompt: 'a gate in a hedge' });
    const page = await studio.open({ view: `/view/${imageIds[0]}` });
    await page.getByRole('main').getByRole('button', { name: 'Refine' }).click();
    expect(await page.evaluate('document.activeElement.id')).toBe('prompt');
    expect(await promptOf(page).getAttribute('placeholder')).toBe('What should change?');
    await screenshot(page, 'make-refine');
    await promptOf(page).fill('open the gate');
    await promptOf(page).press('Control+Enter');
    expect(await sent(page, studio.url)).toMatchObject({ kind: 'REFINE', sources: [{}] });
    await page.waitForURL(/#\/c\//u);
    expect(await items(page).count()).toBe(0);
    // A conversation goes on with what is said next.
    await promptOf(page).fill('and now at night');
    await promptOf(page).press('Control+Enter');
    await sent(page, studio.url);
    const { conversations } = await send<{ conversations: { nodes: readonly { calls: { totalCount: number } }[] } }>(
      studio.url,
      '{ conversations(first: 5) { nodes { calls { totalCount } } } }',
    );
    expect(conversations.nodes.map(({ calls }) => calls.totalCount)).toEqual([3]);
  });

  test('can be given up, and combined with other pictures', async () => {
    const { imageIds } = await generate(studio.url, { prompt: 'a stile' });
    const page = await studio.open({ view: `/view/${imageIds[0]}` });
    await page.getByRole('main').getByRole('button', { name: 'Refine' }).click();
    await uploaded(page, 1);
    await page.getByRole('button', { name: 'Stop refining it' }).click();
    await expect.poll(() => items(page).count(), patience).toBe(0);
    await page.getByRole('main').getByRole('button', { name: 'Refine' }).click();
    await drop(page, await picture());
    await uploaded(page, 2);
    await promptOf(page).fill('with this wall behind it');
    await promptOf(page).press('Control+Enter');
    expect((await sent(page, studio.url))?.sources).toHaveLength(2);
  });
});

describeStudio('The painter', {}, (studio) => {
  test('makes a mask that is transparent where something was painted', async () => {
    const page = await studio.open();
    const { painter, middle } = await openPainter(page, await picture());
    await page.mouse.move(middle.x - 100, middle.y);
    await page.mouse.down();
    await page.mouse.move(middle.x + 100, middle.y, { steps: 12 });
    await page.mouse.up();
    await screenshot(page, 'make-mask');
    await painter.getByRole('button', { name: 'Undo' }).click();
    expect(await painter.getByRole('button', { name: 'Undo' }).isDisabled()).toBe(true);
    await painter.getByRole('button', { name: 'Redo' }).click();
    await painter.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Change the mask' }).waitFor();
    await promptOf(page).fill('a boat in the middle');
    await promptOf(page).press('Control+Enter');
    const call = await sent(page, studio.url);
    expect(call?.mask).toMatchObject({ width: 600, height: 400 });
    const alpha = await alphaOf(call?.mask?.url ?? '');
    expect(alpha(0.5, 0.5)).toBe(0);
    expect(alpha(0.1, 0.1)).toBe(255);
  });

  test('is used by keys, and the eraser takes back what was painted', async () => {
    const page = await studio.open();
    const { painter, paper } = await openPainter(page, await picture());
    await paper.focus();
    await page.keyboard.press('Space');
    for (let step = 0; step < 4; step += 1) await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Space');
    await page.keyboard.press('e');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    expect(await seriousFindings(page)).toEqual([]);
    await painter.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Change the mask' }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('prompt');
    await promptOf(page).fill('a bird there');
    await promptOf(page).press('Control+Enter');
    const alpha = await alphaOf((await sent(page, studio.url))?.mask?.url ?? '');
    expect(alpha(0.5, 0.5)).toBe(0);
    expect(alpha(0.89, 0.5)).toBe(255);
  });

  test('draws notes, which are sent as a markup', async () => {
    const page = await studio.open();
    const { painter, middle } = await openPainter(page, await picture());
    await painter.getByText('Notes').click();
    await painter.getByRole('button', { name: 'Yellow' }).click();
    await page.mouse.move(middle.x - 50, middle.y - 50);
    await page.mouse.down();
    await page.mouse.move(middle.x + 50, middle.y + 50, { steps: 12 });
    await page.mouse.up();
    await painter.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Change the notes' }).waitFor();
    await promptOf(page).fill('as drawn');
    await promptOf(page).press('Control+Enter');
    const call = await sent(page, studio.url);
    expect(call?.mask).toBeNull();
    const alpha = await alphaOf(call?.markup?.url ?? '');
    expect(alpha(0.5, 0.5)).toBe(255);
    expect(alpha(0.1, 0.1)).toBe(0);
  });

  test('zooms with two fingers without painting', async () => {
    const page = await studio.open({ hasTouch: true, width: 390, height: 844 });
    const { painter, middle } = await openPainter(page, await picture());
    const image = painter.locator('.painted');
    const before = (await image.boundingBox())?.width ?? 0;
    const client = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', distance: number) =>
      client.send('Input.dispatchTouchEvent', {
        type,
        touchPoints:
          type === 'touchEnd'
            ? []
            : [
                { x: middle.x - distance, y: middle.y, id: 1 },
                { x: middle.x + distance, y: middle.y, id: 2 },
              ],
      });
    await touch('touchStart', 40);
    for (const distance of [60, 80, 100, 120]) await touch('touchMove', distance);
    await touch('touchEnd', 0);
    await expect.poll(async () => (await image.boundingBox())?.width ?? 0, patience).toBeGreaterThan(before * 2);
    expect(await painter.getByRole('button', { name: 'Undo' }).isDisabled()).toBe(true);
    await screenshot(page, 'make-mask-phone');
  });
});
