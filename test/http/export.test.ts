/** Exports: one ZIP file of a conversation or a selection, which any unzip opens. */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveClient } from '../api/archive-client.ts';
import { callDetails, eventually, makeImage, picture, rawId, refine, unknownId, watchToEnd } from '../api/steps.ts';
import { blobPath } from '../storage/steps.ts';
import { startServerHere } from '../support/app.ts';
import { newDataDir, type RunningServer } from '../support/server.ts';
import { uploadPicture } from '../support/upload.ts';
import { unpack, zipPrograms } from './zip-steps.ts';

let dataDir: string;
let server: RunningServer;
let conversationId: string;
let imageIds: string[];
beforeAll(async () => {
  dataDir = await newDataDir();
  server = await startServerHere({ dataDir, env: { SIMULATOR_DURATION_MS: '0' } });
  const first = await makeImage(server.url, {
    prompt: 'A crâne / over "the" river: ../../etc',
    options: { quality: 'LOW' },
  });
  conversationId = (await callDetails(server.url, first.callId)).conversation.id;
  const call = await refine(server.url, { imageId: first.imageId, prompt: '青いランプ' });
  await watchToEnd(server.url, call.id);
  const [second] = (await callDetails(server.url, call.id)).images;
  const uploaded = await uploadPicture(server.url, await picture('#778899'), { conversationId });
  imageIds = [first.imageId, second?.id ?? '', uploaded.id];
  await archiveClient(server.url, 'none').run('updateImage', { imageId: second?.id ?? '', addTags: ['Night'] });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true });
});

const path = (id: string) => `/export/conversations/${encodeURIComponent(id)}.zip`;
const selection = (ids: readonly string[]) => `/export/images.zip?${new URLSearchParams(ids.map((id) => ['id', id]))}`;

const jsonOf = (file: Buffer | undefined) => JSON.parse(String(file));

describe('a conversation', () => {
  it.skipIf(zipPrograms === null)(
    'is a file of the size that was told, with each image and what is known of it',
    async () => {
      const response = await fetch(server.url + path(conversationId));
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/zip');
      expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="[a-z0-9-]+\.zip"$/u);
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(String(bytes.byteLength)).toBe(response.headers.get('content-length'));

      const files = await unpack(bytes);
      const folder = 'a-crane-over-the-river-etc';
      expect([...files.keys()].toSorted()).toEqual(
        [
          '001-a-crane-over-the-river-etc.json',
          '001-a-crane-over-the-river-etc.png',
          '002-image.json',
          '002-image.png',
          '003-image.json',
          '003-image.png',
          'contents.json',
        ].map((name) => `${folder}/${name}`),
      );
      const details = jsonOf(files.get(`${folder}/002-image.json`));
      expect(details).toMatchObject({
        id: imageIds[1],
        file: '002-image.png',
        prompt: '青いランプ',
        tags: ['night'],
        conversationId,
        sourceIds: [imageIds[0]],
        lineageIds: [imageIds[0]],
        costOfCall: { currency: 'USD', amount: expect.stringMatching(/^0\.\d+$/u) },
      });
      expect(details.revisedPrompt).toEqual(expect.any(String));
      expect(jsonOf(files.get(`${folder}/001-a-crane-over-the-river-etc.json`)).requested).toEqual(
        expect.objectContaining({ quality: 'LOW' }),
      );
      const image = files.get(`${folder}/002-image.png`) ?? Buffer.alloc(0);
      expect(createHash('sha256').update(image).digest('hex')).toBe(details.sha256);
      expect(jsonOf(files.get(`${folder}/contents.json`)).files).toHaveLength(3);
    },
  );

  it('tells the same to HEAD, without bytes', async () => {
    const [whole, head] = await Promise.all([
      fetch(server.url + path(conversationId)),
      fetch(server.url + path(conversationId), { method: 'HEAD' }),
    ]);
    expect(head.status).toBe(200);
    expect(head.headers.get('content-length')).toBe(String((await whole.arrayBuffer()).byteLength));
    expect((await head.arrayBuffer()).byteLength).toBe(0);
  });
});

it.skipIf(zipPrograms === null)('a selection has the images that were named, once each', async () => {
  const [first = '', , third = ''] = imageIds;
  const response = await fetch(server.url + selection([third, first, first]));
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="images.zip"');
  const files = await unpack(Buffer.from(await response.arrayBuffer()));
  expect([...files.keys()].filter((name) => name.endsWith('.png')).toSorted()).toEqual([
    'images/001-a-crane-over-the-river-etc.png',
    'images/002-image.png',
  ]);
});

it.skipIf(zipPrograms === null)('images with the same bytes and the same words have files of their own', async () => {
  const ids: string[] = [];
  for (let number = 0; number < 3; number += 1) {
    ids.push((await makeImage(server.url, { prompt: 'CON ünïcode …/\\:*?"<>|' + '\u202e' })).imageId);
  }
  const response = await fetch(server.url + selection(ids));
  const files = await unpack(Buffer.from(await response.arrayBuffer()));
  expect([...files.keys()].filter((name) => name.endsWith('.png')).toSorted()).toEqual(
    ['001', '002', '003'].map((number) => `images/${number}-con-unicode.png`),
  );
});

