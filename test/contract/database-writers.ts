/** The part of the contract of the query layer (database.ts) that is about several writers at the same time. */
import { expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { insertCall } from '../../src/db/queries/calls.ts';
import { insertConversation, lastPosition, takePosition } from '../../src/db/queries/conversations.ts';
import {
  abandonedCalls,
  findCall,
  lockCall,
  releaseCall,
  takeOverCall,
  updateCall,
} from '../../src/db/queries/engine/calls.ts';
import { insertInstance } from '../../src/db/queries/engine/instances.ts';
import { findIdempotencyKey, insertIdempotencyKey } from '../../src/db/queries/idempotency-keys.ts';
import { AT, callOf, conversationOf, idOf, instanceOf, LATER, letters, PRINCIPAL } from './database-rows.ts';

export function describeWriters(db: () => Database): void {
  it('gives each of many writers a position of its own, as a number', async () => {
    const take = (transaction: Database) => takePosition(transaction, PRINCIPAL, 'conversation', LATER);
    const positions = await Promise.all(Array.from({ length: 20 }, () => db().transaction().execute(take)));
    expect(positions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(await lastPosition(db(), PRINCIPAL, 'conversation')).toBe(20);
  });

  it('a transaction that locks a call sees what the one before it wrote', async () => {
    await insertCall(db(), callOf('call'));
    const increment = () =>
      db()
        .transaction()
        .execute(async (transaction) => {
          const call = await lockCall(transaction, 'call');
          await updateCall(transaction, 'call', { attempts: (call?.attempts ?? 0) + 1 });
        });
    await Promise.all(Array.from({ length: 10 }, increment));
    expect(await findCall(db(), 'call')).toMatchObject({ attempts: 10 });
  });

  it('a transaction that fails leaves nothing, and others see nothing of it before its end', async () => {
    const failing = db()
      .transaction()
      .execute(async (transaction) => {
        await insertCall(transaction, callOf('call'));
        expect(await findCall(transaction, 'call')).not.toBeNull();
        expect(await findCall(db(), 'call')).toBeNull();
        throw new Error('no');
      });
    await expect(failing).rejects.toThrow('no');
    expect(await findCall(db(), 'call')).toBeNull();
  });

  it('lets one of several first uses of an idempotency key win', async () => {
    const calls = letters(5);
    for (const id of calls) await insertCall(db(), callOf(id));
    const entryOf = (callId: string) => ({ principal: PRINCIPAL, key: 'key', inputHash: 'hash', callId });
    const won = await Promise.all(calls.map((id) => insertIdempotencyKey(db(), entryOf(id), AT)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await findIdempotencyKey(db(), PRINCIPAL, 'key')).toEqual(entryOf(calls[won.indexOf(true)] ?? ''));
    // Another principal's key of the same name is its own.
    const principal = 'somebody else';
    await insertConversation(db(), conversationOf('theirs', { principal }));
    await insertCall(db(), callOf('z', { principal, conversationId: 'theirs' }));
    expect(await findIdempotencyKey(db(), principal, 'key')).toBeNull();
    expect(await insertIdempotencyKey(db(), { ...entryOf('z'), principal }, AT)).toBe(true);
  });

  it('promise 7: only one instance takes over an abandoned call, and only a living one', async () => {
    for (const id of ['one', 'two']) await insertInstance(db(), instanceOf(id));
    await insertCall(db(), callOf('call', { status: 'IN_PROGRESS', claimedBy: 'dead' }));
    expect((await abandonedCalls(db(), 'one')).map(idOf)).toEqual(['call']);
    expect(await abandonedCalls(db(), 'dead')).toEqual([]);
    expect(await takeOverCall(db(), 'call', 'dead')).toBe(false);
    const taken = await Promise.all(['one', 'two'].map((id) => takeOverCall(db(), 'call', id)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await abandonedCalls(db(), 'one')).toEqual([]);
    await releaseCall(db(), 'call', taken[0] === true ? 'one' : 'two');
    expect((await abandonedCalls(db(), 'one')).map(idOf)).toEqual(['call']);
  });
}
