/**
 * Wires the runner, the commands that start and cancel calls, and the event streams that follow them. The parts know each
 * other by interface only; the drivers (database, upstream, queue) are passed in.
 */
import type { Logger } from 'pino';
import type { Ledger } from '../billing/ledger.ts';
import { type Approvals, createApprovals } from '../commands/approvals.ts';
import { type Cancellations, createCancellations } from '../commands/cancel.ts';
import type { AcceptCallOptions } from '../commands/start/accept-call.ts';
import type { Admission } from '../commands/start/admission.ts';
import { createStartCommands, type StartCommands } from '../commands/start/start.ts';
import type { RequestValidator } from '../commands/start/validate.ts';
import type { Notifier } from '../events/notifier.ts';
import { createEventStreams, type EventStreams } from '../events/streams.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import { type Clock, timestamp } from '../runner/clock.ts';
import type { Limits, Storage, Upstream } from '../runner/options.ts';
import { createRunner, type Runner } from '../runner/runner.ts';
import { createTransitions } from '../state/transitions.ts';

/** How long the response to a cancellation waits for the upstream. */
const CANCEL_PATIENCE_MS = 10_000;

export interface Engine extends Pick<Runner, 'start' | 'stopStarting' | 'close'> {
  readonly startCommands: StartCommands;
  readonly cancellations: Cancellations;
  readonly approvals: Approvals;
  readonly eventStreams: EventStreams;
  readonly queue: Pick<WorkQueue, 'position' | 'waiting'>;
}

export interface EngineOptions {
  readonly storage: Storage;
  readonly upstream: Upstream;
  readonly services: {
    readonly validator: RequestValidator;
    readonly admission: Admission;
    readonly ledger: Ledger;
    readonly notifier: Notifier;
    readonly countImages: AcceptCallOptions['countImages'];
  };
  readonly createQueue: (run: (callId: string) => Promise<void>) => WorkQueue;
  readonly limits: Limits & {
    /** How long a call waits for approval, in milliseconds. */
    readonly approvalTimeoutMs: number;
  };
  readonly clock: Clock;
  /** Identifies this server among those that work on the database. */
  readonly instanceId: string;
  readonly logger: Logger;
}

export function createEngine(options: EngineOptions): Engine {
  const { storage, upstream, services, createQueue, limits, clock, instanceId, logger } = options;
  const { db } = storage;
  const { validator, admission, ledger, notifier, countImages } = services;
  const { newId } = clock;
  const now = () => timestamp(clock.nowMs());
  const transitions = createTransitions({ db, notifier, now });
  const context = { db, transitions, clock, logger };
  const runner = createRunner({ context, storage, upstream, ledger, createQueue, limits, instanceId });
  const { queue, worker, ...lifecycle } = runner;
  const patienceMs = CANCEL_PATIENCE_MS;
  const { nowMs } = clock;
  const approvals = createApprovals({ db, transitions, queue, nowMs, timeoutMs: limits.approvalTimeoutMs, logger });
  return {
    ...withExpiry(lifecycle, approvals, limits.adoptIntervalMs, logger),
    approvals,
    queue,
    startCommands: createStartCommands({
      db,
      transitions,
      validator,
      admission,
      queue,
      countImages,
      now,
      newId,
      logger,
    }),
    cancellations: createCancellations({ db, transitions, notifier, queue, worker, now, patienceMs }),
    eventStreams: createEventStreams({ db, notifier }),
  };
}

type Lifecycle = Pick<Runner, 'start' | 'stopStarting' | 'close'>;

/** Ends the calls that nobody approved in time, now and at regular intervals. */
function withExpiry(runner: Lifecycle, approvals: Approvals, intervalMs: number, logger: Logger): Lifecycle {
  let timer: NodeJS.Timeout | undefined;
  const expire = () =>
    approvals
      .expire()
      .catch((error: unknown) => logger.warn({ err: error }, 'ending calls that nobody approved failed'));
  return {
    ...runner,
    async start() {
      await runner.start();
      void expire();
      timer = setInterval(() => void expire(), intervalMs);
    },
    stopStarting() {
      clearInterval(timer);
      runner.stopStarting();
    },
    close() {
      clearInterval(timer);
      return runner.close();
    },
  };
}
