/**
 * Conversations that are being deleted for good. Nobody finds them any more, while their rows go in small steps: within a
 * second, or after days where a call that has not ended still works from an image of them.
 */
import { expressionBuilder } from 'kysely';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

/** Their ids. There are few at any time. */
export async function conversationsInPurge(db: Database, principal: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('conversations')
    .select('id')
    .where('principal', '=', principal)
    .where('purge_started_at', 'is not', null)
    .execute();
  return rows.map(({ id }) => id);
}

/** The conversation of a row of these tables, if it is one of them. */
export function conversationInPurgeOf(table: 'events' | 'calls' | 'images', principal: string) {
  return expressionBuilder<Tables, typeof table>()
    .selectFrom('conversations')
    .select('conversations.id')
    .whereRef('conversations.id', '=', `${table}.conversation_id`)
    .where('conversations.principal', '=', principal)
    .where('conversations.purge_started_at', 'is not', null);
}
