/**
 * Reads the body of an answer (a stream of events, or one JSON document) up to the event that ends the run. A body
 * without such an event counts as lost, however cleanly it was closed, unless its reader can complete the run with what
 * arrived.
 */
import type { Scrub } from '../../../lib/scrubber.ts';
import type { ProviderError, ProviderEvent } from '../../image-provider.ts';
import { cleanObject } from '../clean-json.ts';
import { CONNECTION_LOST, lostBody } from '../errors/connection-errors.ts';
import type { ErrorMapping } from '../errors/error-table.ts';
import { type RunFacts, runFailure } from '../errors/run-failure.ts';
import { unreadableStream } from '../errors/stream-errors.ts';
import type { BodyForm } from './body-decoder.ts';
import { byteReaderOf } from './direct-fetch.ts';
import type { UpstreamEvent } from './event-decoder.ts';
import { StreamFormatError } from './format-error.ts';
import type { PictureCollector } from './pictures/picture-collector.ts';
import type { PictureLocation } from './pictures/picture-extractor.ts';
import { ReadAhead } from './read-ahead.ts';
import { type BodyEnd, type IdleLimits, WatchedBody } from './watched-body.ts';

export interface BodyLimits extends IdleLimits {
  /** The largest event accepted, including pictures in base64. */
  readonly maxLineBytes: number;
  /** See OpenAiProviderOptions. */
  readonly scrub?: Scrub;
}

/** Turns upstream events into the provider's. Implemented by responses/reader.ts and images/reader.ts. */
export interface EventReader<P> {
  /** True once the run has completed: nothing more needs to be read. */
  readonly completed: boolean;
  /** Whether any event of the run arrived. */
  readonly hasEvents: boolean;
  /** Whether this reads a response that was created by an earlier request. */
  readonly resumed: boolean;
  readonly facts: RunFacts;
  /** Whether a picture must be decoded. */
  readonly shouldDecode: (location: PictureLocation) => boolean;
  /** @throws {ProviderError} when the event says that the run ended without completing. */
  read(event: UpstreamEvent): AsyncIterable<ProviderEvent<P>>;
  /** Called when the body ended before the run completed. Yields what can still be used of it. */
  readEnd(end: BodyEnd, form: Exclude<BodyForm, 'page'>): AsyncIterable<ProviderEvent<P>>;
}

/** Yields the events of a body up to `completed`. @throws {ProviderError} when the run does not complete. */
export async function* readBody<P>(
  response: Response,
  collector: PictureCollector<P>,
  reader: EventReader<P>,
  limits: BodyLimits,
): AsyncGenerator<ProviderEvent<P>, void> {
  const byteReader = byteReaderOf(response);
  if (byteReader === null) throw notAnApi(reader);
  const body = new WatchedBody(byteReader, limits);
  const { shouldDecode } = reader;
  const { scrub = AS_IS } = limits;
  const events = new ReadAhead({ body, collector, shouldDecode, maxLineBytes: limits.maxLineBytes });
  try {
    for (let decoded = await events.next(); decoded !== null; decoded = await events.next()) {
      collector.select(decoded.pictures);
      yield* reader.read({ ...decoded.event, data: cleanObject(decoded.event.data, scrub) });
      await collector.discardUntaken();
      if (reader.completed) return;
    }
  } catch (error) {
    if (!(error instanceof StreamFormatError)) throw error;
    throw unreadableStream(error.message, reader.facts, error);
  } finally {
    await events.close();
  }
  const form = events.form ?? labelOf(response);
  if (form === 'page') throw notAnApi(reader);
  collector.select();
  yield* reader.readEnd(body.end, form);
  if (reader.completed) return;
  // A complete document, or a stream without a single event: the same request would be answered in the same way.
  const isFinal = endedCleanly(body.end) && (form === 'json' ? reader.hasEvents : !reader.hasEvents);
  if (isFinal && reader.resumed) throw runFailure(STREAM_OVER, 'NOT_RESUMABLE', reader.facts);
  throw lostBody(body.end, reader.facts);
}

/** For a provider that was given no secrets. */
export const AS_IS: Scrub = (text) => text;

/** Whether the sender had nothing more to send. */
export function endedCleanly({ how }: BodyEnd): boolean {
  return how === 'closed' || how === 'over';
}

/** The form of an empty body: there is nothing but its label to go by. */
function labelOf(response: Response): BodyForm {
  const mediaType = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (mediaType === 'application/json' || mediaType.endsWith('+json')) return 'json';
  return mediaType === 'text/html' ? 'page' : 'stream';
}

function notAnApi<P>({ resumed, facts }: EventReader<P>): ProviderError {
  return runFailure(resumed ? CONNECTION_LOST : NOT_AN_API, 'LOST', facts);
}

const NOT_AN_API: ErrorMapping = {
  code: 'UPSTREAM_UNAVAILABLE',
  retryable: false,
  message: 'The upstream answered with a web page or an empty body. This server’s operator must check its base URL.',
};

/** For a stream without events. A cancelled response, for one, is streamed this way. */
const STREAM_OVER: ErrorMapping = {
  code: 'OUTCOME_UNKNOWN',
  retryable: true,
  message: 'The upstream no longer streams this response. Whether the image was made is unknown.',
};
