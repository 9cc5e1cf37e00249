/** Runs the tasks of an attempt in parallel until each has ended, and records each end when it happens. */
import type { Logger } from 'pino';
import type { ProviderError } from '../../provider/image-provider.ts';
import { TransitionRefusedError } from '../../state/transitions.ts';
import type { AttemptFinisher } from '../endings/finish-attempt.ts';
import type { TaskEnd } from '../endings/task-end.ts';
import type { CallInterrupts } from './interrupt.ts';
import type { RunningAttempt, Task } from './task.ts';

/**
 * Brings one task to its end. Resolves with the error of a task that had ended before; null when it ended well.
 * @param onSending to be called when the upstream may know of the request
 */
export type TaskWork = (task: Task, onSending: () => void) => Promise<ProviderError | null>;

export interface RunTasksOptions {
  readonly finisher: Pick<AttemptFinisher, 'taskEnded'>;
  readonly logger: Logger;
}

/** Resolves when all tasks have ended; an error in one of them is part of its end. */
export function runTasks(
  { finisher, logger }: RunTasksOptions,
  attempt: RunningAttempt,
  interrupts: CallInterrupts,
  work: TaskWork,
): Promise<readonly TaskEnd[]> {
  const runTask = async (task: Task): Promise<TaskEnd> => {
    let wasSent = false;
    const error: unknown = await work(task, () => {
      wasSent = true;
    }).catch((thrown: unknown) => thrown);
    const end = { task, error, wasSent };
    interrupts.taskEnded(task.key.task);
    if (attempt.tasks.length === 1) return end;
    try {
      await finisher.taskEnded(attempt, end);
      return end;
    } catch (failed) {
      // It is recorded again with the end of the attempt, unless another server has the call by now.
      logger.warn({ err: failed, callId: attempt.call.id }, 'the end of a task could not be recorded yet');
      return failed instanceof TransitionRefusedError ? { ...end, error: failed } : end;
    }
  };
  return Promise.all(attempt.tasks.map(runTask));
}
