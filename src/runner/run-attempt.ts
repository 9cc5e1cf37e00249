/**
 * Runs one attempt at a call to its end: a new attempt, or one that was interrupted, by a crash of this or another server
 * or by a failed write.
 */
import { type AttemptRow, findAttemptTasks } from '../db/queries/engine/attempts.ts';
import type { GenerationCall } from '../domain/generation/generation-call.ts';
import { isDeferred } from '../domain/generation/options.ts';
import type { InputImage, ProviderRequest } from '../provider/image-provider.ts';
import type { CallDeadline } from './endings/deadline.ts';
import type { AttemptFinisher } from './endings/finish-attempt.ts';
import type { AttemptResult } from './endings/schedule-retry.ts';
import { errorFromStored } from './endings/task-end.ts';
import type { RunnerContext, Upstream } from './options.ts';
import type { ContextChoice, RequestBuilder, RequestTerms } from './requests/build-request.ts';
import { planAttempt } from './requests/plan.ts';
import type { UpstreamFiles } from './requests/upstream-files.ts';
import { type AskedRequest, UpstreamSupport } from './requests/upstream-support.ts';
import { type Slot, SlotTasks } from './slot.ts';
import { recordAttemptStart } from './start-attempt.ts';
import { type CallInterrupts, InterruptedError } from './tasks/interrupt.ts';
import { openTask, reopenTasks, type TaskContext } from './tasks/open-task.ts';
import { runTasks } from './tasks/run-tasks.ts';

export interface AttemptRunnerOptions {
  readonly context: RunnerContext;
  readonly taskContext: TaskContext;
  readonly upstream: Upstream;
  readonly requests: RequestBuilder;
  readonly files: Pick<UpstreamFiles, 'forget' | 'confirm'>;
  readonly finisher: AttemptFinisher;
  readonly deadline: CallDeadline;
  readonly instanceId: string;
}

interface PreparedAttempt extends Pick<ContextChoice, 'next' | 'contextImageId'> {
  readonly terms: RequestTerms;
  readonly asked: AskedRequest;
}

export class AttemptRunner {
  readonly #options: AttemptRunnerOptions;
  readonly #support: UpstreamSupport;

  constructor(options: AttemptRunnerOptions) {
    this.#options = options;
    this.#support = new UpstreamSupport({ ...options.upstream, logger: options.context.logger });
  }

  /** Starts the next attempt of a queued call: it is stored, then the upstream is asked. */
  async start(queued: GenerationCall, interrupts: CallInterrupts, slot: Slot): Promise<AttemptResult> {
    const { context, taskContext, requests, files, finisher, instanceId } = this.#options;
    const { terms, asked, next, contextImageId } = await this.#prepare(queued);
    const { plan, background, leftOut } = terms;
    const start = { plan, background, route: terms.strategy?.route ?? null, contextImageId, leftOut, instanceId };
    const upstream = this.#options.upstream.identity;
    const call = await recordAttemptStart(context.transitions, queued, { ...start, upstream });
    const timeLeftMs = this.#timeLeftMs(call, context.clock.nowMs());
    interrupts.attemptStarted({ background, unnamed: plan.tasks, timeLeftMs });
    const writer = { instanceId, attempt: call.attempts };
    const owner = { call, writer, interrupts };
    const tasks = plan.tasks.map((task) => openTask(taskContext, owner, { ...plan, task, background }));
    // All tasks send the same request: its images are uploaded once.
    const request = requests.build(call, terms, interrupts.signal);
    request.catch(() => undefined);
    const forgetFiles = async () => files.forget(call.principal, picturesOf(await request));
    const attempt = { call, writer, tasks, nextStrategy: next, forgetFiles };
    const slotTasks = new SlotTasks(slot, plan.tasks);
    const ends = await runTasks({ finisher, logger: context.logger }, attempt, interrupts, async (task, onSending) => {
      const { task: index } = task.key;
      try {
        const built = await request;
        interrupts.signal.throwIfAborted();
        const waiting = await task.follower.create(built, onSending);
        files.confirm(picturesOf(built));
        if (waiting === null) return null;
        slotTasks.waits(index);
        await task.follower.follow(waiting);
        return null;
      } catch (error) {
        // At once: the other requests of the attempt can take hours.
        this.#support.learnFrom(error, asked);
        throw error;
      } finally {
        slotTasks.ended(index);
      }
    });
    return finisher.finish(attempt, ends);
  }

