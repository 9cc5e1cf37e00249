/**
 * Makes one attempt at a call, from its record to its conclusion: a new one, or one that an earlier process, or this one
 * before it had trouble, has left in the middle.
 */
import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { type AttemptRow, findAttemptTasks, insertAttempts } from '../db/queries/attempts.ts';
import type { GenerationCall, RefineRoute } from '../domain/generation-call.ts';
import { ProviderError, type ProviderPicture, type ProviderRequest } from '../provider/image-provider.ts';
import type { Transitions } from '../state/transitions.ts';
import type { Requests } from './build-request.ts';
import type { TimeLimit } from './endings/deadline.ts';
import type { Conclusions } from './endings/finish-attempt.ts';
import { type ApiPolicy, type Plan, planAttempt } from './plan.ts';
import { InterruptedError } from './tasks/follow-upstream.ts';
import type { RunningCall } from './tasks/interrupt.ts';
import type { TaskOpener } from './tasks/open-task.ts';
import { runTasks } from './tasks/run-tasks.ts';
import { reasonFromStored } from './tasks/task.ts';
import type { UpstreamFiles } from './upstream-files.ts';

export interface AttemptRuns {
  /** A new attempt: recorded, then made. `AGAIN` when the call is to be tried at once. */
  begin(call: GenerationCall, handle: RunningCall): Promise<'AGAIN' | 'DONE'>;
  /** The newest attempt of a call that this instance has claimed, from what was stored of it. */
  goOn(call: GenerationCall, handle: RunningCall): Promise<'AGAIN' | 'DONE'>;
}

