/**
 * The body of an answer that should be a stream of events, or one document, read to the event that ends it. A body
 * without such an event is lost, however cleanly it was closed, unless its reader can make an end of what came.
 */
import type { ProviderError, ProviderEvent } from '../../image-provider.ts';
import type { ErrorMapping } from '../errors/error-table.ts';
import { isBodyTimeout } from '../errors/http-errors.ts';
import {
  CONNECTION_LOST,
  NO_ANSWER,
  NOTHING_MORE_TOLD,
  type RunFacts,
  runFailure,
  unreadableStream,
} from '../errors/run-failure.ts';
import { byteReaderOf } from './direct-fetch.ts';
import type { UpstreamEvent } from './event-decoder.ts';
import { StreamFormatError } from './format-error.ts';
import type { PictureCollector } from './picture-collector.ts';
import type { PictureLocation } from './picture-extractor.ts';
import { ReadAhead } from './read-ahead.ts';
import { type BodyEnd, type IdleLimits, WatchedBody } from './watched-body.ts';

export interface BodyLimits extends IdleLimits {
  /** The largest event taken, pictures in base64 included. */
  readonly maxLineBytes: number;
}

/** Makes provider's events of upstream's: response-reader.ts and images-reader.ts. */
export interface EventReader<P> {
  /** True once the run has completed: there is nothing more to read. */
  readonly completed: boolean;
  /** Whether any event of a run came. */
  readonly heard: boolean;
  /** Whether it reads on in a response that was created earlier. */
  readonly resumed: boolean;
  readonly facts: RunFacts;
  /** Whether a picture is worth decoding. */
  readonly shouldDecode: (place: PictureLocation) => boolean;
  /** @throws {ProviderError} when the event says that the run ended, and not well. */
  read(event: UpstreamEvent): AsyncIterable<ProviderEvent<P>>;
  /** Called when the body has ended without completing the run: what can still be made of what came. */
  readEnd(end: BodyEnd, form: 'stream' | 'json'): AsyncIterable<ProviderEvent<P>>;
}

/** Tells what a body tells, up to `completed`. @throws {ProviderError} when it does not come to that. */
export async function* readBody<P>(
  response: Response,
  collector: PictureCollector<P>,
  reader: EventReader<P>,
  limits: BodyLimits,
): AsyncGenerator<ProviderEvent<P>, void> {
  const form = formOf(response);
  const body = byteReaderOf(response);
  if (form === 'page' || body === null) {
    await body?.cancel();
    throw runFailure(reader.resumed ? CONNECTION_LOST : NO_STREAM, 'LOST', reader.facts);
  }
  const wire = new WatchedBody(body, limits);
  const events = new ReadAhead({
    form,
    wire,
    collector,
    shouldDecode: reader.shouldDecode,
    maxLineBytes: limits.maxLineBytes,
  });
  try {
    for (let arrived = await events.next(); arrived !== null; arrived = await events.next()) {
      collector.select(arrived.pictures);
      yield* reader.read(arrived.event);
      await collector.discardUntaken();
      if (reader.completed) return;
    }
  } catch (error) {
    if (!(error instanceof StreamFormatError)) throw error;
    throw unreadableStream(error.message, reader.facts, error);
  } finally {
    await events.close();
  }
  collector.select();
  yield* reader.readEnd(wire.end, form);
  if (reader.completed) return;
  // A document that is whole, or a stream without a single event: to ask for it again would bring the same.
  const saidAll = wire.end.how === 'closed' && (form === 'json' ? reader.heard : !reader.heard);
  if (saidAll && reader.resumed) throw runFailure(NOTHING_MORE_TOLD, 'NOT_RESUMABLE', reader.facts);
  throw lostBody(wire.end, reader.facts);
}

/** A stream that was asked for can come as one JSON document. A page is what something in between answers with. */
function formOf(response: Response): 'stream' | 'json' | 'page' {
  const mediaType = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (mediaType === 'application/json' || mediaType.endsWith('+json')) return 'json';
  // Some services label their streams as plain or unknown bytes, or not at all.
  return mediaType === 'text/html' ? 'page' : 'stream';
}

const NO_STREAM: ErrorMapping = {
  code: 'UPSTREAM_UNAVAILABLE',
  retryable: false,
  message: 'The upstream answered with a web page or nothing. This server’s operator has to check its address.',
};

/** A body that ended, or was given up, before all of it had come. */
export function lostBody(end: BodyEnd, facts: RunFacts): ProviderError {
  if (end.how === 'idle') return runFailure(NO_ANSWER, 'LOST', facts);
  if (end.how === 'closed') return runFailure(CONNECTION_LOST, 'LOST', facts);
  return runFailure(isBodyTimeout(end.cause) ? NO_ANSWER : CONNECTION_LOST, 'LOST', facts, { cause: end.cause });
}
