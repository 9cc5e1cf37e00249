/**
 * What recovery from a crash needs: which instance runs a call, how far its upstream stream was stored, and the
 * idempotency keys. src/db/tables.ts describes the columns.
 */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('instances')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('hostname', 'text', (column) => column.notNull())
    .addColumn('pid', 'integer', (column) => column.notNull())
    .addColumn('started_at', 'text', (column) => column.notNull())
    .addColumn('heartbeat_at', 'text', (column) => column.notNull())
    .execute();

  await db.schema.alterTable('calls').addColumn('claimed_by', 'text').execute();
  await db.schema.alterTable('calls').addColumn('not_before', 'text').execute();
  await db.schema.alterTable('calls').addColumn('cancel_requested_at', 'text').execute();

  await db.schema
    .alterTable('attempts')
    .addColumn('state', 'text', (column) => column.notNull().defaultTo('SETTLED'))
    .execute();
  await db.schema
    .alterTable('attempts')
    .addColumn('background', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable('attempts').addColumn('upstream_sequence', 'integer').execute();
  await db.schema.createIndex('attempts_by_state').on('attempts').columns(['state', 'started_at']).execute();

  await db.schema.alterTable('partial_images').addColumn('item_id', 'text').execute();

  await db.schema
    .createTable('idempotency_keys')
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('input_hash', 'text', (column) => column.notNull())
    .addColumn('call_id', 'text', (column) => column.notNull().references('calls.id'))
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('idempotency_keys_key', ['principal', 'key'])
    .execute();
}
