/**
 * The engine, put together: what starts calls, works on them, ends them, and lets them be watched. Its parts know each
 * other by interface only; drivers (database, upstream, queue) are handed in.
 */
import type { Logger } from 'pino';
import type { Ledger } from '../billing/ledger.ts';
import { type Cancellations, createCancellations } from '../commands/cancel.ts';
import type { Masks } from '../commands/masks.ts';
import { createStartCommands, type StartCommands } from '../commands/start.ts';
import type { RequestValidator } from '../commands/validate.ts';
import type { Database } from '../db/database.ts';
import type { Notifier } from '../events/notifier.ts';
import { createEventStreams, type EventStreams } from '../events/streams.ts';
import type { Pictures } from '../images/service.ts';
import type { ImageProvider } from '../provider/image-provider.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import { createTransitions } from '../state/transitions.ts';
import { createRequests } from './build-request.ts';
import { createTimeLimit } from './endings/deadline.ts';
import { createConclusions } from './endings/finish-attempt.ts';
import { createTaskFinisher } from './endings/finish-task.ts';
import { createReconciler } from './endings/reconcile.ts';
import type { RetryPolicy } from './endings/retry-policy.ts';
import type { ApiPolicy } from './plan.ts';
import { createAttemptRuns } from './run-attempt.ts';
import { createUpstreamCanceller } from './tasks/cancel-upstream.ts';
import { createTaskOpener } from './tasks/open-task.ts';
import { createUpstreamFiles } from './upstream-files.ts';
import { createWorker } from './worker.ts';

/** How soon, and at longest how seldom, a lost upstream is looked for again. */
const FOLLOW_PAUSE_MS = { first: 250, longest: 5_000 };
/** How long a call waits that could not be recorded: a full disk, a database that somebody holds. */
const STORAGE_RETRY_MS = 2_000;
/** How long the answer to a cancellation waits for the upstream. */
const CANCEL_PATIENCE_MS = 10_000;
const RECONCILE_INTERVAL_MS = 60_000;
/** OpenAI keeps responses for at least thirty days. */
const RECONCILE_MAX_AGE_MS = 30 * 24 * 60 * 60 * 1000;

export interface Engine {
  readonly generations: StartCommands;
  readonly cancellations: Cancellations;
  readonly eventStreams: EventStreams;
  readonly queue: Pick<WorkQueue, 'position'>;
  /** Takes up what was left by servers that are gone, now and from time to time. */
  start(): Promise<void>;
  /** Begins no more work, at once: what waits is left to the next server, and so is what is accepted from now on. */
  beginNoMore(): void;
  /** Begins no more work; leaves what another server can go on with, and waits for the rest, but not for ever. */
  close(): Promise<void>;
}

export interface EngineOptions {
  readonly db: Database;
  readonly pictures: Pictures;
  readonly masks: Masks;
  readonly checks: RequestValidator;
  readonly ledger: Ledger;
  readonly notifier: Notifier;
  readonly provider: ImageProvider;
  readonly createQueue: (run: (callId: string) => Promise<void>) => WorkQueue;
  readonly instanceId: string;
  /** Names the upstream, so that its ids are never shown to another one. */
  readonly upstream: string;
  /** Whether the upstream is asked to work in the background. */
  readonly background: boolean;
  /** Whether the upstream keeps responses, so that they can be named later. */
  readonly retainsResponses: boolean;
  /** Whether pictures may be laid up at the upstream as files. */
  readonly files: boolean;
  /** Which API makes the pictures. */
  readonly policy: ApiPolicy;
  readonly retry: RetryPolicy;
  /** How long a call may take in all, in milliseconds. */
  readonly timeoutMs: number;
  /** How often to look for what others have left, in milliseconds. */
  readonly adoptIntervalMs: number;
  /** How long `close` waits, in milliseconds. */
  readonly drainTimeoutMs: number;
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
  readonly newId: () => string;
  /** 0..1 */
  readonly random: () => number;
  readonly logger: Logger;
}

export function createEngine(options: EngineOptions): Engine {
  const { db, pictures, masks, ledger, notifier, provider, instanceId, upstream, background, policy } = options;
  const { retry, nowMs, newId, logger } = options;
  const { openSink } = pictures;
  const now = () => new Date(nowMs()).toISOString();
  const closing = new AbortController();
  const timers: NodeJS.Timeout[] = [];

  const transitions = createTransitions({ db, notifier, now });
  const files = createUpstreamFiles({ db, provider, upstream, enabled: options.files, nowMs, logger });
  const tasks = createTaskOpener({
    db,
    transitions,
    provider,
    openSink,
    onImage: (image) => void pictures.thumbhash(image),
    pauseMs: FOLLOW_PAUSE_MS,
    now,
    newId,
    logger,
  });
  const timeLimit = createTimeLimit({ db, transitions, timeoutMs: options.timeoutMs, nowMs });
  const conclusions = createConclusions({
    db,
    transitions,
    taskFinisher: createTaskFinisher({ db, transitions, ledger }),
    cancelled: createUpstreamCanceller({ provider, openSink, logger }),
    enqueue: (work) => queue.enqueue(work),
    retry,
    timeLimit,
    nowMs,
    random: options.random,
    logger,
  });
  const attemptRuns = createAttemptRuns({
    db,
    transitions,
    conclusions,
    requests: createRequests({
      db,
      pictures,
      masks,
      files,
      upstreamTraits: { upstream, retainsResponses: options.retainsResponses, policy },
    }),
    files,
    tasks,
    instanceId,
    upstream,
    background,
    policy,
    timeLimit,
    nowMs,
    logger,
  });
  const worker = createWorker({
    db,
    transitions,
    attemptRuns,
    timeLimit,
    queue: { enqueue: (work) => queue.enqueue(work), missing: (callIds) => queue.missing(callIds) },
    instanceId,
    storageRetryMs: STORAGE_RETRY_MS,
    nowMs,
    logger,
  });
  const queue = options.createQueue(worker.run);
  const reconciler = createReconciler({
    db,
    provider,
    ledger,
    openSink,
    upstream,
    signal: closing.signal,
    maxAgeMs: RECONCILE_MAX_AGE_MS,
    nowMs,
    newId,
    logger,
  });
  const adopt = () =>
    worker.adopt().catch((error: unknown) => logger.warn({ err: error }, 'what was left could not be looked for'));
  function beginNoMore(): void {
    for (const timer of timers) clearInterval(timer);
    closing.abort();
    worker.beginNoMore();
    void queue.drain();
  }

  return {
    generations: createStartCommands({ db, transitions, checks: options.checks, queue, now, newId, logger }),
    cancellations: createCancellations({
      db,
      transitions,
      notifier,
      queue,
      worker,
      now,
      patienceMs: CANCEL_PATIENCE_MS,
    }),
    eventStreams: createEventStreams({ db, notifier }),
    queue,

    async start() {
      await worker.adopt();
      void reconciler.reconcile();
      timers.push(
        setInterval(() => void adopt(), options.adoptIntervalMs),
        setInterval(() => void reconciler.reconcile(), RECONCILE_INTERVAL_MS),
      );
    },

    beginNoMore,

    async close() {
      beginNoMore();
      const deadline = setTimeout(() => void worker.stop(), options.drainTimeoutMs);
      await Promise.all([queue.drain(), worker.release()]);
      clearTimeout(deadline);
    },
  };
}
