/** Painting with a pen, whose pressure counts, beside a hand that rests on the screen, and with fingers. */
import type { CDPSession } from 'playwright-core';
import { expect, test } from 'vitest';
import { alphaOf, openPainter, picture, promptOf, sent } from './building-on.ts';
import { describeStudio, patience, screenshot } from './harness.ts';

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Draws from left to right around a place. @param force 0 to 1 */
async function penStroke(client: CDPSession, { x, y }: Place, force: number, during = async () => {}): Promise<void> {
  const send = (type: 'mousePressed' | 'mouseMoved' | 'mouseReleased', left: number) =>
    client.send('Input.dispatchMouseEvent', {
      type,
      x: left,
      y,
      button: 'left',
      buttons: type === 'mouseReleased' ? 0 : 1,
      clickCount: type === 'mouseMoved' ? 0 : 1,
      pointerType: 'pen',
      force,
    });
  await send('mousePressed', x - 120);
  for (let step = 1; step <= 12; step += 1) {
    await send('mouseMoved', x - 120 + step * 20);
    if (step === 6) await during();
  }
  await send('mouseReleased', x + 120);
}

describeStudio('A pen', {}, (studio) => {
  test('paints broader the harder it presses', async () => {
    const page = await studio.open();
    const { painter, middle } = await openPainter(page, await picture());
    const client = await page.context().newCDPSession(page);
    await penStroke(client, { x: middle.x, y: middle.y - 80 }, 0.1);
    await penStroke(client, { x: middle.x, y: middle.y + 80 }, 0.95);
    await screenshot(page, 'make-pen');
    await painter.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Change the mask' }).waitFor();
    await promptOf(page).fill('two boats');
    await promptOf(page).press('Control+Enter');
    const alpha = await alphaOf((await sent(page, studio.url))?.mask?.url ?? '');
    const painted = (from: number) =>
      Array.from({ length: 200 }, (_, row) => from + row / 400).filter((y) => alpha(0.5, y) === 0).length;
    const [light, hard] = [painted(0), painted(0.5)];
    expect(light).toBeGreaterThan(2);
    expect(hard).toBeGreaterThan(light * 1.5);
  });

  test('is not disturbed by the hand that rests on the screen', async () => {
    const page = await studio.open({ hasTouch: true });
    const { painter, middle } = await openPainter(page, await picture());
    const image = painter.locator('.painted');
    const before = await image.boundingBox();
    const client = await page.context().newCDPSession(page);
    const palm = (x: number) => [{ x: middle.x + x, y: middle.y + 150, id: 7 }];
    await penStroke(client, middle, 0.5, async () => {
      await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: palm(40) });
      await client.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: palm(90) });
      await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    });
    const undo = painter.getByRole('button', { name: 'Undo' });
    expect(await undo.isDisabled()).toBe(false);
    expect(await image.boundingBox()).toEqual(before);
    // It was one stroke.
    await undo.click();
    expect(await undo.isDisabled()).toBe(true);
  });
});

describeStudio('Fingers', {}, (studio) => {
  test('paint alone, and two of them move and zoom, also after a stroke has begun', async () => {
    const page = await studio.open({ hasTouch: true, width: 390, height: 844 });
    const { painter, middle } = await openPainter(page, await picture());
    const image = painter.locator('.painted');
    const undo = painter.getByRole('button', { name: 'Undo' });
    const client = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...xs: readonly number[]) =>
      client.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: xs.map((x, index) => ({ x: middle.x + x, y: middle.y, id: index + 1 })),
      });
    await touch('touchStart', -60);
    for (const x of [-30, 0, 30, 60]) await touch('touchMove', x);
    await touch('touchEnd');
    await expect.poll(() => undo.isDisabled(), patience).toBe(false);
    const before = await image.boundingBox();

    // The second finger comes a little later: what the first one began is no stroke.
    await touch('touchStart', -40);
    await touch('touchMove', -44);
    await touch('touchStart', -44, 40);
    for (const x of [60, 80, 100]) await touch('touchMove', -x, x);
    await touch('touchEnd');
    await expect
      .poll(async () => (await image.boundingBox())?.width ?? 0, patience)
      .toBeGreaterThan((before?.width ?? 0) * 1.8);
    await undo.click();
    expect(await undo.isDisabled()).toBe(true);
  });
});
