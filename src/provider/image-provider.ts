/**
 * What the engine asks of an upstream that makes pictures. One implementation: ./openai.
 * An upstream's run is an async sequence of events that ends with `completed` or throws a ProviderError;
 * the bytes of a picture never pass through here, they go into a sink as they arrive and come back as its receipt.
 *
 * A run can be lost (a cut connection, a crash of this server) while the upstream works on. Where it was asked to work
 * in the background, `resume` and `retrieve` read on from its response by id. Reading buys nothing: of all methods
 * here only `generate` can.
 */

import type { TokenUsage } from '../domain/cost/usage.ts';
import type { GenerationFailure } from '../domain/failure.ts';
import type { GenerationRequest } from '../domain/generation-request.ts';
import type { ImageSettings } from '../domain/options.ts';

/** Takes the bytes of one picture as they arrive; `P` is the receipt for what was stored. */
export interface PictureSink<P> {
  /** Takes what it needs of `chunk` before it returns. Resolves when more may be written (back-pressure). */
  write(chunk: Uint8Array): void | Promise<void>;
  /** Resolves when the bytes are durable. */
  finish(): Promise<P>;
  /** Throws away what was written. Never rejects; harmless after `finish`. */
  discard(): Promise<void>;
}

/** What the upstream is told to work from. See RefineRoute in the API. */
export type ProviderContext =
  | { readonly route: 'NONE' }
  | { readonly route: 'PREVIOUS_RESPONSE'; readonly responseId: string }
  | { readonly route: 'CONTEXT_ITEMS'; readonly itemIds: readonly string[] }
  | { readonly route: 'IMAGE_BYTES'; readonly pictures: readonly ProviderPicture[] };

export interface ProviderPicture {
  readonly mediaType: string;
  /** The upstream's own id of these bytes, where they went up before (`upload`); then they are not read. */
  readonly fileId: string | null;
  read(): Promise<Uint8Array>;
}

/** A picture that went up ahead of the requests that use it. */
export interface UploadedFile {
  readonly fileId: string;
  /** RFC 3339; null when the upstream does not say. */
  readonly expiresAt: string | null;
}

/**
 * Which API makes the picture.
 * - `RESPONSES`: a mainline model reads the prompt; conversations, background work, resuming.
 * - `IMAGES`: the image model takes the prompt as it is; several pictures in one request, and none of the former.
 */
export type ProviderApi = 'RESPONSES' | 'IMAGES';

/** The client's own words and options, with what one request of an attempt adds to them. */
export interface ProviderRequest extends Omit<GenerationRequest, 'kind' | 'maskImageId'> {
  readonly api: ProviderApi;
  /** How many pictures: more than 1 only from `IMAGES`, and there only without partials. */
  readonly count: number;
  /** `EDIT` when the context's picture is to be changed; `AUTO` lets the mainline model decide. */
  readonly action: 'AUTO' | 'EDIT';
  /** For `IMAGES`, `NONE` or `IMAGE_BYTES`. */
  readonly context: ProviderContext;
  /** PNG of the size of the context's first picture: only where it is transparent may that one change. */
  readonly mask: ProviderPicture | null;
  /** An opaque name for the end user, at most 128 characters: never the principal itself. */
  readonly safetyIdentifier: string | null;
  /**
   * Whether the upstream is to work on without us and keep the response: only then can a lost run be resumed, and only
   * then does hanging up (an abort, leaving the loop) not stop it, so that `cancel` is needed. Not every upstream can,
   * and `IMAGES` never.
   */
  readonly background: boolean;
}

export interface ProviderRun<P> {
  readonly signal: AbortSignal;
  openSink(): PictureSink<P>;
  /** Called by `generate` when the request is put together, right before it is sent: what fails sooner has asked nothing. */
  readonly onAsking?: () => void;
}

/** A picture of the response that an earlier reading told of. */
export interface KnownPicture {
  /** Null for a picture that came without an id: then only its index is kept free. */
  readonly itemId: string | null;
  readonly imageIndex: number;
  /** True when the picture itself is stored: nothing of it is told again. False when only partials of it are. */
  readonly stored: boolean;
}

