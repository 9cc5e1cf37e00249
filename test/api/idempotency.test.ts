/** The same request sent twice is one call, and is bought once. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { data } from '../support/client.ts';
import { GenerateImage, RefineImage } from '../support/documents.ts';
import type { GenerateImageInput } from '../support/gql/graphql.ts';
import type { RunningServer } from '../support/server.ts';
import { callDetails, countRows, generate, generateToEnd, makeImage, refine, watchToEnd } from './steps.ts';
import { createsOf, type DevelopingUpstream, startDevelopingUpstream, startServerAt } from './upstreams.ts';

let upstream: DevelopingUpstream;
let server: RunningServer;
let url: string;
let key: string;
let number = 0;

beforeAll(async () => {
  upstream = await startDevelopingUpstream();
  server = await startServerAt(upstream);
  ({ url } = server);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await upstream.close();
});
beforeEach(() => {
  number += 1;
  key = `order-${number}`;
});

async function refusalOf(input: GenerateImageInput) {
  const { generateImage } = await data(url, GenerateImage, { input });
  if (generateImage.__typename === 'GenerateImageSuccess') throw new Error('it was accepted');
  return generateImage;
}

describe('an idempotency key', () => {
  it('makes one call of fifty mutations at once, and one create at the upstream', async () => {
    const before = createsOf(upstream).length;
    const input = { prompt: 'fifty times the same', idempotencyKey: key };
    const calls = await Promise.all(Array.from({ length: 50 }, () => generate(url, input)));
    const [first] = calls;
    expect(new Set(calls.map(({ id }) => id)).size).toBe(1);
    await watchToEnd(url, first?.id ?? '');
    expect(createsOf(upstream).length - before).toBe(1);
  });

  it('returns the same call when it has ended, with nothing stored and nothing sent', async () => {
    const input = { prompt: 'once', options: { size: '1024x1024' }, idempotencyKey: key };
    const { id } = await generateToEnd(url, input);
    const before = { rows: countRows(server.dataDir), creates: createsOf(upstream).length };
    expect(await generate(url, input)).toMatchObject({ id, status: 'COMPLETED' });
    expect({ rows: countRows(server.dataDir), creates: createsOf(upstream).length }).toEqual(before);
  });

  it('does not mind whether defaults are written out, nor in which order', async () => {
    const { id } = await generateToEnd(url, { prompt: 'a boat', idempotencyKey: key });
    const written = { prompt: 'a boat', options: { partialImages: 2, format: null }, idempotencyKey: key };
    expect((await generate(url, written)).id).toBe(id);
  });

  it.each([
    ['prompt', { prompt: 'a ship' }],
    ['option', { prompt: 'a boat', options: { quality: 'LOW' } }],
  ] as const)('is refused with another %s, and nothing is stored or sent', async (_, changed) => {
    await generateToEnd(url, { prompt: 'a boat', idempotencyKey: key });
    const before = { rows: countRows(server.dataDir), creates: createsOf(upstream).length };
    expect(await refusalOf({ ...changed, idempotencyKey: key })).toMatchObject({
      __typename: 'IdempotencyConflictError',
      code: 'IDEMPOTENCY_CONFLICT',
    });
    expect({ rows: countRows(server.dataDir), creates: createsOf(upstream).length }).toEqual(before);
  });

  it('is one for both mutations', async () => {
    const { imageId } = await makeImage(url, { prompt: 'a boat', idempotencyKey: key });
    const { refineImage } = await data(url, RefineImage, {
      input: { imageId, prompt: 'a boat', idempotencyKey: key },
    });
    expect(refineImage.__typename).toBe('IdempotencyConflictError');
  });

  it('holds for refinements of the same picture too', async () => {
    const { imageId } = await makeImage(url, { prompt: 'a boat' });
    const input = { imageId, prompt: 'add snow', idempotencyKey: key };
    const calls = await Promise.all([refine(url, input), refine(url, input)]);
    expect(calls[0].id).toBe(calls[1].id);
    expect((await callDetails(url, calls[0].id)).kind).toBe('REFINE');
    await watchToEnd(url, calls[0].id);
  });

  it.each(['', 'k'.repeat(256)])('of the wrong length is refused by name', async (wrong) => {
    expect(await refusalOf({ prompt: 'a boat', idempotencyKey: wrong })).toMatchObject({
      fields: [{ field: 'idempotencyKey', message: expect.stringContaining('1 to 255') }],
    });
  });
});

it('without a key, the same words twice are two calls', async () => {
  const [one, two] = await Promise.all([generate(url, { prompt: 'twice' }), generate(url, { prompt: 'twice' })]);
  expect(one.id).not.toBe(two.id);
});
