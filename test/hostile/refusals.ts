/** How documents are refused, with the limits of src/config/limits.ts as they are by default. */
import { expect } from 'vitest';
import type { Operation } from '../conformance/ways-in.ts';
import type { HostileOperation, Seed, Way } from './hostile-input.ts';

/** A mutation is not run by GET, whatever is in it. */
export const POSTED = { over: ['small JSON POST', 'large POST', 'multipart', 'SSE', 'WebSocket query'] } as const;

/** A document that is refused before it is executed. */
export function tooMuch(
  name: string,
  query: string | ((seed: Seed) => string),
  { limit, max, message, ...more }: { limit: string; max: number; message: unknown; [extension: string]: unknown },
  { operationName, over }: Operation & { readonly over?: readonly Way[] } = {},
): HostileOperation {
  return {
    name,
    operation: (seed) => ({
      query: typeof query === 'string' ? query : query(seed),
      ...(operationName !== undefined && { operationName }),
    }),
    ...(over !== undefined && { over }),
    status: 400,
    payloads: [{ errors: [{ message, extensions: { code: 'LIMIT_EXCEEDED', limit, max, ...more } }] }],
  };
}

export const tokens = {
  limit: 'maxQueryTokens',
  max: 4000,
  message: 'The document has more than 4000 tokens.',
};
export const selections = (count: unknown) => ({
  limit: 'maxQuerySelections',
  max: 2000,
  message:
    typeof count === 'number'
      ? `The operation selects ${count} fields, with its fragments written out; at most 2000 are allowed.`
      : count,
});
export const depth = (levels: number) => ({
  limit: 'maxQueryDepth',
  max: 20,
  message: `The operation selects fields ${levels} levels deep; at most 20 are allowed.`,
});
export const cost = (points: unknown) => ({
  limit: 'maxQueryCost',
  max: 20_000,
  message:
    typeof points === 'number'
      ? `The operation costs ${points} points; at most 20000 are allowed. Ask for smaller pages, or for less within them.`
      : expect.stringMatching(/^The operation costs \d+ points; at most 20000 are allowed\./u),
  cost: points,
});
export const nesting = { limit: 'maxNesting', max: 50, message: 'The document is nested more than 50 levels deep.' };
export const roots = (count: number, type = 'query') => ({
  limit: type === 'mutation' ? 'maxMutations' : 'maxRootFields',
  max: type === 'mutation' ? 10 : 50,
  message: `The ${type} has ${count} root fields; at most ${type === 'mutation' ? 10 : 50} are allowed.`,
});
export const many = (count: number, what: string, max: number) => ({
  limit: `max${what[0]?.toUpperCase()}${what.slice(1)}`,
  max,
  message: `The document has ${count} ${what}; at most ${max} are allowed.`,
});
export const lines = { ...many(10_001, 'lines', 2_000), limit: 'maxQueryLines' };
export const list = (length: number) => ({
  limit: 'maxListLength',
  max: 100,
  message: `A list has ${length} items; at most 100 are allowed.`,
});

export function characters(length: number) {
  return {
    limit: 'maxQueryCharacters',
    max: 262_144,
    message: `The document has ${length} characters; at most 262144 are allowed.`,
  };
}

export function anyErrors(code: string): object {
  return { errors: expect.arrayContaining([expect.objectContaining({ extensions: { code } })]) };
}
