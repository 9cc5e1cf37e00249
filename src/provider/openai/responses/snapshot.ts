/**
 * Reads what the upstream says about a response: with its images for a retrieve, or only its status for a cancel. It is
 * decoded like a stream, because the pictures in it are as large, and because some services answer with one.
 */
import type { CancelOutcome, CancelResult, RetrievedEvent } from '../../image-provider.ts';
import { cleanObject } from '../clean-json.ts';
import { lostBody } from '../errors/connection-errors.ts';
import { mapErrorDocument } from '../errors/http-errors.ts';
import { NOTHING_KNOWN, type RunFacts, runFailure } from '../errors/run-failure.ts';
import { asObject } from '../json-values.ts';
import { settingsOfResponse } from '../reported-settings.ts';
import { byteReaderOf } from '../stream/direct-fetch.ts';
import { AS_IS, type BodyLimits, endedCleanly } from '../stream/event-body.ts';
import type { UpstreamEvent } from '../stream/event-decoder.ts';
import { StreamFormatError } from '../stream/format-error.ts';
import { PictureCollector } from '../stream/pictures/picture-collector.ts';
import type { PictureLocation } from '../stream/pictures/picture-extractor.ts';
import { ReadAhead } from '../stream/read-ahead.ts';
import { WatchedBody } from '../stream/watched-body.ts';
import { ResponseItemReports, withUsage } from '../usage/item-reports.ts';
import { usageOfResponse } from '../usage/reported-usage.ts';
import { endingOf, type ResponseEnding } from './ending.ts';
import type { ResponseReader } from './reader.ts';

const OUTCOMES: Readonly<Record<ResponseEnding, CancelOutcome>> = {
  completed: 'COMPLETED',
  failed: 'FAILED',
  incomplete: 'INCOMPLETE',
  cancelled: 'CANCELLED',
};

/** Delivers the images of the response, and then its status. @throws {ProviderError} when it did not end well. */
export async function* readSnapshot<P>(
  response: Response,
  collector: PictureCollector<P>,
  reader: ResponseReader<P>,
  limits: BodyLimits,
): AsyncGenerator<RetrievedEvent<P>, void> {
  const pictures = {
    collector,
    // Nobody waits for the partial images of a stream here.
    shouldDecode: (location: PictureLocation) => location.key !== 'partial_image_b64' && reader.shouldDecode(location),
  };
  for await (const event of readEvents(response, limits, reader.facts, pictures)) {
    // A response that was cut off can be looked at again.
    if (event.isCut) continue;
    for await (const item of reader.readSnapshotEvent(event)) {
      if (item.type === 'image' || item.type === 'completed') yield item;
    }
    if (reader.completed) return;
  }
  yield { type: 'running', retryAfter: reader.retryAfter };
}

/** The status of the response as a cancel outcome. A response that has not ended is `RUNNING`. */
export async function readStatus(response: Response, limits: BodyLimits, responseId: string): Promise<CancelResult> {
  const facts = { ...NOTHING_KNOWN, accepted: true, responseId, requestId: response.headers.get('x-request-id') };
  for await (const event of readEvents(response, limits, facts, withoutPictures())) {
    const ending = endingOf(event);
    if (ending !== null) return { outcome: OUTCOMES[ending], usage: usageIn(event) };
  }
  // The usage before the end is not final.
  return { outcome: 'RUNNING', usage: null };
}

function usageIn({ data }: UpstreamEvent): CancelResult['usage'] {
  const response = asObject(data['response']) ?? {};
  const items = new ResponseItemReports().at(response);
  return usageOfResponse(withUsage(response, data), settingsOfResponse(response, null), items);
}

interface PictureHandling<P> {
  readonly collector: PictureCollector<P>;
  readonly shouldDecode: (location: PictureLocation) => boolean;
}

function withoutPictures(): PictureHandling<never> {
  const openSink = () => {
    throw new Error('A picture is decoded that nobody needs');
  };
  return { collector: new PictureCollector<never>(openSink, 0), shouldDecode: () => false };
}

/** The events of the answer. A document is one event: the one with which a stream reports the same status. */
async function* readEvents<P>(
  response: Response,
  limits: BodyLimits,
  facts: RunFacts,
  { collector, shouldDecode }: PictureHandling<P>,
): AsyncGenerator<UpstreamEvent, void> {
  const byteReader = byteReaderOf(response);
  if (byteReader === null) throw lostBody({ how: 'closed' }, facts);
  const body = new WatchedBody(byteReader, limits);
  const events = new ReadAhead({ body, collector, shouldDecode, maxLineBytes: limits.maxLineBytes });
  let hasEvents = false;
  try {
    for (let decoded = await events.next(); decoded !== null; decoded = await events.next()) {
      hasEvents = true;
      collector.select(decoded.pictures);
      const data = cleanObject(decoded.event.data, limits.scrub ?? AS_IS);
      if (decoded.event.type === 'error') throw mapErrorDocument(asObject(data['error']) ?? data, facts);
      yield { ...decoded.event, data };
      await collector.discardUntaken();
    }
  } catch (error) {
    if (!(error instanceof StreamFormatError)) throw error;
    const message = `The upstream’s answer could not be read (${error.message}).`;
    throw runFailure({ code: 'OUTCOME_UNKNOWN', retryable: true, message }, 'ENDED', facts, { cause: error });
  } finally {
    await events.close();
  }
  // An answer that is not JSON, such as a proxy's error page, says as little as one that was cut off.
  if (!hasEvents || !endedCleanly(body.end)) throw lostBody(body.end, facts);
}
