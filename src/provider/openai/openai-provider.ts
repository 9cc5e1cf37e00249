/**
 * The ImageProvider that talks to OpenAI's Responses API, or to a service that is compatible with it.
 *
 * The SDK makes the request (authentication, addresses, error classes) and hands over the raw response; its stream is
 * decoded here, because the SDK parses a picture of megabytes as one JSON string (docs/decisions). A request is sent
 * once: `maxRetries` is 0, since the SDK repeats a create after failures that may have bought a picture already.
 */
import OpenAI from 'openai';
import {
  type CancelOutcome,
  type ImageProvider,
  type KnownPicture,
  ProviderError,
  type ProviderEvent,
  type ProviderRequest,
  type ProviderRun,
  type RetrievedEvent,
} from '../image-provider.ts';
import type { RequestFacts } from './error-report.ts';
import { PictureIntake } from './picture-intake.ts';
import { fromCreateRejection, fromReadRejection, type Reading } from './rejections.ts';
import { buildCreateBody } from './request.ts';
import { ResponseReader } from './response-reader.ts';
import { readSnapshot, readStatus } from './response-snapshot.ts';
import { readStream } from './response-stream.ts';

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
  /** No response headers to a resume, retrieve or cancel for this long ends that request. Default 60,000. */
  readonly readTimeoutMs?: number;
  /** The largest event taken, pictures in base64 included. */
  readonly maxLineBytes: number;
  /** The largest picture taken, in bytes as decoded. Default: what fits into `maxLineBytes`. */
  readonly maxPictureBytes?: number;
  /** The clock by which a `Retry-After` in seconds becomes a moment. */
  readonly now?: () => number;
}

interface Upstream {
  readonly client: OpenAI;
  readonly options: OpenAiProviderOptions;
  readonly firstByteTimeoutMs: number;
  readonly readTimeoutMs: number;
  readonly now: () => number;
}

/** @see ImageProvider, whose contract this keeps. An error of a sink ends the run and is passed on as it is. */
export function createOpenAiProvider(options: OpenAiProviderOptions): ImageProvider {
  const { firstByteTimeoutMs = 300_000, readTimeoutMs = 60_000, now = Date.now } = options;
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
    timeout: firstByteTimeoutMs,
  });
  const upstream: Upstream = { client, options, firstByteTimeoutMs, readTimeoutMs, now };
  return {
    generate: (request, run) => withIntake(upstream, run, (intake) => generate(upstream, request, run, intake)),
    resume: (responseId, after, run, known) =>
      withIntake(upstream, run, (intake) => resume(upstream, { responseId, after, known }, run, intake)),
    retrieve: (responseId, run, known) =>
      withIntake(upstream, run, (intake) => retrieve(upstream, { responseId, after: null, known }, run, intake)),
    cancel: (responseId) => cancel(upstream, responseId),
  };
}

