/** The commands by name. The file of a command is loaded only when the command is run. */
import type { Command } from './command.ts';
import { UsageError } from './usage-error.ts';

export interface CommandEntry {
  /** What it is for, in a few words. */
  readonly summary: string;
  load(): Promise<Command>;
  /** What `--help` prints. */
  help(): Promise<string>;
}

export const commands: Readonly<Record<string, CommandEntry>> = {
  serve: {
    summary: 'runs the server (npm start)',
    load: async () => withoutArguments('serve', (await import('./serve.ts')).serve),
    help: async () => (await import('./help-texts.ts')).SERVE_HELP,
  },
  simulate: {
    summary: 'runs the simulator alone, and lists its scenarios',
    load: async () => withoutArguments('simulate', (await import('./simulate.ts')).simulate),
    help: async () => (await import('./help-texts.ts')).SIMULATE_HELP,
  },
  generate: {
    summary: 'makes a picture, and shows its progress',
    load: async () => (await import('./generate/generate.ts')).generate,
    help: async () => (await import('./generate/help.ts')).GENERATE_HELP,
  },
  backup: {
    summary: 'copies the database and the image files to a folder',
    load: async () => (await import('./backup.ts')).backup,
    help: async () => (await import('./help-texts.ts')).BACKUP_HELP,
  },
  restore: {
    summary: 'restores a backup',
    load: async () => (await import('./restore.ts')).restore,
    help: async () => (await import('./help-texts.ts')).RESTORE_HELP,
  },
  budgets: {
    summary: 'sets what principals and API keys may spend',
    load: async () => (await import('./budgets.ts')).budgets,
    help: async () => (await import('./help-texts.ts')).BUDGETS_HELP,
  },
  keys: {
    summary: 'creates, lists, rotates and revokes API keys',
    load: async () => (await import('./keys/keys.ts')).keys,
    help: async () => (await import('./keys/help.ts')).KEYS_HELP,
  },
};

/** What is written behind it would be ignored, and whoever wrote it would not know. */
function withoutArguments(name: string, command: Command): Command {
  return async (args, env) => {
    if (args.length === 0) return command(args, env);
    const unknown = args.map((arg) => JSON.stringify(arg)).join(' ');
    throw new UsageError(`${name} takes no arguments, and got ${unknown}: environment variables set it up; see --help`);
  };
}
