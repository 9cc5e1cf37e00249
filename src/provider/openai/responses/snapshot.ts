/**
 * Reads a response document: with its images for a retrieve, or only its status for a cancel. It is decoded like a
 * stream, because the pictures in it are as large.
 */
import type { Scrub } from '../../../lib/scrubber.ts';
import type { CancelOutcome, CancelResult, RetrievedEvent } from '../../image-provider.ts';
import { cleanObject } from '../clean-json.ts';
import { lostBody } from '../errors/connection-errors.ts';
import { mapErrorDocument } from '../errors/http-errors.ts';
import { NOTHING_KNOWN, type RunFacts, runFailure } from '../errors/run-failure.ts';
import { asObject } from '../json-values.ts';
import { settingsOfResponse } from '../reported-settings.ts';
import { byteReaderOf } from '../stream/direct-fetch.ts';
import { AS_IS, type BodyLimits } from '../stream/event-body.ts';
import { JsonEventDecoder, type UpstreamEvent } from '../stream/event-decoder.ts';
import { StreamFormatError } from '../stream/format-error.ts';
import type { PictureCollector } from '../stream/picture-collector.ts';
import type { PictureLocation, PictureStep } from '../stream/picture-extractor.ts';
import { WatchedBody } from '../stream/watched-body.ts';
import { usageOfResponse } from '../usage/reported-usage.ts';
import type { ResponseReader } from './reader.ts';

const ENDINGS: ReadonlyMap<string, CancelOutcome> = new Map([
  ['response.completed', 'COMPLETED'],
  ['response.failed', 'FAILED'],
  ['response.incomplete', 'INCOMPLETE'],
  ['response.cancelled', 'CANCELLED'],
]);

/** Delivers the images of the response, and then its status. @throws {ProviderError} when it did not end well. */
export async function* readSnapshot<P>(
  response: Response,
  collector: PictureCollector<P>,
  reader: ResponseReader<P>,
  limits: BodyLimits,
): AsyncGenerator<RetrievedEvent<P>, void> {
  const { facts, shouldDecode } = reader;
  const event = await readDocument(response, limits, facts, {
    shouldDecode,
    accept: (step) => collector.accept(step),
  });
  if (ENDINGS.has(event.type)) {
    for await (const item of reader.readWithoutCursor(event)) {
      if (item.type === 'image' || item.type === 'completed') yield item;
    }
    return;
  }
  for await (const item of reader.readOutput(asObject(event.data['response']) ?? {})) {
    if (item.type === 'image') yield item;
  }
  yield { type: 'running' };
}

/** The status of the response as a cancel outcome. A response that has not ended is `RUNNING`. */
export async function readStatus(response: Response, limits: BodyLimits, responseId: string): Promise<CancelResult> {
  const facts = { ...NOTHING_KNOWN, accepted: true, responseId, requestId: response.headers.get('x-request-id') };
  const event = await readDocument(response, limits, facts, SKIP_PICTURES);
  const outcome = ENDINGS.get(event.type);
  // The usage before the end is not final.
  return outcome === undefined ? { outcome: 'RUNNING', usage: null } : { outcome, usage: usageIn(event) };
}

function usageIn({ data }: UpstreamEvent): CancelResult['usage'] {
  const response = asObject(data['response']) ?? {};
  return usageOfResponse(response, settingsOfResponse(response, null));
}

interface PictureHandling {
  readonly shouldDecode: (location: PictureLocation) => boolean;
  readonly accept: (step: PictureStep) => Promise<void> | undefined;
}

const SKIP_PICTURES: PictureHandling = { shouldDecode: () => false, accept: () => undefined };

/** The document as the stream event with the same status. Its pictures are passed on as they arrive. */
async function readDocument(
  response: Response,
  limits: BodyLimits,
  facts: RunFacts,
  { shouldDecode, accept }: PictureHandling,
): Promise<UpstreamEvent> {
  const byteReader = byteReaderOf(response);
  if (byteReader === null) throw lostBody({ how: 'closed' }, facts);
  const decoder = new JsonEventDecoder({ maxEventBytes: limits.maxLineBytes, shouldDecode });
  const body = new WatchedBody(byteReader, limits);
  let event: UpstreamEvent | null = null;
  const read = async (steps: ReturnType<typeof decoder.push>) => {
    for (const step of steps) {
      if (step.kind === 'event') event = step.event;
      else await accept(step);
    }
  };
  try {
    for await (const chunk of body.chunks()) {
      const before = decoder.progress;
      await read(decoder.push(chunk));
      if (decoder.progress > before) body.progressed();
    }
    await read(decoder.end());
  } catch (error) {
    if (!(error instanceof StreamFormatError)) throw error;
    const message = `The upstream’s answer could not be read (${error.message}).`;
    throw runFailure({ code: 'OUTCOME_UNKNOWN', retryable: true, message }, 'ENDED', facts, { cause: error });
  } finally {
    await body.close();
  }
  return requireResponse(event, body, facts, limits.scrub ?? AS_IS);
}

function requireResponse(event: UpstreamEvent | null, body: WatchedBody, facts: RunFacts, scrub: Scrub): UpstreamEvent {
  // An answer that is not JSON, such as a proxy's error page, says as little as one that was cut off.
  if (event === null) throw lostBody(body.end, facts);
  const data = cleanObject(event.data, scrub);
  if (event.type === 'error') throw mapErrorDocument(asObject(data['error']) ?? data, facts);
  return { type: event.type, data };
}
