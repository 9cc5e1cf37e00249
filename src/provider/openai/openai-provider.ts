/**
 * The ImageProvider that talks to OpenAI's Responses API and Image API, at OpenAI, at Azure, or at a service that is
 * compatible with it.
 *
 * The SDK makes the request (authentication, addresses, error classes) and hands over the raw response; its stream is
 * decoded here, because the SDK parses a picture of megabytes as one JSON string (docs/decisions). A request is sent
 * once: `maxRetries` is 0, since the SDK repeats a create after failures that may have bought a picture already.
 */
import type OpenAI from 'openai';
import {
  type CancelResult,
  type ImageProvider,
  type KnownImage,
  ProviderError,
  type ProviderEvent,
  type ProviderRequest,
  type ProviderRun,
  type RetrievedEvent,
} from '../image-provider.ts';
import { createClient } from './client.ts';
import { withDeadline } from './deadline.ts';
import { mapCreateError, mapReadError, type Reading } from './errors/http-errors.ts';
import { backgroundRefused } from './errors/run-failure.ts';
import { featuresOf } from './errors/unsupported-features.ts';
import { uploadPicture } from './files/upload.ts';
import { ImagesReader } from './images/reader.ts';
import { buildImagesRequest } from './images/request.ts';
import type { OpenAiProviderOptions } from './options.ts';
import { ResponseReader } from './responses/reader.ts';
import { buildCreateBody } from './responses/request.ts';
import { readSnapshot, readStatus } from './responses/snapshot.ts';
import { readBody } from './stream/event-body.ts';
import { PictureCollector } from './stream/picture-collector.ts';

export type { AzureOptions, OpenAiProviderOptions } from './options.ts';

/** An hour less than the most that the upstream takes. */
const FILE_EXPIRY_SECONDS = 2_588_400;

/** setTimeout takes no more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

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
  const { uploadTimeoutMs = 120_000, fileExpirySeconds = FILE_EXPIRY_SECONDS } = options;
  const client = createClient(options, firstByteTimeoutMs);
  const upstream: Upstream = { client, options, firstByteTimeoutMs, readTimeoutMs, now };
  return {
    upload: (picture, signal) =>
      uploadPicture(client, picture, signal, { expirySeconds: fileExpirySeconds, timeoutMs: uploadTimeoutMs, now }),
    generate: (request, run) =>
      withCollector(upstream, run, (collector) => generate(upstream, request, run, collector)),
    resume: (responseId, after, run, known) =>
      withCollector(upstream, run, (collector) => resume(upstream, { responseId, after, known }, run, collector)),
    retrieve: (responseId, run, known) =>
      withCollector(upstream, run, (collector) =>
        retrieve(upstream, { responseId, after: null, known }, run, collector),
      ),
    cancel: (responseId) => cancel(upstream, responseId),
  };
}

/** A run with a place for its pictures, of which none is left open, and with an owner, who may abort it. */
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
      // What had arrived before an abort is not told any more; a run that has completed is past aborting.
      if (event.type !== 'completed') run.signal.throwIfAborted();
    }
  } catch (error) {
    // Whatever an abort makes fail, the abort is the reason.
    run.signal.throwIfAborted();
    throw error;
  } finally {
    await collector.discardAll();
  }
}

async function* generate<P>(
  upstream: Upstream,
  request: ProviderRequest,
  run: ProviderRun<P>,
  collector: PictureCollector<P>,
): AsyncGenerator<ProviderEvent<P>, void> {
  const { options } = upstream;
  // Nothing is asked of the upstream: what may not be kept there cannot be worked on there without us.
  if (featuresOf(request).background && options.store === false) throw backgroundRefused();
  if (request.api === 'IMAGES') yield* generateImages(upstream, request, run, collector);
  else yield* generateResponse(upstream, request, run, collector);
}

async function* generateResponse<P>(
  upstream: Upstream,
  request: ProviderRequest,
  run: ProviderRun<P>,
  collector: PictureCollector<P>,
): AsyncGenerator<ProviderEvent<P>, void> {
  const { client, options } = upstream;
  const body = await buildCreateBody(request, options);
  run.beforeSend?.();
  const response = await create(
    upstream,
    request,
    withDeadline(run.signal, firstWaitMs(upstream), (signal) => client.responses.create(body, { signal }).asResponse()),
  );
  const requestId = response.headers.get('x-request-id');
  const facts = { requestId, request: featuresOf(request), responseId: null, after: null, known: [] };
  yield* readBody(response, collector, new ResponseReader<P>(collector, facts), options);
}

