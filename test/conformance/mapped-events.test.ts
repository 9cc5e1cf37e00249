/** Plugins that change the results of subscriptions: the images in them are those of the events, and never a mark. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { fetchBytes, makeImage } from '../api/steps.ts';
import { startTestApp } from '../support/app.ts';
import { dataOf, type Payload, WAYS_IN } from './ways-in.ts';

const SUBSCRIPTIONS = WAYS_IN.filter(({ type }) => type === 'subscription');
/** Pictures of more bytes than a string of the result has: those are the ones with marks. */
const LARGE = { SIMULATOR_ART: 'detailed' };
const IMAGES = `... on PartialImageReceived { partial { url dataUri } } ... on ImageCompleted { image { url dataUri } }`;

/** A plugin that puts `change(result)` in the place of each result of a subscription. */
function mapping(change: (result: ExecutionResult) => ExecutionResult | Promise<ExecutionResult>): Plugin {
  return {
    onSubscribe: () => ({
      onSubscribeResult: () => ({ onNext: async ({ result, setResult }) => setResult(await change(result)) }),
    }),
  };
}

const MAPPINGS: Readonly<Record<string, (result: ExecutionResult) => ExecutionResult>> = {
  'copies the data': (result) => ({ ...result, data: { ...result.data } }),
  'copies everything in it': (result) => structuredClone(result),
  'adds to it': (result) => ({ ...result, extensions: { traced: true } }),
};

interface WithBytes {
  readonly url: string;
  readonly dataUri: string;
}

function imagesIn(payloads: readonly Payload[]): readonly WithBytes[] {
  return payloads.flatMap((payload) => {
    const { generationEvents } = dataOf<{ generationEvents: { partial?: WithBytes; image?: WithBytes } }>({
      status: null,
      payloads: [payload],
    });
    const { partial, image } = generationEvents;
    return [partial ?? [], image ?? []].flat();
  });
}

async function expectTheirBytes(url: string, payloads: readonly Payload[]): Promise<void> {
  const images = imagesIn(payloads);
  expect(images).toHaveLength(3);
  for (const { url: address, dataUri } of images) {
    const bytes = await fetchBytes(address);
    // Smaller ones are strings and have no marks.
    expect(bytes.length).toBeGreaterThan(48 * 1024);
    expect(dataUri).toBe(`data:image/png;base64,${bytes.toString('base64')}`);
    expect(address.startsWith(url)).toBe(true);
  }
}

describe.each(Object.keys(MAPPINGS))('a plugin that maps each result and %s', (what) => {
  it.each(SUBSCRIPTIONS)('passes the images on, over $name', async ({ document, send }) => {
    await using app = await startTestApp({ plugins: [mapping(MAPPINGS[what] ?? ((result) => result))] }, LARGE);
    const { callId } = await makeImage(app.url, { prompt: 'a boat', options: { partialImages: 2 } });
    const operation = { query: document(IMAGES), variables: { callId } };
    // Several at once share the images, and each has a result of its own.
    const outcomes = await Promise.all([1, 2, 3].map(() => send(app.url, operation)));
    for (const { payloads } of outcomes) await expectTheirBytes(app.url, payloads);
  });
});

it.each(SUBSCRIPTIONS)('an image that a plugin kept for too long is an error, and no mark, over $name', async (way) => {
  let kept: ExecutionResult | null = null;
  const late = mapping(async (result) => {
    // Longer than an answer is kept for other subscribers.
    await delay(300);
    const previous = kept;
    kept = result;
    return previous ?? result;
  });
  await using app = await startTestApp({ plugins: [late] }, LARGE);
  const { callId } = await makeImage(app.url, { prompt: 'a boat', options: { partialImages: 2 } });
  const { payloads } = await way.send(app.url, { query: way.document(IMAGES), variables: { callId } });
  expect(JSON.stringify(payloads)).not.toMatch(/base64,[0-9a-f]{8}-[0-9a-f]{4}-/u);
  // The subscription ends with it: what came after the missing event would look complete.
  const extensions = expect.objectContaining({ code: 'INTERNAL_SERVER_ERROR' });
  expect(payloads.at(-1)).toEqual({ errors: [expect.objectContaining({ extensions })] });
  expect(payloads.slice(0, -1).every(({ errors }) => errors === undefined)).toBe(true);
  expect(app.log.join('')).toContain('the bytes of an image are gone');
});

it('a plugin that writes streams of results itself is given the images as strings', async () => {
  const [sse] = SUBSCRIPTIONS;
  const writer: Plugin = {
    onResultProcess({ result, setResultProcessor }) {
      if (!(Symbol.asyncIterator in result)) return;
      setResultProcessor(async (results, { Response }) => {
        const texts: string[] = [];
        // The processor of a stream is given one.
        for await (const each of results as AsyncIterable<ExecutionResult>) texts.push(JSON.stringify(each));
        return new Response(texts.map((text) => `event: next\ndata: ${text}\n\n`).join(''), {
          headers: { 'content-type': 'text/event-stream' },
        });
      }, 'text/event-stream');
    },
  };
  await using app = await startTestApp({ plugins: [writer] }, LARGE);
  const { callId } = await makeImage(app.url, { prompt: 'a boat', options: { partialImages: 2 } });
  const outcome = await sse?.send(app.url, { query: sse.document(IMAGES), variables: { callId } });
  await expectTheirBytes(app.url, outcome?.payloads ?? []);
});
