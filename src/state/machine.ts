/**
 * The states of a call and of its attempts, and what moves them: pure, total tables. Every (state, event) pair has an
 * entry; null means that the event cannot happen there, and whoever tries to record it has a defect or has lost a race
 * (transitions.ts refuses it).
 */
import type { GenerationStatus } from '../domain/generation-call.ts';
import type { GenerationEventType } from '../domain/generation-event.ts';

/** A call that was not accepted yet is NEW. */
export type CallState = GenerationStatus | 'NEW';

type Row<Event extends string, State> = Readonly<Record<Event, State | null>>;

const CALL_TAKES_NOTHING: Row<GenerationEventType, GenerationStatus> = {
  GenerationQueued: null,
  GenerationStarted: null,
  PartialImageReceived: null,
  ImageCompleted: null,
  ImageFailed: null,
  GenerationRetrying: null,
  GenerationCompleted: null,
  GenerationFailed: null,
  GenerationCancelled: null,
};

export const CALL_TRANSITIONS: Readonly<Record<CallState, Row<GenerationEventType, GenerationStatus>>> = {
  NEW: { ...CALL_TAKES_NOTHING, GenerationQueued: 'QUEUED' },
  QUEUED: {
    ...CALL_TAKES_NOTHING,
    GenerationStarted: 'IN_PROGRESS',
    // The call's time was over while it waited for its next attempt: what came before is kept, and what did not is told.
    ImageFailed: 'QUEUED',
    GenerationCompleted: 'COMPLETED',
    GenerationFailed: 'FAILED',
    GenerationCancelled: 'CANCELLED',
  },
  IN_PROGRESS: {
    ...CALL_TAKES_NOTHING,
    PartialImageReceived: 'IN_PROGRESS',
    ImageCompleted: 'IN_PROGRESS',
    ImageFailed: 'IN_PROGRESS',
    // A call that will be tried again waits like one that was never tried.
    GenerationRetrying: 'QUEUED',
    GenerationCompleted: 'COMPLETED',
    GenerationFailed: 'FAILED',
    GenerationCancelled: 'CANCELLED',
  },
  COMPLETED: CALL_TAKES_NOTHING,
  FAILED: CALL_TAKES_NOTHING,
  CANCELLED: CALL_TAKES_NOTHING,
};

/** The state behind `event`, or null when it cannot happen in `state`. */
export function nextCallState(state: CallState, event: GenerationEventType): GenerationStatus | null {
  return CALL_TRANSITIONS[state][event];
}

/**
 * What is known of one request to the upstream: nothing yet, that the upstream has it, how it ended, or that this
 * cannot be known for now.
 */
export const ATTEMPT_STATES = ['ASKED', 'ACCEPTED', 'UNKNOWN', 'SETTLED'] as const;
export type AttemptState = (typeof ATTEMPT_STATES)[number];

/** `accepted`: the upstream named its response · `settled`: its end is known · `lost`: nobody here can tell any more. */
export const ATTEMPT_EVENTS = ['accepted', 'settled', 'lost'] as const;
export type AttemptEvent = (typeof ATTEMPT_EVENTS)[number];

export const ATTEMPT_TRANSITIONS: Readonly<Record<AttemptState, Row<AttemptEvent, AttemptState>>> = {
  ASKED: { accepted: 'ACCEPTED', settled: 'SETTLED', lost: 'UNKNOWN' },
  // A response that is read again introduces itself again.
  ACCEPTED: { accepted: 'ACCEPTED', settled: 'SETTLED', lost: 'UNKNOWN' },
  // Asking the upstream later can still settle it (reconciliation); losing it again changes nothing.
  UNKNOWN: { accepted: null, settled: 'SETTLED', lost: 'UNKNOWN' },
  SETTLED: { accepted: null, settled: null, lost: null },
};

export function nextAttemptState(state: AttemptState, event: AttemptEvent): AttemptState | null {
  return ATTEMPT_TRANSITIONS[state][event];
}
