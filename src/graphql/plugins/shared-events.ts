/**
 * Subscribers who ask the same of the same event get the same answer, which is made once and written as JSON once
 * (docs/decisions): a picture as a data URI is megabytes for each otherwise. Alike are subscribers with the same document
 * and variables whom the server answers alike; from where each one began makes no difference.
 */
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  getOperationAST,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { CancellableIterator, DONE } from '../../lib/cancellable-iterator.ts';
import { LongDataUris } from '../result-bytes.ts';
import type { Execute } from './compiled-operations.ts';

/**
 * How long an answer is kept behind the last who asked, for others who are not far behind; milliseconds. Kept for longer,
 * it holds the memory of its pictures for longer, which others wait to use again.
 */
const KEPT_MS = 100;

export interface SharedEvents {
  /** Subscribes as GraphQL.js does. @param audience the same for clients who are answered alike */
  subscribe(args: ExecutionArgs, audience: string): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult>;
}

/** @param run executes the selection for one event */
export function createSharedEvents(
  run: (args: ExecutionArgs, reference: Execute) => ReturnType<Execute>,
): SharedEvents {
  const facts = new WeakMap<DocumentNode, DocumentFacts>();
  let documents = 0;
  /** By event: subscribers of one log are handed the same object (events/shared-reads.ts). */
  const answers = new WeakMap<object, Map<string, KeptAnswer>>();

  function factsOf(document: DocumentNode): DocumentFacts {
    const known = facts.get(document);
    if (known !== undefined) return known;
    documents += 1;
    const found = { number: documents, variables: new Map() };
    facts.set(document, found);
    return found;
  }

  function keyOf({ document, operationName = null, variableValues }: ExecutionArgs, audience: string): string {
    const { number, variables } = factsOf(document);
    const operation = getOperationAST(document, operationName);
    const names = variables.get(operationName) ?? (operation == null ? [] : variablesWithin(operation, document));
    variables.set(operationName, names);
    return JSON.stringify([number, operationName, names.map((name) => variableValues?.[name]), audience]);
  }

  async function resolve(event: object, args: ExecutionArgs, uris: LongDataUris): Promise<ExecutionResult> {
    // Yoga's context is an object.
    const contextValue = { ...(args.contextValue as object), dataUriOf: uris.dataUriOf };
    const result = await run({ ...args, rootValue: event, contextValue }, execute);
    uris.belongTo(result);
    return result;
  }

  function keep(ofEvent: Map<string, KeptAnswer>, key: string, event: object, args: ExecutionArgs): KeptAnswer {
    const uris = new LongDataUris();
    uris.hold();
    const end = setTimeout(() => {
      ofEvent.delete(key);
      uris.letGo();
    }, KEPT_MS);
    const kept = { result: resolve(event, args, uris), uris, end: end.unref() };
    ofEvent.set(key, kept);
    return kept;
  }

  /** Held for who asked. */
  function answer(event: object, key: string, args: ExecutionArgs): Promise<ExecutionResult> {
    const ofEvent = answers.get(event) ?? new Map<string, KeptAnswer>();
    answers.set(event, ofEvent);
    const kept = ofEvent.get(key) ?? keep(ofEvent, key, event, args);
    kept.end.refresh();
    kept.uris.hold();
    return kept.result;
  }

  return {
    async subscribe(args, audience) {
      const source = await createSourceEventStream(args);
      if (!(Symbol.asyncIterator in source)) return source;
      const key = keyOf(args, audience);
      // Events are objects in every subscription of the schema.
      return new Answers(source as AsyncIterable<object>, (event) => answer(event, key, args));
    },
  };
}

interface KeptAnswer {
  readonly result: Promise<ExecutionResult>;
  readonly uris: LongDataUris;
  readonly end: NodeJS.Timeout;
}

/** The answer to each event of a subscription. */
class Answers extends CancellableIterator<ExecutionResult> {
  readonly #events: AsyncIterator<object>;
  readonly #answer: (event: object) => Promise<ExecutionResult>;

  constructor(events: AsyncIterable<object>, answer: (event: object) => Promise<ExecutionResult>) {
    super();
    this.#events = events[Symbol.asyncIterator]();
    this.#answer = answer;
  }

  override async next(): Promise<IteratorResult<ExecutionResult, void>> {
    const { done, value } = await this.#events.next();
    if (done) return DONE;
    try {
      return { done: false, value: await this.#answer(value) };
    } catch (error) {
      return this.throw(error);
    }
  }

  protected override async release(): Promise<void> {
    await this.#events.return?.();
  }
}

interface DocumentFacts {
  /** Tells documents apart. */
  readonly number: number;
  /** What the selection depends on, for each operation. */
  readonly variables: Map<string | null, readonly string[]>;
}

/** The variables that an event's selection depends on: all but those that only say which events there are. */
function variablesWithin(operation: OperationDefinitionNode, document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  const Variable = ({ name }: { readonly name: { readonly value: string } }) => void names.add(name.value);
  for (const definition of document.definitions) {
    if (definition.kind === 'FragmentDefinition') visit(definition, { Variable });
  }
  for (const selection of operation.selectionSet.selections) {
    const rest = selection.kind === 'Field' ? { ...selection, arguments: [] } : selection;
    visit(rest, { Variable });
  }
  return [...names].sort();
}
