/**
 * The contract between the runner and an upstream that makes pictures. ./openai implements it; every implementation
 * runs test/contract/image-provider.ts.
 *
 * - A run is an async sequence of events. It ends with `completed`, or throws a ProviderError. A run with a completion
 *   window can end with `running` instead: the upstream has the request and takes its time.
 * - The order is `accepted`, then for each picture its `partial`s and its `image`, then `completed`. `progress` can
 *   occur anywhere between.
 * - Picture bytes never pass through events. They go into a sink as they arrive, and the event carries the sink's
 *   receipt. A sink is finished or discarded before the run ends, however it ends. An error that a sink throws ends
 *   the run and is thrown unchanged.
 * - Aborting the signal ends the run with `signal.reason`. No event is delivered after it.
 * - Only `generate` can buy anything, and it sends its request once. The other methods are free and can be repeated.
 * - A background run can be lost (a cut connection, a crash of this server) while the upstream continues it. `resume`
 *   and `retrieve` continue from the id of its response.
 */
import type { Durability } from '../domain/durability.ts';
import type { GenerationRequest } from '../domain/generation/generation-request.ts';
import type { ImageSettings } from '../domain/generation/options.ts';
import type { UpstreamDeletion, UpstreamDeletionOutcome } from '../domain/upstream-deletion.ts';
import type { ReportedUsage } from './reported-usage.ts';

export { ProviderError, type ProviderErrorDetails, type ProviderErrorKind } from './provider-error.ts';
export { settingAgainst } from './setting-hints.ts';
export type { ReportedUsage };

/** Stores the bytes of one picture as they arrive. `P` is the receipt for what was stored. */
export interface PictureSink<P> {
  /** Copies what it needs of `chunk` before it returns. Resolves when the next chunk may be written (back-pressure). */
  write(chunk: Uint8Array): void | Promise<void>;
  /**
   * Resolves when the bytes are stored.
   * @param durability default: synced. Partial pictures are not: they are previews.
   */
  finish(durability?: Durability): Promise<P>;
  /**
   * The SHA-256 of the bytes in hexadecimal digits, once they are stored. By it, an image is recognised that comes again
   * under another id; a sink without it stores such an image twice.
   */
  readonly sha256?: string | null;
  /** Deletes what was written. Never rejects, and does nothing after `finish`. */
  discard(): Promise<void>;
}

/** What the upstream works from. See RefineRoute in the GraphQL schema. */
export type ProviderContext =
  | { readonly route: 'NONE' }
  | { readonly route: 'PREVIOUS_RESPONSE'; readonly responseId: string }
  | { readonly route: 'CONTEXT_ITEMS'; readonly itemIds: readonly string[] }
  | { readonly route: 'IMAGE_BYTES'; readonly pictures: readonly InputImage[] };

/** An image that a request works from, or a mask. */
export interface InputImage {
  /** The upstream's id of these bytes if they were uploaded before (`upload`); then `read` is not called. */
  readonly fileId: string | null;
  read(): Promise<InputBytes>;
}

