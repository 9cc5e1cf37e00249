/**
 * The error that an upstream run ends with when it does not complete. It is part of the contract in image-provider.ts,
 * which exports it again: import it from there.
 */
import type { GenerationFailure } from '../domain/generation/failure.ts';
import type { ReportedUsage } from './reported-usage.ts';

/**
 * What a failed run means for the caller, and what the caller can do next. After the first nine kinds, a new request
 * cannot pay for the same picture twice. Any run of `IMAGES` can have delivered pictures before it was `LOST`.
 * - `NOTHING_BOUGHT`: the upstream certainly created and charged nothing.
 * - `CONTEXT_LOST`: nothing was bought. The upstream no longer knows the response or item that the context names.
 *   Another context can work.
 * - `CONTEXT_REFUSED`: nothing was bought. The upstream never continues from earlier responses. Another context can work.
 * - `FILE_LOST`: nothing was bought. The upstream no longer has a file that the request names. Sending the bytes can
 *   work.
 * - `BACKGROUND_REFUSED`: nothing was bought. The upstream does not support background work, or not for this account.
 *   A request without it can work.
 * - `WINDOW_REFUSED`: nothing was bought. The upstream does not offer the completion window, or not for this model or
 *   account. A request without it can work, at another price: that is for the client to decide.
 * - `STORE_REFUSED`: nothing was bought. The upstream accepts only requests whose response it does not store. A request
 *   with `store: false` can work.
 * - `OPTION_REFUSED`: nothing was bought. The upstream does not know the optional `parameter`. A request without it can work.
 * - `API_REFUSED`: nothing was bought. The upstream does not have this API, or not for such a request. The other API can
 *   work.
 * - `LOST`: the run was lost before its end. With a `responseId`, resume or retrieve it later. Without one, its outcome
 *   stays unknown.
 * - `NOT_RESUMABLE`: the stream of the response will never deliver more. Use `retrieve` to learn its status.
 * - `GONE`: the upstream does not know the response (any more). Its outcome stays unknown.
 * - `CANCELLED`: the response was cancelled at the upstream, by this server or by someone else.
 * - `ENDED`: the run is over, for the reason in `failure`. Every picture that it made was delivered before the error.
 */
export type ProviderErrorKind =
  | 'NOTHING_BOUGHT'
  | 'CONTEXT_LOST'
  | 'CONTEXT_REFUSED'
  | 'FILE_LOST'
  | 'API_REFUSED'
  | 'BACKGROUND_REFUSED'
  | 'WINDOW_REFUSED'
  | 'STORE_REFUSED'
  | 'OPTION_REFUSED'
  | 'LOST'
  | 'NOT_RESUMABLE'
  | 'GONE'
  | 'CANCELLED'
  | 'ENDED';

export interface ProviderErrorDetails {
  readonly responseId?: string | null;
  readonly usage?: ReportedUsage | null;
  readonly parameter?: string | null;
  readonly cause?: unknown;
}

/** An upstream run that did not complete. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  /** What to report to the client if the caller cannot recover. */
  readonly failure: GenerationFailure;
  readonly kind: ProviderErrorKind;
  /** The upstream's id of the response, whenever it is known. */
  readonly responseId: string | null;
  /** Null where the upstream reported none. */
  readonly usage: ReportedUsage | null;
  /** The upstream's name of the parameter that it refused; null for other kinds. */
  readonly parameter: string | null;

  constructor(failure: GenerationFailure, kind: ProviderErrorKind, details: ProviderErrorDetails = {}) {
    super(`${failure.code}: ${failure.message}`, { cause: details.cause });
    this.failure = failure;
    this.kind = kind;
    this.responseId = details.responseId ?? null;
    this.usage = details.usage ?? null;
    this.parameter = details.parameter ?? null;
  }

  /** True only where a new request cannot pay for the same picture twice. */
  get nothingBought(): boolean {
    return NOTHING_BOUGHT_KINDS.has(this.kind);
  }
}

const NOTHING_BOUGHT_KINDS: ReadonlySet<ProviderErrorKind> = new Set([
  'NOTHING_BOUGHT',
  'CONTEXT_LOST',
  'CONTEXT_REFUSED',
  'FILE_LOST',
  'BACKGROUND_REFUSED',
  'WINDOW_REFUSED',
  'STORE_REFUSED',
  'OPTION_REFUSED',
  'API_REFUSED',
]);
