/**
 * A process that holds a database as a backup tool or a forgotten shell would: `node lock-holder.ts <file>`. It takes
 * the write lock, says so in a line, and gives it up at the end of its input.
 */
import { once } from 'node:events';
import SQLite from 'better-sqlite3';

const database = new SQLite(process.argv[2] ?? '');
database.exec('begin immediate');
console.log('held');
process.stdin.resume();
await once(process.stdin, 'end');
database.exec('rollback');
database.close();
