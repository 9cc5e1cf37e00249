/** Signed export URLs: what they carry of their creator, and for how long. */
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createSignedExportUrls, type ExportIdentity } from '../../src/http/export/export-urls.ts';
import type { ExportSelection } from '../../src/http/export/selection.ts';

const ORIGIN = 'https://pictures.example';
const SELECTION: ExportSelection = { type: 'Images', ids: ['first', 'second'] };
const ANNA: ExportIdentity = { id: 'anna', only: null, scopes: new Set(['READ', 'COST']) };
const KEY = randomBytes(32);
const OLD_KEY = randomBytes(32);
let now = Date.UTC(2026, 10, 28, 9, 15);

const urlsWith = (...keys: readonly Buffer[]) => createSignedExportUrls({ keys, nowMs: () => now });

/** What the URL gives access to when the images are those of this principal. */
const identityOf = (url: string, urls = urlsWith(KEY), owner: string | null = 'anna') =>
  urls.identityOf(url.slice(ORIGIN.length), SELECTION, async () => owner);

it.each<[string, ExportIdentity]>([
  ['everything', ANNA],
  ['everything but costs', { ...ANNA, scopes: new Set(['READ']) }],
  ['one conversation', { ...ANNA, only: { type: 'Conversation', id: '01980000-0000-7000-8000-00000000000a' } }],
  ['one call', { ...ANNA, only: { type: 'GenerationCall', id: '01980000-0000-7000-8000-00000000000b' } }],
])('give what their creator may read, and no more: %s', async (_, identity) => {
  expect(await identityOf(urlsWith(KEY).urlFor(ORIGIN, identity, SELECTION))).toEqual(identity);
});

it('work for an hour', async () => {
  const url = urlsWith(KEY).urlFor(ORIGIN, ANNA, SELECTION);
  now += 3_599_000;
  expect(await identityOf(url)).toEqual(ANNA);
  now += 2_000;
  await expect(identityOf(url)).rejects.toThrow('This export URL has expired.');
});

it('are worth nothing for the images of somebody else, or for none', async () => {
  const url = urlsWith(KEY).urlFor(ORIGIN, ANNA, SELECTION);
  for (const owner of ['bert', null]) {
    await expect(identityOf(url, urlsWith(KEY), owner)).rejects.toThrow('This export URL is not valid.');
  }
});

it('are signed with the first key, and accepted with every key', async () => {
  const [before, rotated, after] = [urlsWith(OLD_KEY), urlsWith(KEY, OLD_KEY), urlsWith(KEY)];
  const old = before.urlFor(ORIGIN, ANNA, SELECTION);
  expect(await identityOf(old, rotated)).toEqual(ANNA);
  expect(await identityOf(rotated.urlFor(ORIGIN, ANNA, SELECTION), after)).toEqual(ANNA);
  await expect(identityOf(old, after)).rejects.toThrow('This export URL is not valid.');
});
