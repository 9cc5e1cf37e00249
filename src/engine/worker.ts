/**
 * Brings a call to its end: claims it, asks the upstream, tries again where nothing was bought, and records how it
 * ended (conclusions.ts). A call that an earlier process left in the middle goes on from what was stored (promise 5).
 */
import type { Logger } from 'pino';
import { findAttempt, insertAttempt } from '../db/attempts.ts';
import { abandonedCalls, callsByStatus, findCall, takeOverCall } from '../db/calls.ts';
import type { Database } from '../db/database.ts';
import type { GenerationCall } from '../domain/generation-call.ts';
import type { Image, Picture } from '../domain/image.ts';
import { type ImageProvider, ProviderError, type ProviderRun } from '../provider/image-provider.ts';
import { type Begun, openArrivals } from './arrivals.ts';
import { type Attempt, createAttempt, InterruptedError } from './attempt.ts';
import type { Conclusions, RunningAttempt } from './conclusions.ts';
import type { Requests } from './requests.ts';
import { openRunningCall, type RunningCall } from './running-call.ts';
import { TransitionRefusedError, type Transitions } from './transitions.ts';
import type { WorkQueue } from './work-queue.ts';

export interface Worker {
  /** Works on a call until it has ended or waits again; never rejects. A call that has ended is left alone. */
  run(callId: string): Promise<void>;
  /** Interrupts the call if it runs here; how that ends is recorded. */
  cancel(callId: string): void;
  /** Takes over what no living instance works on: runs what was begun, enqueues what waits. To be repeated. */
  adopt(queue: Pick<WorkQueue, 'enqueue'>): Promise<void>;
  /** Leaves to another server what it can go on with; resolves when that is left, or when all has ended. */
  release(): Promise<void>;
  /** Ends what still runs. */
  stop(): Promise<void>;
}

export interface WorkerOptions {
  readonly db: Database;
  readonly transitions: Transitions;
  readonly conclusions: Conclusions;
  readonly requests: Requests;
  readonly provider: ImageProvider;
  readonly openSink: ProviderRun<Picture | null>['openSink'];
  /** Is told of each finished picture once it is stored; nobody waits. */
  readonly onImage: (image: Image) => void;
  readonly instanceId: string;
  /** Names the upstream, so that its ids are never shown to another one. */
  readonly upstream: string;
  /** Whether the upstream is asked to work in the background. */
  readonly background: boolean;
  /** How long an attempt may take in all, in milliseconds. */
  readonly timeoutMs: number;
  readonly pauseMs: { readonly first: number; readonly longest: number };
  /** How long to wait before a call is taken up again that could not be recorded. Milliseconds. */
  readonly storageRetryMs: number;
  readonly nowMs: () => number;
  readonly newId: () => string;
  readonly logger: Logger;
}

