/**
 * How the bytes of an image are written: as base64 in either alphabet, with line breaks, behind the prefix of a data URL. A
 * link in place of the bytes is named as one and never followed.
 */
import { describe, expect, it } from 'vitest';
import {
  base64,
  type Json,
  jsonReply,
  type Reply,
  recordedEvents,
  SCRIPTED_USAGE,
  sse,
  startScriptedUpstream,
  type Write,
} from '../support/scripted-upstream.ts';
import {
  collect,
  pictureBytes,
  picturesOf,
  providerError,
  providerFor,
  type RunOptions,
  type RunResult,
  run,
  Sinks,
} from './run.ts';
import { IMAGES_USAGE, imagesDocument, imagesEvents } from './scripted-images.ts';

const PICTURE = pictureBytes('picture', 30_001);
const PARTIAL = pictureBytes('partial', 3_000);
const PLAIN = base64(PICTURE);
/** Stands in an answer for the string under test. */
const HERE = '#picture#';

const prefixed = (prefix: string) => `${prefix}${PLAIN}`;

const STRINGS: Readonly<Record<string, string>> = {
  'a data URL': prefixed('data:image/png;base64,'),
  'a data URL of another format': prefixed('data:image/webp;base64,'),
  'a data URL in upper case': prefixed('DATA:IMAGE/PNG;BASE64,'),
  'a data URL with parameters': prefixed('data:image/svg+xml;charset=utf-8;name="a.svg";base64,'),
  'a data URL without a media type': prefixed('data:;base64,'),
  'a data URL of unnamed bytes': prefixed('data:application/octet-stream;base64,'),
  'a data URL with blanks': `\n${prefixed('data:image/png; base64, ')}\n`,
  'a data URL without padding': prefixed('data:image/png;base64,').replace(/=+$/u, ''),
  'a data URL with line breaks': prefixed('data:image/png;base64,').replaceAll(/.{76}/gu, '$&\r\n'),
  'the alphabet for URLs': PICTURE.toString('base64url'),
  'the alphabet for URLs in a data URL': `data:image/png;base64,${PICTURE.toString('base64url')}`,
  'line breaks': PLAIN.replaceAll(/.{64}/gu, '$&\n'),
};

interface Place {
  readonly request: RunOptions['request'];
  /** The answer, with HERE in the place of the picture. */
  readonly body: string;
}

const response = (result: string, rest: Json = {}) =>
  recordedEvents({ pictures: [{ bytes: PICTURE, item: { result, ...rest } }] });
const images = { api: 'IMAGES' } as const;

const PLACES: Readonly<Record<string, Place>> = {
  'in a response': { request: {}, body: response(HERE).map(sse).join('') },
  'in the document of a response': { request: {}, body: JSON.stringify(response(HERE).at(-1)?.['response']) },
  'in a document of the Image API': {
    request: images,
    body: JSON.stringify({ ...imagesDocument([]), data: [{ b64_json: HERE }] }),
  },
  'in a stream of the Image API': {
    request: images,
    body: imagesEvents([PARTIAL], PICTURE)
      .map((event) => sse(event['type'] === 'image_generation.completed' ? { ...event, b64_json: HERE } : event))
      .join(''),
  },
};

/** Sends the answer in pieces that cut the prefix at each of its characters in turn. */
async function answered({ request = {}, body }: Place, text: string, firstBytes?: number): Promise<RunResult> {
  const whole = body.replaceAll(HERE, () => JSON.stringify(text).slice(1, -1));
  const cut = firstBytes === undefined ? 0 : body.indexOf(HERE) + firstBytes;
  const writes: Write[] = [whole.slice(0, cut), { delayMs: 2 }, whole.slice(cut)];
  return run({ headers: { 'x-request-id': 'req_scripted' }, writes }, { request });
}

const imageOf = ({ events }: RunResult) => picturesOf(events).find(({ type }) => type === 'image')?.bytes;

describe.each(Object.entries(PLACES))('%s', (_, place) => {
  it.each(Object.entries(STRINGS))('%s is the picture', async (_, text) => {
    const result = await answered(place, text);
    expect(result.error).toBeNull();
    expect(imageOf(result)).toEqual(PICTURE);
    expect(result.events.at(-1)).toMatchObject({ type: 'completed', usage: expect.anything() });
    expect(result.sinks.open).toBe(0);
  });

  it('the prefix may arrive in pieces', async () => {
    for (let firstBytes = 0; firstBytes < 40; firstBytes += 3) {
      const result = await answered(place, STRINGS['a data URL'] ?? '', firstBytes);
      expect(imageOf(result)).toEqual(PICTURE);
    }
  });

  it('slashes may be escaped', async () => {
    const escaped = {
      ...place,
      body: place.body.replaceAll(HERE, () => prefixed('data:image/png;base64,').replaceAll('/', '\\/')),
    };
    expect(imageOf(await answered(escaped, ''))).toEqual(PICTURE);
  });

  it.each([
    ['no base64', `data:image/png,${PLAIN}`],
    ['percent-encoded text', 'data:image/svg+xml,%3Csvg%3E'],
    ['a web page', `data:text/html;base64,${PLAIN}`],
    ['nothing', 'data:image/png;base64,'],
    ['no end of its prefix', `data:image/png;base64${PLAIN}`],
    ['no scheme', `:${PLAIN}`],
  ])('a data URL with %s is damaged', async (_, text) => {
    const result = await answered(place, text);
    expect(providerError(result)).toMatchObject({ kind: 'ENDED', failure: { code: 'UPSTREAM_UNAVAILABLE' } });
    expect(providerError(result).failure.message).toContain('damaged bytes');
    expect(result.sinks.open).toBe(0);
  });

  it.each([
    'https://cdn.invalid/pictures/1.png?signature=hidden',
    'HTTP://cdn.invalid/1.png',
    'gs://bucket/1.png',
    'blob:https://cdn.invalid/1',
  ])('%s is a link', async (text) => {
    const result = await answered(place, text);
    expectLink(result);
  });
});

