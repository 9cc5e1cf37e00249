/** The commands by name. The file of a command is loaded only when the command is run. */
import type { Command } from './command.ts';

export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  simulate: async () => (await import('./simulate.ts')).simulate,
  generate: async () => (await import('./generate/generate.ts')).generate,
  backup: async () => (await import('./backup.ts')).backup,
  budgets: async () => (await import('./budgets.ts')).budgets,
  restore: async () => (await import('./restore.ts')).restore,
  keys: async () => (await import('./keys/keys.ts')).keys,
};
