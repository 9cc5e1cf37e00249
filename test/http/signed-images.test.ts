/** Image bytes of a server with authentication: by signed URL without credentials, or by credentials. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Authenticate, UnauthenticatedError, unlimitedPrincipal } from '../../src/auth/authenticate.ts';
import type { Scope } from '../../src/domain/access/scope.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

const authenticate: Authenticate = async ({ headers: { authorization } }) => {
  const [, id, scopes] = /^Bearer (\w+)(?::(\w*))?$/u.exec(authorization ?? '') ?? [];
  if (id === undefined) throw new UnauthenticatedError('Say who you are.');
  const principal = unlimitedPrincipal(id);
  // The test names scopes only.
  return scopes === undefined ? principal : { ...principal, scopes: new Set([scopes as Scope]) };
};
const ANNA = { authorization: 'Bearer anna' };
const UNKNOWN_ID = '01980000-0000-7000-8000-00000000000f';

let app: TestApp;
interface StoredImage {
  readonly url: string;
  readonly sha256: string;
}
interface CallWithImages {
  readonly images: readonly StoredImage[];
  readonly partialImages: readonly { readonly url: string }[];
}
let image: StoredImage;
let partialUrl: string;

async function query<Data>(text: string): Promise<Data> {
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...ANNA },
    body: JSON.stringify({ query: text }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

beforeAll(async () => {
  app = await startTestApp({ authenticate });
  await query('mutation { generateImage(input: { prompt: "a boat", options: { partialImages: 2 } }) { __typename } }');
  await vi.waitFor(async () => {
    const { generationCalls } = await query<{ generationCalls: { edges: { node: CallWithImages }[] } }>(
      '{ generationCalls { edges { node { images { url sha256 } partialImages { url } } } } }',
    );
    const { images = [], partialImages = [] } = generationCalls.edges[0]?.node ?? {};
    if (images[0] === undefined || partialImages[0] === undefined) throw new Error('the call is still running');
    [image] = images;
    partialUrl = partialImages[0].url;
  }, 10_000);
});
afterAll(() => app[Symbol.asyncDispose]());

function changed(change: (url: URL) => void): string {
  const url = new URL(image.url);
  change(url);
  return url.href;
}

describe('a signed URL', () => {
  it('works without credentials, for images and partial images', async () => {
    for (const url of [image.url, partialUrl]) {
      expect(url).toMatch(/\?exp=\d+&sig=[\w-]{22}$/u);
      expect((await fetch(url)).status).toBe(200);
      expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
    }
  });

  it('is the same when it is queried again', async () => {
    const { images } = await query<{ images: { edges: { node: { url: string } }[] } }>(
      '{ images { edges { node { url } } } }',
    );
    expect(images.edges.map(({ node }) => node.url)).toEqual([image.url]);
  });

  it('is cached by the browser alone, and not for longer than it works', async () => {
    const { headers } = await fetch(image.url);
    const seconds = Number(/^private, max-age=(\d+), immutable$/u.exec(headers.get('cache-control') ?? '')?.[1]);
    const livesSeconds = Number(new URL(image.url).searchParams.get('exp')) - Date.now() / 1000;
    expect(seconds).toBeGreaterThan(livesSeconds - 10);
    expect(seconds).toBeLessThanOrEqual(Math.ceil(livesSeconds));
    expect(headers.get('vary')).toBe('Authorization');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('is revalidated by ETag, and serves ranges', async () => {
    // Fetch would ask for the whole image with no-cache.
    const etag = `"${image.sha256}"`;
    expect((await fetch(image.url, { headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' } })).status).toBe(
      304,
    );
    expect((await fetch(image.url, { headers: { range: 'bytes=0-9' } })).status).toBe(206);
  });

  it('decides alone: credentials do not help a wrong one, and wrong credentials do no harm', async () => {
    const wrong = changed(({ searchParams }) => searchParams.set('sig', 'A'.repeat(22)));
    expect((await fetch(wrong, { headers: ANNA })).status).toBe(403);
    expect((await fetch(image.url, { headers: { authorization: 'Bearer' } })).status).toBe(200);
    expect((await fetch(image.url, { headers: { authorization: 'Bearer bert' } })).status).toBe(200);
  });

  it.each<[string, () => string]>([
    ['another signature', () => changed(({ searchParams }) => searchParams.set('sig', 'A'.repeat(22)))],
    ['a short signature', () => changed(({ searchParams }) => searchParams.set('sig', 'A'))],
    ['no signature', () => changed(({ searchParams }) => searchParams.delete('sig'))],
    ['no expiry', () => changed(({ searchParams }) => searchParams.delete('exp'))],
    ['a later expiry', () => changed(({ searchParams }) => searchParams.set('exp', '99999999999'))],
    [
      'the signature of another image',
      () => changed((url) => Object.assign(url, { search: new URL(partialUrl).search })),
    ],
    [
      'another extension',
      () => changed((url) => Object.assign(url, { pathname: url.pathname.replace('png', 'webp') })),
    ],
    ['an unknown id', () => changed((url) => Object.assign(url, { pathname: `/images/${UNKNOWN_ID}.png` }))],
  ])('with %s is refused, and no cache keeps the answer', async (_, urlOf) => {
    const response = await fetch(urlOf());
    expect(response.status).toBe(403);
    expect(await response.text()).toBe(
      'This image URL is not valid. Query the `url` of the image again to get a new one.\n',
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('that has expired says so, with an ETag as well', async () => {
    const expired = changed(({ searchParams }) => searchParams.set('exp', '1764320000'));
    const response = await fetch(expired, { headers: { 'if-none-match': `"${image.sha256}"` } });
    expect(response.status).toBe(403);
    expect(await response.text()).toBe(
      'This image URL has expired. Query the `url` of the image again to get a new one.\n',
    );
  });
});

describe('credentials', () => {
  const unsigned = () => image.url.split('?')[0] ?? '';

  it('give access to images of their principal, with the scope READ', async () => {
    const statusFor = async (authorization: string) => (await fetch(unsigned(), { headers: { authorization } })).status;
    expect(await statusFor('Bearer anna')).toBe(200);
    expect(await statusFor('Bearer anna:READ')).toBe(200);
    expect(await statusFor('Bearer anna:GENERATE')).toBe(403);
    expect(await statusFor('Bearer bert')).toBe(404);
    expect((await fetch(unsigned())).status).toBe(401);
  });

  it('separate what caches keep', async () => {
    const { headers } = await fetch(unsigned(), { headers: ANNA });
    expect(headers.get('vary')).toBe('Authorization');
    expect(headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
  });
});

it('logs contain no signature, not even of an image that cannot be served', async () => {
  await rm(join(app.dataDir, 'blobs', image.sha256.slice(0, 2), image.sha256));
  await expect.poll(async () => (await fetch(image.url)).status, { timeout: 5_000 }).toBe(500);
  expect(app.log.join()).toContain(image.sha256);
  expect(app.log.join()).not.toContain(new URL(image.url).searchParams.get('sig'));
});

it('a server without authentication signs nothing, and looks at no signature', async () => {
  await using open = await startTestApp();
  const send = async (text: string) => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ query: text });
    return (await fetch(`${open.url}/graphql`, { method: 'POST', headers, body })).json();
  };
  await send('mutation { generateImage(input: { prompt: "a boat" }) { __typename } }');
  const url = await vi.waitFor(async () => {
    const { data } = await send('{ images { edges { node { url } } } }');
    return String(data.images.edges[0].node.url);
  }, 10_000);
  expect(url).toMatch(/\/images\/[\w-]+\.png$/u);
  for (const address of [url, `${url}?exp=1&sig=A`]) {
    const { status, headers } = await fetch(address);
    expect([status, headers.get('vary'), headers.get('cross-origin-resource-policy')]).toEqual([
      200,
      null,
      'cross-origin',
    ]);
  }
});