export function createWorker(options: WorkerOptions): Worker {
  const { db, transitions, conclusions, requests, provider, openSink, instanceId, upstream, nowMs, newId, logger } =
    options;
  const now = () => new Date(nowMs()).toISOString();
  const running = new Map<string, { readonly handle: RunningCall; readonly done: Promise<void> }>();
  const later = new Set<NodeJS.Timeout>();
  /** Handed in once more while they ran: a retry that is due before the attempt in front of it is put away. */
  const again = new Set<string>();
  let stopping = false;
  // What an upstream refuses once, for this account, it refuses always.
  let background = options.background;

  /** A new attempt: recorded, then made. */
  async function beginAttempt(call: GenerationCall, handle: RunningCall): Promise<'AGAIN' | 'DONE'> {
    const attempt = call.attempts + 1;
    const { current: rung, next } = await requests.rungsFor(call);
    const route = rung?.route ?? null;
    const inBackground = background;
    await transitions.record(
      call.id,
      { type: 'GenerationStarted', attempt },
      {
        onlyFrom: 'QUEUED',
        change: { attempts: attempt, route, upstream, response_id: null, claimed_by: instanceId, not_before: null },
        also: (transaction, at) =>
          insertAttempt(transaction, {
            call_id: call.id,
            attempt,
            principal: call.principal,
            route,
            started_at: at,
            state: 'ASKED',
            background: Number(inBackground),
          }),
      },
    );
    handle.begin({ background: inBackground, resumable: false, timeLeftMs: options.timeoutMs });
    const running = await openAttempt(call, attempt, inBackground, handle, null);
    const request = requests.requestFor(call, rung, inBackground);
    try {
      await running.attempt.begin(request);
    } catch (error) {
      if (error instanceof ProviderError && error.standing === 'BACKGROUND_REFUSED') background = false;
      return conclusions.conclude({ ...running, next }, error);
    }
    return conclusions.conclude({ ...running, next }, null);
  }

  /** An attempt that an earlier process, or this one before it had trouble, has left. */
  async function goOn(call: GenerationCall, handle: RunningCall): Promise<'AGAIN' | 'DONE'> {
    const row = await findAttempt(db, call.id, call.attempts);
    if (row === null) throw new Error(`attempt ${call.attempts} of call ${call.id} is not there`);
    const { response_id: responseId, upstream_sequence: upstreamSequence } = row;
    const inBackground = row.background === 1;
    const left = await openAttempt(call, row.attempt, inBackground, handle, { responseId, upstreamSequence });
    const resumable = inBackground && responseId !== null && call.upstream === upstream;
    const timeLeftMs = Date.parse(row.started_at) + options.timeoutMs - nowMs();
    handle.begin({ background: inBackground, resumable, timeLeftMs });
    // Its server was stopped in the middle, and there is nothing to go on with; who had cancelled it is heard all the same.
    if (!resumable) {
      const why = call.cancelRequestedAt === null ? 'STOP' : 'CANCEL';
      return conclusions.conclude({ ...left, next: null }, new InterruptedError(why));
    }
    try {
      handle.signal.throwIfAborted();
      await left.attempt.follow(responseId);
    } catch (error) {
      return conclusions.conclude({ ...left, next: null }, error);
    }
    return conclusions.conclude({ ...left, next: null }, null);
  }

  async function openAttempt(
    call: GenerationCall,
    number: number,
    inBackground: boolean,
    handle: RunningCall,
    begun: Begun | null,
  ): Promise<Omit<RunningAttempt, 'next'> & { readonly attempt: Attempt }> {
    const writer = { instanceId, attempt: number };
    const { onImage } = options;
    const onAccepted = () => handle.accepted();
    const arrivals = await openArrivals(
      { db, transitions, now, newId, logger, onImage, onAccepted },
      call,
      writer,
      begun,
    );
    const { signal } = handle;
    const { pauseMs } = options;
    const attempt = createAttempt({ provider, arrivals, openSink, signal, background: inBackground, pauseMs });
    return { call, writer, arrivals, background: inBackground, attempt };
  }

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
        if (stopping || (await beginAttempt(call, handle)) === 'DONE') return;
      } else {
        if (call.claimedBy !== instanceId && !(await takeOverCall(db, callId, instanceId))) return;
        logger.info({ callId, attempt: call.attempts }, 'going on with a call that was left in the middle');
        if ((await goOn(call, handle)) === 'DONE') return;
      }
    }
  }

  async function run(callId: string): Promise<void> {
    if (running.has(callId)) {
      again.add(callId);
      return;
    }
    const handle = openRunningCall();
    if (stopping) handle.release();
    const done = work(callId, handle)
      .catch((error: unknown) => {
        if (error instanceof TransitionRefusedError) {
          logger.warn({ callId, reason: error.message }, 'the call went to another writer');
          return;
        }
        // Not even its end could be recorded: the disk is full, the database is held. It is taken up again.
        logger.error({ err: error, callId }, 'a call could not be recorded; trying again');
        runLater(callId);
      })
      .finally(() => {
        handle.close();
        running.delete(callId);
      })
      .then(() => (again.delete(callId) && !stopping ? run(callId) : undefined));
    running.set(callId, { handle, done });
    await done;
  }

  function runLater(callId: string): void {
    if (stopping) return;
    const timer = setTimeout(() => {
      later.delete(timer);
      void run(callId);
    }, options.storageRetryMs);
    later.add(timer);
  }

  async function allDone(): Promise<void> {
    while (running.size > 0) await Promise.all([...running.values()].map(({ done }) => done));
  }

  return {
    run,
    cancel: (callId) => running.get(callId)?.handle.cancel(),

    async adopt(queue) {
      for (const { id } of await abandonedCalls(db, instanceId)) void run(id);
      for (const { id: callId, principal, notBefore } of await callsByStatus(db, 'QUEUED')) {
        queue.enqueue({ callId, principal, notBefore });
      }
    },

    async release() {
      stopping = true;
      for (const timer of later) clearTimeout(timer);
      for (const { handle } of running.values()) handle.release();
      await allDone();
    },

    async stop() {
      for (const { handle } of running.values()) handle.stop();
      await allDone();
    },
  };
}