/** What the upstream says that a response used. */
export interface ReportedUsage {
  readonly tokens: TokenUsage;
  /** As it came, to be kept. */
  readonly raw: unknown;
}

/** What a run has to tell. */
export type ProviderNews<P> =
  /** The upstream has taken the request and named it: from here on something may have been bought. */
  | {
      readonly type: 'accepted';
      readonly responseId: string | null;
      readonly requestId: string | null;
      /** Those settings that the response repeats at its start and no picture of it does; null when it does not. */
      readonly reported: ImageSettings | null;
    }
  /** Nothing but that the run got on: `upstreamSequence` has moved. Need not be stored each time. */
  | { readonly type: 'progress' }
  | {
      readonly type: 'partial';
      readonly itemId: string | null;
      /** Which picture of the run, from 0. */
      readonly imageIndex: number;
      /** Which stage of that picture, from 0. */
      readonly partialIndex: number;
      readonly picture: P;
      readonly actual: ImageSettings;
    }
  | {
      readonly type: 'image';
      readonly itemId: string | null;
      readonly imageIndex: number;
      readonly picture: P;
      readonly revisedPrompt: string | null;
      readonly actual: ImageSettings;
    }
  /** Always the last one. */
  | {
      readonly type: 'completed';
      readonly responseId: string | null;
      /** What the mainline model said besides the picture, if anything. */
      readonly text: string | null;
      /** Null where the upstream reported nothing. */
      readonly usage: ReportedUsage | null;
      /**
       * A picture was made, and paid for, whose bytes came neither now nor, by what is known, before. Behind a stream,
       * `retrieve` may still have them; behind `retrieve`, they are lost.
       */
      readonly imagesMissing: boolean;
    };

export type ProviderEvent<P> = ProviderNews<P> & {
  /**
   * Everything up to this number has been told, this event included: stored together with the event, it is where to
   * resume behind without losing a picture. Null where the upstream has not numbered its events from the start; then
   * resume from the beginning.
   */
  readonly upstreamSequence: number | null;
};

/** How a response stands, told by one look at it. */
export type RetrievedEvent<P> =
  | Extract<ProviderNews<P>, { readonly type: 'image' | 'completed' }>
  /** Always the last one, where `completed` is not: the upstream has it queued or is still at work. */
  | { readonly type: 'running' };

/**
 * What became of a response that was to be cancelled.
 * - `CANCELLED`, `COMPLETED`, `FAILED`, `INCOMPLETE`: it has ended, so; whoever cancels late finds it completed.
 * - `RUNNING`: it was told to stop and has not stopped yet.
 * - `GONE`: the upstream does not know it (any more).
 * - `NOT_CANCELLABLE`: the upstream refuses. It was not asked to work in the background; some services also say so of
 *   what has ended, so that only `retrieve` tells how it stands.
 */
export type CancelOutcome =
  | 'CANCELLED'
  | 'COMPLETED'
  | 'FAILED'
  | 'INCOMPLETE'
  | 'RUNNING'
  | 'GONE'
  | 'NOT_CANCELLABLE';

export interface CancelAnswer {
  readonly outcome: CancelOutcome;
  /** Null where the answer reports nothing, and while the response has not ended. */
  readonly usage: ReportedUsage | null;
}

export interface ImageProvider {
  /**
   * Lays a picture up at the upstream, so that requests can name it and need not carry it. Buys nothing.
   * @throws {ProviderError} when it could not be laid up: then it is sent along; `signal.reason` when it was aborted.
   */
  upload(picture: ProviderPicture, signal: AbortSignal): Promise<UploadedFile>;

  /**
   * Asks the upstream to create, once: nothing is ever re-sent from within.
   * @throws {ProviderError} when the run did not end well; `signal.reason` when it was aborted.
   */
  generate<P>(request: ProviderRequest, run: ProviderRun<P>): AsyncIterable<ProviderEvent<P>>;

