/** GIF: as many frames as asked, shown as long as asked, each different from the one before. */
import type OpenAI from 'openai';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ArtStyle } from '../../src/simulator/simulator.ts';
import { distance, finalOf, simulate, stream } from './support.ts';

const GIF = { output_format: 'gif', size: '1024x640', model: 'gpt-image-2.6-flare' } as const;

async function generate(client: OpenAI, fields: Partial<OpenAI.Images.ImageGenerateParamsNonStreaming>) {
  const made = await client.images.generate({ ...GIF, prompt: 'a boat on the sea', ...fields, stream: false });
  return (made.data ?? []).map((each) => Buffer.from(each.b64_json ?? '', 'base64'));
}

function framesOf(gif: Buffer, count: number): Promise<Buffer[]> {
  return Promise.all(Array.from({ length: count }, (_, page) => sharp(gif, { page }).png().toBuffer()));
}

/** How far the frames are from each other: the shortest distance of two neighbours, first and last among them. */
async function leastMovement(gif: Buffer, count: number): Promise<number> {
  const frames = await framesOf(gif, count);
  const ways = await Promise.all(frames.map((frame, index) => distance(frame, frames[(index + 1) % count] ?? frame)));
  return Math.min(...ways);
}

describe.each<[ArtStyle, number]>([
  ['plain', 5],
  ['detailed', 0.05],
])('a GIF in the style %s', (art, least) => {
  it('moves in every frame, and repeats for ever', async () => {
    const { client } = await simulate({ art });
    const [gif = Buffer.alloc(0)] = await generate(client, { frame_count: 3, frame_duration_ms: 124 });
    expect(await sharp(gif, { animated: true }).metadata()).toMatchObject({
      format: 'gif',
      width: 1024,
      pageHeight: 640,
      pages: 3,
      delay: [120, 120, 120],
      loop: 0,
    });
    expect(await leastMovement(gif, 3)).toBeGreaterThan(least);
  });

  it('is the same, byte for byte, for the same request, and another one for other frames', async () => {
    const [one, other] = [await simulate({ art }), await simulate({ art })];
    const [first] = await generate(one.client, { frame_count: 2 });
    const [again] = await generate(other.client, { frame_count: 2 });
    const [more] = await generate(one.client, { frame_count: 3 });
    expect(first?.equals(again ?? Buffer.alloc(0))).toBe(true);
    expect(more?.equals(first ?? Buffer.alloc(0))).toBe(false);
  });
});

describe('the frames of a GIF', () => {
  it('are nine of 200 ms when nothing is asked, for each of several pictures', async () => {
    const { client } = await simulate();
    const gifs = await generate(client, { n: 2 });
    expect(gifs).toHaveLength(2);
    for (const gif of gifs) {
      const { pages, delay } = await sharp(gif, { animated: true }).metadata();
      expect([pages, new Set(delay)]).toEqual([9, new Set([200])]);
      expect(await leastMovement(gif, 9)).toBeGreaterThan(5);
    }
  });

  it('are 16 at most, and each of them is another one', async () => {
    const { client } = await simulate();
    const [gif = Buffer.alloc(0)] = await generate(client, { frame_count: 16 });
    expect(await sharp(gif, { animated: true }).metadata()).toMatchObject({ pages: 16 });
    expect(await leastMovement(gif, 16)).toBeGreaterThan(5);
  });

  it.each([
    [1, 10],
    [4, 10],
    [15, 20],
    [104, 100],
    [65_530, 65_530],
    [65_540, 65_540],
    [655_350, 655_350],
    [1_000_000, 655_350],
  ])('asked to last %d ms last %d ms', async (frame_duration_ms, expected) => {
    const { client } = await simulate();
    const [gif] = await generate(client, { frame_count: 3, frame_duration_ms });
    expect(await sharp(gif, { animated: true }).metadata()).toMatchObject({ delay: [expected, expected, expected] });
  });

  it('come by the Responses API as well, in a stream without partial images', async () => {
    const { client } = await simulate();
    const events = await stream(client, 'a boat', { ...GIF, frame_count: 4 });
    expect(events.map((event) => event.type)).not.toContain('response.image_generation_call.partial_image');
    expect(await sharp(finalOf(events), { animated: true }).metadata()).toMatchObject({ pages: 4 });
  });

  it('weigh little more than a still picture', async () => {
    const { client } = await simulate({ art: 'detailed' });
    const prompt = 'a red fox in the snow';
    const [still] = await generate(client, { prompt, output_format: 'png' });
    const [gif] = await generate(client, { prompt, frame_count: 9 });
    expect(gif?.length).toBeGreaterThan(100_000);
    expect(gif?.length).toBeLessThan(2.5 * (still?.length ?? 0));
  });

  it('move over a given picture, too', async () => {
    const { client } = await simulate({ art: 'detailed' });
    const [still = Buffer.alloc(0)] = await generate(client, { output_format: 'png' });
    const image = new File([new Uint8Array(still)], 'a.png', { type: 'image/png' });
    const made = await client.images.edit({ ...GIF, image, prompt: 'make it night', frame_count: 2 });
    const gif = Buffer.from(made.data?.[0]?.b64_json ?? '', 'base64');
    expect(await leastMovement(gif, 2)).toBeGreaterThan(0.05);
  });
});
