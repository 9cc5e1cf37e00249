/**
 * Brings a call to its end: claims it, asks the upstream, tries again where nothing was bought, and records how it
 * ended (conclusions.ts). A call that an earlier process left in the middle goes on from what was stored (promise 5).
 */
import type { Logger } from 'pino';
import { type AttemptRow, findLanes, insertAttempts } from '../db/attempts.ts';
import { abandonedCalls, callsByStatus, findCall, takeOverCall } from '../db/calls.ts';
import type { Database } from '../db/database.ts';
import type { GenerationCall } from '../domain/generation-call.ts';
import { ProviderError, type ProviderPicture, type ProviderRequest } from '../provider/image-provider.ts';
import { InterruptedError } from './attempt.ts';
import type { Conclusions } from './conclusions.ts';
import { type Lane, type LaneEnd, type RunningAttempt, reasonFromStored } from './lane.ts';
import type { Lanes } from './lanes.ts';
import { type ApiPolicy, planAttempt } from './plan.ts';
import type { Requests } from './requests.ts';
import { openRunningCall, type RunningCall } from './running-call.ts';
import { TransitionRefusedError, type Transitions } from './transitions.ts';
import type { UpstreamFiles } from './upstream-files.ts';
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
  readonly files: Pick<UpstreamFiles, 'forget' | 'proved'>;
  readonly lanes: Lanes;
  readonly instanceId: string;
  /** Names the upstream, so that its ids are never shown to another one. */
  readonly upstream: string;
  /** Whether the upstream is asked to work in the background. */
  readonly background: boolean;
  readonly policy: ApiPolicy;
  /** How long an attempt may take in all, in milliseconds. */
  readonly timeoutMs: number;
  /** How long to wait before a call is taken up again that could not be recorded. Milliseconds. */
  readonly storageRetryMs: number;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

