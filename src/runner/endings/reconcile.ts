/**
 * Asks the upstream later about requests whose end is not known. An image that was made, and paid for, is kept with its
 * call although that has ended.
 */
import type { Ledger } from '../../billing/ledger.ts';
import { outcomeOfError, type RequestOutcome } from '../../billing/outcome.ts';
import { type AttemptRow, unknownAttempts } from '../../db/queries/engine/attempts.ts';
import { findCall } from '../../db/queries/engine/calls.ts';
import { findImagesOfCalls } from '../../db/queries/images/images.ts';
import { partialPlacesOfCall } from '../../db/queries/images/partial-images.ts';
import type { GenerationCall } from '../../domain/generation/generation-call.ts';
import { type ImageProvider, ProviderError } from '../../provider/image-provider.ts';
import { timestamp } from '../clock.ts';
import type { OpenSink, RunnerContext, Upstream } from '../options.ts';
import { closeRequest } from './close-request.ts';
import { keepLateImage } from './late-image.ts';

export interface ReconcilerOptions {
  readonly context: Omit<RunnerContext, 'transitions'>;
  readonly upstream: Pick<Upstream, 'identity'> & { readonly provider: Pick<ImageProvider, 'retrieve'> };
  readonly openSink: OpenSink;
  readonly ledger: Ledger;
  /** Ends the pass that is running. */
  readonly signal: AbortSignal;
  /** Older requests are not asked about: the upstream keeps responses for a limited time. Milliseconds. */
  readonly maxAgeMs: number;
}

/** A request that has a response id. */
type NamedAttemptRow = AttemptRow & { readonly response_id: string };

export class Reconciler {
  readonly #options: ReconcilerOptions;
  #pass: Promise<void> | null = null;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  /** Asks about every such request once; never rejects. While a pass runs, this returns that pass. */
  reconcile(): Promise<void> {
    // With an upstream that does not answer, a pass takes longer than the interval between two passes.
    this.#pass ??= this.#runPass()
      .catch((error: unknown) => this.#options.context.logger.error({ err: error }, 'reconciliation failed'))
      .finally(() => {
        this.#pass = null;
      });
    return this.#pass;
  }

  async #runPass(): Promise<void> {
    const { context, maxAgeMs, signal } = this.#options;
    const rows = await unknownAttempts(context.db, timestamp(context.clock.nowMs() - maxAgeMs));
    for (const row of rows) {
      if (signal.aborted) return;
      if (row.response_id === null) continue;
      // A request that cannot be recorded does not keep the others from being asked about.
      await this.#reconcile({ ...row, response_id: row.response_id }).catch((error: unknown) => {
        context.logger.error({ err: error, callId: row.call_id }, 'the outcome of a request could not be recorded');
      });
    }
  }

  async #reconcile(row: NamedAttemptRow): Promise<void> {
    const { context, upstream, openSink, signal } = this.#options;
    const call = await findCall(context.db, row.call_id);
    if (call === null || call.completedAt === null || call.upstream !== upstream.identity) return;
    try {
      const known = await this.#knownPictures(call, row);
      for await (const event of upstream.provider.retrieve(row.response_id, { signal, openSink }, known)) {
        if (event.type === 'running') return;
        if (event.type === 'image') await keepLateImage(context, call, row, event);
        // It was bought, even where its image is not kept.
        else await this.#settle(call, row, { event: 'settled', purchase: 'ALL', usage: event.usage });
      }
    } catch (error) {
      // When it is lost again, the next pass asks. Every other error of the upstream is final.
      if (error instanceof ProviderError && error.kind !== 'LOST') await this.#settle(call, row, outcomeOfError(error));
      else context.logger.warn({ callId: call.id, reason: String(error) }, 'a request could not be reconciled yet');
    }
  }

  async #knownPictures(call: GenerationCall, row: NamedAttemptRow) {
    return (await this.#imagesOf(call, row)).map(({ itemId, imageIndex, sha256 }) => ({
      itemId,
      sha256,
      imageIndex: (imageIndex - row.task) / call.request.count,
      stored: true,
    }));
  }

  async #imagesOf(call: GenerationCall, row: NamedAttemptRow) {
    const images = await findImagesOfCalls(this.#options.context.db, call.principal, [call.id]);
    return images.filter(({ responseId }) => responseId === row.response_id);
  }

  async #settle(call: GenerationCall, row: NamedAttemptRow, outcome: RequestOutcome): Promise<void> {
    const { context, ledger } = this.#options;
    const images = await this.#imagesOf(call, row);
    const partials = await partialPlacesOfCall(context.db, call.principal, call.id);
    const request = {
      key: { callId: row.call_id, attempt: row.attempt, task: row.task },
      api: 'RESPONSES' as const,
      usage: null,
      requestedImages: row.image_count,
      images: images.length,
      partials: partials.filter(({ imageIndex }) => isOf(row, call, imageIndex)).length,
    };
    await context.db.transaction().execute((transaction) => closeRequest(ledger, transaction, call, request, outcome));
  }
}

/** A response with an id draws one image, so the tasks of an attempt share the indexes of the call. */
function isOf({ task }: NamedAttemptRow, { request: { count } }: GenerationCall, imageIndex: number): boolean {
  return imageIndex % count === task % count;
}