  /**
   * Reads on in the stream of a response, as `generate` would have told it; there is no `accepted`. Partials may come
   * again, under the same `imageIndex` and `partialIndex`, or be left out by the upstream: both happen.
   * Of pictures that come here, `actual` may lack what the upstream says once at the start (`reported`).
   * @param after the last `upstreamSequence` that was stored; null reads from the start.
   * @param known all pictures of the response that are stored, and of those to come that partials are stored of.
   * @throws {ProviderError} as `generate`, also `GONE` and `NOT_RESUMABLE`; `signal.reason` when it was aborted.
   */
  resume<P>(
    responseId: string,
    after: number | null,
    run: ProviderRun<P>,
    known: readonly KnownPicture[],
  ): AsyncIterable<ProviderEvent<P>>;

  /**
   * Looks once how a response stands, and takes the pictures that are there and not known.
   * @throws {ProviderError} when it ended and not well, when it is `GONE`, or when looking failed (`LOST`);
   *   `signal.reason` when it was aborted.
   */
  retrieve<P>(
    responseId: string,
    run: ProviderRun<P>,
    known: readonly KnownPicture[],
  ): AsyncIterable<RetrievedEvent<P>>;

  /**
   * Asks the upstream to stop working on a response, and tells how that left it. Harmless to ask again. Ends within
   * the provider's own time limit. What was drawn by then may be charged all the same.
   * @throws {ProviderError} `LOST` when the answer did not come: whether it was cancelled is then not known.
   */
  cancel(responseId: string): Promise<CancelAnswer>;
}

/**
 * Where a run that did not end well has left us, and so what can be done. The first five are the only ones after
 * which asking the upstream again cannot buy twice; a run of `IMAGES` can have told pictures before it was `LOST`.
 * - `NOTHING_BOUGHT`: the upstream surely created and charged nothing.
 * - `CONTEXT_LOST`: likewise; it no longer knows what the context named (response, item): another route can work.
 * - `FILE_LOST`: likewise; it no longer has a file that the request named: sending the bytes can work.
 * - `BACKGROUND_REFUSED`: likewise; it does not work in the background for us, or may not: asking without can work.
 * - `API_REFUSED`: likewise; it does not have this API, or not for such a request: the other one can work.
 * - `LOST`: we lost sight of it before its end. With a `responseId`, resume or retrieve later; without one, nothing
 *   can be known any more.
 * - `NOT_RESUMABLE`: its stream tells nothing (more), for good: retrieve says how it stands.
 * - `GONE`: the upstream does not know the response (any more): what became of it cannot be known.
 * - `CANCELLED`: it was cancelled upstream, by whomever.
 * - `ENDED`: it is over, for the reason in `failure`; whatever pictures there were have been told.
 */
export type ProviderErrorKind =
  | 'NOTHING_BOUGHT'
  | 'CONTEXT_LOST'
  | 'FILE_LOST'
  | 'API_REFUSED'
  | 'BACKGROUND_REFUSED'
  | 'LOST'
  | 'NOT_RESUMABLE'
  | 'GONE'
  | 'CANCELLED'
  | 'ENDED';

export interface ProviderErrorDetails {
  readonly responseId?: string | null;
  readonly usage?: ReportedUsage | null;
  readonly cause?: unknown;
}

/** How an upstream run ended when it did not end well. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  /** What to tell the person who asked, if nothing else is done about it. */
  readonly failure: GenerationFailure;
  readonly kind: ProviderErrorKind;
  /** The upstream's response, whenever it is known. */
  readonly responseId: string | null;
  /** Null where the response said nothing of it. */
  readonly usage: ReportedUsage | null;

  constructor(failure: GenerationFailure, kind: ProviderErrorKind, details: ProviderErrorDetails = {}) {
    super(`${failure.code}: ${failure.message}`, { cause: details.cause });
    this.failure = failure;
    this.kind = kind;
    this.responseId = details.responseId ?? null;
    this.usage = details.usage ?? null;
  }

  /** True only where asking the upstream again cannot buy twice. */
  get nothingBought(): boolean {
    return NOTHING_BOUGHT.has(this.kind);
  }
}

const NOTHING_BOUGHT: ReadonlySet<ProviderErrorKind> = new Set([
  'NOTHING_BOUGHT',
  'CONTEXT_LOST',
  'FILE_LOST',
  'BACKGROUND_REFUSED',
  'API_REFUSED',
]);
