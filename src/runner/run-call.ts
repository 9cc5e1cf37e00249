/** Runs a call, attempt by attempt, until it has ended, waits again, or belongs to another server. */
import { findCall, takeOverCall } from '../db/queries/engine/calls.ts';
import type { GenerationCall } from '../domain/generation/generation-call.ts';
import type { Work, WorkQueue } from '../queue/work-queue.ts';
import { type CallDeadline, expireCall } from './endings/deadline.ts';
import type { RunnerContext } from './options.ts';
import type { AttemptRunner } from './run-attempt.ts';
import type { Slot } from './slot.ts';
import type { CallInterrupts } from './tasks/interrupt.ts';

export interface CallRunnerOptions {
  readonly context: RunnerContext;
  readonly attempts: AttemptRunner;
  readonly deadline: CallDeadline;
  readonly enqueue: WorkQueue['enqueue'];
  readonly instanceId: string;
}

export class CallRunner {
  readonly #options: CallRunnerOptions;
  /** True once no attempt may start any more. */
  isStopping = false;

  constructor(options: CallRunnerOptions) {
    this.#options = options;
  }

  async run(callId: string, interrupts: CallInterrupts, slot: Slot): Promise<void> {
    for (;;) {
      const call = await findCall(this.#options.context.db, callId);
      if (call === null || call.completedAt !== null || call.status === 'AWAITING_APPROVAL') return;
      if (call.cancelRequestedAt !== null) interrupts.cancel();
      const result =
        call.status === 'QUEUED'
          ? await this.#start(call, interrupts, slot)
          : await this.#resume(call, interrupts, slot);
      if (result === 'DONE') return;
    }
  }

  async #start(call: GenerationCall, interrupts: CallInterrupts, slot: Slot) {
    const { context, attempts, deadline, enqueue } = this.#options;
    if (call.cancelRequestedAt !== null) {
      await context.transitions.record(call.id, { type: 'GenerationCancelled' }, { onlyFrom: 'QUEUED' });
      return 'DONE';
    }
    if (this.isStopping) return 'DONE';
    if (deadline.isOver(call)) {
      await expireCall(context, call);
      return 'DONE';
    }
    const isEarly = call.notBefore !== null && Date.parse(call.notBefore) > context.clock.nowMs();
    // A call that has left its slot needs another one for its next attempt.
    if (isEarly || slot.isLeft) {
      await enqueue(workOf(call));
      return 'DONE';
    }
    return attempts.start(call, interrupts, slot);
  }

  async #resume(call: GenerationCall, interrupts: CallInterrupts, slot: Slot) {
    const { context, attempts, instanceId } = this.#options;
    if (call.claimedBy !== instanceId && !(await takeOverCall(context.db, call.id, instanceId))) return 'DONE';
    context.logger.info({ callId: call.id, attempt: call.attempts }, 'resuming a call that was interrupted');
    return attempts.resume(call, interrupts, slot);
  }
}

/** A call as the queue takes it. */
export function workOf({ id: callId, principal, request, notBefore }: GenerationCall): Work {
  return { callId, principal, images: request.count, notBefore };
}
