/**
 * The states of a call and what moves it: a pure, total table. Every (state, event) pair has an entry; null means that
 * the event cannot happen there, and whoever tries to record it has a defect or has lost a race (see transitions.ts).
 */
import type { GenerationStatus } from '../domain/generation-call.ts';
import type { GenerationEventType } from '../domain/generation-event.ts';

/** A call that was not accepted yet. */
export type CallState = GenerationStatus | 'NEW';

const NOTHING: Readonly<Record<GenerationEventType, null>> = {
  GenerationQueued: null,
  GenerationStarted: null,
  PartialImageReceived: null,
  ImageCompleted: null,
  GenerationRetrying: null,
  GenerationCompleted: null,
  GenerationFailed: null,
  GenerationCancelled: null,
};

export const TRANSITIONS: Readonly<Record<CallState, Readonly<Record<GenerationEventType, GenerationStatus | null>>>> =
  {
    NEW: { ...NOTHING, GenerationQueued: 'QUEUED' },
    QUEUED: {
      ...NOTHING,
      GenerationStarted: 'IN_PROGRESS',
      GenerationFailed: 'FAILED',
      GenerationCancelled: 'CANCELLED',
    },
    IN_PROGRESS: {
      ...NOTHING,
      PartialImageReceived: 'IN_PROGRESS',
      ImageCompleted: 'IN_PROGRESS',
      // A call that will be tried again waits like one that was never tried.
      GenerationRetrying: 'QUEUED',
      GenerationCompleted: 'COMPLETED',
      GenerationFailed: 'FAILED',
      GenerationCancelled: 'CANCELLED',
    },
    COMPLETED: NOTHING,
    FAILED: NOTHING,
    CANCELLED: NOTHING,
  };

/** The state behind `event`, or null when it cannot happen in `state`. */
export function nextStatus(state: CallState, event: GenerationEventType): GenerationStatus | null {
  return TRANSITIONS[state][event];
}
