/**
 * The form of an answer (a stream of events, one JSON document, a web page) is decided by its first bytes. Its label, a byte
 * order mark, blanks and comments change nothing of what is read.
 */
import { describe, expect, it } from 'vitest';
import type { ImageProvider, ProviderEvent, RetrievedEvent } from '../../src/provider/image-provider.ts';
import { ProviderError } from '../../src/provider/image-provider.ts';
import { type Json, recordedEvents, sse, startScriptedUpstream, type Write } from '../support/scripted-upstream.ts';
import { collect, picture, pictureBytes, providerFor, REQUEST, Sinks } from './run.ts';
import { imagesDocument, imagesEvents } from './scripted-images.ts';

const PICTURE = pictureBytes('body', 40_000);
const EVENTS = recordedEvents({ pictures: [{ bytes: PICTURE }] });
const COMPLETED: Json = EVENTS.at(-1) ?? {};
const RESPONSE = COMPLETED['response'];
const ERROR = { code: 'invalid_prompt', type: 'invalid_request_error', message: 'no' };
const PAGE = '<!DOCTYPE html>\n<html><head><title>Bad gateway</title></head></html>';

const LABELS = ['application/json', 'text/event-stream', 'text/plain', 'text/html', 'application/octet-stream', ''];
const BEGINNINGS: Readonly<Record<string, string>> = {
  'as it is': '',
  'behind a byte order mark': '\u{feff}',
  'behind blanks': ' \r\n\n\t ',
  'behind comments': ': ping\n\n: {"not": "this"}\n\n',
  'behind all of them': '\u{feff}\n : <ping>\r\n\r\n',
};

type Events = AsyncIterable<ProviderEvent<Buffer> | RetrievedEvent<Buffer>>;
type Reading = (provider: ImageProvider) => Events;

const READINGS = {
  response: (provider) => provider.generate(REQUEST, runOf()),
  images: (provider) => provider.generate({ ...REQUEST, api: 'IMAGES' }, runOf()),
  resume: (provider) => provider.resume('resp_scripted', null, runOf(), []),
  retrieve: (provider) => provider.retrieve('resp_scripted', runOf(), []),
} satisfies Record<string, Reading>;

function runOf() {
  return { signal: new AbortController().signal, openSink: new Sinks().openSink };
}

const streamOf = (events: readonly Json[]) => events.map(sse).join('');

const BODIES: readonly [string, keyof typeof READINGS, string][] = [
  ['a stream', 'response', streamOf(EVENTS)],
  ['a document', 'response', JSON.stringify(RESPONSE)],
  ['a document of several lines', 'response', JSON.stringify(RESPONSE, null, 2)],
  ['the last event without a stream', 'response', JSON.stringify(COMPLETED)],
  ['a response as the only event of a stream', 'response', `data: ${JSON.stringify(RESPONSE)}\n\n`],
  ['a stream of the Image API', 'images', streamOf(imagesEvents([PICTURE], PICTURE))],
  ['a document of the Image API', 'images', JSON.stringify(imagesDocument([PICTURE]))],
  ['a document of the Image API in a stream', 'images', `data: ${JSON.stringify(imagesDocument([PICTURE]))}\n\n`],
  ['the last event of the Image API', 'images', JSON.stringify(imagesEvents([], PICTURE)[0])],
  ['a resumed stream', 'resume', streamOf(EVENTS)],
  ['a document in place of a resumed stream', 'resume', JSON.stringify(RESPONSE)],
  ['the document of a retrieve', 'retrieve', JSON.stringify(RESPONSE)],
  ['a stream in place of that document', 'retrieve', streamOf(EVENTS)],
];

/** Answers every request with the body. */
async function answered<T>(
  contentType: string,
  writes: readonly Write[],
  use: (provider: ImageProvider) => Promise<T>,
) {
  const upstream = await startScriptedUpstream(() => ({ headers: { 'content-type': contentType }, writes }));
  try {
    return await use(providerFor(upstream.baseURL));
  } finally {
    await upstream.close();
  }
}

async function read(reading: Reading, contentType: string, writes: readonly Write[]) {
  return answered(contentType, writes, async (provider) => {
    const events: (ProviderEvent<Buffer> | RetrievedEvent<Buffer>)[] = [];
    try {
      for await (const event of reading(provider)) events.push(event);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return { events, error };
    }
    return { events, error: null };
  });
}

