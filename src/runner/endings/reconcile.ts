/**
 * Asks the upstream later what became of attempts whose end nobody here could tell. A call's log is closed by then and
 * stays so (promise 3); a picture that was made and paid for is still kept with its call.
 */
import type { Logger } from 'pino';
import type { Ledger } from '../../billing/ledger.ts';
import { type Closing, closingOfError } from '../../billing/outcome.ts';
import type { Database } from '../../db/database.ts';
import { parseSettings } from '../../db/json.ts';
import { type AttemptRow, unknownAttempts } from '../../db/queries/attempts.ts';
import { findCall, updateCall } from '../../db/queries/calls.ts';
import { findImagesOfCalls, insertImage } from '../../db/queries/images.ts';
import type { GenerationFailure, ImageFailure } from '../../domain/failure.ts';
import { type GenerationCall, missingImages } from '../../domain/generation-call.ts';
import type { Picture } from '../../domain/image.ts';
import { type ImageProvider, ProviderError, type ProviderRun } from '../../provider/image-provider.ts';
import { moveAttempt } from '../../state/transitions.ts';
import { generatedImage, type ImageNews } from '../tasks/generated-image.ts';

export interface Reconciler {
  /** Asks about every such attempt once; never rejects. While that lasts, it is the same pass for whoever asks. */
  reconcile(): Promise<void>;
}

export interface ReconcilerOptions {
  readonly db: Database;
  readonly provider: Pick<ImageProvider, 'retrieve'>;
  readonly ledger: Ledger;
  readonly openSink: ProviderRun<Picture | null>['openSink'];
  readonly upstream: string;
  readonly signal: AbortSignal;
  /** Older attempts are no longer asked about: the upstream keeps responses for a limited time. Milliseconds. */
  readonly maxAgeMs: number;
  readonly nowMs: () => number;
  readonly newId: () => string;
  readonly logger: Logger;
}

const ALL_FOUND = 'The outcome was not known when the call ended; what it made was found later and is kept with it.';
const SOME_FOUND = 'Some of its pictures were found later and are kept with it.';

export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { db, provider, ledger, openSink, upstream, signal, maxAgeMs, nowMs, newId, logger } = options;
  const moment = (ms: number) => new Date(ms).toISOString();

  async function ask(row: AttemptRow & { response_id: string }): Promise<void> {
    const call = await findCall(db, row.call_id);
    if (call === null || call.completedAt === null || call.upstream !== upstream) return;
    const { task } = row;
    const inRequest = (imageIndex: number) => (imageIndex - task) / call.request.count;
    const images = await findImagesOfCalls(db, call.principal, [call.id]);
    const known = images
      .filter(({ responseId }) => responseId === row.response_id)
      .map(({ itemId, imageIndex }) => ({ itemId, imageIndex: inRequest(imageIndex), stored: true }));
    try {
      for await (const event of provider.retrieve(row.response_id, { signal, openSink }, known)) {
        if (event.type === 'running') return;
        if (event.type === 'image') await keep(call, row, event);
        // A picture was made, whether or not it is kept here.
        else await settle(call, row, { event: 'settled', purchase: 'ALL', usage: event.usage });
      }
    } catch (error) {
      // Lost again: next time. Anything else the upstream says is final.
      if (error instanceof ProviderError && error.kind !== 'LOST') await settle(call, row, closingOfError(error));
      else logger.warn({ callId: call.id, reason: String(error) }, 'an attempt could not be reconciled yet');
    }
  }

  async function settle(call: GenerationCall, row: AttemptRow, { event, purchase, usage }: Closing): Promise<void> {
    const place = { callId: row.call_id, attempt: row.attempt, task: row.task };
    const change = usage === null ? {} : { usage: JSON.stringify(usage) };
    const images = await findImagesOfCalls(db, call.principal, [call.id]);
    await db.transaction().execute(async (transaction) => {
      if (!(await moveAttempt(transaction, place, event, change))) return;
      await ledger.enter(transaction, call, {
        place,
        api: 'RESPONSES',
        usage: usage?.tokens ?? null,
        images: images.filter(({ responseId }) => responseId === row.response_id).length,
        partials: 0,
        asked: row.pictures,
        purchase,
      });
    });
  }

  async function keep(call: GenerationCall, row: AttemptRow, event: ImageNews): Promise<void> {
    const { picture } = event;
    const imageIndex = row.task + event.imageIndex * call.request.count;
    // Whoever cancelled does not want it, paid for or not; unless it was finished first, and told as unknown.
    const isTold = call.imageFailures.some((failure) => failure.imageIndex === imageIndex);
    if (picture === null || (call.status === 'CANCELLED' && !isTold)) return;
    const image = generatedImage(call, event, picture, {
      id: newId(),
      createdAt: moment(nowMs()),
      imageIndex,
      api: 'RESPONSES',
      responseId: row.response_id,
      reported: row.reported === null ? null : parseSettings(row.reported),
    });
    await db.transaction().execute(async (transaction) => {
      const now = await findCall(transaction, call.id);
      if (now === null) return;
      const left = now.imageFailures.filter((failure) => failure.imageIndex !== imageIndex);
      await insertImage(transaction, image);
      const missing = missingImages(now.request, await findImagesOfCalls(transaction, now.principal, [now.id]));
      const failure = failureBehind(now.failure, left, missing.length);
      await updateCall(transaction, call.id, {
        picture_failures: left.length === 0 ? null : JSON.stringify(left),
        failure: failure === null ? null : JSON.stringify(failure),
      });
    });
    logger.info({ callId: call.id, imageId: image.id }, 'a picture was found later');
  }

  let passing: Promise<void> | null = null;

  async function pass(): Promise<void> {
    const rows = await unknownAttempts(db, moment(nowMs() - maxAgeMs));
    for (const row of rows) {
      if (signal.aborted) return;
      if (row.response_id === null) continue;
      // What cannot be recorded of one shall not keep the others from being asked about.
      await ask({ ...row, response_id: row.response_id }).catch((error: unknown) => {
        logger.error({ err: error, callId: row.call_id }, 'what became of an attempt could not be recorded');
      });
    }
  }

  return {
    reconcile() {
      // An upstream that does not answer makes a pass longer than the time to the next one.
      passing ??= pass()
        .catch((error: unknown) => logger.error({ err: error }, 'reconciliation failed'))
        .finally(() => {
          passing = null;
        });
      return passing;
    },
  };
}

/** What a call failed of, once pictures of it were found: nothing is left to ask for again, or what others failed of. */
function failureBehind(
  before: GenerationFailure | null,
  left: readonly ImageFailure[],
  missing: number,
): GenerationFailure | null {
  if (before === null) return null;
  if (missing === 0) return { ...before, message: ALL_FOUND, retryable: false };
  // Of several failures that of the first picture, as when the call ended.
  const [first] = left.toSorted((a, b) => a.imageIndex - b.imageIndex);
  const failure = first?.failure ?? before;
  return { ...failure, message: `${SOME_FOUND} ${failure.message}` };
}
