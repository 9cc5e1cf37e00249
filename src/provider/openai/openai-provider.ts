/**
 * The ImageProvider that talks to OpenAI's Responses API, or to a service that is compatible with it.
 *
 * The SDK makes the request (authentication, addresses, error classes) and hands over the raw response; its stream is
 * decoded here, because the SDK parses a picture of megabytes as one JSON string (docs/decisions). A request is sent
 * once: `maxRetries` is 0, since the SDK repeats a create after failures that may have bought a picture already.
 */
import OpenAI from 'openai';
import type { ResponseCreateParamsStreaming } from 'openai/resources/responses/responses';
import type { ImageProvider, ProviderError, ProviderEvent, ProviderRequest, ProviderRun } from '../image-provider.ts';
import type { Verdict } from './error-table.ts';
import { CONNECTION_LOST, fromCreateRejection, isBodyTimeout, NO_ANSWER, type RunFacts, runFailure } from './errors.ts';
import {
  type DecodedStep,
  type EventDecoder,
  type EventDecoderOptions,
  JsonEventDecoder,
  SseEventDecoder,
} from './event-decoder.ts';
import { PictureIntake } from './picture-intake.ts';
import { buildCreateBody } from './request.ts';
import { ResponseReader } from './response-reader.ts';
import { StreamFormatError } from './stream-format-error.ts';
import { Wire, type WireEnd } from './wire.ts';

export interface OpenAiProviderOptions {
  readonly apiKey: string;
  /** Null or left out: OpenAI's own. */
  readonly baseURL?: string | null;
  readonly organization?: string | null;
  readonly project?: string | null;
  /** The mainline model, which calls the image generation tool. */
  readonly model: string;
  /** The image model where the settings name none; null leaves the choice to the upstream. */
  readonly imageModel: string | null;
  /** No byte on an open stream for this long ends the run. Node's fetch itself waits 300,000 at most. */
  readonly idleTimeoutMs: number;
  /** No response headers for this long ends the run. Default 300,000, which is also the most Node's fetch waits. */
  readonly firstByteTimeoutMs?: number;
  /** The largest event taken, pictures in base64 included. */
  readonly maxLineBytes: number;
  /** The largest picture taken, in bytes as decoded. Default: what fits into `maxLineBytes`. */
  readonly maxPictureBytes?: number;
  /** The clock by which a `Retry-After` in seconds becomes a moment. */
  readonly now?: () => number;
}

function firstByteTimeoutMs(options: OpenAiProviderOptions): number {
  return options.firstByteTimeoutMs ?? 300_000;
}

/** @see ImageProvider, whose contract this keeps. An error of a sink ends the run and is passed on as it is. */
export function createOpenAiProvider(options: OpenAiProviderOptions): ImageProvider {
  const client = new OpenAI({
    apiKey: options.apiKey,
    // Null, not undefined: for what is undefined the SDK reads the environment, and ours is read in one place only.
    baseURL: options.baseURL ?? null,
    organization: options.organization ?? null,
    project: options.project ?? null,
    adminAPIKey: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
    timeout: firstByteTimeoutMs(options),
  });
  return { generate: (request, run) => generate(client, options, request, run) };
}

async function* generate<P>(
  client: OpenAI,
  options: OpenAiProviderOptions,
  request: ProviderRequest,
  run: ProviderRun<P>,
): AsyncGenerator<ProviderEvent<P>, void> {
  run.signal.throwIfAborted();
  const intake = new PictureIntake<P>(() => run.openSink(), options.maxPictureBytes ?? options.maxLineBytes);
  try {
    const usesContext = request.context.route === 'PREVIOUS_RESPONSE' || request.context.route === 'CONTEXT_ITEMS';
    const body = await buildCreateBody(request, options);
    const response = await create(client, body, run.signal, options).catch((error: unknown) => {
      throw fromCreateRejection(error, usesContext, (options.now ?? Date.now)());
    });
    const reader = new ResponseReader<P>(intake, { requestId: response.headers.get('x-request-id'), usesContext });
    for await (const event of readResponse(response, intake, reader, options)) {
      yield event;
      // What had arrived before an abort is not told any more; a run that has completed is past aborting.
      if (event.type !== 'completed') run.signal.throwIfAborted();
    }
  } catch (error) {
    // Whatever an abort makes fail, the abort is the reason.
    run.signal.throwIfAborted();
    throw error;
  } finally {
    await intake.discardRest();
  }
}

async function create(
  client: OpenAI,
  body: ResponseCreateParamsStreaming,
  signal: AbortSignal,
  options: OpenAiProviderOptions,
): Promise<Response> {
  // The SDK's timeout ends with the headers, but of a refusal it then reads the whole body, which may never end.
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), firstByteTimeoutMs(options) + options.idleTimeoutMs);
  try {
    return await client.responses.create(body, { signal: AbortSignal.any([signal, deadline.signal]) }).asResponse();
  } finally {
    clearTimeout(timer);
  }
}

async function* readResponse<P>(
  response: Response,
  intake: PictureIntake<P>,
  reader: ResponseReader<P>,
  options: OpenAiProviderOptions,
): AsyncGenerator<ProviderEvent<P>, void> {
  const decoder = decoderFor(response, {
    maxEventBytes: options.maxLineBytes,
    wants: (place) => reader.wants(place),
  });
  if (decoder === null || response.body === null) {
    await response.body?.cancel();
    throw runFailure(NO_STREAM, reader.facts);
  }
  const wire = new Wire(response.body.getReader(), options.idleTimeoutMs);
  try {
    for await (const chunk of wire.chunks()) {
      yield* readSteps(decoder.push(chunk), intake, reader);
      if (reader.completed) return;
    }
    yield* readSteps(decoder.end(), intake, reader);
  } catch (error) {
    if (!(error instanceof StreamFormatError)) throw error;
    const message = `The upstream sent something that is no response stream (${error.message}).`;
    throw runFailure({ code: 'OUTCOME_UNKNOWN', retryable: true, message }, reader.facts, error);
  } finally {
    await wire.close();
  }
  if (!reader.completed) throw lostStream(wire.end, reader.facts);
}

async function* readSteps<P>(
  steps: Iterable<DecodedStep>,
  intake: PictureIntake<P>,
  reader: ResponseReader<P>,
): AsyncGenerator<ProviderEvent<P>, void> {
  for (const step of steps) {
    if (step.kind !== 'event') {
      await intake.accept(step);
      continue;
    }
    yield* reader.read(step.event);
    await intake.discardRest();
    if (reader.completed) return;
  }
}

/** A stream that was asked for can come as one JSON document. Null for what is neither, such as a web page. */
function decoderFor(response: Response, options: EventDecoderOptions): EventDecoder | null {
  const mediaType = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (mediaType === 'application/json' || mediaType.endsWith('+json')) return new JsonEventDecoder(options);
  // Some services label their streams as plain or unknown bytes, or not at all.
  return mediaType === 'text/html' ? null : new SseEventDecoder(options);
}

const NO_STREAM: Verdict = {
  code: 'UPSTREAM_UNAVAILABLE',
  retryable: false,
  message: 'The upstream answered with a web page or nothing. This server’s operator has to check its address.',
};

/** Every response ends with an event that says how. A stream without it was cut, however cleanly it was closed. */
function lostStream(end: WireEnd, facts: RunFacts): ProviderError {
  if (end.how === 'idle') return runFailure(NO_ANSWER, facts);
  if (end.how === 'closed') return runFailure(CONNECTION_LOST, facts);
  return runFailure(isBodyTimeout(end.cause) ? NO_ANSWER : CONNECTION_LOST, facts, end.cause);
}
