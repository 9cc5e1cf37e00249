/**
 * What the engine asks of an upstream that makes pictures. One implementation: ./openai.
 * An upstream's run is an async sequence of events that ends with `completed` or throws a ProviderError;
 * the bytes of a picture never pass through here, they go into a sink as they arrive and come back as its receipt.
 */
import type { GenerationFailure } from '../domain/failure.ts';
import type { ImageSettings } from '../domain/options.ts';

/** Takes the bytes of one picture as they arrive; `P` is the receipt for what was stored. */
export interface PictureSink<P> {
  /** Resolves when more may be written (back-pressure). The sink does not keep `chunk` after it resolves. */
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
  read(): Promise<Uint8Array>;
}

export interface ProviderRequest {
  readonly prompt: string;
  readonly settings: ImageSettings;
  /** `EDIT` when the context's picture is to be changed; `AUTO` lets the mainline model decide. */
  readonly action: 'AUTO' | 'EDIT';
  readonly context: ProviderContext;
  /** An opaque name for the end user, at most 128 characters: never the principal itself. */
  readonly safetyIdentifier: string | null;
}

export interface ProviderRun<P> {
  readonly signal: AbortSignal;
  openSink(): PictureSink<P>;
}

export type ProviderEvent<P> =
  /** The upstream has taken the request and named it: from here on something may have been bought. */
  | {
      readonly type: 'accepted';
      readonly responseId: string | null;
      readonly requestId: string | null;
    }
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
      /** The upstream's `usage` and `tool_usage`, as they came. */
      readonly usage: unknown;
      readonly toolUsage: unknown;
    };

export interface ImageProvider {
  /**
   * Asks the upstream to create, once: nothing is ever re-sent from within.
   * @throws {ProviderError} when the run did not end well; `signal.reason` when it was aborted.
   */
  generate<P>(request: ProviderRequest, run: ProviderRun<P>): AsyncIterable<ProviderEvent<P>>;
}

/** How an upstream run ended when it did not end well. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly failure: GenerationFailure;
  /** True only where the upstream surely created and charged nothing, so that asking again cannot buy twice. */
  readonly nothingBought: boolean;
  /** True when the upstream no longer knows what the context named (response, item): another route can still work. */
  readonly contextLost: boolean;

  constructor(failure: GenerationFailure, how: { nothingBought: boolean; contextLost?: boolean; cause?: unknown }) {
    super(`${failure.code}: ${failure.message}`, { cause: how.cause });
    this.failure = failure;
    this.nothingBought = how.nothingBought;
    this.contextLost = how.contextLost ?? false;
  }
}