async function* generateImages<P>(
  upstream: Upstream,
  request: ProviderRequest,
  run: ProviderRun<P>,
  collector: PictureCollector<P>,
): AsyncGenerator<ProviderEvent<P>, void> {
  const { client, options } = upstream;
  const { path, body } = await buildImagesRequest(request, options);
  const isStreamed = body.stream === true;
  // An answer as a whole is silence until all of it is drawn: how long that may take is the owner's to say.
  const patience = isStreamed ? {} : { timeout: LONGEST_TIMER_MS };
  const waitMs = isStreamed ? firstWaitMs(upstream) : null;
  run.beforeSend?.();
  const response = await create(
    upstream,
    request,
    withDeadline(run.signal, waitMs, (signal) =>
      path === '/images/generations'
        ? client.images.generate(body, { signal, ...patience }).asResponse()
        : // The SDK sends edits as forms, and a form cannot name a file by its id.
          client.post(path, { body, stream: isStreamed, signal, ...patience }).asResponse(),
    ),
  );
  const requestId = response.headers.get('x-request-id');
  const { count } = request;
  const reader = new ImagesReader<P>(collector, { requestId, request: featuresOf(request), count });
  // One document has all pictures in it.
  const maxLineBytes = options.maxLineBytes * count;
  yield* readBody(response, collector, reader, { ...options, maxLineBytes, unlimitedAtFirst: !isStreamed });
}

/** How long the headers of a stream may take; of a nothingBoughtKind, its body as well. */
function firstWaitMs({ firstByteTimeoutMs, options }: Upstream): number {
  return firstByteTimeoutMs + options.idleTimeoutMs;
}

/** One request that may buy something, and is sent once. */
async function create({ now }: Upstream, request: ProviderRequest, asked: Promise<Response>): Promise<Response> {
  try {
    return await asked;
  } catch (error) {
    throw mapCreateError(error, featuresOf(request), now());
  }
}

/** A response that was created earlier, and what is stored of it. */
interface Earlier {
  readonly responseId: string;
  readonly after: number | null;
  readonly known: readonly KnownImage[];
}

async function* resume<P>(
  upstream: Upstream,
  earlier: Earlier,
  run: ProviderRun<P>,
  collector: PictureCollector<P>,
): AsyncGenerator<ProviderEvent<P>, void> {
  const { responseId, after } = earlier;
  const query = { stream: true, ...(after !== null && { starting_after: after }) } as const;
  const response = await read(upstream, 'resume', responseId, run.signal, (options) =>
    upstream.client.responses.retrieve(responseId, query, options).asResponse(),
  );
  yield* readBody(response, collector, readerOf(response, earlier, collector), upstream.options);
}

async function* retrieve<P>(
  upstream: Upstream,
  earlier: Earlier,
  run: ProviderRun<P>,
  collector: PictureCollector<P>,
): AsyncGenerator<RetrievedEvent<P>, void> {
  const response = await read(upstream, 'retrieve', earlier.responseId, run.signal, (options) =>
    upstream.client.responses.retrieve(earlier.responseId, {}, options).asResponse(),
  );
  yield* readSnapshot(response, collector, readerOf(response, earlier, collector), upstream.options);
}

async function cancel(upstream: Upstream, responseId: string): Promise<CancelResult> {
  // The answer may hold a finished picture: the time for its body counts as well.
  const signal = AbortSignal.timeout(upstream.readTimeoutMs + upstream.options.idleTimeoutMs);
  try {
    const response = await read(upstream, 'cancel', responseId, signal, (options) =>
      upstream.client.responses.cancel(responseId, options).asResponse(),
    );
    return await readStatus(response, upstream.options, responseId);
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'GONE') return { outcome: 'GONE', usage: null };
    if (error instanceof ProviderError && error.kind === 'NOT_RESUMABLE') {
      return { outcome: 'NOT_CANCELLABLE', usage: null };
    }
    throw error;
  }
}

function readerOf<P>(response: Response, earlier: Earlier, collector: PictureCollector<P>): ResponseReader<P> {
  return new ResponseReader<P>(collector, {
    requestId: response.headers.get('x-request-id'),
    request: null,
    ...earlier,
  });
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
    throw mapReadError(error, reading, responseId, now());
  }
}
