/** `markup` of an edit: strokes over the first image, in both forms of the request. */
import type OpenAI from 'openai';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ArtStyle } from '../../src/simulator/simulator.ts';
import { errorOf, simulate } from './support.ts';

const ASKED = { model: 'gpt-image-2.5-flare', size: '1024x640', output_format: 'png', prompt: 'add snow' } as const;
const SIZE = { width: 1024, height: 640 };

const blank = (size: { width: number; height: number }, background: string) =>
  sharp({ create: { ...size, channels: 4, background } });

/** A red square of 200 pixels at 100, 100 on a clear ground. */
async function strokes(size = SIZE): Promise<Sharp> {
  const square = await blank({ width: 200, height: 200 }, '#ff0000').png().toBuffer();
  return blank(size, '#0000').composite([{ input: square, left: 100, top: 100 }]);
}

const drawn = async () => (await strokes()).png().toBuffer();

interface Refused {
  readonly markup?: () => Promise<Buffer>;
  readonly mask?: boolean;
  readonly more?: { readonly model: string; readonly size?: '1024x1024' };
}

const REFUSED: readonly (readonly [string, Refused])[] = [
  ['of another size', { markup: async () => (await strokes({ width: 1040, height: 640 })).png().toBuffer() }],
  ['without an alpha channel', { markup: async () => (await strokes()).removeAlpha().png().toBuffer() }],
  ['without a transparent pixel', { markup: () => blank(SIZE, '#ff0000ff').png().toBuffer() }],
  ['that is no PNG', { markup: async () => (await strokes()).webp({ lossless: true }).toBuffer() }],
  ['with a mask', { mask: true }],
  ['with gpt-image-2', { more: { model: 'gpt-image-2' } }],
  ['with gpt-image-1.5', { more: { model: 'gpt-image-1.5', size: '1024x1024' } }],
];

const fileOf = (bytes: Buffer, name: string, type = 'image/png') => new File([new Uint8Array(bytes)], name, { type });
const urlOf = (bytes: Buffer, type = 'image/png') => `data:${type};base64,${bytes.toString('base64')}`;
const resultOf = (made: OpenAI.ImagesResponse) => Buffer.from(made.data?.[0]?.b64_json ?? '', 'base64');

/** The mean difference of two images in one square, 0 to 255. */
async function differenceIn(one: Buffer, other: Buffer, left: number, top: number): Promise<number> {
  const cut = (bytes: Buffer) =>
    sharp(bytes).removeAlpha().extract({ left, top, width: 100, height: 100 }).raw().toBuffer();
  const [a, b] = [await cut(one), await cut(other)];
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}

async function sourceOf(client: OpenAI): Promise<Buffer> {
  return resultOf(await client.images.generate({ ...ASKED, prompt: 'a river valley' }));
}

describe.each<ArtStyle>(['plain', 'detailed'])('a markup in the style %s', (art) => {
  it('is seen where its strokes are and nowhere else, as form, data URL and file', async () => {
    const { client } = await simulate({ art });
    const source = await sourceOf(client);
    const markup = await drawn();
    const image = fileOf(source, 'a.png');
    const bare = resultOf(await client.images.edit({ ...ASKED, image }));
    const byForm = resultOf(await client.images.edit({ ...ASKED, image, markup: fileOf(markup, 'm.png') }));
    expect(await differenceIn(bare, byForm, 150, 150)).toBeGreaterThan(30);
    expect(await differenceIn(bare, byForm, 600, 300)).toBe(0);
    const images = [{ image_url: urlOf(source) }];
    const edit = (reference: object) =>
      client.post<OpenAI.ImagesResponse>('/images/edits', { body: { ...ASKED, images, markup: reference } });
    expect(resultOf(await edit({ image_url: urlOf(markup) })).equals(byForm)).toBe(true);
    const { id } = await client.files.create({ file: fileOf(markup, 'm.png'), purpose: 'vision' });
    expect(resultOf(await edit({ file_id: id })).equals(byForm)).toBe(true);
  });

  it.each(['webp', 'svg', 'gif'] as const)('is seen in %s', async (output_format) => {
    const { client } = await simulate({ art });
    const asked = { ...ASKED, output_format, ...(output_format === 'gif' && { frame_count: 2 }) };
    const image = fileOf(await sourceOf(client), 'a.png');
    const markup = fileOf(await drawn(), 'm.png');
    const bare = resultOf(await client.images.edit({ ...asked, image }));
    const marked = resultOf(await client.images.edit({ ...asked, image, markup }));
    expect(await differenceIn(bare, marked, 150, 150)).toBeGreaterThan(30);
  });
});

describe('a markup', () => {
  it('has the size of a turned image as it is shown', async () => {
    const { client } = await simulate({ art: 'detailed' });
    const lying = await blank({ width: 640, height: 1024 }, '#336699').jpeg().toBuffer();
    const turned = await sharp(lying).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const image = fileOf(turned, 'a.jpg', 'image/jpeg');
    const edit = async (width: number, height: number) =>
      client.images.edit({
        ...ASKED,
        image,
        markup: fileOf(await (await strokes({ width, height })).png().toBuffer(), 'm.png'),
      });
    const made = resultOf(await edit(1024, 640));
    const bare = resultOf(await client.images.edit({ ...ASKED, image }));
    expect(await differenceIn(bare, made, 150, 150)).toBeGreaterThan(30);
    expect(await errorOf(edit(640, 1024))).toMatchObject({ status: 400, param: 'markup' });
  });

  it('is laid over the first of several images', async () => {
    const { client } = await simulate();
    const source = await sourceOf(client);
    const other = await blank({ width: 64, height: 64 }, '#808080').png().toBuffer();
    const markup = fileOf(await drawn(), 'm.png');
    const edit = (image: File[]) => client.images.edit({ ...ASKED, image, markup });
    expect(resultOf(await edit([fileOf(source, 'a.png'), fileOf(other, 'b.png')])).length).toBeGreaterThan(0);
    expect(await errorOf(edit([fileOf(other, 'b.png'), fileOf(source, 'a.png')]))).toMatchObject({ param: 'markup' });
  });

  it.each(REFUSED)(
    '%s is refused by its name, in both forms',
    async (_, { markup = drawn, mask = false, more = {} }) => {
      const { client, simulator } = await simulate();
      const image = await blank(SIZE, '#808080').png().toBuffer();
      const bytes = await markup();
      const form = {
        ...ASKED,
        ...more,
        image: fileOf(image, 'a.png'),
        markup: fileOf(bytes, 'm.png'),
        ...(mask && { mask: fileOf(bytes, 'mask.png') }),
      };
      expect(await errorOf(client.images.edit(form))).toMatchObject({ status: 400, param: 'markup' });
      const body = {
        ...ASKED,
        ...more,
        images: [{ image_url: urlOf(image) }],
        markup: { image_url: urlOf(bytes) },
        ...(mask && { mask: { image_url: urlOf(bytes) } }),
      };
      expect(await errorOf(client.post('/images/edits', { body }))).toMatchObject({ status: 400, param: 'markup' });
      expect(simulator.requests.pictures).toBe(0);
    },
  );
});
