/** The states of a call and of its requests: what PROTOCOL.md ("The life of a call") promises of them. */
import { describe, expect, it } from 'vitest';
import { GENERATION_STATUSES, OPEN_STATUSES } from '../../src/domain/generation/generation-call.ts';
import { type GenerationEventType, isTerminal } from '../../src/domain/generation/generation-event.ts';
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
// The keys of a record that is typed by the union are its members.
const EVENTS = Object.keys(CALL_TRANSITIONS.NEW) as GenerationEventType[];
const TERMINAL: readonly CallState[] = ['COMPLETED', 'FAILED', 'CANCELLED'];

/** The states that a call passes through; null when it does not accept one of the events. */
function pathOf(events: readonly GenerationEventType[]): readonly CallState[] | null {
  const path: CallState[] = [];
  let state: CallState = 'NEW';
  for (const event of events) {
    const next = nextCallState(state, event);
    if (next === null) return null;
    path.push(next);
    state = next;
  }
  return path;
}

const QUEUED = ['GenerationQueued'] as const;
const AWAITING = ['GenerationAwaitingApproval'] as const;
const RUNNING = [...QUEUED, 'GenerationStarted'] as const;
const WAITING_FOR_RETRY = [...RUNNING, 'GenerationRetrying'] as const;

describe('the state machine of a call', () => {
  it('is total: every state has every event and nothing else', () => {
    expect(Object.keys(CALL_TRANSITIONS).toSorted()).toEqual(STATES.toSorted());
    for (const row of Object.values(CALL_TRANSITIONS)) expect(Object.keys(row).toSorted()).toEqual(EVENTS.toSorted());
  });

  it('promise 3: takes nothing in a terminal state, and every terminal event leads to one', () => {
    for (const event of EVENTS) {
      for (const state of TERMINAL) expect(nextCallState(state, event)).toBeNull();
      const next = STATES.map((state) => nextCallState(state, event)).filter((each) => each !== null);
      // Each event is accepted somewhere, and no event but a terminal one ends the call.
      expect(next.length).toBeGreaterThan(0);
      for (const each of next) expect(TERMINAL.includes(each)).toBe(isTerminal(event));
    }
  });

  it('reaches every status from NEW, and a terminal one from every status that is not', () => {
    expect(reachableFrom('NEW')).toEqual(new Set(GENERATION_STATUSES));
    for (const state of ['NEW', ...OPEN_STATUSES] as const) {
      for (const end of TERMINAL) expect(reachableFrom(state)).toContain(end);
    }
  });

  it.each(['GenerationQueued', 'GenerationAwaitingApproval'] as const)('begins with %s, which comes once', (first) => {
    expect(STATES.filter((state) => nextCallState(state, first) !== null)).toEqual(['NEW']);
  });

  it('begins with nothing else', () => {
    const first = EVENTS.filter((event) => nextCallState('NEW', event) !== null);
    expect(first.toSorted()).toEqual(['GenerationAwaitingApproval', 'GenerationQueued']);
  });

  it('leaves the wait for approval by a decision or an end, and comes there only when it is accepted', () => {
    const out = EVENTS.filter((event) => nextCallState('AWAITING_APPROVAL', event) !== null);
    expect(out.toSorted()).toEqual(['GenerationApproved', 'GenerationCancelled', 'GenerationFailed']);
    for (const state of STATES) {
      const into = EVENTS.filter((event) => nextCallState(state, event) === 'AWAITING_APPROVAL');
      expect(into).toEqual(state === 'NEW' ? ['GenerationAwaitingApproval'] : []);
      if (state !== 'AWAITING_APPROVAL') expect(nextCallState(state, 'GenerationApproved')).toBeNull();
    }
  });
});

function reachableFrom(start: CallState): ReadonlySet<CallState> {
  const reached = new Set<CallState>();
  const open: CallState[] = [start];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (const next of Object.values(CALL_TRANSITIONS[state])) {
      if (next === null || reached.has(next)) continue;
      reached.add(next);
      open.push(next);
    }
  }
  return reached;
}

