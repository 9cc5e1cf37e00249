/** The Files API of the simulator, and the requests that can name its files. */
import type OpenAI from 'openai';
import sharp from 'sharp';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { distance, errorOf, MODEL, pictureOf, SMALL, simulate, tool } from './support.ts';

const PICTURE = { model: 'gpt-image-2', ...SMALL } as const;

async function drawn(client: OpenAI): Promise<Buffer> {
  const made = await client.images.generate({ ...PICTURE, prompt: 'a river valley', output_format: 'png' });
  return Buffer.from(made.data?.[0]?.b64_json ?? '', 'base64');
}

function fileOf(bytes: Uint8Array): File {
  return new File([new Uint8Array(bytes)], 'parent.png', { type: 'image/png' });
}

async function upload(client: OpenAI, bytes: Uint8Array): Promise<string> {
  const expires_after = { anchor: 'created_at', seconds: 7200 } as const;
  return (await client.files.create({ file: fileOf(bytes), purpose: 'vision', expires_after })).id;
}

function edit(client: OpenAI, body: object): Promise<OpenAI.ImagesResponse> {
  return client.post('/images/edits', { body: { ...PICTURE, prompt: 'add snow', ...body } });
}

function refineWith(client: OpenAI, fileId: string, more: Parameters<typeof tool>[0] = {}) {
  return client.responses.create({
    model: MODEL,
    tools: [tool(more)],
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'add snow' },
          { type: 'input_image', file_id: fileId, detail: 'auto' },
        ],
      },
    ],
  });
}

afterEach(() => {
  vi.useRealTimers();
});

describe('an uploaded file', () => {
  it('is described, found and deleted by its id', async () => {
    const { client, simulator } = await simulate();
    const before = Math.floor(Date.now() / 1000);
    const expires_after = { anchor: 'created_at', seconds: 3600 } as const;
    const file = await client.files.create({ file: fileOf(Buffer.from('12345')), purpose: 'vision', expires_after });
    expect(file).toMatchObject({
      object: 'file',
      id: expect.stringMatching(/^file-/),
      bytes: 5,
      filename: 'parent.png',
      purpose: 'vision',
    });
    expect(file.created_at).toBeGreaterThanOrEqual(before);
    expect(file.expires_at).toBe(file.created_at + 3600);
    expect(await client.files.retrieve(file.id)).toEqual(file);
    expect(await client.files.delete(file.id)).toEqual({ id: file.id, object: 'file', deleted: true });
    expect(await errorOf(client.files.retrieve(file.id))).toMatchObject({ status: 404 });
    expect(await errorOf(client.files.delete(file.id))).toMatchObject({ status: 404 });
    expect(simulator.requests.uploads).toBe(1);
  });

  it('without a word on its life is kept, and no other life than the upstream takes is taken', async () => {
    const { client } = await simulate();
    const ask = { file: fileOf(Buffer.from('1')), purpose: 'vision' } as const;
    expect(await client.files.create(ask)).not.toHaveProperty('expires_at');
    for (const seconds of [3599, 2_592_001]) {
      const expires_after = { anchor: 'created_at', seconds } as const;
      expect(await errorOf(client.files.create({ ...ask, expires_after }))).toMatchObject({
        status: 400,
        param: 'expires_after.seconds',
      });
    }
    // SAFETY: the type forbids the invalid value that is tested.
    const purpose = 'posters' as 'vision';
    expect(await errorOf(client.files.create({ ...ask, purpose }))).toMatchObject({ status: 400, param: 'purpose' });
  });

  it('is drawn upon as its bytes are', async () => {
    const { client } = await simulate({ art: 'detailed' });
    const bytes = await drawn(client);
    const id = await upload(client, bytes);
    const byId = await refineWith(client, id);
    const edited = await edit(client, { images: [{ file_id: id }] });
    const image_url = `data:image/png;base64,${bytes.toString('base64')}`;
    const byBytes = await edit(client, { images: [{ image_url }] });
    expect(await distance(bytes, pictureOf(byId))).toBeLessThan(40);
    expect(edited.data).toEqual(byBytes.data);
  });

  it('is a mask in both APIs', async () => {
    const { client } = await simulate();
    const bytes = await drawn(client);
    const id = await upload(client, bytes);
    const opaque = sharp({ create: { width: 1024, height: 640, channels: 4, background: '#000f' } });
    const mask = { file_id: await upload(client, await opaque.png().toBuffer()) };
    // The mask has no transparent part, so nothing may change.
    const edited = await edit(client, { images: [{ file_id: id }], mask, output_format: 'png' });
    expect(await distance(bytes, Buffer.from(edited.data?.[0]?.b64_json ?? '', 'base64'))).toBe(0);
    const refined = await refineWith(client, id, { input_image_mask: mask, output_format: 'png' });
    expect(await distance(bytes, pictureOf(refined))).toBe(0);
  });

  it('is unknown once it has expired', async () => {
    const { client } = await simulate();
    const id = await upload(client, await drawn(client));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 7_199_000 });
    expect((await refineWith(client, id)).status).toBe('completed');
    vi.setSystemTime(Date.now() + 2_000);
    expect(await errorOf(refineWith(client, id))).toMatchObject({ code: 'file_not_found' });
  });
});

describe('a file that is not there', () => {
  it('is told wherever it is named', async () => {
    const { client, simulator } = await simulate();
    const known = await upload(client, await drawn(client));
    const gone = { file_id: 'file-gone' };
    const unknown = { status: 400, code: 'file_not_found', message: '400 No such File object: file-gone' };
    const asks: [() => PromiseLike<unknown>, string][] = [
      [() => refineWith(client, 'file-gone'), 'input[0].content[1].file_id'],
      [() => refineWith(client, known, { input_image_mask: gone }), 'tools[0].input_image_mask.file_id'],
      [() => edit(client, { images: [{ file_id: known }, gone] }), 'images[1].file_id'],
      [() => edit(client, { images: [{ file_id: known }], mask: gone }), 'mask.file_id'],
    ];
    for (const [ask, param] of asks) expect(await errorOf(ask())).toMatchObject({ ...unknown, param });
    expect(simulator.requests.pictures).toBe(1);
  });

  it('is one that is no picture, too', async () => {
    const { client } = await simulate();
    const id = await upload(client, Buffer.from('these are words'));
    expect(await errorOf(refineWith(client, id))).toMatchObject({ status: 400, code: 'invalid_image_format' });
  });
});
