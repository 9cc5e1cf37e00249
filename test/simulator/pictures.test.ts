/** What the simulator draws: sizes, formats, partial images, and the same drawing for the same words. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ArtStyle } from '../../src/simulator/simulator.ts';
import { distance, finalOf, MODEL, partialsOf, pictureOf, simulate as simulateWith, stream, tool } from './support.ts';

/** These tests are about the drawing; others use the plain style. */
const simulate = () => simulateWith({ art: 'detailed' });

const CAT = 'a gray tabby cat hugging an otter with an orange scarf';

describe('a picture', () => {
  it.each([
    ['png', '1024x1024'],
    ['png', '1536x1024'],
    ['webp', '1024x1536'],
    ['jpeg', '1536x864'],
    ['gif', '1024x640'],
    ['svg', '1024x640'],
    ['webp', '2048x688'],
  ] as const)('is %s and %s when that is asked', async (output_format, size) => {
    const { client } = await simulate();
    const [width, height] = size.split('x').map(Number);
    const bytes = finalOf(await stream(client, CAT, { output_format, size }));
    const found = await sharp(bytes).metadata();
    expect(found).toMatchObject({ format: output_format, width, height });
    if (output_format !== 'svg') expect(found.hasAlpha && output_format !== 'gif').toBe(false);
  });

  it('weighs what real ones weigh', async () => {
    const { client } = await simulate();
    for (const words of [CAT, 'neon city at night in the rain', 'river valley']) {
      const bytes = finalOf(await stream(client, words, { output_format: 'png', size: '1024x1024' }));
      expect(bytes.length).toBeGreaterThan(300_000);
      expect(bytes.length).toBeLessThan(2_000_000);
    }
  });

  it.each(['png', 'webp'] as const)(
    'has a clear ground in %s when that is asked, and its figures are not clear',
    async (output_format) => {
      const { client } = await simulate();
      const bytes = finalOf(await stream(client, 'an owl', { output_format, background: 'transparent' }));
      const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
      expect(info.channels).toBe(4);
      const alpha = (x: number, y: number) => data[(y * info.width + x) * 4 + 3];
      expect(alpha(4, 4)).toBe(0);
      expect(alpha(info.width / 2, info.height / 2)).toBe(255);
    },
  );

  it('is the same, byte for byte, from another simulator', async () => {
    const [one, other] = await Promise.all([simulate(), simulate()]);
    const options = { partial_images: 2, output_format: 'png' } as const;
    const [first, second] = await Promise.all([stream(one.client, CAT, options), stream(other.client, CAT, options)]);
    expect(finalOf(first).equals(finalOf(second))).toBe(true);
    expect(partialsOf(first).map((each) => each.toString('base64'))).toEqual(
      partialsOf(second).map((each) => each.toString('base64')),
    );
  });

  it('is another one for other words', async () => {
    const { client } = await simulate();
    const [one, other] = [await stream(client, 'a quiet idea'), await stream(client, 'a loud idea')];
    expect(await distance(finalOf(one), finalOf(other))).toBeGreaterThan(15);
  });

  it.each([
    'Кошка и море',
    'Η θάλασσα',
    'Žluťoučký kůň',
    'Cà phê sữa đá',
    '静かな海 🌊',
    '\u0000\u202e',
    '<b>&amp;"\'',
  ])('is drawn of the words %j without a font of the system', async (words) => {
    const { client } = await simulate();
    const bytes = finalOf(await stream(client, `${words} `));
    expect((await sharp(bytes).metadata()).width).toBe(1024);
  });

  it('does not show its markers', async () => {
    const { client } = await simulate();
    const plain = finalOf(await stream(client, 'a boat'));
    const marked = finalOf(await stream(client, 'a [sim:keepalive] boat [sim:duration=0]'));
    expect(marked.equals(plain)).toBe(true);
  });
});

/** Whatever could run, load or show something from elsewhere. */
const UNSAFE =
  /<(script|text|foreignObject|style|use|a|animate|set|iframe)\b|\son\w+=|javascript:|href="(?!data:image\/png;base64,)|url\((?!#)|NaN|undefined/;