export interface AttemptRunsOptions {
  readonly db: Database;
  readonly transitions: Transitions;
  readonly conclusions: Conclusions;
  readonly requests: Requests;
  readonly files: Pick<UpstreamFiles, 'forget' | 'proved'>;
  readonly tasks: TaskOpener;
  readonly instanceId: string;
  /** Names the upstream, so that its ids are never shown to another one. */
  readonly upstream: string;
  /** Whether the upstream is asked to work in the background. */
  readonly background: boolean;
  readonly policy: ApiPolicy;
  readonly timeLimit: Pick<TimeLimit, 'deadlineMs'>;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

/** What is recorded of an attempt that begins. */
interface Start {
  readonly plan: Plan;
  readonly inBackground: boolean;
  readonly route: RefineRoute | null;
  readonly contextImageId: string | null;
}

export function createAttemptRuns(options: AttemptRunsOptions): AttemptRuns {
  const { db, transitions, conclusions, requests, files, tasks, instanceId, upstream, policy, timeLimit, nowMs } =
    options;
  // What an upstream refuses once, for this account, it refuses always.
  let background = options.background;
  let together = true;

  async function begin(queued: GenerationCall, handle: RunningCall): Promise<'AGAIN' | 'DONE'> {
    const { current: strategy, next, contextImageId } = await requests.strategiesFor(queued);
    const plan = planAttempt(
      queued.request,
      strategy,
      { policy, together },
      await findAttemptTasks(db, queued.id, queued.attempts),
    );
    const inBackground = background && plan.api === 'RESPONSES';
    const start = { plan, inBackground, route: strategy?.route ?? null, contextImageId };
    const call = await recordStart(queued, start);
    const timeLeftMs = timeLimit.deadlineMs(call) - nowMs();
    handle.begin({ background: inBackground, unnamed: plan.tasks, timeLeftMs });
    const writer = { instanceId, attempt: call.attempts };
    const opened = await Promise.all(
      plan.tasks.map((task) => tasks.open(call, writer, { ...plan, task, background: inBackground }, handle)),
    );
    // Every task asks for the same: its pictures are laid up once.
    const request = requests.requestFor(call, { strategy, plan, background: inBackground }, handle.signal);
    request.catch(() => undefined);
    const forgetFiles = async () => files.forget(picturesOf(await request));
    const running = { call, writer, tasks: opened, next, forgetFiles };
    const ends = await runTasks(options, running, handle, async (task, asked) => {
      const built = await request;
      handle.signal.throwIfAborted();
      await task.attempt.begin(built, asked);
      files.proved(picturesOf(built));
      return null;
    });
    for (const { reason } of ends) learn(reason);
    return conclusions.conclude(running, ends);
  }

  /** The attempt stands in the record before the upstream is asked (promise 6). @returns the call as it then is */
  async function recordStart(call: GenerationCall, start: Start): Promise<GenerationCall> {
    const { plan, inBackground, route, contextImageId } = start;
    const attempt = call.attempts + 1;
    const rowOf = (task: number, at: string) => ({
      call_id: call.id,
      attempt,
      task,
      principal: call.principal,
      api: plan.api,
      pictures: plan.pictures,
      again: 0,
      route,
      started_at: at,
      state: 'ASKED',
      background: Number(inBackground),
    });
    const { at: startedAt } = await transitions.record(
      call.id,
      { type: 'GenerationStarted', attempt },
      {
        claimant: instanceId,
        onlyFrom: 'QUEUED',
        change: {
          attempts: attempt,
          route,
          upstream,
          response_id: null,
          context_open: 0,
          context_image_id: contextImageId,
          not_before: null,
        },
        also: (transaction, at) => {
          const rows = plan.tasks.map((task) => rowOf(task, at));
          return insertAttempts(transaction, rows);
        },
      },
    );
    return { ...call, attempts: attempt, startedAt: call.startedAt ?? startedAt };
  }

  function learn(reason: unknown): void {
    if (!(reason instanceof ProviderError)) return;
    if (reason.kind === 'BACKGROUND_REFUSED') background = false;
    if (reason.kind === 'API_REFUSED') together = false;
  }

  async function goOn(call: GenerationCall, handle: RunningCall): Promise<'AGAIN' | 'DONE'> {
    const rows = await findAttemptTasks(db, call.id, call.attempts);
    if (rows.length === 0) throw new Error(`attempt ${call.attempts} of call ${call.id} is not there`);
    const writer = { instanceId, attempt: call.attempts };
    const opened = await Promise.all(rows.map((row) => tasks.reopen(call, writer, row, handle)));
    const { next } = await requests.strategiesFor(call);
    const left = { call, writer, tasks: opened, next, forgetFiles: async () => undefined };
    const open = rows.filter((row) => row.state !== 'SETTLED');
    handle.begin({
      background: open.every(({ background: inBackground }) => inBackground === 1),
      unnamed: open.filter((row) => !isResumable(call, row)).map(({ task }) => task),
      timeLeftMs: timeLimit.deadlineMs(call) - nowMs(),
    });
    const ends = await runTasks(options, left, handle, async (task, asked) => {
      asked();
      const row = rows.find((each) => each.task === task.place.task);
      if (row === undefined || row.state === 'SETTLED') return reasonFromStored(row?.outcome ?? null);
      // Its server was stopped in the middle, and there is nothing to go on with; who had cancelled it is heard all the same.
      if (!isResumable(call, row) || row.response_id === null) {
        throw new InterruptedError(call.cancelRequestedAt === null ? 'STOP' : 'CANCEL');
      }
      handle.signal.throwIfAborted();
      await task.attempt.follow(row.response_id);
      return null;
    });
    return conclusions.conclude(left, ends);
  }

  function isResumable(call: GenerationCall, row: AttemptRow): boolean {
    return row.background === 1 && row.response_id !== null && call.upstream === upstream;
  }

  return { begin, goOn };
}

/** The pictures that a request carries or names. */
function picturesOf({ context, mask }: ProviderRequest): readonly ProviderPicture[] {
  const sources = context.route === 'IMAGE_BYTES' ? context.pictures : [];
  return mask === null ? sources : [...sources, mask];
}
