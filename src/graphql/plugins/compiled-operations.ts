/**
 * Queries that are asked again and again, and the selections of subscriptions, run as code that graphql-jit has made of
 * them, instead of being interpreted field by field each time (docs/decisions). Where anything goes wrong, the reference
 * executor runs it once more, so that errors are told in its words and places. Mutations, which must not run twice, are
 * always left to it.
 */
import { type DocumentNode, type ExecutionArgs, type ExecutionResult, getOperationAST } from 'graphql';
import type { CompiledQuery } from 'graphql-jit';
import { isPromise } from 'graphql-yoga';

export type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** What is asked once or twice, in GraphiQL say, is not worth compiling. */
const COMPILED_FROM = 3;
/** Characters. Compiling more would hold up everybody else for too long. */
const LONGEST = 10_000;

type Jit = typeof import('graphql-jit');

interface Operation {
  times: number;
  /** Null where it cannot be compiled; undefined until that was tried. */
  compiled: CompiledQuery | null | undefined;
}

/** @returns what executes an operation, given the executor for all that is not compiled */
export function createCompiledOperations(): (args: ExecutionArgs, reference: Execute) => ReturnType<Execute> {
  /** By the document that the parser's cache gives out again for the same text: it goes with that. */
  const operations = new WeakMap<DocumentNode, Map<string | null, Operation>>();

  function operationOf({ document, operationName = null }: ExecutionArgs): Operation {
    const ofDocument = operations.get(document) ?? new Map<string | null, Operation>();
    operations.set(document, ofDocument);
    const operation = ofDocument.get(operationName) ?? { times: 0, compiled: undefined };
    ofDocument.set(operationName, operation);
    return operation;
  }

  /** Its hundred modules are loaded when there is something to compile, and no start waits for them; null meanwhile. */
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
    operation.compiled ??= compile(jit, args);
    if (operation.compiled === null) return reference(args);
    const checked = (result: ExecutionResult) => (result.errors === undefined ? result : reference(args));
    const result = operation.compiled.query(args.rootValue, args.contextValue, args.variableValues);
    return isPromise(result) ? result.then(checked) : checked(result);
  };
}

function compile(jit: Jit, { schema, document, operationName }: ExecutionArgs): CompiledQuery | null {
  const kind = getOperationAST(document, operationName)?.operation;
  if (kind === undefined || kind === 'mutation' || (document.loc?.end ?? LONGEST) >= LONGEST) return null;
  // What it throws is not told to anybody.
  const compiled = jit.compileQuery(schema, document, operationName ?? '', { disablingCapturingStackErrors: true });
  return jit.isCompiledQuery(compiled) ? compiled : null;
}