it.skipIf(zipPrograms === null)('an empty conversation is a file with its table of contents alone', async () => {
  const { conversation } = await archiveClient(server.url, 'none').run('createConversation', { title: '空' });
  const response = await fetch(server.url + path(conversation.id));
  const files = await unpack(Buffer.from(await response.arrayBuffer()));
  expect([...files].map(([name, text]) => [name, jsonOf(text)])).toEqual([
    ['darkroom/contents.json', { title: '空', files: [] }],
  ]);
});

it('a selection may have as many ids as the API takes', async () => {
  const all: string[] = [];
  for (let number = 0; number < 100; number += 1) {
    all.push((await uploadPicture(server.url, await picture('#a0b0c0'))).id);
  }
  const query = 'query ($ids: [ID!]!) { imagesExportUrl(ids: $ids) }';
  const { imagesExportUrl } = await archiveClient(server.url, 'none').data(query, { ids: all });
  const response = await fetch(imagesExportUrl, { method: 'HEAD' });
  expect(response.status).toBe(200);
});

describe('what is in the trash', () => {
  it('is not exported with its conversation, and a conversation there is not exported', async () => {
    const client = archiveClient(server.url, 'none');
    const made = await client.make();
    const sizeOf = async () =>
      Number((await fetch(server.url + path(made.conversationId), { method: 'HEAD' })).headers.get('content-length'));
    const before = await sizeOf();
    await client.run('deleteImage', { imageId: made.imageId });
    expect(await sizeOf()).toBeLessThan(before / 2);
    await client.run('deleteConversation', { conversationId: made.conversationId });
    const response = await fetch(server.url + path(made.conversationId));
    expect([response.status, await response.text()]).toEqual([
      409,
      'This conversation is in the trash. Restore it to export it.\n',
    ]);
  });
});

describe('what cannot be exported', () => {
  const refusals: Readonly<Record<string, () => [url: string, status: number]>> = {
    'an unknown conversation': () => [path(unknownId('Conversation')), 404],
    'an image as a conversation': () => [path(imageIds[0] ?? ''), 404],
    'no id at all': () => [path('nonsense'), 404],
    'a broken escape': () => ['/export/conversations/%E0%A4%A.zip', 404],
    'a path upwards': () => ['/export/conversations/..%2F..%2Fdarkroom.sqlite.zip', 404],
    'another path': () => ['/export/everything.zip', 404],
    'an empty selection': () => ['/export/images.zip', 404],
    'a selection with one unknown image': () => [selection([imageIds[0] ?? '', unknownId('Image')]), 404],
    'a selection with a bare id': () => [selection([rawId(imageIds[0] ?? '')]), 404],
    'too many ids': () => [selection(Array.from({ length: 101 }, (_, index) => `id${index}`)), 413],
  };

  it.each(Object.entries(refusals))('%s is refused with a line of text', async (_, refusal) => {
    const [url, status] = refusal();
    const response = await fetch(server.url + url);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect((await response.text()).trim()).not.toBe('');
  });

  it('other methods are refused', async () => {
    const response = await fetch(server.url + path(conversationId), { method: 'POST' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('a page of a foreign origin gets nothing', async () => {
    const response = await fetch(server.url + path(conversationId), { headers: { origin: 'https://evil.example' } });
    expect(response.status).toBe(403);
  });

  it('missing bytes are an error before the first byte', async () => {
    const image = await uploadPicture(server.url, await picture('#010203'));
    await rm(blobPath(dataDir, image.sha256));
    const response = await fetch(server.url + selection([image.id]));
    expect([response.status, await response.text()]).toEqual([500, 'The export failed.\n']);
    expect(server.output()).toContain('an export failed');
  });
});

describe('clients', () => {
  let selected: string;
  beforeAll(async () => {
    // Incompressible and large: more than the buffers of a connection.
    const noise = await Promise.all(
      Array.from({ length: 12 }, (_, index) => picture(`#${String(100_000 + index * 7919).slice(0, 6)}`, 1500, 1500)),
    );
    const ids: string[] = [];
    for (const bytes of noise) {
      // Bytes behind the end of a PNG are kept, and make it large.
      const large = Buffer.concat([bytes, Buffer.alloc(3_000_000, bytes.byteLength)]);
      ids.push((await uploadPicture(server.url, large)).id);
    }
    selected = selection(ids);
  });

  it('that take nothing for a while are waited for, without reading ahead', async () => {
    const before = process.memoryUsage().arrayBuffers;
    const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
      get(server.url + selected, resolve).on('error', reject);
    });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    // The file has 36 MB.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(24_000_000);
    let received = 0;
    for await (const chunk of response) received += chunk.length;
    expect(String(received)).toBe(response.headers['content-length']);
  });

  it('that leave early give their place back, and two at once are the limit of a principal', async () => {
    const leaving = new AbortController();
    const open = await Promise.all([1, 2].map(() => fetch(server.url + selected, { signal: leaving.signal })));
    expect(open.map(({ status }) => status)).toEqual([200, 200]);
    const third = await fetch(server.url + selected);
    expect([third.status, third.headers.get('retry-after')]).toEqual([429, '10']);
    await third.text();
    leaving.abort();
    await eventually('a place', async () => {
      const response = await fetch(server.url + selected, { method: 'HEAD' });
      return response.status === 200 || undefined;
    });
    expect(server.output()).not.toContain('prematurely');
  });
});
