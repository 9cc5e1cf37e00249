/**
 * The ImageProvider for OpenAI's Responses API and Image API: OpenAI itself, Azure, or a compatible service.
 *
 * The SDK makes the request (authentication, URLs, error classes) and returns the raw response. Its stream is decoded
 * here, because the SDK parses a picture of megabytes as one JSON string
 * (docs/decisions/2026-11-23-decoding-the-upstream-stream.md). Every request is sent once: `maxRetries` is 0, because the
 * SDK would repeat a create request after failures that may already have bought a picture.
 */

import { isDeferred } from '../../domain/generation/options.ts';
import type { ImageProvider, ProviderEvent, ProviderRequest, ProviderRun } from '../image-provider.ts';
import { deleteStored } from './delete-stored.ts';
import { backgroundRefused, windowRefused } from './errors/stream-errors.ts';
import { asksForBackground } from './errors/unsupported-features.ts';
import { uploadImage } from './files/upload.ts';
import { generateImages } from './images/generate.ts';
import type { OpenAiProviderOptions } from './options.ts';
import { cancelResponse, resumeResponse, retrieveResponse } from './responses/existing.ts';
import { generateResponse } from './responses/generate.ts';
import { AS_IS } from './stream/event-body.ts';
import { PictureCollector } from './stream/pictures/picture-collector.ts';
import { connectUpstream, type Upstream } from './upstream.ts';

export type { AzureOptions, OpenAiProviderOptions } from './options.ts';

/** An hour less than OpenAI's maximum. */
const FILE_EXPIRY_SECONDS = 2_588_400;

/** @see ImageProvider for the contract. */
export function createOpenAiProvider(options: OpenAiProviderOptions): ImageProvider {
  const upstream = connectUpstream(options);
  const { client, now } = upstream;
  const { scrub = AS_IS } = options;
  const { uploadTimeoutMs: timeoutMs = 120_000, fileExpirySeconds: expirySeconds = FILE_EXPIRY_SECONDS } = options;
  return {
    upload: (image, signal) => uploadImage(client, image, signal, { expirySeconds, timeoutMs, now, scrub }),
    generate: (request, run) =>
      withCollector(upstream, run, (collector) => generate(upstream, request, run, collector)),
    resume: (responseId, after, run, known) =>
      withCollector(upstream, run, (collector) =>
        resumeResponse(upstream, { responseId, after, known }, run.signal, collector),
      ),
    retrieve: (responseId, run, known) =>
      withCollector(upstream, run, (collector) =>
        retrieveResponse(upstream, { responseId, after: null, known }, run.signal, collector),
      ),
    cancel: (responseId) => cancelResponse(upstream, responseId),
    deleteStored: (stored) => deleteStored(upstream, stored),
  };
}

/** Gives a run its picture collector, which leaves no sink open, and ends it when its owner aborts. */
async function* withCollector<P, E extends { readonly type: string }>(
  { options }: Upstream,
  run: ProviderRun<P>,
  events: (collector: PictureCollector<P>) => AsyncIterable<E>,
): AsyncGenerator<E, void> {
  run.signal.throwIfAborted();
  const collector = new PictureCollector<P>(() => run.openSink(), options.maxPictureBytes ?? options.maxLineBytes);
  try {
    for await (const event of events(collector)) {
      yield event;
      // Events that had arrived before an abort are not delivered. A completed run can no longer be aborted.
      if (event.type !== 'completed') run.signal.throwIfAborted();
    }
  } catch (error) {
    // Whatever error an abort causes, the abort is the reason.
    run.signal.throwIfAborted();
    throw error;
  } finally {
    await collector.discardAll();
  }
}

function generate<P>(
  upstream: Upstream,
  request: ProviderRequest,
  run: ProviderRun<P>,
  collector: PictureCollector<P>,
): AsyncIterable<ProviderEvent<P>> {
  // Background work needs a stored response, so without storage the request is not even sent.
  const mayStore = upstream.options.store !== false && request.store;
  if (isDeferred(request.settings.completionWindow) && !mayStore) throw windowRefused();
  if (asksForBackground(request) && upstream.options.store === false) throw backgroundRefused();
  return request.api === 'IMAGES'
    ? generateImages(upstream, request, run, collector)
    : generateResponse(upstream, request, run, collector);
}
