/** Signed image URLs: the same for a window of time, and worth nothing for any other path, time or principal. */
import { randomBytes, randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { createSignedImageUrls, type ImageSignature, readImageSignature } from '../../src/http/images/image-urls.ts';

const TTL_MS = 3_600_000;
const ORIGIN = 'https://pictures.example';
const IMAGE = { id: '01980000-0000-7000-8000-0000007fffff', format: 'PNG' } as const;
const KEY = randomBytes(32);
const OLD_KEY = randomBytes(32);
let now = Date.UTC(2026, 10, 28, 9, 15);

const urlsWith = (...keys: readonly Buffer[]) => createSignedImageUrls({ keys, ttlMs: TTL_MS, nowMs: () => now });

function parts(url: string): { readonly pathname: string; readonly signature: ImageSignature } {
  const signature = readImageSignature(url);
  if (signature === null || signature === 'malformed') throw new Error(`${url} is not signed`);
  return { pathname: new URL(url).pathname, signature };
}

it('have an expiry in seconds and 128 bits of signature', () => {
  const url = urlsWith(KEY).urlFor(ORIGIN, 'anna', IMAGE);
  expect(url).toMatch(/^https:\/\/pictures\.example\/images\/01980000-[\w-]+\.png\?exp=\d{10}&sig=[\w-]{22}$/u);
});

it('are the same within a window, on every server with the key, and live for one to two lifetimes', () => {
  const urls = new Set<string>();
  for (let minute = 0; minute < 240; minute += 1) {
    const at = now + minute * 60_000;
    const url = createSignedImageUrls({ keys: [KEY], ttlMs: TTL_MS, nowMs: () => at }).urlFor(ORIGIN, 'anna', IMAGE);
    urls.add(url);
    const livesMs = parts(url).signature.expires * 1000 - at;
    expect(livesMs).toBeGreaterThan(TTL_MS);
    expect(livesMs).toBeLessThanOrEqual(2 * TTL_MS + 1000);
  }
  // Four hours touch five windows.
  expect(urls.size).toBe(5);
});

it('change with the window although they are remembered, each image at its own time', () => {
  const urls = urlsWith(KEY);
  const images = Array.from({ length: 60 }, () => ({ id: randomUUID(), format: 'PNG' }) as const);
  const changes = new Map<number, number>();
  let before = images.map((image) => urls.urlFor(ORIGIN, 'anna', image));
  for (let minute = 1; minute <= 60; minute += 1) {
    now += 60_000;
    const after = images.map((image) => urls.urlFor(ORIGIN, 'anna', image));
    changes.set(minute, after.filter((url, index) => url !== before[index]).length);
    before = after;
  }
  const counts = [...changes.values()];
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(60);
  expect(Math.max(...counts)).toBeLessThan(15);
});

it('are different for each principal', () => {
  const urls = urlsWith(KEY);
  const annas = urls.urlFor(ORIGIN, 'anna', IMAGE);
  expect(urls.urlFor(ORIGIN, 'bert', IMAGE)).not.toBe(annas);
  expect(urls.urlFor(ORIGIN, 'anna', IMAGE)).toBe(annas);
});

it('are signed for their path, expiry and principal only', () => {
  const urls = urlsWith(KEY);
  const { pathname, signature } = parts(urls.urlFor(ORIGIN, 'anna', IMAGE));
  expect(urls.isSignedFor('anna', pathname, signature)).toBe(true);
  expect(urls.isSignedFor('bert', pathname, signature)).toBe(false);
  expect(urls.isSignedFor('anna', pathname.replace('png', 'jpg'), signature)).toBe(false);
  expect(urls.isSignedFor('anna', pathname.replace('7fffff', '7ffffe'), signature)).toBe(false);
  expect(urls.isSignedFor('anna', pathname, { ...signature, expires: signature.expires + 1 })).toBe(false);
  expect(urlsWith(OLD_KEY).isSignedFor('anna', pathname, signature)).toBe(false);
});

it('are signed with the first key, and accepted with every key', () => {
  const [before, rotated, after] = [urlsWith(OLD_KEY), urlsWith(KEY, OLD_KEY), urlsWith(KEY)];
  const old = parts(before.urlFor(ORIGIN, 'anna', IMAGE));
  const current = parts(rotated.urlFor(ORIGIN, 'anna', IMAGE));
  expect(rotated.isSignedFor('anna', old.pathname, old.signature)).toBe(true);
  expect(rotated.isSignedFor('anna', current.pathname, current.signature)).toBe(true);
  expect(after.isSignedFor('anna', old.pathname, old.signature)).toBe(false);
  expect(after.isSignedFor('anna', current.pathname, current.signature)).toBe(true);
});

it.each([
  ['/images/a.png', null],
  ['/images/a.png?w=100', null],
  ['/images/a.png?exp=1764320000', 'malformed'],
  ['/images/a.png?sig=AAAAAAAAAAAAAAAAAAAAAA', 'malformed'],
  ['/images/a.png?exp=&sig=AAAAAAAAAAAAAAAAAAAAAA', 'malformed'],
  ['/images/a.png?exp=1e9&sig=AAAAAAAAAAAAAAAAAAAAAA', 'malformed'],
  ['/images/a.png?exp=99999999999999999&sig=AAAAAAAAAAAAAAAAAAAAAA', 'malformed'],
  ['/images/a.png?exp=1764320000&sig=AAAA', 'malformed'],
  ['/images/a.png?exp=1764320000&sig=AAAAAAAAAAAAAAAAAAAA==', 'malformed'],
  ['/images/a.png?exp=1764320000&sig=AAAAAAAAAAAAAAAAAAAAAA', { expires: 1764320000, signature: 'A'.repeat(22) }],
])('are read from %s as %o', (url, expected) => {
  expect(readImageSignature(url)).toEqual(expected);
});