describe.each<ArtStyle>(['plain', 'detailed'])('an SVG in the style %s', (art) => {
  const asked = { size: '1024x640', model: 'gpt-image-2.6-flare', prompt: '<b>a fox</b> & "a boat"' } as const;

  it('is shapes alone, well-formed, and looks like the PNG', async () => {
    const { client } = await simulateWith({ art });
    const make = async (output_format: 'svg' | 'png') =>
      Buffer.from((await client.images.generate({ ...asked, output_format })).data?.[0]?.b64_json ?? '', 'base64');
    const [svg, png] = [await make('svg'), await make('png')];
    const text = svg.toString('utf8');
    expect(text).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[^>]* width="1024" height="640"/);
    expect(text).not.toMatch(UNSAFE);
    expect(text).not.toContain('<image');
    // The decoder is an XML parser: what is not well-formed is an error.
    expect(await sharp(svg).metadata()).toMatchObject({ format: 'svg', width: 1024, height: 640 });
    expect(await distance(svg, png)).toBeLessThan(6);
  });

  it('is as safe when it changes a given picture', async () => {
    const { client } = await simulateWith({ art });
    const given = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#369' } })
      .png()
      .toBuffer();
    const image = new File([new Uint8Array(given)], 'a.png', { type: 'image/png' });
    const made = await client.images.edit({ ...asked, image, output_format: 'svg' });
    const svg = Buffer.from(made.data?.[0]?.b64_json ?? '', 'base64');
    expect(svg.toString('utf8')).not.toMatch(UNSAFE);
    expect((await sharp(svg).metadata()).width).toBe(1024);
  });
});

describe('complexity', () => {
  it.each<ArtStyle>(['plain', 'detailed'])('is seen in the style %s', async (art) => {
    const { client } = await simulateWith({ art });
    const draw = async (complexity: 'low' | 'medium' | 'high') =>
      finalOf(await stream(client, 'a river valley', { complexity, output_format: 'png' }));
    const [low, medium, high] = [await draw('low'), await draw('medium'), await draw('high')];
    expect(await distance(low, medium)).toBeGreaterThan(0.5);
    expect(await distance(medium, high)).toBeGreaterThan(0.5);
    // There is more to store where more is drawn. Squares are too simple for that.
    if (art === 'plain') return;
    expect(low.length).toBeLessThan(medium.length);
    expect(medium.length).toBeLessThan(high.length);
  });
});

describe('partials', () => {
  it.each(['png', 'webp', 'jpeg'] as const)(
    'are stages of one picture in %s: each nearer to it than the one before',
    async (output_format) => {
      const { client } = await simulate();
      const events = await stream(client, CAT, { partial_images: 3, output_format, size: '1024x1024' });
      const final = finalOf(events);
      const partials = partialsOf(events);
      expect(partials).toHaveLength(3);
      for (const partial of partials) {
        expect(await sharp(partial).metadata()).toMatchObject({ format: output_format, width: 1024, height: 1024 });
      }
      const [first = 0, second = 0, third = 0] = await Promise.all(partials.map((each) => distance(each, final)));
      expect(first).toBeGreaterThan(second * 1.2);
      expect(second).toBeGreaterThan(third * 1.2);
      expect(third).toBeGreaterThan(3);
    },
  );

  it('are SVG, too, when that is asked', async () => {
    const { client } = await simulate();
    const events = await stream(client, CAT, { partial_images: 2, output_format: 'svg' });
    const [first = 0, second = 0] = await Promise.all(
      partialsOf(events).map((each) => distance(each, finalOf(events))),
    );
    expect(first).toBeGreaterThan(second);
    expect(second).toBeGreaterThan(1);
  });

  it('keep a clear ground clear', async () => {
    const { client } = await simulate();
    const [partial] = partialsOf(
      await stream(client, 'an owl', { partial_images: 1, output_format: 'png', background: 'transparent' }),
    );
    const { data } = await sharp(partial).raw().toBuffer({ resolveWithObject: true });
    expect(data[3]).toBe(0);
  });
});

describe('a mask', () => {
  it('keeps everything outside of its hole, by response as by bytes', async () => {
    const { client } = await simulate();
    const size = { output_format: 'png', size: '1024x640' } as const;
    const parent = await client.responses.create({ model: MODEL, input: 'a river valley', tools: [tool(size)] });
    const solid = await sharp({ create: { width: 512, height: 640, channels: 4, background: '#000f' } })
      .png()
      .toBuffer();
    const mask = await sharp({ create: { width: 1024, height: 640, channels: 4, background: '#0000' } })
      .composite([{ input: solid, left: 0, top: 0 }])
      .png()
      .toBuffer();
    const input_image_mask = { image_url: `data:image/png;base64,${mask.toString('base64')}` };
    const child = await client.responses.create({
      model: MODEL,
      input: 'make it night',
      previous_response_id: parent.id,
      tools: [tool({ ...size, input_image_mask })],
    });
    const half = (picture: Buffer, left: number) =>
      sharp(picture).extract({ left, top: 0, width: 500, height: 640 }).png().toBuffer();
    expect(await distance(await half(pictureOf(parent), 0), await half(pictureOf(child), 0))).toBe(0);
    expect(await distance(await half(pictureOf(parent), 524), await half(pictureOf(child), 524))).toBeGreaterThan(10);
  });
});
