/** Rows that decide a write are locked where the database has row locks. */
import {
  DummyDriver,
  Kysely,
  type LogEvent,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type Transaction,
} from 'kysely';
import { expect, it } from 'vitest';
import { lockAttempt } from '../../src/db/queries/engine/attempts.ts';
import { lockCall } from '../../src/db/queries/engine/calls.ts';
import { hasPlace } from '../../src/db/queries/engine/instances.ts';
import type { Tables } from '../../src/db/tables.ts';
import { assertClaim, moveAttempt, TransitionRefusedError } from '../../src/state/transitions.ts';
import { openRunnerHarness } from '../runner/harness.ts';

const KEY = { callId: 'call', attempt: 1, task: 0 };
const WRITER = { instanceId: 'server-1', attempt: 1 };

type Read = (transaction: Transaction<Tables>) => Promise<unknown>;
const READS: readonly { readonly what: string; readonly read: Read; readonly lock: string }[] = [
  { what: 'a call', read: (transaction) => lockCall(transaction, 'call'), lock: 'for update' },
  { what: 'a request', read: (transaction) => lockAttempt(transaction, KEY), lock: 'for update' },
  {
    what: 'the instance that claims a call',
    read: (transaction) => hasPlace(transaction, 'server-1'),
    lock: 'for share',
  },
  {
    what: 'a request whose state changes',
    read: (transaction) => moveAttempt(transaction, KEY, 'lost'),
    lock: 'for update',
  },
  {
    what: 'a call whose writer is checked',
    // The driver returns no rows, so the call does not exist.
    read: (transaction) => expect(assertClaim(transaction, 'call', WRITER)).rejects.toThrow(TransitionRefusedError),
    lock: 'for update',
  },
];

/** The SQL that PostgreSQL would get; nothing runs it. */
async function postgresSql(read: Read): Promise<readonly string[]> {
  const statements: string[] = [];
  await using db = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (of) => new PostgresIntrospector(of),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log: ({ query }: LogEvent) => void statements.push(query.sql),
  });
  await db.transaction().execute(read);
  return statements.filter((sql) => sql.startsWith('select'));
}

it.each(READS)('PostgreSQL locks $what when it is read', async ({ read, lock }) => {
  const selects = await postgresSql(read);
  expect(selects.length).toBeGreaterThan(0);
  for (const sql of selects) expect(sql).toMatch(new RegExp(`${lock}$`, 'u'));
});

it('SQLite, whose transactions take turns, gets no lock', async () => {
  await using harness = await openRunnerHarness();
  const { call, key } = await harness.begin();
  await harness.db.transaction().execute(async (transaction) => {
    expect(await lockCall(transaction, call.id)).toMatchObject({ id: call.id });
    expect(await lockAttempt(transaction, key)).toMatchObject({ state: 'ASKED' });
    expect(await hasPlace(transaction, harness.writer.instanceId)).toBe(true);
  });
});
