/**
 * Queries that come again and again, and the selections of subscriptions, run as code compiled by graphql-jit instead of
 * being interpreted field by field (docs/decisions/2026-11-25-compiled-operations.md). When a compiled query has errors,
 * the reference executor runs it again, so that errors have its messages and paths. Mutations must not run twice, so they
 * are never compiled.
 */
import { type DocumentNode, type ExecutionArgs, type ExecutionResult, getOperationAST } from 'graphql';
import type { CompiledQuery } from 'graphql-jit';
import { isPromise } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import { withoutCodeCache } from '../../../lib/uncached-code.ts';
import { costOf } from './operation-cost.ts';

export type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** A document is compiled when it comes for the third time: what is typed into GraphiQL comes once or twice. */
const COMPILED_FROM = 3;
/**
 * Operations with more selections are not compiled: it would block the event loop for too long. The project's own documents
 * have 130 at most, and compiling 500 takes 50 ms.
 */
const MAX_SELECTIONS = 500;
/** Compiled operations in memory; those that were not used for the longest time are dropped. */
const MAX_COMPILED = 200;
/**
 * Their memory, in bytes, as far as it can be foreseen: a list with a resolver is 11 kB of code, another selection 1.2 kB, and a
 * long alias is repeated in that code for each type (docs/decisions/2026-11-28-memory-of-hostile-input.md).
 */
const MAX_COMPILED_BYTES = 20_000_000;
const BYTES_PER_LIST = 11_000;
const BYTES_PER_SELECTION = 1_500;
const BYTES_PER_CHARACTER = 35;

type Jit = typeof import('graphql-jit');

interface Operation {
  times: number;
  /** Null when it cannot be compiled; undefined until that was tried, and when it was dropped. */
  compiled: CompiledQuery | null | undefined;
}

/** @returns a function that executes an operation; `reference` executes what is not compiled */
export function createCompiledOperations(): (args: ExecutionArgs, reference: Execute) => ReturnType<Execute> {
  /** By parsed document: useDocuments returns the same object for the same text, and drops it at some time. */
  const operations = new WeakMap<DocumentNode, Map<string | null, Operation>>();

  function operationOf({ document, operationName = null }: ExecutionArgs): Operation {
    const ofDocument = operations.get(document) ?? new Map<string | null, Operation>();
    operations.set(document, ofDocument);
    const operation = ofDocument.get(operationName) ?? { times: 0, compiled: undefined };
    ofDocument.set(operationName, operation);
    return operation;
  }

  const inMemory = new LRUCache<Operation, CompiledQuery>({
    max: MAX_COMPILED,
    maxSize: MAX_COMPILED_BYTES,
    dispose: (_, operation) => {
      operation.compiled = undefined;
      operation.times = 0;
    },
  });

  function compiledOf(operation: Operation, jit: Jit, args: ExecutionArgs): CompiledQuery | null {
    if (operation.compiled === undefined) {
      operation.compiled = compile(jit, args);
      if (operation.compiled !== null) inMemory.set(operation, operation.compiled, { size: bytesOf(args) });
    } else if (operation.compiled !== null) inMemory.get(operation);
    return operation.compiled;
  }

  /** Its hundred modules are loaded when there is something to compile, not at start; null while they are loaded. */
  let jit: Jit | null | undefined;

  async function load(): Promise<void> {
    jit = null;
    jit = await import('graphql-jit');
  }

  return (args, reference) => {
    const operation = operationOf(args);
    operation.times += 1;
    if (operation.times < COMPILED_FROM) return reference(args);
    if (jit === undefined) void load();
    if (jit == null) return reference(args);
    const compiled = compiledOf(operation, jit, args);
    if (compiled === null) return reference(args);
    const checked = (result: ExecutionResult) => (result.errors === undefined ? result : reference(args));
    const result = compiled.query(args.rootValue, args.contextValue, args.variableValues);
    return isPromise(result) ? result.then(checked) : checked(result);
  };
}

function bytesOf(args: ExecutionArgs): number {
  const { loc } = args.document;
  const { compiledSelections, compiledLists } = costOf(args);
  const ofSelections = compiledSelections * BYTES_PER_SELECTION + compiledLists * BYTES_PER_LIST;
  return ofSelections + (loc?.end ?? 0) * BYTES_PER_CHARACTER + 1;
}

function compile(jit: Jit, args: ExecutionArgs): CompiledQuery | null {
  const { schema, document, operationName } = args;
  const kind = getOperationAST(document, operationName)?.operation;
  if (kind === undefined || kind === 'mutation' || costOf(args).compiledSelections > MAX_SELECTIONS) return null;
  // Its stack traces would never be shown: the reference executor makes the errors.
  const options = { disablingCapturingStackErrors: true };
  const compiled = withoutCodeCache(() => jit.compileQuery(schema, document, operationName ?? '', options));
  return jit.isCompiledQuery(compiled) ? compiled : null;
}