  /** Decides what the next attempt asks for, by what the upstream is known to support. */
  async #prepare(queued: GenerationCall): Promise<PreparedAttempt> {
    const { context, upstream, requests } = this.#options;
    const support = this.#support;
    const { current: strategy, next, contextImageId } = await requests.chooseContext(queued, support.continues);
    const earlier = await findAttemptTasks(context.db, queued.id, queued.attempts);
    const options = { policy: upstream.apiPolicy, allowsBatch: support.batches };
    const plan = planAttempt(queued.request, strategy, options, earlier);
    const { model, mainlineModel, completionWindow } = queued.request.settings;
    const deferred = isDeferred(completionWindow);
    const background = (support.background || deferred) && plan.api === 'RESPONSES';
    // A window needs a stored response. An upstream that stores nothing refuses it, which is for the client to know.
    const store = support.stores || (deferred && upstream.retainsResponses);
    const asked = { api: plan.api, settings: { model, mainlineModel } };
    const terms = { strategy, plan, background, store, leftOut: support.leftOutOf(asked) };
    return { terms, asked, next, contextImageId };
  }

  /** Resumes the newest attempt of a call that this instance has claimed, from what is stored of it. */
  async resume(call: GenerationCall, interrupts: CallInterrupts, slot: Slot): Promise<AttemptResult> {
    const { context, taskContext, requests, finisher, instanceId } = this.#options;
    const rows = await findAttemptTasks(context.db, call.id, call.attempts);
    const [first] = rows;
    if (first === undefined) throw new Error(`attempt ${call.attempts} of call ${call.id} has no stored requests`);
    if (isDeferred(call.request.settings.completionWindow)) slot.leave();
    const writer = { instanceId, attempt: call.attempts };
    const tasks = await reopenTasks(taskContext, { call, writer, interrupts }, rows);
    const { next } = await requests.chooseContext(call, this.#support.continues);
    const attempt = { call, writer, tasks, nextStrategy: next, forgetFiles: async () => undefined };
    const open = rows.filter(({ state }) => state !== 'SETTLED');
    interrupts.attemptStarted({
      background: open.every(({ background }) => background),
      unnamed: open.filter((row) => !this.#isResumable(call, row)).map(({ task }) => task),
      timeLeftMs: this.#timeLeftMs(call, Date.parse(first.started_at)),
    });
    const ends = await runTasks({ finisher, logger: context.logger }, attempt, interrupts, async (task, onSending) => {
      onSending();
      const row = rows.find((each) => each.task === task.key.task);
      if (row === undefined || row.state === 'SETTLED') return errorFromStored(row?.outcome ?? null);
      // A request that cannot be resumed ended with its server. A cancellation that was stored still counts.
      if (!this.#isResumable(call, row) || row.response_id === null) {
        throw new InterruptedError(call.cancelRequestedAt === null ? 'STOP' : 'CANCEL');
      }
      interrupts.signal.throwIfAborted();
      await task.follower.follow(row.response_id);
      return null;
    });
    return finisher.finish(attempt, ends);
  }

  #isResumable(call: GenerationCall, row: AttemptRow): boolean {
    return row.background && row.response_id !== null && call.upstream === this.#options.upstream.identity;
  }

  #timeLeftMs(call: GenerationCall, startedMs: number): number {
    const { deadline, context } = this.#options;
    return deadline.attemptDeadlineMs(call, startedMs) - context.clock.nowMs();
  }
}

/** The pictures that a request sends or names. */
function picturesOf({ context, mask, markup }: ProviderRequest): readonly InputImage[] {
  const sources = context.route === 'IMAGE_BYTES' ? context.pictures : [];
  return [...sources, ...[mask, markup].filter((overlay) => overlay !== null)];
}
