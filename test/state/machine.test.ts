/** The state machine of a call and that of its attempts, cell by cell against tables that are written out here. */
import { describe, expect, it } from 'vitest';
import { GENERATION_STATUSES } from '../../src/domain/generation-call.ts';
import { type GenerationEventType, isTerminal } from '../../src/domain/generation-event.ts';
import {
  ATTEMPT_EVENTS,
  ATTEMPT_STATES,
  ATTEMPT_TRANSITIONS,
  type AttemptEvent,
  type AttemptState,
  CALL_TRANSITIONS,
  type CallState,
  nextAttemptState,
  nextCallState,
} from '../../src/state/machine.ts';

const STATES: readonly CallState[] = ['NEW', ...GENERATION_STATUSES];
const NO = null;

/** Rows are events; columns are the states before them. */
const EXPECTED: Readonly<Record<GenerationEventType, Readonly<Record<CallState, CallState | null>>>> = {
  GenerationQueued: { NEW: 'QUEUED', QUEUED: NO, IN_PROGRESS: NO, COMPLETED: NO, FAILED: NO, CANCELLED: NO },
  GenerationStarted: { NEW: NO, QUEUED: 'IN_PROGRESS', IN_PROGRESS: NO, COMPLETED: NO, FAILED: NO, CANCELLED: NO },
  PartialImageReceived: { NEW: NO, QUEUED: NO, IN_PROGRESS: 'IN_PROGRESS', COMPLETED: NO, FAILED: NO, CANCELLED: NO },
  ImageCompleted: { NEW: NO, QUEUED: NO, IN_PROGRESS: 'IN_PROGRESS', COMPLETED: NO, FAILED: NO, CANCELLED: NO },
  ImageFailed: { NEW: NO, QUEUED: 'QUEUED', IN_PROGRESS: 'IN_PROGRESS', COMPLETED: NO, FAILED: NO, CANCELLED: NO },
  GenerationRetrying: { NEW: NO, QUEUED: NO, IN_PROGRESS: 'QUEUED', COMPLETED: NO, FAILED: NO, CANCELLED: NO },
  GenerationCompleted: {
    NEW: NO,
    QUEUED: 'COMPLETED',
    IN_PROGRESS: 'COMPLETED',
    COMPLETED: NO,
    FAILED: NO,
    CANCELLED: NO,
  },
  GenerationFailed: { NEW: NO, QUEUED: 'FAILED', IN_PROGRESS: 'FAILED', COMPLETED: NO, FAILED: NO, CANCELLED: NO },
  GenerationCancelled: {
    NEW: NO,
    QUEUED: 'CANCELLED',
    IN_PROGRESS: 'CANCELLED',
    COMPLETED: NO,
    FAILED: NO,
    CANCELLED: NO,
  },
};
// The keys of a record that is typed by the union are its members.
const EVENTS = Object.keys(EXPECTED) as GenerationEventType[];

const cells = EVENTS.flatMap((event) => STATES.map((state) => ({ state, event, next: EXPECTED[event][state] })));

describe('the state machine of a call', () => {
  it.each(cells)('$state, $event: $next', ({ state, event, next }) => {
    expect(nextCallState(state, event)).toBe(next);
  });

  it('is total: every state has every event and nothing else', () => {
    expect(Object.keys(CALL_TRANSITIONS).toSorted()).toEqual(STATES.toSorted());
    for (const row of Object.values(CALL_TRANSITIONS)) expect(Object.keys(row).toSorted()).toEqual(EVENTS.toSorted());
  });

  it('promise 3: takes nothing in a terminal state, and every terminal event leads to one', () => {
    const terminal: readonly CallState[] = ['COMPLETED', 'FAILED', 'CANCELLED'];
    for (const { state, event, next } of cells) {
      if (terminal.includes(state)) expect(nextCallState(state, event)).toBeNull();
      if (next !== null) expect(terminal.includes(next)).toBe(isTerminal(event));
    }
  });
});

/** Rows are events; columns are the states before them. */
const EXPECTED_OF_ATTEMPTS: Readonly<Record<AttemptEvent, Readonly<Record<AttemptState, AttemptState | null>>>> = {
  accepted: { ASKED: 'ACCEPTED', ACCEPTED: 'ACCEPTED', UNKNOWN: NO, SETTLED: NO },
  settled: { ASKED: 'SETTLED', ACCEPTED: 'SETTLED', UNKNOWN: 'SETTLED', SETTLED: NO },
  lost: { ASKED: 'UNKNOWN', ACCEPTED: 'UNKNOWN', UNKNOWN: 'UNKNOWN', SETTLED: NO },
};

describe('the state machine of an attempt', () => {
  const attemptCells = ATTEMPT_EVENTS.flatMap((event) =>
    ATTEMPT_STATES.map((state) => ({ state, event, next: EXPECTED_OF_ATTEMPTS[event][state] })),
  );

  it.each(attemptCells)('$state, $event: $next', ({ state, event, next }) => {
    expect(nextAttemptState(state, event)).toBe(next);
  });

  it('is total: every state has every event and nothing else', () => {
    expect(Object.keys(ATTEMPT_TRANSITIONS).toSorted()).toEqual(ATTEMPT_STATES.toSorted());
    for (const row of Object.values(ATTEMPT_TRANSITIONS)) {
      expect(Object.keys(row).toSorted()).toEqual(ATTEMPT_EVENTS.toSorted());
    }
  });

  it('takes nothing once its end is known', () => {
    for (const event of ATTEMPT_EVENTS) expect(nextAttemptState('SETTLED', event)).toBeNull();
  });
});
