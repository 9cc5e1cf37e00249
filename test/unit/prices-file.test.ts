/** An operator's own prices. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from '../../src/config/config.ts';
import { DEFAULT_PRICES } from '../../src/domain/cost/prices.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-prices-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(content: string): Promise<string> {
  const path = join(folder, 'prices.json');
  await writeFile(path, content);
  return path;
}

async function problemOf(content: string): Promise<string> {
  const PRICES_FILE = await file(content);
  try {
    parseConfig({ PRICES_FILE });
  } catch (error) {
    if (error instanceof ConfigError && error.problems.length === 1) return error.problems[0] ?? '';
    throw error;
  }
  throw new Error('the file was taken');
}

describe('a file of prices', () => {
  it('takes the place of the models that it names, and leaves the others', async () => {
    const own = { input: '1', cachedInput: '0.1', output: '2.000001' };
    const PRICES_FILE = await file(JSON.stringify({ mainline: { 'gpt-5.4-mini': own, 'my-model': own } }));
    const { prices } = parseConfig({ PRICES_FILE });
    expect(prices.mainline['gpt-5.4-mini']).toEqual(own);
    expect(prices.mainline['my-model']).toEqual(own);
    expect(prices.mainline['gpt-5.4']).toEqual(DEFAULT_PRICES.mainline['gpt-5.4']);
    expect(prices.image).toEqual(DEFAULT_PRICES.image);
  });

  it.each([
    ['{ not JSON', 'cannot be read as JSON'],
    [
      '{"mainline":{"m":{"input":0.75,"cachedInput":"0","output":"0"}}}',
      'mainline.m.input: must be a decimal in quotes',
    ],
    [
      '{"mainline":{"m":{"input":"1e3","cachedInput":"0","output":"0"}}}',
      'mainline.m.input: must be US dollars per million tokens',
    ],
    [
      '{"mainline":{"m":{"input":"0.0000001","cachedInput":"0","output":"0"}}}',
      'mainline.m.input: must have at most 6 decimals',
    ],
    ['{"mainline":{"m":{"input":"1"}}}', 'mainline.m.cachedInput: is missing'],
    ['{"images":{}}', 'images: is not a known key'],
    ['{"image":[]}', 'image: must be an object'],
    ['{"mainline":{"m":3}}', 'mainline.m: must be an object'],
    ['[]', 'the file: must be an object'],
    ['null', 'the file: must be an object'],
  ])('%s is refused at the start: %s', async (content, right) => {
    const problem = await problemOf(content);
    expect(problem).toMatch(/^PRICES_FILE /u);
    expect(problem).toContain(right);
    expect(problem).not.toContain('\n');
  });

  it('that is not there is refused at the start', () => {
    expect(() => parseConfig({ PRICES_FILE: join(folder, 'none.json') })).toThrow(
      /PRICES_FILE .*none\.json cannot be read/u,
    );
  });
});
