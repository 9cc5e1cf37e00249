/** The SQL functions that the triggers of the search index call. Every connection that stores texts needs them. */
import type SQLite from 'better-sqlite3';
import { searchWords } from '../../../domain/search-words.ts';

export function addSearchFunctions(connection: SQLite.Database): void {
  // Without it, triggers may only call functions of SQLite itself.
  connection.pragma('trusted_schema = ON');
  connection.function('search_words', { deterministic: true }, (text) =>
    typeof text === 'string' ? searchWords(text) : '',
  );
}
