/**
 * The entry point of the process. It enables Node's compile cache before it loads anything else: compiling the modules
 * is most of the start time (docs/decisions/2026-11-25-start.md). npm runs it out of the bundle, by `start.js`.
 */
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// The cache is in our own folder: in a shared temporary folder, another user could plant code. If the folder cannot be
// written, the start is only slower.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/compile'));

// The commands of npm read `.env`. `node src/main.ts`, as tests and services start it, has its own environment alone.
if (process.env['npm_lifecycle_event'] !== undefined && existsSync('.env')) process.loadEnvFile('.env');

const { runCommand } = await import('./cli/run-command.ts');
process.exitCode = await runCommand(process.argv.slice(2), process.env);
