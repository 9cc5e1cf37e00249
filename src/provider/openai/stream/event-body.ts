/**
 * The body of an answer that should be a stream of events, or one document, read to the event that ends it. A body
 * without such an event is lost, however cleanly it was closed, unless its reader can make an end of what came.
 */
import type { ProviderError, ProviderEvent } from '../../image-provider.ts';
import {
  CONNECTION_LOST,
  NO_ANSWER,
  NOTHING_MORE_TOLD,
  type RunFacts,
  runFailure,
  unreadableStream,
} from '../errors/errors.ts';
import { isBodyTimeout } from '../errors/rejected-requests.ts';
import type { Verdict } from '../errors/table.ts';
import { Wire, type WireEnd, type WirePatience } from '../wire.ts';
import { readingOf } from './direct-fetch.ts';
import type { UpstreamEvent } from './event-decoder.ts';
import { StreamFormatError } from './format-error.ts';
import type { PicturePlace } from './picture-extractor.ts';
import type { PictureIntake } from './picture-intake.ts';
import { EventsAhead } from './read-ahead.ts';

export interface BodyLimits extends WirePatience {
  /** The largest event taken, pictures in base64 included. */
  readonly maxLineBytes: number;
}

/** Makes provider's events of upstream's: response-reader.ts and images-reader.ts. */
export interface BodyReader<P> {
  /** True once the run has completed: there is nothing more to read. */
  readonly completed: boolean;
  /** Whether any event of a run came. */
  readonly heard: boolean;
  /** Whether it reads on in a response that was created earlier. */
  readonly resumed: boolean;
  readonly facts: RunFacts;
  /** Whether a picture is worth decoding. */
  readonly wants: (place: PicturePlace) => boolean;
  /** @throws {ProviderError} when the event says that the run ended, and not well. */
  read(event: UpstreamEvent): AsyncIterable<ProviderEvent<P>>;
  /** Called when the body has ended without completing the run: what can still be made of what came. */
  readEnd(end: WireEnd, form: 'stream' | 'json'): AsyncIterable<ProviderEvent<P>>;
}

/** Tells what a body tells, up to `completed`. @throws {ProviderError} when it does not come to that. */
export async function* readBody<P>(
  response: Response,
  intake: PictureIntake<P>,
  reader: BodyReader<P>,
  limits: BodyLimits,
): AsyncGenerator<ProviderEvent<P>, void> {
  const form = formOf(response);
  const body = readingOf(response);
  if (form === 'page' || body === null) {
    await body?.cancel();
    throw runFailure(reader.resumed ? CONNECTION_LOST : NO_STREAM, 'LOST', reader.facts);
  }
  const wire = new Wire(body, limits);
  const events = new EventsAhead({ form, wire, intake, wants: reader.wants, maxLineBytes: limits.maxLineBytes });
  try {
    for (let arrived = await events.next(); arrived !== null; arrived = await events.next()) {
      intake.turnTo(arrived.pictures);
      yield* reader.read(arrived.event);
      await intake.discardRest();
      if (reader.completed) return;
    }
  } catch (error) {
    if (!(error instanceof StreamFormatError)) throw error;
    throw unreadableStream(error.message, reader.facts, error);
  } finally {
    await events.close();
  }
  intake.turnTo();
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

const NO_STREAM: Verdict = {
  code: 'UPSTREAM_UNAVAILABLE',
  retryable: false,
  message: 'The upstream answered with a web page or nothing. This server’s operator has to check its address.',
};

/** A body that ended, or was given up, before all of it had come. */
export function lostBody(end: WireEnd, facts: RunFacts): ProviderError {
  if (end.how === 'idle') return runFailure(NO_ANSWER, 'LOST', facts);
  if (end.how === 'closed') return runFailure(CONNECTION_LOST, 'LOST', facts);
  return runFailure(isBodyTimeout(end.cause) ? NO_ANSWER : CONNECTION_LOST, 'LOST', facts, { cause: end.cause });
}
