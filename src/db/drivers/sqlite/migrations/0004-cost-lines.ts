/** Costs: a line for each kind of tokens of each request. src/db/tables.ts describes the columns. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('cost_lines')
    .addColumn('call_id', 'text', (column) => column.notNull().references('calls.id'))
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('lane', 'integer', (column) => column.notNull())
    .addColumn('line', 'integer', (column) => column.notNull())
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('conversation_id', 'text', (column) => column.notNull().references('conversations.id'))
    .addColumn('basis', 'text', (column) => column.notNull())
    .addColumn('is_counted', 'integer', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('model', 'text')
    .addColumn('tokens', 'integer', (column) => column.notNull())
    .addColumn('price', 'text')
    .addColumn('amount', 'bigint')
    .addPrimaryKeyConstraint('cost_lines_key', ['call_id', 'attempt', 'lane', 'line'])
    .execute();
  // Each index contains all columns of a sum, so that sums are read from the index alone.
  const summed = ['basis', 'is_counted', 'kind', 'model', 'price', 'tokens', 'amount'] as const;
  await db.schema
    .createIndex('cost_lines_by_conversation')
    .on('cost_lines')
    .columns(['principal', 'conversation_id', ...summed])
    .execute();
}