export function createWorker(options: WorkerOptions): Worker {
  const { db, transitions, conclusions, requests, files, lanes, instanceId, upstream, policy, nowMs, logger } = options;
  const running = new Map<string, { readonly handle: RunningCall; readonly done: Promise<void> }>();
  const later = new Set<NodeJS.Timeout>();
  /** Handed in once more while they ran: a retry that is due before the attempt in front of it is put away. */
  const again = new Set<string>();
  let stopping = false;
  // What an upstream refuses once, for this account, it refuses always.
  let background = options.background;
  let together = true;

  /** A new attempt: recorded, then made. */
  async function beginAttempt(call: GenerationCall, handle: RunningCall): Promise<'AGAIN' | 'DONE'> {
    const attempt = call.attempts + 1;
    const { current: rung, next, contextImageId } = await requests.rungsFor(call);
    const plan = planAttempt(call, rung, { policy, together }, await findLanes(db, call.id, call.attempts));
    const inBackground = background && plan.api === 'RESPONSES';
    const route = rung?.route ?? null;
    await transitions.record(
      call.id,
      { type: 'GenerationStarted', attempt },
      {
        onlyFrom: 'QUEUED',
        change: {
          attempts: attempt,
          route,
          upstream,
          response_id: null,
          context_open: 0,
          context_image_id: contextImageId,
          claimed_by: instanceId,
          not_before: null,
        },
        also: (transaction, at) =>
          insertAttempts(
            transaction,
            plan.lanes.map((lane) => ({
              call_id: call.id,
              attempt,
              lane,
              principal: call.principal,
              api: plan.api,
              pictures: plan.pictures,
              again: 0,
              route,
              started_at: at,
              state: 'ASKED',
              background: Number(inBackground),
            })),
          ),
      },
    );
    handle.begin({ background: inBackground, unnamed: plan.lanes, timeLeftMs: options.timeoutMs });
    const writer = { instanceId, attempt };
    const opened = await Promise.all(
      plan.lanes.map((lane) => lanes.open(call, writer, { ...plan, lane, background: inBackground }, handle)),
    );
    // Every lane asks for the same: its pictures are laid up once.
    const request = requests.requestFor(call, { rung, plan, background: inBackground }, handle.signal);
    request.catch(() => undefined);
    const forgetFiles = async () => files.forget(picturesOf(await request));
    const ends = await runAll({ call, writer, lanes: opened, next, forgetFiles }, handle, async (lane, asked) => {
      const built = await request;
      handle.signal.throwIfAborted();
      await lane.attempt.begin(built, asked);
      files.proved(picturesOf(built));
      return null;
    });
    for (const { reason } of ends) learn(reason);
    return conclusions.conclude({ call, writer, lanes: opened, next, forgetFiles }, ends);
  }

  function learn(reason: unknown): void {
    if (!(reason instanceof ProviderError)) return;
    if (reason.standing === 'BACKGROUND_REFUSED') background = false;
    if (reason.standing === 'API_REFUSED') together = false;
  }

  /** An attempt that an earlier process, or this one before it had trouble, has left. */
  async function goOn(call: GenerationCall, handle: RunningCall): Promise<'AGAIN' | 'DONE'> {
    const rows = await findLanes(db, call.id, call.attempts);
    const [first] = rows;
    if (first === undefined) throw new Error(`attempt ${call.attempts} of call ${call.id} is not there`);
    const writer = { instanceId, attempt: call.attempts };
    const opened = await Promise.all(rows.map((row) => lanes.reopen(call, writer, row, handle)));
    const { next } = await requests.rungsFor(call);
    const left = { call, writer, lanes: opened, next, forgetFiles: async () => undefined };
    const open = rows.filter((row) => row.state !== 'SETTLED');
    handle.begin({
      background: open.every(({ background: inBackground }) => inBackground === 1),
      unnamed: open.filter((row) => !isResumable(call, row)).map(({ lane }) => lane),
      timeLeftMs: Date.parse(first.started_at) + options.timeoutMs - nowMs(),
    });
    const ends = await runAll(left, handle, async (lane, asked) => {
      asked();
      const row = rows.find((each) => each.lane === lane.place.lane);
      if (row === undefined || row.state === 'SETTLED') return reasonFromStored(row?.outcome ?? null);
      // Its server was stopped in the middle, and there is nothing to go on with; who had cancelled it is heard all the same.
      if (!isResumable(call, row) || row.response_id === null) {
        throw new InterruptedError(call.cancelRequestedAt === null ? 'STOP' : 'CANCEL');
      }
      handle.signal.throwIfAborted();
      await lane.attempt.follow(row.response_id);
      return null;
    });
    return conclusions.conclude(left, ends);
  }

  function isResumable(call: GenerationCall, row: AttemptRow): boolean {
    return row.background === 1 && row.response_id !== null && call.upstream === upstream;
  }

  /** Works on all lanes side by side until each has ended; never rejects for what happens in one. */
  function runAll(
    attempt: RunningAttempt,
    handle: RunningCall,
    work: (lane: Lane, asked: () => void) => Promise<ProviderError | null>,
  ): Promise<readonly LaneEnd[]> {
    const run = async (lane: Lane): Promise<LaneEnd> => {
      let wasAsked = false;
      const reason: unknown = await work(lane, () => {
        wasAsked = true;
      }).catch((error: unknown) => error);
      const end = { lane, reason, wasAsked };
      handle.ended(lane.place.lane);
      if (attempt.lanes.length === 1) return end;
      try {
        await conclusions.laneEnded(attempt, end);
        return end;
      } catch (error) {
        // What could not be recorded now is recorded with the end of the attempt, unless the call is another's by now.
        logger.warn({ err: error, callId: attempt.call.id }, 'the end of a lane could not be recorded yet');
        return error instanceof TransitionRefusedError ? { ...end, reason: error } : end;
      }
    };
    return Promise.all(attempt.lanes.map(run));
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
      for (const { id: callId, principal, count, notBefore } of await callsByStatus(db, 'QUEUED')) {
        queue.enqueue({ callId, principal, pictures: count, notBefore });
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

/** The pictures that a request carries or names. */
function picturesOf({ context, mask }: ProviderRequest): readonly ProviderPicture[] {
  const sources = context.route === 'IMAGE_BYTES' ? context.pictures : [];
  return mask === null ? sources : [...sources, mask];
}