/** The failure names the link without repeating it, is not retried, and counts what was bought. */
function expectLink(result: RunResult): void {
  const { kind, failure, usage } = providerError(result);
  expect([kind, failure.code, failure.retryable]).toEqual(['ENDED', 'UPSTREAM_UNAVAILABLE', false]);
  expect(failure.message).toContain('a link to the image in place of its bytes');
  expect(JSON.stringify(failure)).not.toMatch(/hidden|cdn\.invalid/u);
  expect(usage?.raw).toMatchObject({
    usage: result.requests[0]?.path.includes('images') ? IMAGES_USAGE : SCRIPTED_USAGE,
  });
  expect(picturesOf(result.events).filter(({ type }) => type === 'image')).toEqual([]);
}

describe('an image is a link', () => {
  const link = 'https://cdn.invalid/pictures/1.png?signature=hidden';
  it.each<[string, Reply, RunOptions['request']]>([
    ['in a document', jsonReply({ data: [{ url: link }], usage: IMAGES_USAGE }), images],
    [
      'in each entry of a document',
      jsonReply({ data: [{ url: link }, { url: link }], usage: IMAGES_USAGE }),
      { ...images, count: 2 },
    ],
    ['beside empty bytes', jsonReply({ data: [{ url: link, b64_json: null }], usage: IMAGES_USAGE }), images],
    ['in a stream', { writes: [sse({ type: 'image_generation.completed', url: link, usage: IMAGES_USAGE })] }, images],
    ['in a response', { writes: response('', { url: link }).map(sse) }, {}],
    ['in a response, under another name', { writes: response('', { image_url: link }).map(sse) }, {}],
  ])('%s', async (_, reply, request) => {
    expectLink(await run(reply, request === undefined ? {} : { request }));
  });

  it('one of several does not take the others with it', async () => {
    const reply = jsonReply({ data: [{ url: link }, { b64_json: PLAIN }], usage: IMAGES_USAGE });
    const { events, error } = await run(reply, { request: { ...images, count: 2 } });
    expect(error).toBeNull();
    expect(picturesOf(events)).toEqual([{ type: 'image', image: 1, bytes: PICTURE }]);
  });

  it('nobody follows it', async () => {
    const elsewhere = await startScriptedUpstream(() => jsonReply({}));
    await run(jsonReply({ data: [{ url: `${elsewhere.baseURL}/1.png` }] }), { request: images });
    await elsewhere.close();
    expect(elsewhere.requests).toEqual([]);
  });
});

describe('a link that is a data URL is the picture', () => {
  it.each<[string, string]>([
    ['as it is', 'data:image/png;base64,'],
    ['in upper case', 'Data:image/png;base64,'],
  ])('%s', async (_, prefix) => {
    const data = [{ revised_prompt: 'a', url: prefixed(prefix) }, { url: prefixed(prefix) }];
    const { events, error } = await run(jsonReply({ data }), { request: { ...images, count: 2 } });
    expect(error).toBeNull();
    expect(picturesOf(events).map(({ bytes }) => bytes)).toEqual([PICTURE, PICTURE]);
    const inResponse = await run({ writes: response('', { url: prefixed(prefix) }).map(sse) });
    expect(imageOf(inResponse)).toEqual(PICTURE);
  });
});

it('partial images may have a prefix too', async () => {
  const partial = `data:image/jpeg;base64,${base64(PARTIAL)}`;
  const replaced = (events: readonly Json[]) =>
    events
      .map((event) => JSON.stringify(event).replaceAll(base64(PARTIAL), partial))
      .map((data) => `data: ${data}\n\n`);
  const expected = { type: 'partial', image: 0, partial: 0, bytes: PARTIAL };
  const streamed = await run({
    writes: replaced(recordedEvents({ pictures: [{ bytes: PICTURE, partials: [PARTIAL] }] })),
  });
  expect(picturesOf(streamed.events)[0]).toEqual(expected);
  const drawn = await run({ writes: replaced(imagesEvents([PARTIAL], PICTURE)) }, { request: images });
  expect(picturesOf(drawn.events)[0]).toEqual(expected);
});

it.each(['resume', 'retrieve'] as const)('a data URL is read again (%s)', async (operation) => {
  const events = response(prefixed('data:image/png;base64,'));
  const upstream = await startScriptedUpstream(() =>
    operation === 'resume' ? { writes: events.map(sse) } : jsonReply({ ...(events.at(-1)?.['response'] as object) }),
  );
  const reading = { signal: new AbortController().signal, openSink: new Sinks().openSink };
  const provider = providerFor(upstream.baseURL);
  const told =
    operation === 'resume'
      ? await collect(provider.resume('resp_1', null, reading, []))
      : await collect(provider.retrieve('resp_1', reading, []));
  await upstream.close();
  expect(told.flatMap((event) => (event.type === 'image' ? [event.picture] : []))).toEqual([PICTURE]);
});