describe('the life of a call', () => {
  it.each<{ what: string; events: readonly GenerationEventType[]; path: readonly CallState[] }>([
    { what: 'waits in the queue and then runs', events: RUNNING, path: ['QUEUED', 'IN_PROGRESS'] },
    {
      what: 'receives any number of partial images and images while it runs',
      events: [...RUNNING, 'PartialImageReceived', 'PartialImageReceived', 'ImageCompleted', 'ImageCompleted'],
      path: ['QUEUED', 'IN_PROGRESS', 'IN_PROGRESS', 'IN_PROGRESS', 'IN_PROGRESS', 'IN_PROGRESS'],
    },
    {
      what: 'is completed by its images, also when one of several failed',
      events: [...RUNNING, 'ImageCompleted', 'ImageFailed', 'GenerationCompleted'],
      path: ['QUEUED', 'IN_PROGRESS', 'IN_PROGRESS', 'IN_PROGRESS', 'COMPLETED'],
    },
    {
      what: 'fails when no image came',
      events: [...RUNNING, 'PartialImageReceived', 'GenerationFailed'],
      path: ['QUEUED', 'IN_PROGRESS', 'IN_PROGRESS', 'FAILED'],
    },
    {
      what: 'waits in the queue again before it is retried',
      events: [...WAITING_FOR_RETRY, 'GenerationStarted', 'ImageCompleted', 'GenerationCompleted'],
      path: ['QUEUED', 'IN_PROGRESS', 'QUEUED', 'IN_PROGRESS', 'IN_PROGRESS', 'COMPLETED'],
    },
    {
      what: 'waits in the queue when it is approved',
      events: [...AWAITING, 'GenerationApproved', 'GenerationStarted', 'ImageCompleted', 'GenerationCompleted'],
      path: ['AWAITING_APPROVAL', 'QUEUED', 'IN_PROGRESS', 'IN_PROGRESS', 'COMPLETED'],
    },
    {
      what: 'fails when it is not approved',
      events: [...AWAITING, 'GenerationFailed'],
      path: ['AWAITING_APPROVAL', 'FAILED'],
    },
    {
      what: 'can be cancelled while it waits for approval',
      events: [...AWAITING, 'GenerationCancelled'],
      path: ['AWAITING_APPROVAL', 'CANCELLED'],
    },
    {
      what: 'can be cancelled before it starts',
      events: [...QUEUED, 'GenerationCancelled'],
      path: ['QUEUED', 'CANCELLED'],
    },
    {
      what: 'can be cancelled while it runs, and keeps the images that came before',
      events: [...RUNNING, 'ImageCompleted', 'GenerationCancelled'],
      path: ['QUEUED', 'IN_PROGRESS', 'IN_PROGRESS', 'CANCELLED'],
    },
    {
      what: 'can be cancelled while it waits for a retry',
      events: [...WAITING_FOR_RETRY, 'GenerationCancelled'],
      path: ['QUEUED', 'IN_PROGRESS', 'QUEUED', 'CANCELLED'],
    },
    {
      what: 'fails from the queue when its time runs out before a retry',
      events: [...WAITING_FOR_RETRY, 'GenerationFailed'],
      path: ['QUEUED', 'IN_PROGRESS', 'QUEUED', 'FAILED'],
    },
    {
      what: 'reports missing images from the queue, then is completed, when its time runs out before a retry',
      events: [...RUNNING, 'ImageCompleted', 'GenerationRetrying', 'ImageFailed', 'GenerationCompleted'],
      path: ['QUEUED', 'IN_PROGRESS', 'IN_PROGRESS', 'QUEUED', 'QUEUED', 'COMPLETED'],
    },
  ])('$what', ({ events, path }) => {
    expect(pathOf(events)).toEqual(path);
  });

  it.each<{ what: string; events: readonly GenerationEventType[] }>([
    { what: 'receives no partial image before it starts', events: [...QUEUED, 'PartialImageReceived'] },
    { what: 'receives no image before it starts', events: [...QUEUED, 'ImageCompleted'] },
    { what: 'does not start twice without a retry', events: [...RUNNING, 'GenerationStarted'] },
    { what: 'is not retried before it has started', events: [...QUEUED, 'GenerationRetrying'] },
    { what: 'does not start before it is approved', events: [...AWAITING, 'GenerationStarted'] },
    { what: 'is not approved twice', events: [...AWAITING, 'GenerationApproved', 'GenerationApproved'] },
    { what: 'receives no image while it waits for a retry', events: [...WAITING_FOR_RETRY, 'ImageCompleted'] },
  ])('$what', ({ events }) => {
    expect(pathOf(events.slice(0, -1))).not.toBeNull();
    expect(pathOf(events)).toBeNull();
  });
});

describe('the state machine of an attempt', () => {
  it('is total: every state has every event and nothing else', () => {
    expect(Object.keys(ATTEMPT_TRANSITIONS).toSorted()).toEqual(ATTEMPT_STATES.toSorted());
    for (const row of Object.values(ATTEMPT_TRANSITIONS)) {
      expect(Object.keys(row).toSorted()).toEqual(ATTEMPT_EVENTS.toSorted());
    }
  });

  it('takes nothing once its end is known', () => {
    for (const event of ATTEMPT_EVENTS) expect(nextAttemptState('SETTLED', event)).toBeNull();
  });

  it('can be settled from every state before that', () => {
    for (const state of ATTEMPT_STATES) {
      if (state !== 'SETTLED') expect(nextAttemptState(state, 'settled')).toBe('SETTLED');
    }
  });

  it.each<{ what: string; state: AttemptState; event: AttemptEvent; next: AttemptState | null }>([
    {
      what: 'is accepted once the upstream has named its response',
      state: 'ASKED',
      event: 'accepted',
      next: 'ACCEPTED',
    },
    { what: 'stays accepted when its response is read again', state: 'ACCEPTED', event: 'accepted', next: 'ACCEPTED' },
    { what: 'is unknown when it is lost before it was accepted', state: 'ASKED', event: 'lost', next: 'UNKNOWN' },
    { what: 'is unknown when it is lost after it was accepted', state: 'ACCEPTED', event: 'lost', next: 'UNKNOWN' },
    { what: 'stays unknown when it is lost again', state: 'UNKNOWN', event: 'lost', next: 'UNKNOWN' },
    { what: 'is never followed again once it is unknown', state: 'UNKNOWN', event: 'accepted', next: null },
  ])('$what', ({ state, event, next }) => {
    expect(nextAttemptState(state, event)).toBe(next);
  });
});
