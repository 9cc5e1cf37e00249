/** Variants as a client meets them: from the fields of the API to the bytes over HTTP. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authenticate, UnauthenticatedError, unlimitedPrincipal } from '../../src/auth/authenticate.ts';
import { startServerHere, startTestApp, type TestApp } from '../support/app.ts';
import { jpegSegment, withJpegSegments } from '../support/picture-files.ts';
import type { RunningServer } from '../support/server.ts';
import { UPLOAD_HEADERS, uploadForm, uploadPicture } from '../support/upload.ts';
import { makeImage } from './steps.ts';

interface Answer<Data> {
  readonly data: Data | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
}

async function ask<Data>(url: string, query: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  // The tests select what they name in the type.
  return (await response.json()) as Answer<Data>;
}

/** 900 x 600 in the file, shown as 600 x 900, with the name of its photographer. */
async function photo(): Promise<Buffer> {
  const noise = Buffer.from(Array.from({ length: 30 * 20 * 3 }, (_, index) => (index * 7919) % 256));
  return sharp(noise, { raw: { width: 30, height: 20, channels: 3 } })
    .resize(900, 600)
    .withExif({ IFD0: { Artist: 'Anna' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
}

let server: RunningServer;
let bytes: Buffer;
let image: { readonly id: string; readonly url: string };
beforeAll(async () => {
  server = await startServerHere();
  bytes = await photo();
  image = await uploadPicture(server.url, bytes);
});
afterAll(() => server[Symbol.asyncDispose]());

async function urlsOf(selection: string): Promise<Readonly<Record<string, string>>> {
  const { data, errors } = await ask<{ image: Record<string, string> }>(
    server.url,
    `{ image(id: "${image.id}") { ${selection} } }`,
  );
  if (data === null) throw new Error(JSON.stringify(errors));
  return data.image;
}

describe('url', () => {
  it('without arguments leads to the image exactly as it came, also after variants were made', async () => {
    const { url = '', small = '' } = await urlsOf('url small: url(width: 160)');
    expect((await fetch(small)).status).toBe(200);
    expect(Buffer.from(await (await fetch(url)).bytes())).toEqual(bytes);
  });

  it('with a width leads to a WEBP of the next fixed width: upright and without metadata', async () => {
    const urls = await urlsOf('a: url(width: 320) b: url(width: 161) c: url(width: 320, format: WEBP)');
    expect(new Set(Object.values(urls))).toEqual(new Set([`${image.url}?w=320`]));
    const response = await fetch(`${image.url}?w=320`);
    expect(response.headers.get('content-type')).toBe('image/webp');
    const made = Buffer.from(await response.bytes());
    expect(await sharp(made).metadata()).toMatchObject({ format: 'webp', width: 320, height: 480 });
    expect(made.includes('Anna')).toBe(false);
  });

  it.each([
    ['width: 320, format: JPEG', 'w=320&format=jpeg', { format: 'jpeg', width: 320, height: 480 }],
    ['width: 320, format: PNG', 'w=320&format=png', { format: 'png', width: 320, height: 480 }],
    ['format: PNG', 'format=png', { format: 'png', width: 600, height: 900 }],
    ['format: WEBP', 'format=webp', { format: 'webp', width: 600, height: 900 }],
    ['width: 100000', 'w=2560', { format: 'webp', width: 600, height: 900 }],
    ['width: null, format: JPEG', 'format=jpeg', { format: 'jpeg', width: 600, height: 900 }],
  ])('with %s leads to ?%s', async (args, query, facts) => {
    const { url = '' } = await urlsOf(`url(${args})`);
    expect(url).toBe(`${image.url}?${query}`);
    expect(await sharp(await (await fetch(url)).bytes()).metadata()).toMatchObject(facts);
  });

  it('with null for both is that of the image', async () => {
    expect((await urlsOf('url(width: null, format: null)'))['url']).toBe(image.url);
  });

  it.each([
    ['width: 0', 'width'],
    ['width: -5', 'width'],
    ['format: GIF', 'format'],
    ['width: 320, format: SVG', 'format'],
  ])('with %s is refused, and names the argument', async (args, field) => {
    const { errors = [] } = await ask(server.url, `{ image(id: "${image.id}") { url(${args}) } }`);
    expect(errors[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', fields: [{ field }] });
  });
});

describe('the bytes of a variant over HTTP', () => {
  it('have an ETag, a cache time of a year, ranges and conditional requests, as those of an image', async () => {
    const url = `${image.url}?w=480`;
    const head = await fetch(url, { method: 'HEAD' });
    const whole = await fetch(url);
    const made = Buffer.from(await whole.bytes());
    for (const { headers, status } of [head, whole]) {
      expect(status).toBe(200);
      expect(headers.get('content-length')).toBe(String(made.length));
      expect(headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
      expect(headers.get('content-disposition')).toMatch(/\.webp"$/u);
    }
    const etag = whole.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/u);
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const part = await fetch(url, { headers: { range: 'bytes=4-11' } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.bytes())).toEqual(made.subarray(4, 12));
    expect((await fetch(url, { headers: { range: 'bytes=99999999-' } })).status).toBe(416);
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
  });

  it.each([
    ['w=300', 'w=320'],
    ['w=1', 'w=160'],
    ['w=99999', 'w=2560'],
    ['w=300&format=png', 'w=320&format=png'],
  ])('?%s is redirected to ?%s', async (query, to) => {
    const response = await fetch(`${image.url}?${query}`, { redirect: 'manual' });
    expect(response.status).toBe(308);
    expect(response.headers.get('location')).toBe(`${new URL(image.url).pathname}?${to}`);
  });

  it.each(['w=abc', 'w=0', 'w=-1', 'w=1.5', 'w=', 'w=320&w=640', 'w=320&format=gif', 'format=', 'w=99999999999'])(
    '?%s is refused with a line that says what is right',
    async (query) => {
      const response = await fetch(`${image.url}?${query}`);
      expect(response.status).toBe(400);
      expect(await response.text()).toMatch(/^`(w|format|w` and `format)` /u);
      expect(response.headers.get('cache-control')).toBe('no-store');
    },
  );

  it.each(['format=JPG', 'format=JPEG'])('?%s is understood', async (query) => {
    const { headers } = await fetch(`${image.url}?${query}`, { method: 'HEAD' });
    expect(headers.get('content-type')).toBe('image/jpeg');
  });

  it('of an image that is not there are not found', async () => {
    const url = `${server.url}/images/01980000-0000-7000-8000-00000000000f.png?w=320`;
    expect((await fetch(url)).status).toBe(404);
  });
});

describe('partial images', () => {
  it('have variants and placeholders; a query waits for these, and an event does not', async () => {
    const { callId } = await makeImage(server.url, {
      prompt: 'a boat [sim:duration=0]',
      options: { partialImages: 1 },
    });
    const events =
      'subscription ($id: ID!) { generationEvents(callId: $id) { ... on PartialImageReceived { partial { thumbhash } } } }';
    const thumbhashesInEvents = async () => {
      const messages = await subscribed(events, { id: callId });
      return messages.flatMap((message) => /"partial":\{"thumbhash":(null|"[^"]+")/u.exec(message)?.[1] ?? []);
    };
    // The placeholder is computed from the first selection on, and not waited for.
    expect(await thumbhashesInEvents()).toEqual(['null']);
    const { data } = await ask<{
      generationCall: { partialImages: readonly { readonly url: string; readonly thumbhash: string | null }[] };
    }>(server.url, `{ generationCall(id: "${callId}") { partialImages { url(width: 160) thumbhash } } }`);
    const [partial] = data?.generationCall.partialImages ?? [];
    expect(Buffer.from(partial?.thumbhash ?? '', 'base64').length).toBeGreaterThan(4);
    expect(await thumbhashesInEvents()).toEqual([JSON.stringify(partial?.thumbhash)]);
    const small = await fetch(partial?.url ?? '');
    expect(await sharp(await small.bytes()).metadata()).toMatchObject({ format: 'webp', width: 160 });
  });
});

/** The messages of a subscription over server-sent events, until its end. */
async function subscribed(query: string, variables: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.text()).split('\n\n');
}

describe('hasContentCredentials', () => {
  it('is read from the file, and stored', async () => {
    const manifest = jpegSegment(0xeb, Buffer.from('JP\0\x01\0\0\0\x01\0\0\0\x26jumb\0\0\0\x1ejumdc2pa'));
    const plain = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#123' } })
      .jpeg()
      .toBuffer();
    const signed = await uploadPicture(server.url, withJpegSegments(plain, [manifest]));
    const unsigned = await uploadPicture(server.url, plain);
    for (let round = 0; round < 2; round += 1) {
      const { data } = await ask(
        server.url,
        `{ signed: image(id: "${signed.id}") { hasContentCredentials } plain: image(id: "${unsigned.id}") { hasContentCredentials } }`,
      );
      expect(data).toEqual({ signed: { hasContentCredentials: true }, plain: { hasContentCredentials: false } });
    }
  });
});

const authenticate: Authenticate = async ({ headers: { authorization } }) => {
  const [, id] = /^Bearer (\w+)$/u.exec(authorization ?? '') ?? [];
  if (id === undefined) throw new UnauthenticatedError('Say who you are.');
  return unlimitedPrincipal(id);
};
const as = (principal: string) => ({ authorization: `Bearer ${principal}` });

describe('with authentication', () => {
  let closed: TestApp;
  let urls: { readonly url: string; readonly small: string; readonly jpeg: string };
  beforeAll(async () => {
    closed = await startTestApp({ authenticate });
    const response = await fetch(`${closed.url}/graphql`, {
      method: 'POST',
      headers: { ...UPLOAD_HEADERS, ...as('anna') },
      body: uploadForm(bytes),
    });
    // The document of the form selects the image.
    const { data } = (await response.json()) as { data: { uploadImage: { image: { id: string } } } };
    const found = await ask<{ image: typeof urls }>(
      closed.url,
      `{ image(id: "${data.uploadImage.image.id}") { url small: url(width: 160) jpeg: url(format: JPEG) } }`,
      as('anna'),
    );
    if (found.data === null) throw new Error(JSON.stringify(found.errors));
    urls = found.data.image;
  });
  afterAll(() => closed[Symbol.asyncDispose]());

  it('a signed URL of a variant works alone, and expires with that of the image', async () => {
    for (const url of [urls.small, urls.jpeg]) {
      const response = await fetch(url);
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toMatch(/^private, max-age=\d{4,6}, immutable$/u);
      expect(new URL(url).searchParams.get('exp')).toBe(new URL(urls.url).searchParams.get('exp'));
    }
  });

  const changed = (url: string, change: (query: URLSearchParams) => void) => {
    const other = new URL(url);
    change(other.searchParams);
    return other.href;
  };
  it.each<[string, () => string]>([
    ['another width', () => changed(urls.small, (query) => query.set('w', '2560'))],
    ['another format', () => changed(urls.small, (query) => query.set('format', 'png'))],
    ['no width', () => changed(urls.small, (query) => query.delete('w'))],
    ['a width, from the URL of the image', () => changed(urls.url, (query) => query.set('w', '160'))],
    ['a format, from the URL of the image', () => changed(urls.url, (query) => query.set('format', 'png'))],
    ['a width, from the URL of a format', () => changed(urls.jpeg, (query) => query.set('w', '320'))],
  ])('a signed URL with %s is refused: nobody makes the server draw what was not signed', async (_, urlOf) => {
    expect((await fetch(urlOf())).status).toBe(403);
  });

  it('credentials give every variant of what is theirs, and of nothing else', async () => {
    const bare = new URL(urls.url);
    bare.search = '?w=640&format=png';
    expect((await fetch(bare, { headers: as('anna') })).status).toBe(200);
    expect((await fetch(bare)).status).toBe(401);
    expect((await fetch(bare, { headers: as('bert') })).status).toBe(404);
  });
});

it('what has to be made is limited for a minute, and what is there is not', async () => {
  await using limited = await startServerHere({ env: { RATE_VARIANTS_PER_MINUTE: '2' } });
  const { url } = await uploadPicture(limited.url, bytes);
  const statuses: number[] = [];
  for (const query of ['w=160', 'w=320', 'w=160', 'w=320', 'w=480'])
    statuses.push((await fetch(`${url}?${query}`)).status);
  expect(statuses).toEqual([200, 200, 200, 200, 429]);
  const refused = await fetch(`${url}?w=480`);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.text()).toContain('RATE_VARIANTS_PER_MINUTE');
});

it('a page of 20 images at width 320 has less than 600 kB', { timeout: 120_000 }, async () => {
  await using gallery = await startServerHere({ env: { SIMULATOR_ART: 'detailed' } });
  const places = [
    'harbour',
    'forest',
    'city in rain',
    'desert',
    'village',
    'castle',
    'garden',
    'station',
    'bridge',
    'lake',
  ];
  for (const place of places) {
    const options = { size: '1024x1024', partialImages: 0 };
    await makeImage(gallery.url, { prompt: `a ${place} [sim:duration=0]`, count: 2, options });
  }
  const { data } = await ask<{ images: { edges: { node: { url: string } }[] } }>(
    gallery.url,
    '{ images(first: 20) { edges { node { url(width: 320) } } } }',
  );
  const urls = data?.images.edges.map(({ node }) => node.url) ?? [];
  expect(urls).toHaveLength(20);
  const sizes = await Promise.all(urls.map(async (url) => (await (await fetch(url)).bytes()).length));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(600_000);
});
