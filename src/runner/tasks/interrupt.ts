/**
 * The handle on a call that is being worked on: how it is interrupted, by whom, and when. Some interruptions have to
 * wait: a background response without a name can be neither cancelled nor left to another server, so that hanging up
 * before the upstream has named it would leave it running, paid for and out of reach.
 */
import { InterruptedError, type Interruption } from './follow-upstream.ts';

export interface RunningCall {
  /** Aborts with an InterruptedError. */
  readonly signal: AbortSignal;
  /** An attempt begins, or goes on. */
  begin(attempt: AttemptTerms): void;
  /** The upstream has named the response of a task. */
  accepted(task: number): void;
  /** There is nothing more to wait for in a task. */
  ended(task: number): void;
  cancel(): void;
  /** Leaves it to another server, now or as soon as that can go on. */
  release(): void;
  /** Ends it whatever it is at. */
  stop(): void;
  close(): void;
}

export interface AttemptTerms {
  readonly background: boolean;
  /** The tasks whose responses the upstream has not named yet; the others go on without us. */
  readonly unnamed: readonly number[];
  /** How long it may still take, in milliseconds. */
  readonly timeLeftMs: number;
}

/** setTimeout takes no more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function openRunningCall(): RunningCall {
  const controller = new AbortController();
  const interrupt = (why: Interruption) => controller.abort(new InterruptedError(why));
  let deadline: NodeJS.Timeout | undefined;
  let background = false;
  let unnamed = new Set<number>();
  let begun = false;
  /** What waits for the upstream to name its responses. */
  let pending: 'CANCEL' | 'RELEASE' | null = null;

  function settlePending(): void {
    if (!begun) return;
    const isResumable = background && unnamed.size === 0;
    if (pending === 'CANCEL' && (!background || isResumable)) interrupt('CANCEL');
    if (pending === 'RELEASE' && isResumable) interrupt('RELEASE');
  }

  function named(task: number): void {
    unnamed.delete(task);
    settlePending();
  }

  return {
    signal: controller.signal,
    begin(attempt) {
      background = attempt.background;
      unnamed = new Set(attempt.unnamed);
      begun = true;
      clearTimeout(deadline);
      deadline = setTimeout(() => interrupt('DEADLINE'), Math.min(Math.max(attempt.timeLeftMs, 0), LONGEST_TIMER_MS));
      settlePending();
    },
    accepted: named,
    ended: named,
    cancel() {
      pending = 'CANCEL';
      settlePending();
    },
    release() {
      pending ??= 'RELEASE';
      settlePending();
    },
    stop: () => interrupt('STOP'),
    close: () => clearTimeout(deadline),
  };
}
