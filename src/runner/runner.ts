/**
 * Builds the runner from its parts: the worker with everything that an attempt needs, and what runs at regular intervals.
 * The drivers (database, upstream, queue) are passed in.
 */
import type { Ledger } from '../billing/ledger.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import { createCallDeadline } from './endings/deadline.ts';
import { AttemptFinisher } from './endings/finish-attempt.ts';
import { Reconciler } from './endings/reconcile.ts';
import type { Limits, RunnerContext, Storage, Upstream } from './options.ts';
import { CallRecovery } from './recover-call.ts';
import { RequestBuilder } from './requests/build-request.ts';
import { UpstreamFiles } from './requests/upstream-files.ts';
import { AttemptRunner } from './run-attempt.ts';
import { CallRunner } from './run-call.ts';
import { Worker } from './worker.ts';

/** The pause between two polls of a response after the connection to the upstream was lost. Milliseconds. */
const LOST_POLL_PAUSES = { first: 250, longest: 5_000 };
/** How long a call waits after its state could not be stored, because the disk is full or the database is locked. */
const STORAGE_RETRY_MS = 2_000;
const RECONCILE_INTERVAL_MS = 60_000;
/** OpenAI keeps responses for at least thirty days. */
const RECONCILE_MAX_AGE_MS = 30 * 24 * 60 * 60 * 1000;

export interface Runner {
  readonly queue: Pick<WorkQueue, 'enqueue' | 'remove' | 'position' | 'waiting'>;
  readonly worker: Pick<Worker, 'cancel'>;
  /** Takes over the calls that other servers left, now and at regular intervals. */
  start(): Promise<void>;
  /** Starts no more work, at once: calls that wait, and calls that are accepted from now on, are left to the next server. */
  stopStarting(): void;
  /** Starts no more work, leaves the calls that another server can resume, and waits for the others up to a limit. */
  close(): Promise<void>;
}

export interface RunnerOptions {
  readonly context: RunnerContext;
  readonly storage: Storage;
  readonly upstream: Upstream;
  readonly ledger: Ledger;
  readonly createQueue: (run: (callId: string) => Promise<void>) => WorkQueue;
  readonly limits: Limits;
  /** Identifies this server among those that work on the database. */
  readonly instanceId: string;
}

export function createRunner(options: RunnerOptions): Runner {
  const worker = createWorker(options, {
    enqueue: (work) => queue.enqueue(work),
    missing: (callIds) => queue.missing(callIds),
  });
  const queue = options.createQueue((callId) => worker.run(callId));
  return { queue, worker, ...createLifecycle(options, worker, queue) };
}

/** The worker with everything that an attempt needs. */
function createWorker(
  { context, storage, upstream, ledger, limits, instanceId }: RunnerOptions,
  queue: Pick<WorkQueue, 'enqueue' | 'missing'>,
): Worker {
  const { db, clock, logger } = context;
  const { provider, identity, retainsResponses, apiPolicy, safetyIdentifierOf } = upstream;
  const { imageService } = storage;
  const openSink = () => imageService.openSink();
  const { enqueue } = queue;
  const deadline = createCallDeadline(limits.timeoutMs, clock);
  const files = new UpstreamFiles({ db, upstream, clock, logger });
  const upstreamTraits = { upstream: identity, retainsResponses, policy: apiPolicy };
  const attempts = new AttemptRunner({
    context,
    taskContext: {
      ...context,
      ledger,
      provider,
      openSink,
      pollPauses: { lost: LOST_POLL_PAUSES, deferred: limits.completionPolls },
      onImage: (image) => void imageService.thumbhash(image),
    },
    upstream,
    requests: new RequestBuilder({ storage, files, upstreamTraits, safetyIdentifierOf }),
    files,
    finisher: new AttemptFinisher({
      context: { ...context, ledger },
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

/** Start, stop, and the jobs that run at regular intervals in between. */
function createLifecycle(
  { context, storage, upstream, ledger, limits }: RunnerOptions,
  worker: Worker,
  queue: WorkQueue,
): Pick<Runner, 'start' | 'stopStarting' | 'close'> {
  const { logger } = context;
  const timers: NodeJS.Timeout[] = [];
  const stopping = new AbortController();
  const reconciler = new Reconciler({
    context,
    upstream,
    openSink: () => storage.imageService.openSink(),
    ledger,
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
