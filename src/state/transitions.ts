/**
 * The one place where the states of calls and attempts are written. An event, the change of its call and what belongs to it (a
 * picture's row, an attempt's) are one transaction; it asserts what must hold before, and wakes readers afterwards.
 */
import type { Updateable } from 'kysely';
import type { Database, DatabaseTransaction } from '../db/database.ts';
import { type AttemptChange, type AttemptPlace, findAttempt, updateAttempt } from '../db/queries/attempts.ts';
import { type CallChange, findCall, insertCall, updateCall } from '../db/queries/calls.ts';
import { hasPlace } from '../db/queries/instances.ts';
import type { CallsTable } from '../db/tables.ts';
import type { GenerationCall, GenerationStatus } from '../domain/generation-call.ts';
import { type GenerationEvent, type GenerationEventData, isTerminal } from '../domain/generation-event.ts';
import { appendEvent } from '../events/log.ts';
import type { Notifier } from '../events/notifier.ts';
import { type AttemptEvent, nextAttemptState, nextCallState } from './machine.ts';

/**
 * The call cannot take this event (any more): another writer was first, the writer lost its claim, or the call is gone.
 * Nothing was written.
 */
export class TransitionRefusedError extends Error {
  override readonly name = 'TransitionRefusedError';
}

export interface Transitions {
  /** Stores a new call with its first event. `before` writes what the call's row refers to, `after` what refers to it. */
  accept(call: NewCall, writes: { before: Write; after: Write }): Promise<GenerationEvent>;
  /**
   * Appends an event and moves the call.
   * @throws {TransitionRefusedError} when the call's state does not allow the event
   */
  record(callId: string, data: GenerationEventData, options?: RecordOptions): Promise<GenerationEvent>;
}

/** A call as it is accepted: nothing has happened to it yet. */
export type NewCall = Pick<
  GenerationCall,
  'id' | 'principal' | 'conversationId' | 'request' | 'retryOf' | 'context' | 'createdAt'
>;

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
  startedAt: null,
  firstPartialAt: null,
  completedAt: null,
  claimedBy: null,
  notBefore: null,
  cancelRequestedAt: null,
} satisfies Partial<GenerationCall>;

type Write = (transaction: DatabaseTransaction) => Promise<void>;

/** Who writes: the instance that claimed the call, in the attempt that it claimed it for. */
export interface Writer {
  readonly instanceId: string;
  readonly attempt: number;
}

/** Moves a request of an attempt as its table allows; what it allows no longer is left undone, and false returned. */
export async function moveAttempt(
  db: Database,
  place: AttemptPlace,
  event: AttemptEvent,
  change: AttemptChange = {},
): Promise<boolean> {
  const row = await findAttempt(db, place);
  const state = row === null ? null : nextAttemptState(row.state, event);
  if (state === null) return false;
  await updateAttempt(db, place, { ...change, state });
  return true;
}

/**
 * To be asked in the transaction that writes (promise 7).
 * @throws {TransitionRefusedError} when the call has another writer by now
 */
export async function assertClaim(transaction: DatabaseTransaction, callId: string, writer: Writer): Promise<void> {
  const call = await findCall(transaction, callId);
  if (call === null) throw new TransitionRefusedError(`Call ${callId} is gone.`);
  refuseOthers(call, writer);
}

function refuseOthers({ id, claimedBy, attempts }: GenerationCall, { instanceId, attempt }: Writer): void {
  if (claimedBy === instanceId && attempts === attempt) return;
  throw new TransitionRefusedError(`Call ${id} belongs to another writer.`);
}

export interface RecordOptions {
  /** Left out, whoever writes needs no claim: for calls that nobody works on. */
  readonly writer?: Writer;
  /** The instance that claims the call by this: one that was given up claims nothing. */
  readonly claimant?: string;
  /** Only when the call stands here. */
  readonly onlyFrom?: GenerationStatus;
  readonly change?: CallChange;
  /** Rows that belong to the event. */
  readonly also?: (transaction: DatabaseTransaction, at: string) => Promise<void>;
}

export function createTransitions(options: { db: Database; notifier: Notifier; now: () => string }): Transitions {
  const { db, notifier, now } = options;

  async function write(
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
      ...momentOf(call, data, at),
      status,
      last_sequence: event.sequence,
      last_position: event.position,
    });
    return event;
  }

  function announce(event: GenerationEvent): GenerationEvent {
    notifier.notify(event.callId, event.conversationId);
    return event;
  }

  return {
    async accept(accepted, { before, after }) {
      const data = { type: 'GenerationQueued' } as const;
      const status = nextCallState('NEW', data.type);
      if (status === null) throw new TransitionRefusedError('A new call cannot be queued.');
      const call = { ...UNTOUCHED, ...accepted, status };
      const event = await db.transaction().execute(async (transaction) => {
        await before(transaction);
        await insertCall(transaction, call);
        await after(transaction);
        return write(transaction, call, status, data, call.createdAt, {});
      });
      return announce(event);
    },

    async record(callId, data, { writer, claimant, onlyFrom, change = {}, also } = {}) {
      const at = now();
      const event = await db.transaction().execute(async (transaction) => {
        const call = await findCall(transaction, callId);
        if (call === null) throw new TransitionRefusedError(`Call ${callId} is gone.`);
        if (writer !== undefined) refuseOthers(call, writer);
        if (claimant !== undefined && !(await hasPlace(transaction, claimant))) {
          throw new TransitionRefusedError(`Instance ${claimant} has lost its place: no ${data.type}.`);
        }
        const status = nextCallState(call.status, data.type);
        if (status === null || (onlyFrom !== undefined && call.status !== onlyFrom)) {
          throw new TransitionRefusedError(`Call ${callId} is ${call.status}: no ${data.type}.`);
        }
        await also?.(transaction, at);
        const claim = claimant === undefined ? {} : { claimed_by: claimant };
        return write(transaction, call, status, data, at, { ...change, ...claim });
      });
      return announce(event);
    },
  };
}

/** The moments that a call keeps of its events. */
function momentOf(call: GenerationCall, { type }: GenerationEventData, at: string): Updateable<CallsTable> {
  if (isTerminal(type)) return { completed_at: at };
  if (type === 'GenerationStarted' && call.startedAt === null) return { started_at: at };
  if (type === 'PartialImageReceived' && call.firstPartialAt === null) return { first_partial_at: at };
  return {};
}
