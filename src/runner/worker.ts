/**
 * Brings calls to their ends, attempt by attempt (attempt-runs.ts): those whose turn it is, and at once those that an
 * earlier process left in the middle, which go on from what was stored (promise 5).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { abandonedCalls, findCall, pageOfQueuedCalls, type QueuedCall, takeOverCall } from '../db/queries/calls.ts';
import type { GenerationCall } from '../domain/generation-call.ts';
import type { Work, WorkQueue } from '../queue/work-queue.ts';
import { TransitionRefusedError, type Transitions } from '../state/transitions.ts';
import type { TimeLimit } from './endings/deadline.ts';
import type { AttemptRuns } from './run-attempt.ts';
import { openRunningCall, type RunningCall } from './tasks/interrupt.ts';

const QUEUED_PAGE_SIZE = 500;

export interface Worker {
  /**
   * Works on a call whose turn it is, until it has ended or waits again; never rejects. A call that has ended is left
   * alone.
   */
  run(callId: string): Promise<void>;
  /** Interrupts the call if it runs here; how that ends is recorded. */
  cancel(callId: string): void;
  /**
   * Takes over the calls that no living instance works on: resumes those in progress and enqueues the QUEUED ones that
   * the queue does not have. The first call fills the queue. Later calls find what a crash or a failed enqueue left.
   */
  adopt(): Promise<void>;
  /** Begins no more attempts. */
  beginNoMore(): void;
  /** Leaves to another server what it can go on with; resolves when that is left, or when all has ended. */
  release(): Promise<void>;
  /** Ends what still runs. */
  stop(): Promise<void>;
}

