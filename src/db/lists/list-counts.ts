/** How many rows a principal has in lists that can be long. The database counts while it changes them. */
import type { Database } from '../database.ts';

export async function countLists(db: Database, principal: string, lists: readonly string[]): Promise<number> {
  const rows = await db
    .selectFrom('list_counts')
    .select('count')
    .where('principal', '=', principal)
    .where('list', 'in', lists)
    .execute();
  return rows.reduce((sum, { count }) => sum + Number(count), 0);
}
