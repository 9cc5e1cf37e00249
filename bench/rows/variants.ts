/** A gallery page of smaller images: made, loaded again, and compared with loading the originals. */
import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { startDarkroom } from '../harness/darkroom.ts';
import { atMost, interleave, lineOf, oursAtMost, type Row } from '../harness/row.ts';

const IMAGES = 20;
const EDGE = 1024;
/** Of the noise that becomes the shapes of a picture, and that of its grain. */
const SHAPES = 24;
const GRAIN = { type: 'gaussian', mean: 128, sigma: 12 } as const;

export const variants: Row = {
  name: 'variants',
  title: `A page of ${IMAGES} images, ${EDGE}x${EDGE}, at width 320`,
  async measure(bench, opened) {
    const server = opened.use(await startDarkroom(bench));
    let page: readonly Page[] = [];
    let bytes = 0;
    const rounds = await interleave(bench.scaled(7, 2), {
      cold: async () => {
        page = await uploadPage(server.url);
        const { ms, byteSize } = await load(page.map(({ small }) => small));
        bytes = byteSize;
        return { ms };
      },
      warm: async () => ({ ms: (await load(page.map(({ small }) => small))).ms, kilobytes: bytes / 1000 }),
      originals: async () => {
        const { ms, byteSize } = await load(page.map(({ url }) => url));
        return { ms, kilobytes: byteSize / 1000 };
      },
    });
    const ms = { figure: 'ms', unit: 'ms', peerName: 'originals' };
    return {
      lines: [
        lineOf(rounds.cold, rounds.originals, { ...ms, label: 'first time', bar: null }),
        lineOf(rounds.warm, rounds.originals, { ...ms, label: 'again', bar: atMost(1) }),
        lineOf(rounds.warm, rounds.originals, {
          label: 'bytes of the page',
          figure: 'kilobytes',
          unit: 'kB',
          peerName: 'originals',
          bar: oursAtMost(600),
        }),
      ],
      notes: [
        `All ${IMAGES} requests at once, by fetch. The first time, the variants are made one after the other.`,
        'Pictures with soft shapes and grain, as PNG.',
      ],
    };
  },
};

interface Page {
  readonly url: string;
  readonly small: string;
}

async function uploadPage(url: string): Promise<readonly Page[]> {
  const page: Page[] = [];
  for (let index = 0; index < IMAGES; index += 1) page.push(await upload(url, await picture()));
  return page;
}

async function picture(): Promise<Buffer> {
  const shapes = randomBytes(SHAPES * SHAPES * 3);
  const grain = await sharp({ create: { width: EDGE, height: EDGE, channels: 3, background: '#808080', noise: GRAIN } })
    .png()
    .toBuffer();
  return sharp(shapes, { raw: { width: SHAPES, height: SHAPES, channels: 3 } })
    .resize(EDGE, EDGE, { kernel: 'cubic' })
    .composite([{ input: grain, blend: 'soft-light' }])
    .png()
    .toBuffer();
}

const UPLOAD = `mutation ($file: Upload!) {
  uploadImage(input: { file: $file }) { ... on UploadImageSuccess { image { url small: url(width: 320) } } }
}`;

async function upload(url: string, bytes: Buffer): Promise<Page> {
  const form = new FormData();
  form.append('operations', JSON.stringify({ query: UPLOAD, variables: { file: null } }));
  form.append('map', JSON.stringify({ 0: ['variables.file'] }));
  form.append('0', new Blob([new Uint8Array(bytes)]), 'picture.png');
  const headers = { 'apollo-require-preflight': 'true' };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: form });
  // The document selects it.
  const { data } = (await response.json()) as { data: { uploadImage: { image?: Page } } };
  const { image } = data.uploadImage;
  if (image === undefined) throw new Error('an upload was refused');
  return image;
}

async function load(urls: readonly string[]): Promise<{ readonly ms: number; readonly byteSize: number }> {
  const began = performance.now();
  const sizes = await Promise.all(
    urls.map(async (url) => {
      const response = await fetch(url);
      if (response.status !== 200) throw new Error(`${url}: ${response.status}`);
      return (await response.bytes()).length;
    }),
  );
  return { ms: performance.now() - began, byteSize: sizes.reduce((sum, size) => sum + size, 0) };
}
