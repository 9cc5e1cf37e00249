/**
 * A response as it stands, which is one JSON document: with the pictures that are in it, or for its status alone.
 * It is read as a stream is, because the pictures in it are as large.
 */
import type { CancelOutcome, CancelResult, RetrievedEvent } from '../../image-provider.ts';
import { mapErrorDocument } from '../errors/http-errors.ts';
import { NOTHING_KNOWN, type RunFacts, runFailure } from '../errors/run-failure.ts';
import { asObject } from '../json-values.ts';
import { settingsOfResponse } from '../reported-settings.ts';
import { byteReaderOf } from '../stream/direct-fetch.ts';
import { type BodyLimits, lostBody } from '../stream/event-body.ts';
import { JsonEventDecoder, type UpstreamEvent } from '../stream/event-decoder.ts';
import { StreamFormatError } from '../stream/format-error.ts';
import type { PictureCollector } from '../stream/picture-collector.ts';
import type { PictureLocation, PictureStep } from '../stream/picture-extractor.ts';
import { WatchedBody } from '../stream/watched-body.ts';
import { usageOfResponse } from '../usage/reported-usage.ts';
import type { ResponseReader } from './reader.ts';

const ENDS: ReadonlyMap<string, CancelOutcome> = new Map([
  ['response.completed', 'COMPLETED'],
  ['response.failed', 'FAILED'],
  ['response.incomplete', 'INCOMPLETE'],
  ['response.cancelled', 'CANCELLED'],
]);

/** Tells the pictures that are there, and then how the response stands. @throws {ProviderError} when that is not well. */
export async function* readSnapshot<P>(
  response: Response,
  collector: PictureCollector<P>,
  reader: ResponseReader<P>,
  limits: BodyLimits,
): AsyncGenerator<RetrievedEvent<P>, void> {
  const event = await readDocument(response, limits, reader.facts, reader.shouldDecode, (step) =>
    collector.accept(step),
  );
  if (ENDS.has(event.type)) {
    for await (const news of reader.tell(event)) if (news.type === 'image' || news.type === 'completed') yield news;
    return;
  }
  for await (const news of reader.tellOutput(asObject(event.data['response']) ?? {}))
    if (news.type === 'image') yield news;
  yield { type: 'running' };
}

/** How a response stands, in the words of a cancellation; whatever is no end is at work. */
export async function readStatus(response: Response, limits: BodyLimits, responseId: string): Promise<CancelResult> {
  const facts = { ...NOTHING_KNOWN, accepted: true, responseId, requestId: response.headers.get('x-request-id') };
  const event = await readDocument(
    response,
    limits,
    facts,
    () => false,
    () => undefined,
  );
  const outcome = ENDS.get(event.type);
  // What stands there before the end is no report.
  return outcome === undefined ? { outcome: 'RUNNING', usage: null } : { outcome, usage: usageIn(event) };
}

function usageIn({ data }: UpstreamEvent): CancelResult['usage'] {
  const response = asObject(data['response']) ?? {};
  const settings = settingsOfResponse(response, null);
  return usageOfResponse({
    usage: response['usage'],
    toolUsage: response['tool_usage'],
    mainlineModel: settings?.mainlineModel ?? null,
    imageModel: settings?.model ?? null,
  });
}

/** The document as the event that its status stands for. Its pictures go to `accept` as they come. */
async function readDocument(
  response: Response,
  limits: BodyLimits,
  facts: RunFacts,
  shouldDecode: (place: PictureLocation) => boolean,
  accept: (step: PictureStep) => Promise<void> | undefined,
): Promise<UpstreamEvent> {
  const body = byteReaderOf(response);
  if (body === null) throw lostBody({ how: 'closed' }, facts);
  const decoder = new JsonEventDecoder({ maxEventBytes: limits.maxLineBytes, shouldDecode });
  const wire = new WatchedBody(body, limits);
  let event: UpstreamEvent | null = null;
  const take = async (steps: ReturnType<typeof decoder.push>) => {
    for (const step of steps) {
      if (step.kind === 'event') event = step.event;
      else await accept(step);
    }
  };
  try {
    for await (const chunk of wire.chunks()) {
      const before = decoder.progress;
      await take(decoder.push(chunk));
      if (decoder.progress > before) wire.progressed();
    }
    await take(decoder.end());
  } catch (error) {
    if (!(error instanceof StreamFormatError)) throw error;
    const message = `The upstream’s answer cannot be read (${error.message}).`;
    throw runFailure({ code: 'OUTCOME_UNKNOWN', retryable: true, message }, 'ENDED', facts, { cause: error });
  } finally {
    await wire.close();
  }
  return whole(event, wire, facts);
}

function whole(event: UpstreamEvent | null, wire: WatchedBody, facts: RunFacts): UpstreamEvent {
  // What is no document, such as the page of a proxy, says as little as one that was cut.
  if (event === null) throw lostBody(wire.end, facts);
  if (event.type === 'error') throw mapErrorDocument(asObject(event.data['error']) ?? event.data, facts);
  return event;
}
