/** The requests about a response that exists: resume, retrieve, cancel. None of them buys anything. */
import {
  type CancelResult,
  type KnownImage,
  ProviderError,
  type ProviderErrorKind,
  type ProviderEvent,
  type RetrievedEvent,
} from '../../image-provider.ts';
import { withDeadline } from '../deadline.ts';
import { mapReadError, type ReadOperation } from '../errors/http-errors.ts';
import { readBody } from '../stream/event-body.ts';
import type { PictureCollector } from '../stream/pictures/picture-collector.ts';
import type { Upstream } from '../upstream.ts';
import { ResponseReader, readAnswerHeaders } from './reader.ts';
import { readSnapshot, readStatus } from './snapshot.ts';

/** A response from an earlier request, and what is stored of it. */
export interface ExistingResponse {
  readonly responseId: string;
  /** The sequence number to resume after; null for the start. */
  readonly after: number | null;
  readonly known: readonly KnownImage[];
}

export async function* resumeResponse<P>(
  upstream: Upstream,
  existing: ExistingResponse,
  owner: AbortSignal,
  collector: PictureCollector<P>,
): AsyncGenerator<ProviderEvent<P>, void> {
  const { responseId, after } = existing;
  const query = { stream: true, ...(after !== null && { starting_after: after }) } as const;
  const response = await request(upstream, 'resume', responseId, owner, (options) =>
    upstream.client.responses.retrieve(responseId, query, options).asResponse(),
  );
  yield* readBody(response, collector, readerOf(upstream, response, existing, collector), upstream.options);
}

export async function* retrieveResponse<P>(
  upstream: Upstream,
  existing: ExistingResponse,
  owner: AbortSignal,
  collector: PictureCollector<P>,
): AsyncGenerator<RetrievedEvent<P>, void> {
  const { responseId } = existing;
  const response = await request(upstream, 'retrieve', responseId, owner, (options) =>
    upstream.client.responses.retrieve(responseId, {}, options).asResponse(),
  );
  yield* readSnapshot(response, collector, readerOf(upstream, response, existing, collector), upstream.options);
}

/** An upstream that no longer knows the response, or does not cancel it, has answered the question. */
const OUTCOMES_OF_ERRORS: Partial<Record<ProviderErrorKind, CancelResult>> = {
  GONE: { outcome: 'GONE', usage: null },
  NOT_RESUMABLE: { outcome: 'NOT_CANCELLABLE', usage: null },
};

export async function cancelResponse(upstream: Upstream, responseId: string): Promise<CancelResult> {
  // The answer may contain a finished picture, so its body is included in the time limit.
  const deadline = AbortSignal.timeout(upstream.readTimeoutMs + upstream.options.idleTimeoutMs);
  try {
    const response = await request(upstream, 'cancel', responseId, deadline, (options) =>
      upstream.client.responses.cancel(responseId, options).asResponse(),
    );
    return await readStatus(response, upstream.options, responseId);
  } catch (error) {
    const result = error instanceof ProviderError ? OUTCOMES_OF_ERRORS[error.kind] : undefined;
    if (result === undefined) throw error;
    return result;
  }
}

function readerOf<P>(
  { now }: Upstream,
  response: Response,
  existing: ExistingResponse,
  collector: PictureCollector<P>,
): ResponseReader<P> {
  return new ResponseReader<P>(collector, { ...readAnswerHeaders(response, now()), request: null, ...existing });
}

interface RequestOptions {
  readonly signal: AbortSignal;
  readonly timeout: number;
}

/** Sends one request. Repeating it would be safe, but the caller decides when. */
async function request(
  { readTimeoutMs, options, now }: Upstream,
  operation: ReadOperation,
  responseId: string,
  owner: AbortSignal,
  send: (options: RequestOptions) => Promise<Response>,
): Promise<Response> {
  try {
    return await withDeadline(owner, readTimeoutMs + options.idleTimeoutMs, (signal) =>
      send({ signal, timeout: readTimeoutMs }),
    );
  } catch (error) {
    throw mapReadError(error, operation, responseId, now());
  }
}
