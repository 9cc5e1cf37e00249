/**
 * The lease that makes this server the only one that works on a database. The server renews it with a heartbeat. A call
 * belongs to the server that claimed it: when a server's lease has expired, the next server takes over its calls, and
 * whatever the old one still tries to write is rejected (state/transitions.ts, promise 7).
 */
import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import {
  allInstances,
  deleteInstance,
  type InstanceRow,
  insertInstance,
  instancesIfAny,
  renewHeartbeat,
} from '../db/queries/engine/instances.ts';

/** Another server works on the same data. The message is one line for the operator. */
export class DataInUseError extends Error {
  override readonly name = 'DataInUseError';
}

export interface Lease {
  /** The id of this server's row; calls are claimed under it. */
  readonly id: string;
  /** Aborts when another server has taken over: nothing can be written any more. */
  readonly lost: AbortSignal;
  /** Gives the lease up, so that the next server need not wait for it to expire. */
  release(): Promise<void>;
}

/** How to tell whether another server is alive. */
export interface LivenessOptions {
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** A server without a heartbeat for this long counts as dead. Milliseconds. */
  readonly leaseMs: number;
  readonly hostname: string;
  readonly pid: number;
  /** Whether a process of this machine is alive. */
  readonly isAlive: (pid: number) => boolean;
}

export interface LeaseOptions extends LivenessOptions {
  readonly db: Database;
  readonly newId: () => string;
  readonly logger: Logger;
}

/** How often a lease is renewed before it would expire. */
const HEARTBEATS_PER_LEASE = 4;

/** @throws {DataInUseError} while another server is alive */
export async function acquireLease(options: LeaseOptions): Promise<Lease> {
  const { db, newId, nowMs } = options;
  const id = newId();
  const startedAt = timestamp(nowMs());
  // Checked and acquired in one transaction: of two servers that start together, the later one sees the other.
  await db.transaction().execute(async (transaction) => {
    const others = await allInstances(transaction);
    throwIfAlive(others, options);
    for (const dead of others) await deleteInstance(transaction, dead.id);
    await insertInstance(transaction, {
      id,
      hostname: options.hostname,
      pid: options.pid,
      started_at: startedAt,
      heartbeat_at: startedAt,
    });
  });
  const { lost, stop } = startHeartbeat(id, options);
  return {
    id,
    lost,
    async release() {
      stop();
      await deleteInstance(db, id);
    },
  };
}

/** Renews the lease until `stop`; `lost` aborts when it is another server's. */
function startHeartbeat(id: string, { db, nowMs, leaseMs, logger }: LeaseOptions) {
  const lost = new AbortController();
  let renewedMs = nowMs();
  const renew = async () => {
    try {
      if (await renewHeartbeat(db, id, timestamp(nowMs()))) renewedMs = nowMs();
      else lost.abort(new DataInUseError('another server has taken over this data.'));
    } catch (error) {
      logger.warn({ err: error, sinceMs: nowMs() - renewedMs }, 'the lease on the data could not be renewed');
    }
  };
  const timer = setInterval(() => void renew(), leaseMs / HEARTBEATS_PER_LEASE);
  const stop = () => clearInterval(timer);
  lost.signal.addEventListener('abort', stop);
  return { lost: lost.signal, stop };
}

/**
 * Checks before a migration of the database, which would break a server that works on it.
 * @throws {DataInUseError} while a server is alive
 */
export async function assertNotInUse(options: LivenessOptions & Pick<LeaseOptions, 'db'>): Promise<void> {
  throwIfAlive(await instancesIfAny(options.db), options);
}

function throwIfAlive(others: readonly InstanceRow[], options: LivenessOptions): void {
  const alive = others.find((other) => !isDead(other, options));
  if (alive === undefined) return;
  throw new DataInUseError(
    `another server (process ${alive.pid} on ${alive.hostname}) is at work on this data. ` +
      'Stop it, or set DATA_DIR to another folder.',
  );
}

function isDead(other: InstanceRow, { nowMs, leaseMs, hostname, pid, isAlive }: LivenessOptions): boolean {
  if (nowMs() - Date.parse(other.heartbeat_at) > leaseMs) return true;
  // A process of this machine that is gone counts as dead at once. A row with our own process id is from an earlier
  // process: containers give every first process the same id.
  return other.hostname === hostname && (other.pid === pid || !isAlive(other.pid));
}

function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}
