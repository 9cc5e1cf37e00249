/** Taking pictures out of the page: copied, linked, downloaded. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { describeStudio, generate } from './harness.ts';

const BASE64_OF_CLIPBOARD = `navigator.clipboard.read().then(async ([item]) => {
  const bytes = new Uint8Array(await (await item.getType('image/png')).arrayBuffer());
  return bytes.toBase64?.() ?? btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
})`;

const act = (page: Page, name: string) => page.getByRole('main').getByRole('button', { name, exact: true }).click();

describeStudio('A picture', {}, (studio) => {
  async function open(input: object) {
    const { imageIds } = await generate(studio.url, input);
    const page = await studio.open({ view: `/view/${imageIds[0]}` });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    return { page, imageId: imageIds[0] ?? '' };
  }

  test.each(['PNG', 'WEBP', 'GIF', 'SVG'])('is copied as PNG when it is a %s', async (format) => {
    const { page } = await open({ prompt: `a ${format}`, options: { format } });
    await act(page, 'Copy image');
    await page.getByText('The picture is copied.').first().waitFor();
    const copied = Buffer.from(await page.evaluate<string>(BASE64_OF_CLIPBOARD), 'base64');
    const { width, height } = await sharp(copied).metadata();
    expect({ width, height }).toEqual({ width: 1024, height: 1024 });
    const { channels } = await sharp(copied).stats();
    expect(channels.some(({ stdev }) => stdev > 0)).toBe(true);
  });

  test('is linked, and the link opens it', async () => {
    const { page, imageId } = await open({ prompt: 'a linked pear' });
    await act(page, 'Copy link');
    await page.getByText('The link is copied.').first().waitFor();
    const link = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(link).toBe(`${studio.url}/#/view/${imageId}`);
    await page.goto('about:blank');
    await page.goto(link);
    await page.getByRole('heading', { level: 1, name: 'a linked pear' }).waitFor();
  });

  test('says so when the browser does not let it copy', async () => {
    const { page } = await open({ prompt: 'a shy pear' });
    await page.context().clearPermissions();
    await page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'))");
    await act(page, 'Copy link');
    await page.getByText('This browser does not allow to copy here.').first().waitFor();
  });

  test.each([
    ['a pear, “quartered” / on slate', 'WEBP', 'a-pear-quartered-on-slate.webp'],
    ['منارة في الضباب', 'PNG', 'منارة-في-الضباب.png'],
    ['…', 'JPEG', 'picture.jpg'],
  ])('is downloaded as it is stored, under the name of its prompt: %s', async (prompt, format, name) => {
    const { page } = await open({ prompt, options: { format } });
    const started = page.waitForEvent('download');
    await act(page, 'Download');
    const download = await started;
    expect(download.suggestedFilename()).toBe(name);
    const { format: stored } = await sharp(await readFile(await download.path())).metadata();
    expect(stored).toBe(format.toLowerCase());
  });
});
