/** The decoder alone: its result depends neither on how the bytes were cut nor on how the JSON was written. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SseEventDecoder } from '../../src/provider/openai/stream/event-decoder.ts';
import { Base64Decoder } from '../../src/provider/openai/stream/pictures/base64-decoder.ts';
import type { PictureLocation } from '../../src/provider/openai/stream/pictures/picture-extractor.ts';

interface Decoded {
  readonly type: string;
  readonly data: unknown;
  readonly pictures: string[];
  readonly damaged: number[];
}

function decode(chunks: Iterable<Buffer>, shouldDecode: (place: PictureLocation) => boolean = () => true): Decoded[] {
  const decoder = new SseEventDecoder({ maxEventBytes: 10_000_000, shouldDecode });
  const events: Decoded[] = [];
  let pictures: Buffer[][] = [];
  let damaged: number[] = [];
  let whole: number[] = [];
  const take = (steps: ReturnType<typeof decoder.push>) => {
    for (const step of steps) {
      if (step.kind === 'picture-bytes') {
        pictures[step.picture] ??= [];
        pictures[step.picture]?.push(Buffer.from(step.bytes));
      } else if (step.kind === 'picture-damaged') damaged.push(step.picture);
      else if (step.kind === 'picture-complete') whole.push(step.picture);
      else {
        expect(whole).toEqual([...pictures.keys()].filter((picture) => !damaged.includes(picture)));
        events.push({
          ...step.event,
          pictures: pictures.map((parts) => Buffer.concat(parts).toString('hex')),
          damaged,
        });
        pictures = [];
        damaged = [];
        whole = [];
      }
    }
  };
  for (const chunk of chunks) take(decoder.push(chunk));
  take(decoder.end());
  return events;
}

/** Cuts bytes into pieces of the given sizes, repeating them until all bytes are used. */
function* cut(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, nth = 0; at < bytes.length; nth += 1) {
    const size = sizes[nth % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 3_000 })), { minLength: 1 });
const picture = fc.uint8Array({ minLength: 1, maxLength: 2_000 }).map((bytes) => Buffer.from(bytes));
const key = fc.constantFrom('partial_image_b64', 'result', 'b64_json');
/** Names and texts with everything that JSON and server-sent events must escape, and values that look like keys. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('result', '"result":"QUJD"', '\\', '\\"', '{"result":', 'data: x\n\n', '\r\n', 'é😀', ''),
);
/** JSON.parse of V8 13.6 takes a key that is one escaped character, such as "\\n", for another such key of an earlier object. */
const isMisread = (word: string) => word.length === 1 && JSON.stringify(word).length > 3;
const name = text.filter(
  (word) =>
    !isMisread(word) && !['result', 'partial_image_b64', 'b64_json', 'type', 'error', '__proto__'].includes(word),
);
const plain = fc
  .jsonValue({ maxDepth: 2, stringUnit: 'binary' })
  .filter((value) => !/"(result|b64_json|partial_)/.test(JSON.stringify(value)));

interface Sample {
  readonly type: string;
  readonly entries: readonly [string, unknown][];
  readonly key: string;
  readonly bytes: Buffer | null;
}

const sample: fc.Arbitrary<Sample> = fc.record({
  type: fc.constantFrom('response.created', 'response.output_item.done', 'a.b'),
  entries: fc.uniqueArray(fc.tuple(name, fc.oneof(text, plain)), { maxLength: 5, selector: ([first]) => first }),
  key,
  bytes: fc.option(picture),
});

/** Different ways to write the same event. */
const style = fc.record({
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  named: fc.boolean(),
  space: fc.boolean(),
  escapeSlash: fc.boolean(),
  escapePlus: fc.boolean(),
  wrapAt: fc.option(fc.integer({ min: 1, max: 76 })),
  padding: fc.boolean(),
  comment: fc.boolean(),
  pretty: fc.boolean(),
  order: fc.array(fc.nat(100), { minLength: 8, maxLength: 8 }),
});
type Style = typeof style extends fc.Arbitrary<infer S> ? S : never;

const STRING = /"(?:[^"\\]|\\.)*"/g;

function write({ type, entries, key: pictureKey, bytes }: Sample, how: Style): string {
  let base64 = bytes?.toString('base64') ?? null;
  if (base64 !== null && !how.padding) base64 = base64.replace(/=+$/, '');
  if (base64 !== null && how.wrapAt !== null) base64 = base64.replace(new RegExp(`.{${how.wrapAt}}`, 'g'), '$&\n');
  const fields: [string, unknown][] = [['type', type], ...entries, ['item', { id: 'ig_1', [pictureKey]: base64 }]];
  const shuffled = fields.map((field, index) => ({ field, rank: how.order[index] ?? 0 }));
  shuffled.sort((a, b) => a.rank - b.rank);
  let json = JSON.stringify(Object.fromEntries(shuffled.map(({ field }) => field)), null, how.pretty ? 2 : 0);
  if (how.escapeSlash) json = json.replaceAll('/', '\\/');
  // Only in strings: the plus sign in 1e+21 is not part of a text.
  if (how.escapePlus) json = json.replace(STRING, (word) => word.replaceAll('+', '\\u002B').replaceAll('=', '\\u003d'));
  const space = how.space ? ' ' : '';
  const lines = [
    ...(how.comment ? [': ping', 'id: 7', 'retry'] : []),
    ...(how.named ? [`event:${space}${type}`] : []),
    ...json.split('\n').map((line) => `data:${space || (line.startsWith(' ') ? ' ' : '')}${line}`),
    '',
    '',
  ];
  return lines.join(how.lineEnd);
}

