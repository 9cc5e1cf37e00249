/**
 * The cursor of the event that a result is about, beside the result: server-sent events carry it as their id, also when the
 * document does not select it. It is a property that JSON leaves out and that copies of the result keep.
 */
import type { ExecutionResult } from 'graphql';

const CURSOR = Symbol('cursor');

type ResultOfEvent = ExecutionResult & { readonly [CURSOR]?: string };

export function withCursor(result: ExecutionResult, cursor: string | null): ExecutionResult {
  const ofEvent: ResultOfEvent = cursor === null ? result : { ...result, [CURSOR]: cursor };
  return ofEvent;
}

/** Null when a plugin has built another result in the place of ours. */
export function cursorOfResult(result: ExecutionResult): string | null {
  const ofEvent: ResultOfEvent = result;
  return ofEvent[CURSOR] ?? null;
}
