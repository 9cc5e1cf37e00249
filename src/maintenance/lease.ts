/**
 * This server as one of those that may work on the database: its sign of life, and whose place it takes. A call belongs
 * to the instance that claimed it; when an instance gives no sign of life for the length of a lease, its calls go to
 * the next one, and whatever it still tries to write is refused (transitions.ts, promise 7).
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
} from '../db/queries/instances.ts';

/** Another server is at work on the same data: one line for the operator. */
export class InstanceInUseError extends Error {
  override readonly name = 'InstanceInUseError';
}

export interface Instance {
  readonly id: string;
  /** Aborts when another instance has taken this one's place: nothing can be written any more. */
  readonly lost: AbortSignal;
  /** Gives up the place, so that the next server need not wait. */
  release(): Promise<void>;
}

export interface InstanceOptions {
  readonly db: Database;
  readonly newId: () => string;
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
  /** Without a sign of life for this long, an instance counts as dead. Milliseconds. */
  readonly leaseMs: number;
  readonly hostname: string;
  readonly pid: number;
  /** Whether a process of this machine is alive. */
  readonly isAlive: (pid: number) => boolean;
  readonly logger: Logger;
}

/**
 * Takes the place of the one server that works on this database.
 * @throws {InstanceInUseError} while another one is alive
 */
export async function openInstance(options: InstanceOptions): Promise<Instance> {
  const { db, newId, nowMs, leaseMs, hostname, pid, logger } = options;
  const id = newId();
  const startedAt = moment(nowMs());
  // Looked and taken in one turn at the database: of two that start together, the later one sees the other.
  await db.transaction().execute(async (transaction) => {
    const others = await allInstances(transaction);
    refuseAlive(others, options);
    for (const dead of others) await deleteInstance(transaction, dead.id);
    await insertInstance(transaction, { id, hostname, pid, started_at: startedAt, heartbeat_at: startedAt });
  });

  const lost = new AbortController();
  let lastSign = nowMs();
  const beat = async () => {
    try {
      if (await renewHeartbeat(db, id, moment(nowMs()))) lastSign = nowMs();
      else lost.abort(new InstanceInUseError('another server has taken over this data.'));
    } catch (error) {
      logger.warn({ err: error, sinceMs: nowMs() - lastSign }, 'no sign of life could be given');
    }
  };
  const beating = setInterval(() => void beat(), leaseMs / 4);
  lost.signal.addEventListener('abort', () => clearInterval(beating));

  return {
    id,
    lost: lost.signal,
    async release() {
      clearInterval(beating);
      await deleteInstance(db, id);
    },
  };
}

/**
 * Asks before the database is brought to another shape, which a server that works on it would not survive.
 * @throws {InstanceInUseError} while one is alive
 */
export async function refuseInUse(options: Neighbourhood & Pick<InstanceOptions, 'db'>): Promise<void> {
  refuseAlive(await instancesIfAny(options.db), options);
}

/** What tells whether another instance is alive. */
type Neighbourhood = Pick<InstanceOptions, 'nowMs' | 'leaseMs' | 'hostname' | 'pid' | 'isAlive'>;

function refuseAlive(others: readonly InstanceRow[], neighbourhood: Neighbourhood): void {
  const alive = others.find((other) => !isDead(other, neighbourhood));
  if (alive === undefined) return;
  throw new InstanceInUseError(
    `another server (process ${alive.pid} on ${alive.hostname}) is at work on this data. ` +
      'Stop it, or set DATA_DIR to another folder.',
  );
}

function isDead(other: InstanceRow, { nowMs, leaseMs, hostname, pid, isAlive }: Neighbourhood): boolean {
  if (nowMs() - Date.parse(other.heartbeat_at) > leaseMs) return true;
  // On our own machine we need not wait for the lease of a process that is gone. One that had our own process id is
  // gone as well: containers give every first process the same one.
  return other.hostname === hostname && (other.pid === pid || !isAlive(other.pid));
}

function moment(ms: number): string {
  return new Date(ms).toISOString();
}
