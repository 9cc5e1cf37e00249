/**
 * The only place that writes the states of calls and attempts. One transaction holds the event, the change of its call
 * and the rows that belong to it (an image, an attempt). It checks what must hold before and notifies readers after the
 * commit. Each row that decides a write is locked when it is read.
 */
import type { Updateable } from 'kysely';
import { closeReservation } from '../billing/reservations.ts';
import type { Database, DatabaseTransaction } from '../db/database.ts';
import type { AttemptKey } from '../db/queries/attempts.ts';
import { insertCall } from '../db/queries/calls.ts';
import { type AttemptChange, lockAttempt, updateAttempt } from '../db/queries/engine/attempts.ts';
import { type CallChange, lockCall, updateCall } from '../db/queries/engine/calls.ts';
import { hasPlace } from '../db/queries/engine/instances.ts';
import type { CallsTable } from '../db/tables/generations.ts';
import type { GenerationCall, GenerationStatus } from '../domain/generation/generation-call.ts';
import {
  type AcceptanceEventData,
  type GenerationEvent,
  type GenerationEventData,
  isTerminal,
} from '../domain/generation/generation-event.ts';
import { appendEvent, viewerKey } from '../events/log.ts';
import type { Notifier } from '../events/notifier.ts';
import { type AttemptEvent, nextAttemptState, nextCallState } from './machine.ts';

/**
 * The call does not accept this event: its state does not allow it, another server has the call, or the call was
 * deleted. Nothing was written.
 */
export class TransitionRefusedError extends Error {
  override readonly name = 'TransitionRefusedError';
}

export interface Transitions {
  /**
   * Stores a new call with its first event.
   * @param writes `before` writes the rows that the call refers to, and decides how it begins; `after` writes the rows that
   * refer to the call. When one of them throws, nothing is stored.
   */
  accept(call: NewCall, writes: { before: Write<AcceptanceEventData>; after: Write }): Promise<GenerationEvent>;
  /**
   * Appends an event and moves the call to its next state.
   * @throws {TransitionRefusedError} when the call does not accept the event
   */
  record(callId: string, data: GenerationEventData, options?: RecordOptions): Promise<GenerationEvent>;
}

/** The fields of a call that are known when it is accepted. */
export type NewCall = Pick<
  GenerationCall,
  'id' | 'principal' | 'conversationId' | 'request' | 'retryOf' | 'context' | 'createdAt'
>;

/** The other fields of a call, before anything has happened to it. */
const UNTOUCHED = {
  revisedPrompt: null,
  failure: null,
  imageFailures: [],
  route: null,
  attempts: 0,
  responseId: null,
  upstream: null,
  lastSequence: 0,
  lastPosition: 0,
  lastEventId: null,
  startedAt: null,
  firstPartialAt: null,
  completedAt: null,
  claimedBy: null,
  notBefore: null,
  leftOut: [],
  cancelRequestedAt: null,
  deletedAt: null,
} satisfies Partial<GenerationCall>;

type Write<Result = void> = (transaction: DatabaseTransaction) => Promise<Result>;

/** Who writes: a server instance, in the attempt for which it claimed the call. */
export interface Writer {
  readonly instanceId: string;
  readonly attempt: number;
}

/**
 * Moves a request of an attempt to its next state.
 * @returns false, with nothing written, when its state does not allow the event
 */
export async function moveAttempt(
  transaction: DatabaseTransaction,
  key: AttemptKey,
  event: AttemptEvent,
  change: AttemptChange = {},
): Promise<boolean> {
  const row = await lockAttempt(transaction, key);
  const state = row === null ? null : nextAttemptState(row.state, event);
  if (state === null) return false;
  await updateAttempt(transaction, key, { ...change, state });
  return true;
}

/**
 * Checks, and keeps until the transaction ends, that the writer still has the call (promise 7).
 * @throws {TransitionRefusedError} when another writer has it
 */
export async function assertClaim(transaction: DatabaseTransaction, callId: string, writer: Writer): Promise<void> {
  const call = await lockCall(transaction, callId);
  if (call === null) throw new TransitionRefusedError(`Call ${callId} does not exist.`);
  refuseOthers(call, writer);
}

