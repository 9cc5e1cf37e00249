/** What the actions of `keys` read from the command line. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { parseApiKeyToken } from '../../domain/access/api-key.ts';
import { SCOPES, type Scope, scopeNamed } from '../../domain/access/scope.ts';
import { UsageError } from '../usage-error.ts';

/** @throws {UsageError} naming the first problem */
export function readArguments<const Options extends ParseArgsOptionsConfig>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // The first sentence of Node's message names the problem.
    const [problem = ''] = error instanceof Error ? error.message.split(/[.\n]/u) : [];
    throw new UsageError(`${problem.charAt(0).toLowerCase()}${problem.slice(1)}; --help shows all options`);
  }
}

/** The one id of an action. @throws {UsageError} */
export function idOf(action: string, positionals: readonly string[]): string {
  const [given, ...rest] = positionals;
  if (given === undefined || rest.length > 0) {
    throw new UsageError(`${action} requires the id of one key: npm run keys -- ${action} <id>`);
  }
  return keyIdOf(given);
}

/** @param given the id of a key, or the whole key @throws {UsageError} */
export function keyIdOf(given: string): string {
  // Whoever has only the key at hand need not cut it up.
  const id = parseApiKeyToken(given)?.id ?? given;
  if (/^[a-z0-9]{12}$/u.test(id)) return id;
  throw new UsageError('the id of a key has twelve lower-case letters and digits; `npm run keys -- list` shows them');
}

/** @throws {UsageError} naming every unknown scope */
export function scopesOf(text: string): readonly Scope[] {
  const names = text.split(',').map((name) => name.trim());
  const scopes = names.map(scopeNamed);
  const unknown = names.filter((_, index) => scopes[index] === null);
  if (unknown.length > 0) {
    const known = SCOPES.map((scope) => scope.toLowerCase()).join(', ');
    throw new UsageError(
      `--scopes must be a list of ${known}; it has ${unknown.map((name) => JSON.stringify(name)).join(', ')}`,
    );
  }
  return scopes.filter((scope) => scope !== null);
}

const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const MAX_DAYS = 3_650;

/** Milliseconds of a time such as `90d`, `12h` or `30m`. @throws {UsageError} */
export function durationOf(option: string, text: string): number {
  const [, count, unit] = /^(\d{1,7})([mhd])$/u.exec(text) ?? [];
  const ms = Number(count) * (UNITS_MS[unit ?? ''] ?? Number.NaN);
  if (ms <= MAX_DAYS * 86_400_000) return ms;
  throw new UsageError(
    `--${option} must be a time such as 90d, 12h or 30m, and at most ${MAX_DAYS}d; it is ${JSON.stringify(text)}`,
  );
}