/** What is sent of an image: its file, or what it was converted to. */
export interface InputBytes {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

/** An image that was uploaded ahead of the requests that use it. */
export interface UploadedFile {
  readonly fileId: string;
  /** RFC 3339; null when the upstream does not say. */
  readonly expiresAt: string | null;
}

/**
 * The upstream API that makes the picture.
 * - `RESPONSES`: a mainline model reads the prompt. Supports conversations, background work and resuming.
 * - `IMAGES`: the image model receives the prompt directly. Supports several pictures in one request, and none of the
 *   above.
 */
export type ProviderApi = 'RESPONSES' | 'IMAGES';

/** The client's own words and options, with what one request of an attempt adds to them. */
export interface ProviderRequest extends Omit<GenerationRequest, 'kind' | 'maskImageId' | 'markupImageId'> {
  readonly api: ProviderApi;
  /** Number of pictures. More than 1 only with `IMAGES`, and then without partials. */
  readonly count: number;
  /** `EDIT` changes the context's picture; `AUTO` lets the mainline model decide. */
  readonly action: 'AUTO' | 'EDIT';
  /** `IMAGES` accepts `NONE` and `IMAGE_BYTES` only. */
  readonly context: ProviderContext;
  /** A PNG of the same size as the context's first picture, which may change only where the mask is transparent. */
  readonly mask: InputImage | null;
  /**
   * A transparent PNG of the same size as the context's first picture as it is shown, which is laid over it. Only with
   * `IMAGES` and `IMAGE_BYTES`, and never with a mask.
   */
  readonly markup: InputImage | null;
  /** An opaque id of the end user, at most 128 characters. Never the principal itself. */
  readonly safetyIdentifier: string | null;
  /**
   * Whether the upstream continues without a connection and keeps the response. Only then can a lost run be resumed.
   * And only then does closing the connection (an abort, leaving the loop) not stop the run, so that stopping it takes
   * `cancel`. Not every upstream supports this, and `IMAGES` never does. A request whose `settings.completionWindow` is
   * deferred always needs it.
   */
  readonly background: boolean;
  /** Whether the upstream may store the response. Background work needs it, and so does a later `PREVIOUS_RESPONSE`. */
  readonly store: boolean;
  /** The upstream's names of optional parameters that it refused before (src/domain/generation/left-out.ts): they are left out. */
  readonly leftOut: readonly string[];
}

export interface ProviderRun<P> {
  readonly signal: AbortSignal;
  openSink(): PictureSink<P>;
  /** `generate` calls this right before it sends the request. A failure before this call has sent nothing. */
  readonly beforeSend?: () => void;
}

/** An image of a response that an earlier run has delivered something of. */
export interface KnownImage {
  /** Null for an image without an id: then only its index is reserved. */
  readonly itemId: string | null;
  readonly imageIndex: number;
  /** True when the final picture is stored, so that nothing of it is delivered again. False when only partials are. */
  readonly stored: boolean;
  /** Of the final picture, as its sink told it. By default it is not known. */
  readonly sha256?: string | null;
}

/** What a run reports. */
export type ProviderEventData<P> =
  /** The upstream has accepted the request: from here on something may have been bought. */
  | {
      readonly type: 'accepted';
      readonly responseId: string | null;
      readonly requestId: string | null;
      /** The settings that the response reports at its start and its images do not; null when it reports none. */
      readonly reported: ImageSettings | null;
    }
  /** Only `upstreamSequence` has moved. The caller need not store every one. */
  | { readonly type: 'progress' }
  | {
      readonly type: 'partial';
      readonly itemId: string | null;
      /** Index of the image within the run, from 0. */
      readonly imageIndex: number;
      /** Index of the partial image within that image, from 0. */
      readonly partialIndex: number;
      /** The sink's receipt. */
      readonly picture: P;
      readonly actual: ImageSettings;
    }
  | {
      readonly type: 'image';
      readonly itemId: string | null;
      readonly imageIndex: number;
      /** The sink's receipt. */
      readonly picture: P;
      readonly revisedPrompt: string | null;
      readonly actual: ImageSettings;
    }
  /** Always the last event. */
  | {
      readonly type: 'completed';
      readonly responseId: string | null;
      /** The mainline model's text, if any. */
      readonly text: string | null;
      /** Null where the upstream reported none. */
      readonly usage: ReportedUsage | null;
      /**
       * The upstream made a picture and charged for it, but its bytes came neither in this run nor, as far as `known`
       * says, before. After a stream, `retrieve` may still have them. After `retrieve`, they are lost.
       */
      readonly imagesMissing: boolean;
    }
  /**
   * The last event in place of `completed`: the response is queued or in progress, and has an id. `generate` ends with it
   * only where `settings.completionWindow` is deferred; then `retrieve` tells the end, within hours.
   */
  | {
      readonly type: 'running';
      /** RFC 3339. The upstream wants to be asked no earlier; null where it does not say. */
      readonly retryAfter: string | null;
    };

export type ProviderEvent<P> = ProviderEventData<P> & {
  /**
   * Every upstream event up to this number has been delivered, including this one. A caller that stores it with the
   * event can resume after it without losing a picture. Null where the upstream does not number its events from the
   * start; then resume from the beginning.
   */
  readonly upstreamSequence: number | null;
};

/** What a `retrieve` reports. */
export type RetrievedEvent<P> = Extract<ProviderEventData<P>, { readonly type: 'image' | 'completed' | 'running' }>;

/**
 * The status of a response after `cancel`.
 * - `CANCELLED`, `COMPLETED`, `FAILED`, `INCOMPLETE`: it has ended this way. A late cancel finds it completed.
 * - `RUNNING`: the upstream was told to stop it and has not stopped yet.
 * - `GONE`: the upstream does not know it (any more).
 * - `NOT_CANCELLABLE`: the upstream refuses. The response was not created in the background; some services also say this
 *   of a response that has ended, so call `retrieve` to learn its status.
 */
export type CancelOutcome =
  | 'CANCELLED'
  | 'COMPLETED'
  | 'FAILED'
  | 'INCOMPLETE'
  | 'RUNNING'
  | 'GONE'
  | 'NOT_CANCELLABLE';

export interface CancelResult {
  readonly outcome: CancelOutcome;
  /** Null where the upstream reports none, and while the response has not ended. */
  readonly usage: ReportedUsage | null;
}

export interface ImageProvider {
  /**
   * Uploads an image, so that requests can name it instead of carrying its bytes. Buys nothing.
   * @throws {ProviderError} when the upload failed: send the bytes with the request instead.
   * @throws `signal.reason` when it was aborted.
   */
  upload(image: InputImage, signal: AbortSignal): Promise<UploadedFile>;

