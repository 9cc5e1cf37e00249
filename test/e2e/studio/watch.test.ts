/** Watching pictures develop: in their place, through reloads, in several tabs, through outages, and what is said of failures. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { seriousFindings, watchLayoutShifts } from './findings.ts';
import { describeStudio, patience, type Studio, screenshot, send, start } from './harness.ts';

const WIDE = { size: '1536x1024', partialImages: 3 };

const developing = (page: Page, prompt: string) => page.getByRole('article', { name: `Developing: ${prompt}` });
const finished = (page: Page, prompt: string) =>
  page.locator('main').getByRole('link', { name: prompt }).locator('img');
const failed = (page: Page, prompt: string) => page.getByRole('article', { name: `Failed: ${prompt}` });
const live = (page: Page) => page.getByRole('img', { name: 'Live' }).waitFor();

async function write(page: Page, prompt: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Prompt' }).fill(prompt);
  await page.keyboard.press('Control+Enter');
}

describeStudio('Watching', { env: { SIMULATOR_DURATION_MS: '2500' } }, (studio) => {
  test('a prompt becomes a picture in its place, by partial images, and nothing moves', async () => {
    const page = await studio.open();
    await live(page);
    await write(page, 'a heron at dawn');
    await developing(page, 'a heron at dawn').waitFor();
    // What follows is not caused by the key any more.
    await page.waitForTimeout(600);
    const shifts = await watchLayoutShifts(page);
    const placeBefore = await developing(page, 'a heron at dawn').boundingBox();
    await developing(page, 'a heron at dawn').locator('img[data-loaded]').first().waitFor();
    expect(await page.title()).toMatch(/^\d+ % · Darkroom$/u);
    expect(await developing(page, 'a heron at dawn').boundingBox()).toEqual(placeBefore);
    await screenshot(page, 'developing');
    await developing(page, 'a heron at dawn').waitFor({ state: 'detached' });
    await finished(page, 'a heron at dawn').waitFor();
    await expect.poll(() => page.title(), patience).toBe('Darkroom');
    expect(await shifts.sum()).toBe(0);
  });

  test('has the shape that was asked for from the first moment on', async () => {
    const page = await studio.open();
    await live(page);
    await start(studio.url, { prompt: 'a wide river', options: WIDE });
    const box = await developing(page, 'a wide river').boundingBox();
    expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(1.5, 1);
  });

  test('goes on after a reload in the middle', async () => {
    const page = await studio.open();
    await live(page);
    await start(studio.url, { prompt: 'an owl', options: WIDE });
    await developing(page, 'an owl').locator('img[data-loaded]').first().waitFor();
    await page.reload();
    await developing(page, 'an owl').locator('img[data-loaded]').first().waitFor();
    await developing(page, 'an owl').waitFor({ state: 'detached' });
    await finished(page, 'an owl').waitFor();
  });

  test('shows what begins while the calls are still being loaded', async () => {
    const page = await studio.open();
    let asked = 0;
    await page.route('**/graphql', async (route) => {
      if (!/query ActiveCalls/u.test(route.request().postData() ?? '')) return route.fallback();
      asked += 1;
      const response = await route.fetch();
      await page.waitForTimeout(1_500);
      await route.fulfill({ response });
    });
    await page.reload();
    await live(page);
    await expect.poll(() => asked, patience).toBeGreaterThan(0);
    await page.waitForTimeout(200);
    await start(studio.url, { prompt: '[sim:slow] a wren' });
    await developing(page, '[sim:slow] a wren').waitFor();
    await developing(page, '[sim:slow] a wren').getByRole('button', { name: 'Cancel' }).click();
    await developing(page, '[sim:slow] a wren').waitFor({ state: 'detached' });
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  test('two tabs agree on what is made, cancelled and taken up again', async () => {
    const page = await studio.open();
    const other = await studio.open({ besides: page });
    await Promise.all([live(page), live(other)]);
    await start(studio.url, { prompt: '[sim:slow] a pine', options: WIDE });
    await Promise.all([
      developing(page, '[sim:slow] a pine').waitFor(),
      developing(other, '[sim:slow] a pine').waitFor(),
    ]);
    await developing(page, '[sim:slow] a pine').getByRole('button', { name: 'Cancel' }).click();
    await developing(page, '[sim:slow] a pine').waitFor({ state: 'detached' });
    await developing(other, '[sim:slow] a pine').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await developing(other, '[sim:slow] a pine').waitFor();
    await developing(other, '[sim:slow] a pine').getByRole('button', { name: 'Cancel' }).click();
    await developing(page, '[sim:slow] a pine').waitFor({ state: 'detached' });
  });

  test('says that it is offline, and catches up when the connection is back', async () => {
    const page = await studio.open();
    const network = await cuttable(page);
    await page.reload();
    await live(page);
    await network.cut();
    await page.getByRole('img', { name: /Offline/u }).waitFor();
    await start(studio.url, { prompt: 'a lantern' });
    await page.waitForTimeout(500);
    await network.mend();
    await live(page);
    await page.getByRole('img', { name: 'a lantern' }).first().waitFor();
  });

  test('says why a picture was refused and what to do, until that is put away', async () => {
    const page = await studio.open();
    await live(page);
    await start(studio.url, { prompt: '[sim:moderation-input] a knight' });
    const card = failed(page, '[sim:moderation-input] a knight');
    await card.getByRole('heading', { name: 'The safety system stopped this picture.' }).waitFor();
    await card.getByText('Put the prompt in other words.').waitFor();
    expect(await card.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    expect(await seriousFindings(page)).toEqual([]);
    await screenshot(page, 'failure');
    await page.reload();
    await card.getByRole('button', { name: 'Change the prompt' }).click();
    expect(await page.getByRole('textbox', { name: 'Prompt' }).inputValue()).toBe('[sim:moderation-input] a knight');
    await card.getByRole('button', { name: 'Dismiss' }).click();
    await card.waitFor({ state: 'detached' });
    await page.reload();
    await live(page);
    expect(await card.count()).toBe(0);
  });

  test('shows the pictures that came, and what is missing once', async () => {
    const page = await studio.open();
    await live(page);
    await start(studio.url, { prompt: '[sim:every-other-moderated] two plums', count: 2 });
    const card = page.getByRole('article', { name: /Failed: \[sim:every-other-moderated\] two plums/u });
    await card.getByRole('heading', { name: 'One of the 2 pictures is missing.' }).waitFor();
    expect(await card.count()).toBe(1);
    await finished(page, '[sim:every-other-moderated] two plums').waitFor();
    await card.getByRole('button', { name: 'Dismiss' }).click();
  });

  test('tries again what may succeed, and shows the new call in its stead', async () => {
    const page = await studio.open();
    await live(page);
    const prompt = '[sim:no-image] a fig';
    await start(studio.url, { prompt });
    await failed(page, prompt).waitFor();
    await failed(page, prompt).getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => callsOf(studio, prompt), patience).toBe(2);
    await expect.poll(() => failed(page, prompt).count(), patience).toBe(1);
    await failed(page, prompt).getByRole('button', { name: 'Dismiss' }).click();
    await failed(page, prompt).waitFor({ state: 'detached' });
  });
});

async function callsOf(studio: Studio, prompt: string): Promise<number> {
  const query = '{ generationCalls(first: 100) { nodes { prompt } } }';
  const { generationCalls } = await send<{ generationCalls: { nodes: { prompt: string }[] } }>(studio.url, query);
  return generationCalls.nodes.filter((call) => call.prompt === prompt).length;
}

/** A network that can be cut: also the sockets that are open. Works for what is loaded afterwards. */
async function cuttable(page: Page) {
  let isCut = false;
  const sockets = new Set<{ close(options?: { code?: number }): Promise<void> }>();
  await page.routeWebSocket(/\/graphql/u, (socket) => {
    if (isCut) {
      void socket.close({ code: 4_000 });
      return;
    }
    sockets.add(socket);
    socket.connectToServer();
  });
  return {
    async cut() {
      isCut = true;
      await page.context().setOffline(true);
      await Promise.all([...sockets].map((socket) => socket.close({ code: 4_000 })));
      sockets.clear();
    },
    async mend() {
      isCut = false;
      await page.context().setOffline(false);
    },
  };
}
