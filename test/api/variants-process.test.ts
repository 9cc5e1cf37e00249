/** Variants of a server in a process of its own: killed while it makes them, and with a picture that takes much memory. */
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { newDataDir, startServer } from '../support/server.ts';
import { uploadPicture } from '../support/upload.ts';
import { openDatabase } from './steps.ts';

const IMAGES = 4;
const QUERIES = ['w=160', 'w=320', 'w=640', 'w=320&format=jpeg', 'format=png'];
const MEGABYTE = 1024 * 1024;

async function noisy(edge: number): Promise<Buffer> {
  const noise = Buffer.from(Array.from({ length: 50 * 50 * 3 }, () => Math.floor(Math.random() * 256)));
  return sharp(noise, { raw: { width: 50, height: 50, channels: 3 } })
    .resize(edge, edge)
    .png()
    .toBuffer();
}

it('a kill in between leaves nothing torn: every variant is whole afterwards', { timeout: 120_000 }, async () => {
  const dataDir = await newDataDir();
  try {
    let paths: readonly string[] = [];
    for (const killAfterMs of [0, 60, 200]) {
      await using server = await startServer({ dataDir });
      if (paths.length === 0) {
        const images = [];
        for (let index = 0; index < IMAGES; index += 1) images.push(await uploadPicture(server.url, await noisy(700)));
        paths = images.flatMap(({ url }) => QUERIES.map((query) => `${new URL(url).pathname}?${query}`));
      }
      const asking = paths.map((path) => fetch(server.url + path).catch(() => undefined));
      await delay(killAfterMs);
      await server.stop('SIGKILL');
      await Promise.all(asking);
    }
    await using again = await startServer({ dataDir });
    for (const path of paths) {
      const response = await fetch(again.url + path);
      expect([path, response.status]).toEqual([path, 200]);
      // Every pixel can be decoded.
      await sharp(await response.bytes(), { failOn: 'warning' })
        .raw()
        .toBuffer();
    }
    const db = openDatabase(dataDir);
    const rows = db.prepare('select count(*) as rows from variants').get();
    db.close();
    expect(rows).toEqual({ rows: paths.length });
    expect(again.output()).not.toMatch(/"level":(50|60)/u);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});

it('a picture of 64 megapixels that must be decoded at once takes its memory once', { timeout: 120_000 }, async () => {
  await using server = await startServer();
  // Interlaced, so that the decoder needs all of it: 192 MB.
  const large = await sharp({ create: { width: 8_000, height: 8_000, channels: 3, background: '#357' } })
    .png({ progressive: true })
    .toBuffer();
  const { url } = await uploadPicture(server.url, large);
  const before = peakBytes(server.process.pid);
  const widths = [160, 320, 480, 640, 960, 1280, 1920, 2560];
  const answers = await Promise.all(widths.map((width) => fetch(`${url}?w=${width}`)));
  expect(answers.map(({ status }) => status)).toEqual(widths.map(() => 200));
  expect(peakBytes(server.process.pid) - before).toBeLessThan(600 * MEGABYTE);
});

/** The most memory that the process has had. */
function peakBytes(pid: number | undefined): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
