/**
 * The entry of the process. Whatever is loaded from here on is compiled once and kept for the next start, which is most of
 * what a start costs (docs/decisions); so nothing is loaded before that is said.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Below our own files: what lies in a folder for everybody, anybody could have put there. Where it cannot be written, a
// start just takes longer.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/compile'));

const { runCommand } = await import('./cli/run-command.ts');
process.exitCode = await runCommand(process.argv.slice(2), process.env);
