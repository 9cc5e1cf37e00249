/**
 * Asks the upstream later what became of attempts whose end nobody here could tell. A call's log is closed by then and
 * stays so (promise 3); a picture that was made and paid for is still kept with its call.
 */
import type { Logger } from 'pino';
import { type AttemptRow, unknownAttempts } from '../db/attempts.ts';
import { findCall, updateCall } from '../db/calls.ts';
import type { Database } from '../db/database.ts';
import { findImagesOfCalls, insertImage } from '../db/images.ts';
import type { GenerationCall } from '../domain/generation-call.ts';
import type { Picture } from '../domain/image.ts';
import { type ImageProvider, ProviderError, type ProviderRun } from '../provider/image-provider.ts';
import { generatedImage, type ImageNews } from './generated-image.ts';
import { moveAttempt } from './transitions.ts';

export interface Reconciler {
  /** Asks about every such attempt once; never rejects. */
  reconcile(): Promise<void>;
}

export interface ReconcilerOptions {
  readonly db: Database;
  readonly provider: Pick<ImageProvider, 'retrieve'>;
  readonly openSink: ProviderRun<Picture | null>['openSink'];
  readonly upstream: string;
  readonly signal: AbortSignal;
  /** Older attempts are no longer asked about: the upstream keeps responses for a limited time. Milliseconds. */
  readonly maxAgeMs: number;
  readonly nowMs: () => number;
  readonly newId: () => string;
  readonly logger: Logger;
}

const FOUND_LATER = 'The outcome was not known when the call ended; its picture was found later and is kept with it.';

export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { db, provider, openSink, upstream, signal, maxAgeMs, nowMs, newId, logger } = options;
  const moment = (ms: number) => new Date(ms).toISOString();

  async function ask(row: AttemptRow & { response_id: string }): Promise<void> {
    const call = await findCall(db, row.call_id);
    if (call === null || call.completedAt === null || call.upstream !== upstream) return;
    const images = await findImagesOfCalls(db, call.principal, [call.id]);
    const known = images.map(({ itemId, imageIndex }) => ({ itemId, imageIndex, stored: true }));
    try {
      for await (const event of provider.retrieve(row.response_id, { signal, openSink }, known)) {
        if (event.type === 'running') return;
        if (event.type === 'image') await keep(call, event);
        else await settle(row, JSON.stringify({ usage: event.usage, toolUsage: event.toolUsage }));
      }
    } catch (error) {
      // Lost again: next time. Anything else the upstream says is final.
      if (error instanceof ProviderError && error.standing !== 'LOST') await settle(row, row.usage);
      else logger.warn({ callId: call.id, reason: String(error) }, 'an attempt could not be reconciled yet');
    }
  }

  async function settle(row: AttemptRow, usage: string | null): Promise<void> {
    await moveAttempt(db, { callId: row.call_id, attempt: row.attempt }, 'settled', { usage });
  }

  async function keep(call: GenerationCall, event: ImageNews): Promise<void> {
    const { picture } = event;
    // Whoever cancelled does not want it, paid for or not.
    if (picture === null || call.status !== 'FAILED' || call.failure === null) return;
    const image = generatedImage(call, event, picture, { id: newId(), createdAt: moment(nowMs()) });
    const failure = { ...call.failure, message: FOUND_LATER, retryable: false };
    await db.transaction().execute(async (transaction) => {
      await insertImage(transaction, image);
      await updateCall(transaction, call.id, { failure: JSON.stringify(failure) });
    });
    logger.info({ callId: call.id, imageId: image.id }, 'a picture was found later');
  }

  return {
    async reconcile() {
      try {
        for (const row of await unknownAttempts(db, moment(nowMs() - maxAgeMs))) {
          if (signal.aborted) return;
          if (row.response_id !== null) await ask({ ...row, response_id: row.response_id });
        }
      } catch (error) {
        logger.error({ err: error }, 'reconciliation failed');
      }
    },
  };
}
