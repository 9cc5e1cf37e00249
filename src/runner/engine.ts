/**
 * Puts the runner together with the commands that start and cancel calls, and with the streams that watch them. The parts
 * know each other by interface only; the drivers (database, upstream, queue) are passed in.
 */
import type { Logger } from 'pino';
import type { Ledger } from '../billing/ledger.ts';
import { type Cancellations, createCancellations } from '../commands/cancel.ts';
import { createStartCommands, type StartCommands } from '../commands/start.ts';
import type { RequestValidator } from '../commands/validate.ts';
import type { Notifier } from '../events/notifier.ts';
import { createEventStreams, type EventStreams } from '../events/streams.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import { createTransitions } from '../state/transitions.ts';
import { RequestBuilder } from './build-request.ts';
import { type Clock, timestamp } from './clock.ts';
import { createCallDeadline } from './endings/deadline.ts';
import { AttemptFinisher } from './endings/finish-attempt.ts';
import { Reconciler } from './endings/reconcile.ts';
import type { Limits, RunnerContext, Storage, Upstream } from './options.ts';
import { CallRecovery } from './recover-call.ts';
import { AttemptRunner } from './run-attempt.ts';
import { CallRunner } from './run-call.ts';
import { UpstreamFiles } from './upstream-files.ts';
import { Worker } from './worker.ts';

/** The pause between two looks at an upstream whose connection was lost. */
const POLL_PAUSE_MS = { first: 250, longest: 5_000 };
/** How long a call waits that could not be recorded: the disk is full, or the database is locked. */
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
  /** Takes over the calls that other servers left, now and from time to time. */
  start(): Promise<void>;
  /** Starts no more work, at once: calls that wait, and calls that are accepted from now on, are left to the next server. */
  stopStarting(): void;
  /** Starts no more work, leaves the calls that another server can resume, and waits for the others up to a limit. */
  close(): Promise<void>;
}

export interface EngineOptions {
  readonly storage: Storage;
  readonly upstream: Upstream;
  readonly services: { readonly checks: RequestValidator; readonly ledger: Ledger; readonly notifier: Notifier };
  readonly createQueue: (run: (callId: string) => Promise<void>) => WorkQueue;
  readonly limits: Limits;
  readonly clock: Clock;
  /** Identifies this server among those that work on the database. */
  readonly instanceId: string;
  readonly logger: Logger;
}

export function createEngine(options: EngineOptions): Engine {
  const { storage, clock, logger, services } = options;
  const { db } = storage;
  const { notifier } = services;
  const now = () => timestamp(clock.nowMs());
  const transitions = createTransitions({ db, notifier, now });
  const context = { db, transitions, clock, logger };
  const worker = createWorker(options, context, {
    enqueue: (work) => queue.enqueue(work),
    missing: (callIds) => queue.missing(callIds),
  });
  const queue = options.createQueue((callId) => worker.run(callId));
  const patience = { now, patienceMs: CANCEL_PATIENCE_MS };
  return {
    generations: createStartCommands({
      db,
      transitions,
      checks: services.checks,
      queue,
      now,
      newId: clock.newId,
      logger,
    }),
    cancellations: createCancellations({ db, transitions, notifier, queue, worker, ...patience }),
    eventStreams: createEventStreams({ db, notifier }),
    queue,
    ...createLifecycle(options, context, worker, queue),
  };
}

/** The worker with everything that an attempt needs. */
function createWorker(
  { storage, upstream, services, limits, instanceId }: EngineOptions,
  context: RunnerContext,
  queue: Pick<WorkQueue, 'enqueue' | 'missing'>,
): Worker {
  const { db, clock, logger } = context;
  const { provider, identity, retainsResponses, apiPolicy } = upstream;
  const { pictures } = storage;
  const openSink = () => pictures.openSink();
  const { enqueue } = queue;
  const deadline = createCallDeadline(limits.timeoutMs, clock);
  const files = new UpstreamFiles({ db, upstream, clock, logger });
  const upstreamTraits = { upstream: identity, retainsResponses, policy: apiPolicy };
  const attempts = new AttemptRunner({
    context,
    taskContext: {
      ...context,
      provider,
      openSink,
      pollPauseMs: POLL_PAUSE_MS,
      onImage: (image) => void pictures.thumbhash(image),
    },
    upstream,
    requests: new RequestBuilder({ storage, files, upstreamTraits }),
    files,
    finisher: new AttemptFinisher({
      context: { ...context, ledger: services.ledger },
      upstream: { provider, openSink, logger },
      retry: { policy: limits.retry, deadline, clock },
      enqueue,
      logger,
    }),
    deadline,
    instanceId,
  });
  const runner = new CallRunner({ context, attempts, deadline, enqueue, instanceId });
  const recovery = new CallRecovery({ db, enqueue, retryDelayMs: STORAGE_RETRY_MS, logger });
  return new Worker({ db, runner, recovery, queue, instanceId });
}

/** Starting and stopping, and what is repeated in between. */
function createLifecycle(
  { storage, upstream, services, limits }: EngineOptions,
  context: RunnerContext,
  worker: Worker,
  queue: WorkQueue,
): Pick<Engine, 'start' | 'stopStarting' | 'close'> {
  const { logger } = context;
  const timers: NodeJS.Timeout[] = [];
  const stopping = new AbortController();
  const reconciler = new Reconciler({
    context,
    upstream,
    openSink: () => storage.pictures.openSink(),
    ledger: services.ledger,
    signal: stopping.signal,
    maxAgeMs: RECONCILE_MAX_AGE_MS,
  });
  const adopt = () =>
    worker.adopt().catch((error: unknown) => logger.warn({ err: error }, 'looking for unfinished calls failed'));

  function stopStarting(): void {
    for (const timer of timers) clearInterval(timer);
    stopping.abort();
    worker.stopStarting();
    void queue.drain();
  }

  return {
    async start() {
      await worker.adopt();
      void reconciler.reconcile();
      timers.push(
        setInterval(() => void adopt(), limits.adoptIntervalMs),
        setInterval(() => void reconciler.reconcile(), RECONCILE_INTERVAL_MS),
      );
    },
    stopStarting,
    async close() {
      stopStarting();
      const timeout = setTimeout(() => void worker.stop(), limits.drainTimeoutMs);
      await Promise.all([queue.drain(), worker.release()]);
      clearTimeout(timeout);
    },
  };
}
