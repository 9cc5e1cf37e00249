/** Works on the tasks of an attempt side by side until each has ended, and records each end as it comes. */
import type { Logger } from 'pino';
import type { ProviderError } from '../../provider/image-provider.ts';
import { TransitionRefusedError } from '../../state/transitions.ts';
import type { Conclusions } from '../endings/finish-attempt.ts';
import type { RunningCall } from './interrupt.ts';
import type { RunningAttempt, Task, TaskEnd } from './task.ts';

/** Brings one task to its end; `asked` is called when the upstream may know of it. What it resolves with is why it ended. */
export type TaskWork = (task: Task, asked: () => void) => Promise<ProviderError | null>;

export interface RunTasksOptions {
  readonly conclusions: Pick<Conclusions, 'taskEnded'>;
  readonly logger: Logger;
}

/** Resolves when all tasks have ended; never rejects for what happens in one. */
export function runTasks(
  { conclusions, logger }: RunTasksOptions,
  attempt: RunningAttempt,
  handle: RunningCall,
  work: TaskWork,
): Promise<readonly TaskEnd[]> {
  const run = async (task: Task): Promise<TaskEnd> => {
    let wasAsked = false;
    const reason: unknown = await work(task, () => {
      wasAsked = true;
    }).catch((error: unknown) => error);
    const end = { task, reason, wasAsked };
    handle.ended(task.place.task);
    if (attempt.tasks.length === 1) return end;
    try {
      await conclusions.taskEnded(attempt, end);
      return end;
    } catch (error) {
      // What could not be recorded now is recorded with the end of the attempt, unless the call is another's by now.
      logger.warn({ err: error, callId: attempt.call.id }, 'the end of a task could not be recorded yet');
      return error instanceof TransitionRefusedError ? { ...end, reason: error } : end;
    }
  };
  return Promise.all(attempt.tasks.map(run));
}
