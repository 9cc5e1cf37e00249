/**
 * How a call that runs here is interrupted. Some interruptions have to wait: a background response whose id is not known
 * yet can be neither cancelled nor left to another server. Closing its connection would leave it running at the upstream,
 * paid for and out of reach.
 */

/** Why a running call is interrupted. */
export type Interruption =
  /** Somebody cancelled the call. */
  | 'CANCEL'
  /** The server stops, and another one can resume the call. */
  | 'RELEASE'
  /** The server stops, and nobody can resume the call. */
  | 'STOP'
  /** The call's time is over. */
  | 'DEADLINE';

export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  readonly interruption: Interruption;

  constructor(interruption: Interruption) {
    super(`interrupted: ${interruption}`);
    this.interruption = interruption;
  }
}

export interface CallInterrupts {
  /** Aborts with an InterruptedError. */
  readonly signal: AbortSignal;
  /** An attempt starts or is resumed. */
  attemptStarted(attempt: AttemptTerms): void;
  /** The id of the task's response is known and stored. */
  responseNamed(task: number): void;
  taskEnded(task: number): void;
  cancel(): void;
  /** Leaves the call to another server, at once or as soon as another server can resume it. */
  release(): void;
  /** Interrupts the call at once, whatever it is doing. */
  stop(): void;
  /** Stops the timer of the deadline. */
  dispose(): void;
}

export interface AttemptTerms {
  readonly background: boolean;
  /** The tasks whose response ids are not known yet; the others could be resumed. */
  readonly unnamed: readonly number[];
  /** How much time the call has left, in milliseconds. */
  readonly timeLeftMs: number;
}

/** The longest delay that setTimeout supports. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export function createCallInterrupts(): CallInterrupts {
  const controller = new AbortController();
  const interrupt = (why: Interruption) => controller.abort(new InterruptedError(why));
  let deadline: NodeJS.Timeout | undefined;
  let background = false;
  let unnamed = new Set<number>();
  let isStarted = false;
  /** Waits until the ids of all responses are known. */
  let pending: 'CANCEL' | 'RELEASE' | null = null;

  function settlePending(): void {
    if (!isStarted) return;
    const isResumable = background && unnamed.size === 0;
    if (pending === 'CANCEL' && (!background || isResumable)) interrupt('CANCEL');
    if (pending === 'RELEASE' && isResumable) interrupt('RELEASE');
  }

  function removeUnnamed(task: number): void {
    unnamed.delete(task);
    settlePending();
  }

  return {
    signal: controller.signal,
    attemptStarted(attempt) {
      background = attempt.background;
      unnamed = new Set(attempt.unnamed);
      isStarted = true;
      clearTimeout(deadline);
      deadline = setTimeout(() => interrupt('DEADLINE'), Math.min(Math.max(attempt.timeLeftMs, 0), MAX_TIMER_MS));
      settlePending();
    },
    responseNamed: removeUnnamed,
    taskEnded: removeUnnamed,
    cancel() {
      pending = 'CANCEL';
      settlePending();
    },
    release() {
      pending ??= 'RELEASE';
      settlePending();
    },
    stop: () => interrupt('STOP'),
    dispose: () => clearTimeout(deadline),
  };
}