describe.each(BODIES)('%s', (_, reading, body) => {
  it.each(LABELS)('is read with the label “%s”', async (label) => {
    for (const [how, beginning] of Object.entries(BEGINNINGS)) {
      const { events, error } = await read(READINGS[reading], label, [beginning + body]);
      expect([how, error]).toEqual([how, null]);
      expect(events.flatMap((event) => (event.type === 'image' ? [event.picture] : []))).toEqual([PICTURE]);
      expect(events.at(-1)).toMatchObject({ type: 'completed', usage: expect.anything() });
    }
  });
});

it('the first bytes may arrive one by one', async () => {
  const text = Buffer.from(`\u{feff}: ping\n\n${JSON.stringify(RESPONSE)}`);
  const pieces: Write[] = Array.from({ length: 30 }, (_, at) => [text.subarray(at, at + 1), { delayMs: 1 }]).flat();
  const { events } = await read(READINGS.response, 'text/event-stream', [...pieces, text.subarray(30)]);
  expect(events.at(-1)).toMatchObject({ type: 'completed' });
});

describe('an error is one under every label:', () => {
  const document = JSON.stringify({ error: ERROR });
  const event = `event: error\ndata: ${JSON.stringify({ ...ERROR, type: 'error' })}\n\n`;
  const unnamed = `data: ${document}\n\n`;
  it.each<[string, 'response' | 'images', string]>([
    ['a document', 'response', document],
    ['a document of the Image API', 'images', document],
    ['an event', 'response', event],
    ['an event without its type', 'response', unnamed],
    ['an event of an error with its own type', 'response', `event: error\ndata: ${JSON.stringify(ERROR)}\n\n`],
    ['an event of the Image API', 'images', event],
    ['the only event, without a stream', 'response', JSON.stringify({ ...ERROR, type: 'error' })],
  ])('%s', async (_, reading, body) => {
    for (const label of LABELS) {
      const { error } = await read(READINGS[reading], label, [`\u{feff}${body}`]);
      expect([label, error?.kind, error?.failure.code]).toEqual([label, 'NOTHING_BOUGHT', 'INVALID_REQUEST']);
    }
  });

  it.each([document, event, unnamed])('%j with the status of an error', async (body) => {
    for (const label of LABELS) {
      for (const api of ['RESPONSES', 'IMAGES'] as const) {
        const upstream = await startScriptedUpstream(() => ({
          status: 400,
          headers: { 'content-type': label },
          writes: [`\u{feff}${body}`],
        }));
        const generated = collect(providerFor(upstream.baseURL).generate({ ...REQUEST, api }, runOf()));
        await expect(generated).rejects.toMatchObject({
          failure: { message: expect.stringContaining('rejected the prompt') },
        });
        await upstream.close();
      }
    }
  });
});

describe('a web page is no answer', () => {
  it.each(LABELS)('with the label “%s”, and the operator is told where to look', async (label) => {
    for (const reading of [READINGS.response, READINGS.images]) {
      const { error } = await read(reading, label, [`\n${PAGE}`]);
      expect([error?.kind, error?.failure.code]).toEqual(['LOST', 'UPSTREAM_UNAVAILABLE']);
      expect(error?.failure.message).toContain('answered with a web page');
    }
  });

  it.each(LABELS)('with the label “%s”, and the response can be asked for again', async (label) => {
    for (const reading of [READINGS.resume, READINGS.retrieve]) {
      const { error } = await read(reading, label, [PAGE]);
      expect([error?.kind, error?.failure.code]).toEqual(['LOST', 'OUTCOME_UNKNOWN']);
    }
  });
});

describe('the answers without pictures', () => {
  it.each(LABELS)('with the label “%s” are read', async (label) => {
    const cancelled = { ...(RESPONSE as object), status: 'cancelled', output: [] };
    const stream = streamOf([EVENTS[0] ?? {}, { type: 'response.cancelled', response: cancelled }]);
    for (const beginning of Object.values(BEGINNINGS)) {
      for (const body of [JSON.stringify(cancelled), stream]) {
        const { outcome } = await answered(label, [beginning + body], (provider) => provider.cancel('resp_scripted'));
        expect(outcome).toBe('CANCELLED');
      }
    }
    const file = await answered(label, [`\u{feff}{"id":"file_1"}`], (provider) =>
      provider.upload(picture(PICTURE), new AbortController().signal),
    );
    expect(file.fileId).toBe('file_1');
  });
});
