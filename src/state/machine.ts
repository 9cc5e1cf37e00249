/**
 * The states of a call and of the requests of its attempts, as pure, total tables: every (state, event) pair has an
 * entry. Null means that the state does not accept the event: whoever tries to record it has a bug or has lost a race,
 * and transitions.ts refuses it.
 */
import type { GenerationStatus } from '../domain/generation/generation-call.ts';
import type { GenerationEventType } from '../domain/generation/generation-event.ts';

/** NEW: the call is not accepted yet. */
export type CallState = GenerationStatus | 'NEW';

type Row<Event extends string, State> = Readonly<Record<Event, State | null>>;

const ACCEPTS_NOTHING: Row<GenerationEventType, GenerationStatus> = {
  GenerationQueued: null,
  GenerationAwaitingApproval: null,
  GenerationApproved: null,
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
  NEW: { ...ACCEPTS_NOTHING, GenerationQueued: 'QUEUED', GenerationAwaitingApproval: 'AWAITING_APPROVAL' },
  AWAITING_APPROVAL: {
    ...ACCEPTS_NOTHING,
    GenerationApproved: 'QUEUED',
    // It was refused, or nobody decided in time.
    GenerationFailed: 'FAILED',
    GenerationCancelled: 'CANCELLED',
  },
  QUEUED: {
    ...ACCEPTS_NOTHING,
    GenerationStarted: 'IN_PROGRESS',
    // The call's time ran out while it waited for its next attempt: it reports the images that are missing, then ends.
    ImageFailed: 'QUEUED',
    GenerationCompleted: 'COMPLETED',
    GenerationFailed: 'FAILED',
    GenerationCancelled: 'CANCELLED',
  },
  IN_PROGRESS: {
    ...ACCEPTS_NOTHING,
    PartialImageReceived: 'IN_PROGRESS',
    ImageCompleted: 'IN_PROGRESS',
    ImageFailed: 'IN_PROGRESS',
    // A call that is retried waits like a new one.
    GenerationRetrying: 'QUEUED',
    GenerationCompleted: 'COMPLETED',
    GenerationFailed: 'FAILED',
    GenerationCancelled: 'CANCELLED',
  },
  COMPLETED: ACCEPTS_NOTHING,
  FAILED: ACCEPTS_NOTHING,
  CANCELLED: ACCEPTS_NOTHING,
};

/** The state after `event`, or null when `state` does not accept it. */
export function nextCallState(state: CallState, event: GenerationEventType): GenerationStatus | null {
  return CALL_TRANSITIONS[state][event];
}

/**
 * What is known of one request to the upstream.
 * - `ASKED`: it was stored, and may have been sent.
 * - `ACCEPTED`: the upstream gave its response an id.
 * - `UNKNOWN`: its end is not known for now.
 * - `SETTLED`: its end is known.
 */
export const ATTEMPT_STATES = ['ASKED', 'ACCEPTED', 'UNKNOWN', 'SETTLED'] as const;
export type AttemptState = (typeof ATTEMPT_STATES)[number];

/** `accepted`: the upstream gave its response an id · `settled`: its end is known · `lost`: this server lost track of it. */
export const ATTEMPT_EVENTS = ['accepted', 'settled', 'lost'] as const;
export type AttemptEvent = (typeof ATTEMPT_EVENTS)[number];

export const ATTEMPT_TRANSITIONS: Readonly<Record<AttemptState, Row<AttemptEvent, AttemptState>>> = {
  ASKED: { accepted: 'ACCEPTED', settled: 'SETTLED', lost: 'UNKNOWN' },
  // A stream that is read again from its start repeats the response's id.
  ACCEPTED: { accepted: 'ACCEPTED', settled: 'SETTLED', lost: 'UNKNOWN' },
  // Reconciliation asks the upstream later and can still settle it; losing it again changes nothing.
  UNKNOWN: { accepted: null, settled: 'SETTLED', lost: 'UNKNOWN' },
  SETTLED: { accepted: null, settled: null, lost: null },
};

/** The state after `event`, or null when `state` does not accept it. */
export function nextAttemptState(state: AttemptState, event: AttemptEvent): AttemptState | null {
  return ATTEMPT_TRANSITIONS[state][event];
}