/** A run with a place for its pictures, of which none is left open, and with an owner, who may abort it. */
async function* withIntake<P, E extends { readonly type: string }>(
  { options }: Upstream,
  run: ProviderRun<P>,
  events: (intake: PictureIntake<P>) => AsyncIterable<E>,
): AsyncGenerator<E, void> {
  run.signal.throwIfAborted();
  const intake = new PictureIntake<P>(() => run.openSink(), options.maxPictureBytes ?? options.maxLineBytes);
  try {
    for await (const event of events(intake)) {
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

async function* generate<P>(
  upstream: Upstream,
  request: ProviderRequest,
  run: ProviderRun<P>,
  intake: PictureIntake<P>,
): AsyncGenerator<ProviderEvent<P>, void> {
  const { client, options, now } = upstream;
  const { route } = request.context;
  const asked: RequestFacts = {
    usesContext: route === 'PREVIOUS_RESPONSE' || route === 'CONTEXT_ITEMS',
    background: request.background,
  };
  const body = await buildCreateBody(request, options);
  const response = await withDeadline(run.signal, upstream.firstByteTimeoutMs + options.idleTimeoutMs, (signal) =>
    client.responses.create(body, { signal }).asResponse(),
  ).catch((error: unknown) => {
    throw fromCreateRejection(error, asked, now());
  });
  const requestId = response.headers.get('x-request-id');
  const reader = new ResponseReader<P>(intake, { requestId, request: asked, responseId: null, after: null, known: [] });
  yield* readStream(response, intake, reader, options);
}

/** A response that was created earlier, and what is stored of it. */
interface Earlier {
  readonly responseId: string;
  readonly after: number | null;
  readonly known: readonly KnownPicture[];
}

async function* resume<P>(
  upstream: Upstream,
  earlier: Earlier,
  run: ProviderRun<P>,
  intake: PictureIntake<P>,
): AsyncGenerator<ProviderEvent<P>, void> {
  const { responseId, after } = earlier;
  const query = { stream: true, ...(after !== null && { starting_after: after }) } as const;
  const response = await read(upstream, 'resume', responseId, run.signal, (options) =>
    upstream.client.responses.retrieve(responseId, query, options).asResponse(),
  );
  yield* readStream(response, intake, readerOf(response, earlier, intake), upstream.options);
}

async function* retrieve<P>(
  upstream: Upstream,
  earlier: Earlier,
  run: ProviderRun<P>,
  intake: PictureIntake<P>,
): AsyncGenerator<RetrievedEvent<P>, void> {
  const response = await read(upstream, 'retrieve', earlier.responseId, run.signal, (options) =>
    upstream.client.responses.retrieve(earlier.responseId, {}, options).asResponse(),
  );
  yield* readSnapshot(response, intake, readerOf(response, earlier, intake), upstream.options);
}

async function cancel(upstream: Upstream, responseId: string): Promise<CancelOutcome> {
  // The answer may hold a finished picture: the time for its body counts as well.
  const signal = AbortSignal.timeout(upstream.readTimeoutMs + upstream.options.idleTimeoutMs);
  try {
    const response = await read(upstream, 'cancel', responseId, signal, (options) =>
      upstream.client.responses.cancel(responseId, options).asResponse(),
    );
    return await readStatus(response, upstream.options, responseId);
  } catch (error) {
    if (error instanceof ProviderError && error.standing === 'GONE') return 'GONE';
    if (error instanceof ProviderError && error.standing === 'NOT_RESUMABLE') return 'NOT_CANCELLABLE';
    throw error;
  }
}

function readerOf<P>(response: Response, earlier: Earlier, intake: PictureIntake<P>): ResponseReader<P> {
  return new ResponseReader<P>(intake, { requestId: response.headers.get('x-request-id'), request: null, ...earlier });
}

interface ReadOptions {
  readonly signal: AbortSignal;
  readonly timeout: number;
}

/** One request about a response that exists. It buys nothing, but when to ask again is for the caller to say. */
async function read(
  { readTimeoutMs, options, now }: Upstream,
  reading: Reading,
  responseId: string,
  owner: AbortSignal,
  ask: (options: ReadOptions) => Promise<Response>,
): Promise<Response> {
  try {
    return await withDeadline(owner, readTimeoutMs + options.idleTimeoutMs, (signal) =>
      ask({ signal, timeout: readTimeoutMs }),
    );
  } catch (error) {
    throw fromReadRejection(error, reading, responseId, now());
  }
}

/** The SDK's timeout ends with the headers, but of a refusal it then reads the whole body, which may never end. */
async function withDeadline(
  owner: AbortSignal,
  deadlineMs: number,
  ask: (signal: AbortSignal) => Promise<Response>,
): Promise<Response> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), deadlineMs);
  try {
    return await ask(AbortSignal.any([owner, deadline.signal]));
  } finally {
    clearTimeout(timer);
  }
}