function expected({ type, entries, key: pictureKey, bytes }: Sample): Decoded {
  const item = { id: 'ig_1', [pictureKey]: bytes === null ? null : { picture: 0 } };
  const data = JSON.parse(JSON.stringify(Object.fromEntries([['type', type], ...entries, ['item', item]])));
  return { type, data, pictures: bytes === null ? [] : [bytes.toString('hex')], damaged: [] };
}

describe('any stream', () => {
  it('gives the same events and bytes however it is written and cut', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(sample, style), { maxLength: 4 }), sizes, fc.boolean(), (events, splits, mark) => {
        const stream = Buffer.from(
          `${mark ? '\ufeff' : ''}${events.map(([event, how]) => write(event, how)).join('')}`,
        );
        expect(decode(cut(stream, splits))).toEqual(events.map(([event]) => expected(event)));
      }),
      { numRuns: 400 },
    );
  });

  it('gives the same however short its chunks are', () => {
    fc.assert(
      fc.property(sample, style, (event, how) => {
        const stream = Buffer.from(write(event, how));
        expect(decode(cut(stream, [1]))).toEqual(decode([stream]));
      }),
    );
  });

  it('never gives more than what came whole when it is cut', () => {
    fc.assert(
      fc.property(sample, style, fc.double({ min: 0, max: 1, noNaN: true }), (event, how, part) => {
        const stream = Buffer.from(write(event, how));
        const events = decode([stream.subarray(0, Math.floor(stream.length * part))]);
        // Of an event that is cut off behind its picture, the picture counts.
        expect([[], [expected(event).pictures]]).toContainEqual(events.map(({ pictures }) => pictures));
      }),
    );
  });
});

describe('an event of several data lines', () => {
  it('has a line end between them', () => {
    expect(decode([Buffer.from('data: {"a":\ndata: 12}\n\n')])).toMatchObject([{ data: { a: 12 } }]);
    expect(() => decode([Buffer.from('data: {"a":1\ndata: 2}\n\n')])).toThrow('not valid JSON');
  });
});

describe('a picture', () => {
  const skipped = (json: string) => decode([Buffer.from(`data: ${json}\n\n`)], (place) => place.objectId !== 'known');

  it('that is not wanted is null, and is told by the id before it', () => {
    const json = '{"output":[{"id":"known","result":"QUJD"},{"id":"new","a":{"id":"known"},"result":"REVG"}]}';
    expect(skipped(json)).toMatchObject([
      { data: { output: [{ result: null }, { result: { picture: 0 } }] }, pictures: ['444546'] },
    ]);
  });

  it.each([
    '"',
    '\\',
    '\\x',
    'é',
    '*',
    'A',
    'AAAAA',
    'A=AA',
    '=',
    'QQ==QUJD',
    'QQ==QQ',
    'QQ=',
    'QUJD=',
    '\\u00e9',
    '\\"',
  ])('with %s in its base64 is damaged, not shortened', (odd) => {
    for (const lead of ['', 'QUJD'.repeat(30)]) {
      const json = `{"result":${JSON.stringify(`${lead}${odd}`)},"id":"x"}`;
      const stream = Buffer.from(`data: ${json}\n\n`);
      for (const size of [1, 3, 4, 5, 1_000]) {
        expect(decode(cut(stream, [size]))).toMatchObject([{ data: { id: 'x' }, damaged: [0] }]);
      }
    }
  });

  it('is only what stands as a string under its key', () => {
    const json = '{"result":["QUJD"],"a":{"result":7},"b":"result","c":["result","QUJD"],"result ":"QUJD"}';
    expect(skipped(json)).toEqual([{ type: '', data: JSON.parse(json), pictures: [], damaged: [] }]);
  });
});

describe('base64', () => {
  it('decodes to the same bytes however it is cut, in either alphabet', () => {
    fc.assert(
      fc.property(
        picture,
        sizes,
        fc.constantFrom('base64' as const, 'base64url' as const),
        (bytes, splits, alphabet) => {
          const decoder = new Base64Decoder();
          const pieces = [...cut(Buffer.from(bytes.toString(alphabet)), splits)];
          const parts = pieces.map((piece) => Buffer.from(decoder.push(`${piece}`)));
          expect(Buffer.concat([...parts, decoder.end()])).toEqual(bytes);
          expect(decoder.damaged).toBe(false);
        },
      ),
    );
  });

  it('notices any character that does not belong, wherever it is', () => {
    const foreign = fc.constantFrom('!', '*', '.', 'é', '\0', '"', '=');
    fc.assert(
      fc.property(picture, foreign, fc.nat(), sizes, (bytes, character, at, splits) => {
        const whole = bytes.toString('base64');
        const place = at % (whole.replace(/=+$/, '').length - 1);
        const bad = whole.slice(0, place) + character + whole.slice(place + 1);
        const decoder = new Base64Decoder();
        for (const part of cut(Buffer.from(bad, 'latin1'), splits)) decoder.push(part.toString('latin1'));
        decoder.end();
        expect(decoder.damaged).toBe(true);
      }),
    );
  });
});
