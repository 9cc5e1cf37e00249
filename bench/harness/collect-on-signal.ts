/**
 * Preloaded into a process: runs a full garbage collection of V8 when the process receives SIGUSR2 (collect.ts). Until
 * then it changes nothing.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
// Contexts created after the flag was set have it.
const collect: NodeJS.GCFunction = runInNewContext('gc');

// As under memory pressure: V8 keeps neither empty pages nor room for new objects.
process.on('SIGUSR2', () => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' }));
