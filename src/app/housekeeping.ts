/** What a server does beside its requests: it deletes for good what is due, and then the bytes that nothing refers to. */
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { blobReferences, variantReferences } from '../db/queries/engine/blob-references.ts';
import { createBlobGarbageCollector } from '../maintenance/blob-garbage.ts';
import { everyHour } from '../maintenance/every-hour.ts';
import { createPurger } from '../maintenance/purge.ts';
import { deleteAtUpstream } from '../maintenance/upstream-deletions.ts';
import type { Services } from './services.ts';
import type { OpenStorage } from './storage.ts';
import type { OpenUpstream } from './upstream.ts';

export interface HousekeepingOptions {
  readonly config: Pick<Config, 'retention' | 'orphanGraceMs'> & {
    readonly upstream: { readonly deletesPurged: boolean };
  };
  readonly storage: Pick<OpenStorage, 'db' | 'blobs' | 'variantBlobs' | 'lease' | 'eraseDeleted'>;
  readonly upstream: OpenUpstream;
  readonly services: Pick<Services, 'archiveChanges' | 'variantSpace'>;
  /** Aborts when the server stops. */
  readonly stopping: AbortSignal;
  readonly logger: Logger;
}

/** Runs now and every hour. */
export function startHousekeeping(options: HousekeepingOptions): void {
  const { config, storage, upstream, services, stopping, logger } = options;
  const { db, blobs, variantBlobs, lease, eraseDeleted } = storage;
  const { deletesPurged } = config.upstream;
  // A server that lost its lease removes nothing more.
  const signal = AbortSignal.any([stopping, lease.lost]);
  const common = { nowMs: Date.now, signal, logger };
  const purger = createPurger({
    storage: { db, archive: services.archiveChanges, instanceId: lease.id, eraseDeleted },
    retention: config.retention,
    deletesUpstream: deletesPurged,
    ...common,
  });
  const grace = { graceMs: config.orphanGraceMs, ...common };
  const garbage = createBlobGarbageCollector({ ...grace, blobs, references: () => blobReferences(db) });
  const variants = createBlobGarbageCollector({
    ...grace,
    blobs: variantBlobs,
    references: () => variantReferences(db),
    before: services.variantSpace.removeOrphans,
  });
  const { provider, identity } = upstream.forRunner;
  const deletions = { db, upstream: identity, deleteAtUpstream: provider.deleteStored, ...common };
  const tasks = [
    purger.purge,
    garbage.collect,
    variants.collect,
    ...(deletesPurged ? [() => deleteAtUpstream(deletions)] : []),
  ];
  void everyHour(tasks, signal);
}