  /**
   * Sends one create request and follows it to its end, or, with a completion window, until the upstream has it. It never
   * sends the request again, nor without its window: that would buy at another price than was asked for.
   * @throws {ProviderError} when the run did not complete.
   * @throws `signal.reason` when it was aborted.
   */
  generate<P>(request: ProviderRequest, run: ProviderRun<P>): AsyncIterable<ProviderEvent<P>>;

  /**
   * Continues the stream of a response with the events that `generate` would have delivered, without `accepted`.
   * The upstream may repeat partials (under the same `imageIndex` and `partialIndex`) or leave them out.
   * `actual` may lack settings that the upstream reports only at the start (`reported`).
   * @param after the last `upstreamSequence` that was stored; null starts from the beginning.
   * @param known every image of the response of which the picture or a partial is stored.
   * @throws {ProviderError} as `generate`, and `GONE` or `NOT_RESUMABLE`.
   * @throws `signal.reason` when it was aborted.
   */
  resume<P>(
    responseId: string,
    after: number | null,
    run: ProviderRun<P>,
    known: readonly KnownImage[],
  ): AsyncIterable<ProviderEvent<P>>;

  /**
   * Reads the status of a response once, with the pictures that it holds and `known` does not.
   * @throws {ProviderError} when the response did not end well, when it is `GONE`, or when the request failed (`LOST`).
   * @throws `signal.reason` when it was aborted.
   */
  retrieve<P>(responseId: string, run: ProviderRun<P>, known: readonly KnownImage[]): AsyncIterable<RetrievedEvent<P>>;

  /**
   * Tells the upstream to stop working on a response, and reports the status. It can be repeated safely and has the
   * provider's own time limit. The upstream may still charge for what it made before.
   * @throws {ProviderError} `LOST` when no answer came: whether the response was cancelled is unknown.
   */
  cancel(responseId: string): Promise<CancelResult>;

  /** Deletes a response or an uploaded file. Never rejects, can be repeated, and has the provider's own time limit. */
  deleteStored(stored: Pick<UpstreamDeletion, 'kind' | 'upstreamId'>): Promise<UpstreamDeletionOutcome>;
}
