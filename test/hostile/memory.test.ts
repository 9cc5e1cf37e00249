/** What a server keeps of what it was sent: documents, compiled operations and encoded images are bounded by bytes. */
import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Payload, WAYS_IN } from '../conformance/ways-in.ts';
import { uploadPicture } from '../support/upload.ts';
import { repeat } from './documents.ts';
import { type MeasuredServer, startMeasuredServer } from './measured-server.ts';

const MAX_GROWTH_BYTES = 100_000_000;
/** Compiling makes 3 to 7 MB of garbage for each operation, which V8 collects late: 134 MB were measured. */
const MAX_COMPILING_BYTES = 150_000_000;
/** What may be left when everything has been answered and collected: 20 MB of compiled operations, 16 MiB of documents. */
const MAX_KEPT_BYTES = 40_000_000;
const MAX_TURN_MS = 100;

let server: MeasuredServer;
beforeAll(async () => {
  server = await startMeasuredServer();
}, 120_000);
afterAll(() => server?.[Symbol.asyncDispose]());

async function ask(query: string): Promise<Payload> {
  const [payload] = await askBy('small JSON POST', query);
  if (payload === undefined) throw new Error('there was no answer');
  return payload;
}

async function askBy(name: string, query: string): Promise<readonly Payload[]> {
  const way = WAYS_IN.find((each) => each.name === name);
  if (way === undefined) throw new Error(`there is no way in ${name}`);
  return (await way.send(server.url, { query })).payloads;
}

async function expectBounded(what: string, act: () => Promise<void>, maxGrowthBytes = MAX_GROWTH_BYTES): Promise<void> {
  const before = await server.measureCollected();
  await act();
  const { longestTurnMs, peakBytes } = await server.measure();
  await server.measureCollected();
  const { usedBytes } = await server.measureCollected();
  const growthBytes = peakBytes - before.residentBytes;
  const keptBytes = usedBytes - before.usedBytes;
  const megabytes = (bytes: number) => Math.round(bytes / 1e6);
  console.log(
    `${what}: the longest turn was ${longestTurnMs} ms, the process grew by ${megabytes(growthBytes)} MB, ` +
      `${megabytes(keptBytes)} MB were kept`,
  );
  expect(longestTurnMs, 'milliseconds in which nothing else was answered').toBeLessThanOrEqual(MAX_TURN_MS);
  expect(growthBytes, 'bytes by which the server grew').toBeLessThanOrEqual(maxGrowthBytes);
  expect(keptBytes, 'bytes that were kept').toBeLessThanOrEqual(MAX_KEPT_BYTES);
}

/** A different valid document for each number, with as many names as it may have, in about `length` characters. */
function document(number: number, length: number): string {
  const names = repeat(190, (n) => `d${number}a${n}${'x'.repeat(Math.floor((length - 5_000) / 190))}: principal`);
  return `{ viewer { ${names} } }`;
}

describe('documents', () => {
  it.each([
    ['130 different ones of 95 kB', 130, 95_000],
    ['27 different ones of 255 kB', 27, 255_000],
    ['300 different ones of 19 kB, which are remembered', 300, 19_000],
  ])('%s are not kept', async (what, count, length) => {
    await expectBounded(what, async () => {
      for (let number = 0; number < count; number += 1) {
        const query = document(number, length);
        expect(Math.abs(query.length / length - 1)).toBeLessThan(0.1);
        for (let time = 0; time < 4; time += 1) expect(await ask(query)).toEqual({ data: expect.anything() });
      }
    });
  });

  it('27 different ones of 900 kB are refused', async () => {
    await expectBounded('27 documents of 900 kB', async () => {
      for (let number = 0; number < 27; number += 1) {
        const { errors } = await ask(document(number, 900_000));
        expect(errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED', limit: 'maxQueryCharacters' } }]);
      }
    });
  });

  it('250 different ones that are compiled are not all kept', async () => {
    await expectBounded(
      '250 compiled operations',
      async () => {
        for (let number = 0; number < 250; number += 1) {
          // Lists with a resolver compile to more code than anything else: 2 MB for each of these documents.
          const query = `{ viewer { ${repeat(190, (n) => `d${number}a${n}: scopes`)} } }`;
          for (let time = 0; time < 4; time += 1) expect(await ask(query)).toEqual({ data: expect.anything() });
        }
      },
      MAX_COMPILING_BYTES,
    );
  });
});

describe('data URIs', () => {
  const aliases = (count: number, imageId: string, maxBytes: number) =>
    `{ image(id: "${imageId}") { ${repeat(count, (n) => `a${n}: dataUri(maxBytes: ${maxBytes})`)} } }`;

  /** A picture that does not compress. */
  async function uploadNoise(width: number, height: number): Promise<string> {
    const raw = { width, height, channels: 3 } as const;
    const png = await sharp(randomBytes(width * height * 3), { raw })
      .png()
      .toBuffer();
    return (await uploadPicture(server.url, png)).id;
  }

  it.each(['small JSON POST', 'SSE', 'WebSocket query'])(
    'twenty and a hundred aliases on an upload of 11 MB are refused before it is read, over %s',
    async (way) => {
      const imageId = await uploadNoise(2_000, 1_840);
      await expectBounded(`data URIs of 11 MB over ${way}`, async () => {
        for (const count of [20, 100]) {
          const [payload] = await askBy(way, aliases(count, imageId, 100_000_000));
          expect(payload?.errors).toHaveLength(count);
          expect(payload?.errors?.[0]).toMatchObject({
            message: 'maxBytes: must be 0 to 8388608, not 100000000.',
            extensions: { code: 'INVALID_INPUT' },
          });
        }
      });
    },
  );

  it('twenty aliases on an upload of 8 MB are too many bytes', async () => {
    const imageId = await uploadNoise(1_600, 1_700);
    await expectBounded('twenty data URIs of 8 MB', async () => {
      const { data, errors } = await ask(aliases(20, imageId, 8_388_608));
      expect({ data, errors }).toMatchObject({
        data: null,
        errors: [{ extensions: { code: 'LIMIT_EXCEEDED', limit: 'maxAnswerBytes', max: 16_777_216 } }],
      });
    });
  });

  it('twenty aliases of one image are encoded once', async () => {
    const imageId = await uploadNoise(440, 440);
    await expectBounded('twenty data URIs of 0.6 MB', async () => {
      const { data } = await ask(aliases(20, imageId, 8_388_608));
      // The document asks for this shape.
      const uris = Object.values((data as { image: Record<string, string> }).image);
      expect(uris).toHaveLength(20);
      expect(new Set(uris).size).toBe(1);
    });
  });
});