function refuseOthers({ id, claimedBy, attempts }: GenerationCall, { instanceId, attempt }: Writer): void {
  if (claimedBy === instanceId && attempts === attempt) return;
  throw new TransitionRefusedError(`Call ${id} belongs to another writer.`);
}

export interface RecordOptions {
  /** The writer that must have the call. Without it no claim is checked: for calls that no server is running. */
  readonly writer?: Writer;
  /** The instance that claims the call with this event. An instance that has lost its lease can claim nothing. */
  readonly claimant?: string;
  /** The only status in which the event is accepted. */
  readonly onlyFrom?: GenerationStatus;
  readonly change?: CallChange;
  /** Writes the rows that belong to the event, in its transaction. */
  readonly also?: (transaction: DatabaseTransaction, at: string) => Promise<void>;
}

export function createTransitions(options: { db: Database; notifier: Notifier; now: () => string }): Transitions {
  const { db, notifier, now } = options;

  function announce(event: GenerationEvent, principal: string): GenerationEvent {
    notifier.notify(event.callId, event.conversationId, viewerKey(principal));
    return event;
  }

  return {
    async accept(accepted, { before, after }) {
      const event = await db.transaction().execute(async (transaction) => {
        const data = await before(transaction);
        const status = nextCallState('NEW', data.type);
        if (status === null) throw new TransitionRefusedError(`A new call cannot begin with ${data.type}.`);
        const call = { ...UNTOUCHED, ...accepted, status };
        await insertCall(transaction, call);
        await after(transaction);
        return writeEvent(transaction, call, status, data, call.createdAt, {});
      });
      return announce(event, accepted.principal);
    },

    async record(callId, data, recordOptions = {}) {
      const { claimant, change, also } = recordOptions;
      const at = now();
      const { event, principal } = await db.transaction().execute(async (transaction) => {
        const call = await lockCall(transaction, callId);
        if (call === null) throw new TransitionRefusedError(`Call ${callId} does not exist.`);
        const status = await nextStatus(transaction, call, data, recordOptions);
        await also?.(transaction, at);
        // Before the event: transactions that accept calls lock sums of budgets before conversations, too.
        if (isTerminal(data.type)) await closeReservation(transaction, callId);
        const claim = claimant === undefined ? {} : { claimed_by: claimant };
        const written = await writeEvent(transaction, call, status, data, at, { ...change, ...claim });
        return { event: written, principal: call.principal };
      });
      return announce(event, principal);
    },
  };
}

/** @throws {TransitionRefusedError} when the call does not accept the event */
async function nextStatus(
  transaction: DatabaseTransaction,
  call: GenerationCall,
  { type }: GenerationEventData,
  { writer, claimant, onlyFrom }: RecordOptions,
): Promise<GenerationStatus> {
  if (writer !== undefined) refuseOthers(call, writer);
  if (claimant !== undefined && !(await hasPlace(transaction, claimant))) {
    throw new TransitionRefusedError(`Instance ${claimant} has lost its lease and cannot record ${type}.`);
  }
  const status = nextCallState(call.status, type);
  if (status === null || (onlyFrom !== undefined && call.status !== onlyFrom)) {
    throw new TransitionRefusedError(`Call ${call.id} is ${call.status} and does not accept ${type}.`);
  }
  return status;
}

async function writeEvent(
  transaction: DatabaseTransaction,
  call: GenerationCall,
  status: GenerationStatus,
  data: GenerationEventData,
  at: string,
  change: CallChange,
): Promise<GenerationEvent> {
  const event = await appendEvent(transaction, call, data, at);
  await updateCall(transaction, call.id, {
    ...change,
    ...timesOf(call, data, at),
    status,
    last_sequence: event.sequence,
    last_position: event.position,
    last_event_id: event.id,
  });
  return event;
}

/** The times that a call keeps of its events. */
function timesOf(call: GenerationCall, { type }: GenerationEventData, at: string): Updateable<CallsTable> {
  if (isTerminal(type)) return { completed_at: at };
  if (type === 'GenerationStarted' && call.startedAt === null) return { started_at: at };
  if (type === 'PartialImageReceived' && call.firstPartialAt === null) return { first_partial_at: at };
  return {};
}
