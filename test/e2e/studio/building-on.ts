/** What tests of sources share: files that are dropped on the page, and the tray in which they lie. */
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect } from 'vitest';
import { patience, send } from './harness.ts';

export const promptOf = (page: Page) => page.getByRole('textbox', { name: 'Prompt' });
export const trayOf = (page: Page) => page.getByRole('list', { name: 'Pictures to build on' });
export const items = (page: Page) => trayOf(page).getByRole('listitem');

export async function picture(width = 600, height = 400): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#3a6' } })
    .png()
    .toBuffer();
}

/** An expression for a DataTransfer with this file, as the events of the browser have it. */
export function transferOf(bytes: Buffer, { name = 'green.png', type = 'image/png' } = {}): string {
  return `(([base64, name, type]) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], name, { type }));
    return data;
  })(${JSON.stringify([bytes.toString('base64'), name, type])})`;
}

export async function drop(page: Page, bytes: Buffer, file?: { readonly name: string }): Promise<void> {
  const dataTransfer = await page.evaluateHandle(transferOf(bytes, file));
  await page.locator('main').dispatchEvent('dragenter', { dataTransfer });
  await page.getByText('Drop to build on it').waitFor();
  await page.locator('main').dispatchEvent('drop', { dataTransfer });
  await page.getByText('Drop to build on it').waitFor({ state: 'detached' });
}

export async function uploaded(page: Page, count: number): Promise<void> {
  await expect.poll(() => items(page).count(), patience).toBe(count);
  await expect.poll(() => trayOf(page).locator('li[aria-busy]').count(), patience).toBe(0);
}

/** A picture that cannot be compressed, so that its upload takes a while. @param bytes about how many it has */
export async function noise(bytes: number): Promise<Buffer> {
  const edge = Math.round(Math.sqrt(bytes / 3));
  const raw = Buffer.alloc(edge * edge * 3);
  for (let index = 0; index < raw.length; index += 1) raw[index] = (index * 2_654_435_761) >>> 13;
  return sharp(raw, { raw: { width: edge, height: edge, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer();
}

/** Makes the network of the page slow. @param bytesPerSecond that leave */
export async function slowUploads(page: Page, bytesPerSecond: number): Promise<void> {
  const client = await page.context().newCDPSession(page);
  await client.send('Network.enable');
  await client.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: bytesPerSecond,
  });
}

/** What the tests want to know of a call. */
export interface Call {
  readonly kind: string;
  readonly sources: readonly { readonly width: number }[];
  readonly mask: { readonly url: string; readonly width: number; readonly height: number } | null;
  readonly markup: { readonly url: string } | null;
}

/** The newest call, once the composer is empty again. */
export async function sent(page: Page, url: string): Promise<Call | undefined> {
  await expect.poll(() => promptOf(page).inputValue(), patience).toBe('');
  const { generationCalls } = await send<{ generationCalls: { nodes: readonly Call[] } }>(
    url,
    `{ generationCalls(first: 1) { nodes {
      kind sources { width } mask { url width height } markup { url }
    } } }`,
  );
  return generationCalls.nodes[0];
}

/** Opens the painter with one source. */
export async function openPainter(page: Page, bytes: Buffer) {
  await drop(page, bytes);
  await uploaded(page, 1);
  await page.getByRole('button', { name: 'Paint on it' }).click();
  const painter = page.getByRole('dialog', { name: 'Paint on the picture' });
  const paper = painter.getByRole('application');
  await paper.waitFor();
  const box = await paper.boundingBox();
  if (box === null) throw new Error('The paper is not shown.');
  return { painter, paper, middle: { x: box.x + box.width / 2, y: box.y + box.height / 2 } };
}

/** How opaque a picture is at a place, 0 to 1 in both directions. */
export async function alphaOf(url: string) {
  const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
  const { data, info } = await sharp(bytes).extractChannel('alpha').raw().toBuffer({ resolveWithObject: true });
  return (x: number, y: number) =>
    data[Math.round(y * (info.height - 1)) * info.width + Math.round(x * (info.width - 1))];
}
