/**
 * Loaded into a process before anything else: has V8 collect its garbage, all of it, when the process is sent SIGUSR2
 * (collect.ts). Until then it changes nothing.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
// Contexts that are made behind the flag have it.
const collect: NodeJS.GCFunction = runInNewContext('gc');

// As when memory runs out: nothing is kept that could be needed again, neither empty pages nor room for new objects.
process.on('SIGUSR2', () => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' }));
