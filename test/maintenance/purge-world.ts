/** A data folder with rows and bytes that a purge finds, without a server: its clock is the test's. */
import { randomBytes } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { countCost, storeReservation } from '../../src/billing/reservations.ts';
import type { BlobStore } from '../../src/blobs/blob-store.ts';
import { openFileBlobStore } from '../../src/blobs/drivers/fs/blob-store.ts';
import type { Database } from '../../src/db/database.ts';
import { eraseDeletedRows } from '../../src/db/drivers/sqlite/erase.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { insertCall } from '../../src/db/queries/calls.ts';
import { insertConversation } from '../../src/db/queries/conversations.ts';
import { replaceCostLines } from '../../src/db/queries/cost-lines.ts';
import { insertAttempts } from '../../src/db/queries/engine/attempts.ts';
import { blobReferences } from '../../src/db/queries/engine/blob-references.ts';
import { insertInstance } from '../../src/db/queries/engine/instances.ts';
import { insertCallSources } from '../../src/db/queries/images/call-sources.ts';
import { insertImage } from '../../src/db/queries/images/images.ts';
import { insertPartialImage } from '../../src/db/queries/images/partial-images.ts';
import type { GenerationCall } from '../../src/domain/generation/generation-call.ts';
import type { Image } from '../../src/domain/images/image.ts';
import { createInProcessNotifier } from '../../src/events/drivers/in-process/notifier.ts';
import { appendArchiveEvent, appendEvent } from '../../src/events/log.ts';
import { createBlobGarbageCollector } from '../../src/maintenance/blob-garbage.ts';
import { createPurger, type Retention } from '../../src/maintenance/purge.ts';
import { createArchive } from '../../src/state/archive.ts';
import { attemptOf, callOf, conversationOf, imageOf, instanceOf, partialImageOf } from '../contract/database-rows.ts';
import { blobPath } from '../storage/steps.ts';

export const DAY_MS = 86_400_000;
export const NOON_MS = Date.UTC(2026, 10, 28, 12);
const GRACE_MS = 3_600_000;

export const dayAgo = (days: number) => new Date(NOON_MS - days * DAY_MS).toISOString();

export interface PurgeWorld extends AsyncDisposable {
  readonly dataDir: string;
  readonly db: Database;
  readonly blobs: BlobStore;
  readonly log: readonly string[];
  /** Stores bytes that are older than the grace time. */
  store(bytes: Uint8Array): Promise<{ readonly sha256: string; readonly byteSize: number }>;
  upload(changes?: Partial<Image>, bytes?: Uint8Array): Promise<Image>;
  conversation(id: string, changes?: Parameters<typeof conversationOf>[1]): Promise<string>;
  /** A call that has ended with one image and one partial image, with costs and events. */
  call(conversationId: string, changes?: Partial<GenerationCall>, sources?: readonly Image[]): Promise<Image>;
  /** Purges, and then collects, as a server does every hour. */
  run(options?: RunOptions): Promise<void>;
}

export interface RunOptions {
  readonly retention?: Partial<Retention>;
  readonly deletesUpstream?: boolean;
  /** Before which of its transactions the purge stops, as if the server had been killed. */
  readonly stopBefore?: number;
}

