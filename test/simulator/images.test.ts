/** The Image API of the simulator, used by the official client. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { collect, distance, errorOf, simulate } from './support.ts';

const ASKED = { model: 'gpt-image-2', size: '1024x640', output_format: 'webp' } as const;

function bytesOf(b64: string | undefined): Buffer {
  return Buffer.from(b64 ?? '', 'base64');
}

async function parentFile(
  client: Awaited<ReturnType<typeof simulate>>['client'],
): Promise<{ bytes: Buffer; file: File }> {
  const made = await client.images.generate({ ...ASKED, prompt: 'a river valley', output_format: 'png' });
  const bytes = bytesOf(made.data?.[0]?.b64_json);
  return { bytes, file: new File([new Uint8Array(bytes)], 'parent.png', { type: 'image/png' }) };
}

describe('images.generate', () => {
  it('makes several different pictures of the same words, on one bill', async () => {
    const { client, simulator } = await simulate();
    const made = await client.images.generate({ ...ASKED, prompt: 'a lighthouse', n: 3, quality: 'low' });
    const pictures = (made.data ?? []).map((each) => bytesOf(each.b64_json));
    expect(new Set(pictures.map((each) => each.toString('base64'))).size).toBe(3);
    expect(made).toMatchObject({ size: '1024x640', quality: 'low', output_format: 'webp', background: 'opaque' });
    expect(made.usage?.output_tokens).toBe(3 * 125);
    expect(simulator.requests).toMatchObject({ generations: 1, pictures: 3 });
  });

  it('streams partials and then the picture, with its usage', async () => {
    const { client } = await simulate();
    const events = await collect(
      await client.images.generate({ ...ASKED, prompt: 'a lighthouse', stream: true, partial_images: 2 }),
    );
    expect(events.map((event) => event.type)).toEqual([
      'image_generation.partial_image',
      'image_generation.partial_image',
      'image_generation.completed',
    ]);
    const last = events.at(-1);
    expect(last?.type === 'image_generation.completed' && last.usage.output_tokens).toBe(
      Math.round((1767 * 640) / 1024) + 200,
    );
    for (const event of events) expect((await sharp(bytesOf(event.b64_json)).metadata()).format).toBe('webp');
  });

  it('refuses what the upstream refuses', async () => {
    const { client } = await simulate();
    expect(await errorOf(client.images.generate({ ...ASKED, prompt: 'x', n: 11 }))).toMatchObject({
      status: 400,
      param: 'n',
    });
    expect(await errorOf(client.images.generate({ ...ASKED, prompt: '' }))).toMatchObject({
      status: 400,
      param: 'prompt',
    });
    expect(await errorOf(client.images.generate({ ...ASKED, prompt: 'x', response_format: 'url' }))).toMatchObject({
      status: 400,
    });
  });

  it('streams one picture only', async () => {
    const { client, simulator } = await simulate();
    const ask = { ...ASKED, prompt: 'x', n: 2, stream: true } as const;
    expect(await errorOf(client.images.generate(ask))).toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      message: '400 Streaming is only supported with n=1.',
    });
    expect(simulator.requests.pictures).toBe(0);
  });

  it('draws SVG one at a time and in one piece, and knows the models of today', async () => {
    const { client } = await simulate();
    const svg = { ...ASKED, prompt: 'x', output_format: 'svg' } as const;
    expect(await errorOf(client.images.generate({ ...svg, n: 2 }))).toMatchObject({ status: 400 });
    expect(await errorOf(client.images.generate({ ...svg, stream: true }))).toMatchObject({ status: 400 });
    expect(await errorOf(client.images.generate({ prompt: 'x', model: 'gpt-image-1' }))).toMatchObject({
      code: 'model_not_found',
    });
  });

  it('says in an event that the picture was blocked while it was drawn', async () => {
    const { client } = await simulate();
    const events = await client.images.generate({
      ...ASKED,
      prompt: 'a lighthouse [sim:moderation-midstream]',
      stream: true,
    });
    expect(await errorOf(collect(events))).toMatchObject({
      code: 'moderation_blocked',
      type: 'image_generation_user_error',
    });
  });
});

describe('a scenario', () => {
  it.each([
    ['rate-limited', 429],
    ['moderation-input', 400],
    ['http-500-after-create', 500],
    ['error-vector-store-timeout', 500],
    ['error-invalid-image', 400],
  ])('%s is answered with %i in this API, too', async (name, status) => {
    const { client } = await simulate();
    const generate = client.images.generate({ ...ASKED, prompt: `a boat [sim:${name}]` });
    expect(await errorOf(generate)).toMatchObject({ status });
  });
});

describe('images.edit', () => {
  it('changes an uploaded picture, streamed or not', async () => {
    const { client } = await simulate({ art: 'detailed' });
    const { bytes, file } = await parentFile(client);
    const made = await client.images.edit({ ...ASKED, image: [file], prompt: 'add snow', n: 2 });
    const [first, second] = (made.data ?? []).map((each) => bytesOf(each.b64_json));
    if (first === undefined || second === undefined) throw new Error('two pictures were asked for');
    expect(await distance(bytes, first)).toBeGreaterThan(3);
    expect(await distance(bytes, first)).toBeLessThan(40);
    expect(made.usage?.input_tokens_details.image_tokens).toBe(2 * 640);
    const events = await collect(
      await client.images.edit({ ...ASKED, image: file, prompt: 'add snow', stream: true, partial_images: 1 }),
    );
    expect(events.map((event) => event.type)).toEqual(['image_edit.partial_image', 'image_edit.completed']);
    expect(bytesOf(events.at(-1)?.b64_json).equals(first)).toBe(true);
  });

  it('changes only where the mask is transparent', async () => {
    const { client } = await simulate();
    const { bytes, file } = await parentFile(client);
    const masked = await sharp({ create: { width: 1024, height: 640, channels: 4, background: '#0000' } })
      .composite([{ input: await opaque(512, 640), left: 0, top: 0 }])
      .png()
      .toBuffer();
    const mask = new File([new Uint8Array(masked)], 'mask.png', { type: 'image/png' });
    const made = await client.images.edit({
      ...ASKED,
      output_format: 'png',
      image: file,
      mask,
      prompt: 'make it night',
    });
    const [left, right] = await halves(bytes);
    const [newLeft, newRight] = await halves(bytesOf(made.data?.[0]?.b64_json));
    expect(await distance(left, newLeft)).toBe(0);
    expect(await distance(right, newRight)).toBeGreaterThan(10);
  });

  it('takes references in JSON, as data URLs', async () => {
    const { simulator, client } = await simulate();
    const { bytes } = await parentFile(client);
    const image_url = `data:image/png;base64,${bytes.toString('base64')}`;
    const answer = await fetch(`${simulator.url}/images/edits`, {
      method: 'POST',
      headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
      body: JSON.stringify({ ...ASKED, prompt: 'add snow', images: [{ image_url }] }),
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ data: [{ b64_json: expect.any(String) }] });
  });

  it('refuses bytes that are no picture', async () => {
    const { client } = await simulate();
    const file = new File(['these are words'], 'a.png', { type: 'image/png' });
    expect(await errorOf(client.images.edit({ ...ASKED, image: file, prompt: 'x' }))).toMatchObject({
      status: 400,
      code: 'invalid_image_format',
    });
  });
});

function opaque(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 4, background: '#000f' } })
    .png()
    .toBuffer();
}

/** Not the middle: a seam may blur when images are compared at a smaller size. */
async function halves(picture: Buffer): Promise<[Buffer, Buffer]> {
  const cut = (left: number) => sharp(picture).extract({ left, top: 0, width: 480, height: 640 }).png().toBuffer();
  return [await cut(0), await cut(544)];
}