export interface WorkerOptions {
  readonly db: Database;
  readonly transitions: Transitions;
  readonly attemptRuns: AttemptRuns;
  readonly timeLimit: Pick<TimeLimit, 'isOver' | 'end'>;
  readonly queue: Pick<WorkQueue, 'enqueue' | 'missing'>;
  readonly instanceId: string;
  /** How long to wait before a call is taken up again that could not be recorded. Milliseconds. */
  readonly storageRetryMs: number;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

/** A call that is worked on here. */
interface Running {
  readonly handle: RunningCall;
  /** Resolves when it has ended, or waits again. */
  readonly done: Promise<void>;
  /** Whether it waited for its turn, or went on without one. */
  readonly turn: 'QUEUE' | 'AT_ONCE';
}

export function createWorker(options: WorkerOptions): Worker {
  const { db, transitions, attemptRuns, timeLimit, queue, instanceId, nowMs, logger } = options;
  const running = new Map<string, Running>();
  const closing = new AbortController();
  const later = new Set<NodeJS.Timeout>();
  /** Handed in once more while they ran: a retry that is due before the attempt in front of it is put away. */
  const again = new Set<string>();
  let stopping = false;

  async function work(callId: string, handle: RunningCall): Promise<void> {
    for (;;) {
      const call = await findCall(db, callId);
      if (call === null || call.completedAt !== null) return;
      if (call.cancelRequestedAt !== null) handle.cancel();
      if (call.status === 'QUEUED') {
        if (call.cancelRequestedAt !== null) {
          await transitions.record(callId, { type: 'GenerationCancelled' }, { onlyFrom: 'QUEUED' });
          return;
        }
        if (stopping) return;
        if (timeLimit.isOver(call)) return timeLimit.end(call);
        if (call.notBefore !== null && Date.parse(call.notBefore) > nowMs())
          return queue.enqueue(workOf(toQueued(call)));
        if ((await attemptRuns.begin(call, handle)) === 'DONE') return;
      } else {
        if (call.claimedBy !== instanceId && !(await takeOverCall(db, callId, instanceId))) return;
        logger.info({ callId, attempt: call.attempts }, 'going on with a call that was left in the middle');
        if ((await attemptRuns.goOn(call, handle)) === 'DONE') return;
      }
    }
  }

  function begin(callId: string, turn: Running['turn']): Promise<void> {
    const handle = openRunningCall();
    if (stopping) handle.release();
    const done = work(callId, handle)
      .finally(() => handle.close())
      .then(
        () => false,
        (error: unknown) => keepsPlace(callId, error),
      )
      .then((isKept) => {
        running.delete(callId);
        const isAgain = again.delete(callId) || isKept;
        return isAgain && !stopping ? begin(callId, turn) : undefined;
      });
    running.set(callId, { handle, done, turn });
    return done;
  }

  /**
   * What becomes of a call whose work was broken off. One that has begun is in progress until its end is recorded: it
   * keeps its place for that long, or those behind it would be too many when it goes on. Resolves when it may.
   */
  async function keepsPlace(callId: string, error: unknown): Promise<boolean> {
    if (error instanceof TransitionRefusedError) {
      logger.warn({ callId, reason: error.message }, 'the call went to another writer');
      return false;
    }
    // Not even its end could be recorded: the disk is full, the database is held. It is taken up again.
    logger.error({ err: error, callId }, 'a call could not be recorded; trying again');
    const call = await findCall(db, callId).catch(() => undefined);
    if (call?.status === 'QUEUED') {
      takeUpLater(callId);
      return false;
    }
    // Its rejection says only that the server stops.
    await sleep(options.storageRetryMs, undefined, { signal: closing.signal }).catch(() => undefined);
    return true;
  }

  async function run(callId: string): Promise<void> {
    const ahead = running.get(callId);
    if (ahead === undefined) return begin(callId, 'QUEUE');
    if (ahead.turn === 'QUEUE') {
      again.add(callId);
      return;
    }
    // This is the place of what went on without waiting for one: it is taken for as long as that runs.
    await ahead.done;
    if (!stopping) await run(callId);
  }

  /** What was begun goes on at once; but it counts, so that what is new waits for its place. */
  async function goOnAtOnce(call: GenerationCall): Promise<void> {
    if (running.has(call.id)) return;
    void begin(call.id, 'AT_ONCE');
    // Its pictures were begun before.
    await queue.enqueue({ ...workOf(toQueued(call)), pictures: 0, notBefore: null });
  }

  function takeUpLater(callId: string): void {
    if (stopping) return;
    const timer = setTimeout(() => {
      later.delete(timer);
      takeUp(callId).catch(() => takeUpLater(callId));
    }, options.storageRetryMs);
    later.add(timer);
  }

  /** A call that has not begun takes its turn like any other, whatever kept it from being begun before. */
  async function takeUp(callId: string): Promise<void> {
    const call = await findCall(db, callId);
    if (call?.status === 'QUEUED' && !stopping) await queue.enqueue(workOf(toQueued(call)));
  }

  /** Enqueues the QUEUED calls that the queue does not have, oldest first, one page in memory at a time. */
  async function enqueueMissing(): Promise<void> {
    let page: readonly QueuedCall[];
    let after: string | null = null;
    do {
      page = await pageOfQueuedCalls(db, after, QUEUED_PAGE_SIZE);
      const missing = new Set(await queue.missing(page.map(({ id }) => id)));
      for (const call of page) {
        if (missing.has(call.id) && !running.has(call.id)) await queue.enqueue(workOf(call));
      }
      after = page.at(-1)?.id ?? null;
    } while (page.length === QUEUED_PAGE_SIZE);
  }

  function beginNoMore(): void {
    stopping = true;
    closing.abort();
    for (const timer of later) clearTimeout(timer);
  }

  async function allDone(): Promise<void> {
    while (running.size > 0) await Promise.all([...running.values()].map(({ done }) => done));
  }

  return {
    run,
    cancel: (callId) => running.get(callId)?.handle.cancel(),

    async adopt() {
      for (const call of await abandonedCalls(db, instanceId)) await goOnAtOnce(call);
      await enqueueMissing();
    },

    beginNoMore,

    async release() {
      beginNoMore();
      for (const { handle } of running.values()) handle.release();
      await allDone();
    },

    async stop() {
      for (const { handle } of running.values()) handle.stop();
      await allDone();
    },
  };
}

function toQueued({ id, principal, request, notBefore }: GenerationCall): QueuedCall {
  return { id, principal, count: request.count, notBefore };
}

function workOf({ id: callId, principal, count: pictures, notBefore }: QueuedCall): Work {
  return { callId, principal, pictures, notBefore };
}