export async function openPurgeWorld(dataDir: string, principal = 'somebody'): Promise<PurgeWorld> {
  const db = await openSqlite(join(dataDir, 'darkroom.sqlite'), { patienceMs: 10_000 });
  const blobs = await openFileBlobStore({ directory: join(dataDir, 'blobs') });
  const log: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void log.push(line) });
  const nowMs = () => NOON_MS;
  const archive = createArchive({
    db,
    notifier: createInProcessNotifier({ pollMs: 60_000 }),
    now: () => new Date(NOON_MS).toISOString(),
  });
  await insertInstance(db, instanceOf('purging')).catch(() => undefined);
  const { signal } = new AbortController();
  const old = new Date(NOON_MS - 2 * GRACE_MS);

  async function store(bytes: Uint8Array) {
    const blob = await blobs.put(bytes);
    await utimes(blobPath(dataDir, blob.sha256), old, old);
    return blob;
  }

  return {
    dataDir,
    db,
    blobs,
    log,
    store,
    async upload(changes = {}, bytes = randomBytes(200)) {
      const image = imageOf(uuidv7(), { principal, ...(await store(bytes)), ...changes });
      await insertImage(db, image);
      return image;
    },
    async conversation(id, changes = {}) {
      await insertConversation(db, conversationOf(id, { principal, ...changes }));
      return id;
    },
    async call(conversationId, changes = {}, sources = []) {
      const call = callOf(uuidv7(), {
        principal,
        conversationId,
        status: 'COMPLETED',
        completedAt: dayAgo(40),
        upstream: 'simulator',
        responseId: `resp_${uuidv7()}`,
        ...changes,
      });
      const blob = await store(randomBytes(300));
      const { id: callId, responseId } = call;
      const image = imageOf(uuidv7(), { principal, conversationId, callId, responseId, origin: 'GENERATED', ...blob });
      const partial = { ...partialImageOf(uuidv7(), await store(randomBytes(100))), thumbhash: 'partialHash' };
      await db.transaction().execute(async (transaction) => {
        await insertCall(transaction, call);
        await insertCallSources(transaction, principal, callId, sources);
        await insertAttempts(transaction, [{ ...attemptOf(callId), principal }]);
        await insertImage(transaction, { ...image, deletedAt: call.deletedAt });
        await insertPartialImage(
          transaction,
          { principal, callId, itemId: null, at: call.completedAt ?? dayAgo(40) },
          partial,
        );
        const events = [
          { type: 'GenerationQueued' },
          { type: 'PartialImageReceived', partial },
          { type: 'ImageCompleted', imageId: image.id },
          { type: 'GenerationCompleted', imageIds: [image.id] },
        ] as const;
        for (const [lastSequence, event] of events.entries()) {
          await appendEvent(transaction, { ...call, lastSequence }, event, call.createdAt);
        }
        const billed = { key: { callId, attempt: 1, task: 0 }, principal, conversationId, basis: 'REPORTED' } as const;
        const line = {
          kind: 'IMAGE_OUTPUT',
          model: 'gpt-image-2',
          tokens: 10,
          pricePerMillion: '30',
          amount: '0.0003',
        };
        const reserved = { at: call.createdAt, reserved: 0n, isOpen: false };
        await storeReservation(transaction, callId, { id: principal, credential: null }, reserved);
        await replaceCostLines(transaction, { ...billed, isCounted: true }, [{ ...line, kind: 'IMAGE_OUTPUT' }]);
        await countCost(transaction, call);
        if (conversationId !== '') {
          await appendArchiveEvent(
            transaction,
            { principal, conversationId },
            { type: 'ConversationUpdated' },
            call.createdAt,
          );
        }
      });
      return image;
    },
    async run({ retention = {}, deletesUpstream = false, stopBefore = Number.POSITIVE_INFINITY } = {}) {
      const common = { nowMs, signal, logger };
      let steps = 0;
      const stopping: typeof archive = {
        async change(owner, work) {
          if (steps >= stopBefore) throw new Error('killed');
          steps += 1;
          return archive.change(owner, work);
        },
      };
      await createPurger({
        storage: { db, archive: stopping, instanceId: 'purging', eraseDeleted: () => eraseDeletedRows(db) },
        retention: { trashDays: 30, partialDays: null, ...retention },
        deletesUpstream,
        ...common,
      }).purge();
      await createBlobGarbageCollector({
        references: () => blobReferences(db),
        blobs,
        graceMs: GRACE_MS,
        ...common,
      }).collect();
    },
    async [Symbol.asyncDispose]() {
      await blobs.close();
      await db.destroy();
    },
  };
}
