/** The servers that use this database, and their heartbeats. src/maintenance/lease.ts decides what follows from them. */
import type { Insertable, Selectable } from 'kysely';
import { updatedRows } from '../../affected-rows.ts';
import type { Database } from '../../database.ts';
import { forShare } from '../../locking.ts';
import type { InstancesTable } from '../../tables/generations.ts';

export type InstanceRow = Selectable<InstancesTable>;

export async function insertInstance(db: Database, row: Insertable<InstancesTable>): Promise<void> {
  await db.insertInto('instances').values(row).execute();
}

export async function allInstances(db: Database): Promise<readonly InstanceRow[]> {
  return db.selectFrom('instances').selectAll().execute();
}

/** The same for a database that may not be migrated yet. */
export async function instancesIfAny(db: Database): Promise<readonly InstanceRow[]> {
  const tables = await db.introspection.getTables();
  return tables.some(({ name }) => name === 'instances') ? allInstances(db) : [];
}

/** Whether the instance is registered: one that another instance declared dead has no row. */
export async function hasPlace(db: Database, id: string): Promise<boolean> {
  const row = await forShare(db, db.selectFrom('instances').select('id').where('id', '=', id)).executeTakeFirst();
  return row !== undefined;
}

/** False when the instance has no row any more, because another one declared it dead. */
export async function renewHeartbeat(db: Database, id: string, at: string): Promise<boolean> {
  const result = await db.updateTable('instances').set({ heartbeat_at: at }).where('id', '=', id).executeTakeFirst();
  return updatedRows(result) === 1;
}

export async function deleteInstance(db: Database, id: string): Promise<void> {
  await db.deleteFrom('instances').where('id', '=', id).execute();
}
