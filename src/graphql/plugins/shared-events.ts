/**
 * Subscribers who ask the same of the same event get the same answer: it is resolved once and serialised once. Otherwise
 * an image as a data URI costs megabytes for each of them. Subscribers ask the same when they have the same document, the
 * same variables and the same audience (../audience.ts). Where each of them started in the log makes no difference
 * (docs/decisions/2026-11-25-shared-events.md).
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
import { isLongTurn, untilShortTurn } from '../../lib/turn.ts';
import { withCursor } from '../event-cursor.ts';
import { HeldDataUris } from '../result-bytes.ts';
import type { Execute } from './documents/compiled-operations.ts';

/**
 * How long an answer is kept after it was last asked for, for subscribers who are a little behind; milliseconds. A longer
 * time would hold the memory of its images longer.
 */
const KEPT_MS = 100;

export interface SharedEvents {
  /** Subscribes as GraphQL.js does. @param audience the same for clients that are answered alike */
  subscribe(args: ExecutionArgs, audience: string): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult>;
}

/** The cursor of an event; null for one that has none. */
export type CursorOf = (event: object) => string | null;

/** @param run executes the selection for one event */
export function createSharedEvents(
  run: (args: ExecutionArgs, reference: Execute) => ReturnType<Execute>,
  cursorOf: CursorOf,
): SharedEvents {
  const facts = new WeakMap<DocumentNode, DocumentFacts>();
  let documents = 0;
  /** By event: subscribers of one log are given the same object (src/events/shared-reads.ts). */
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

  async function resolve(event: object, args: ExecutionArgs, uris: HeldDataUris): Promise<ExecutionResult> {
    // Yoga's context is an object.
    const contextValue = { ...(args.contextValue as object), dataUriOf: uris.dataUriOf };
    return withCursor(await run({ ...args, rootValue: event, contextValue }, execute), cursorOf(event));
  }

  function keep(ofEvent: Map<string, KeptAnswer>, key: string, event: object, args: ExecutionArgs): KeptAnswer {
    const uris = new HeldDataUris();
    uris.hold();
    const end = setTimeout(() => {
      ofEvent.delete(key);
      uris.release();
    }, KEPT_MS);
    const kept = { result: resolve(event, args, uris), uris, end: end.unref() };
    ofEvent.set(key, kept);
    return kept;
  }

  /** Held once for the caller, who must release it. */
  function answer(event: object, key: string, args: ExecutionArgs): KeptAnswer {
    const ofEvent = answers.get(event) ?? new Map<string, KeptAnswer>();
    answers.set(event, ofEvent);
    const kept = ofEvent.get(key) ?? keep(ofEvent, key, event, args);
    kept.end.refresh();
    kept.uris.hold();
    return kept;
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
  readonly uris: HeldDataUris;
  readonly end: NodeJS.Timeout;
}

/**
 * The answers to the events of one subscription. The images of an answer are held until the next answer is asked for, or
 * the subscription ends: transports ask for the next one when they have sent the last one.
 */
class Answers extends CancellableIterator<ExecutionResult> {
  readonly #events: AsyncIterator<object>;
  readonly #answer: (event: object) => KeptAnswer;
  #held: HeldDataUris | null = null;
  #hasLeft = false;

  constructor(events: AsyncIterable<object>, answer: (event: object) => KeptAnswer) {
    super();
    this.#events = events[Symbol.asyncIterator]();
    this.#answer = answer;
  }

  override async next(): Promise<IteratorResult<ExecutionResult, void>> {
    this.#releaseHeld();
    // Stored events are there at once: without this, everything else would wait until all of them are delivered.
    if (isLongTurn()) await untilShortTurn();
    const { done, value } = await this.#events.next();
    if (done || this.#hasLeft) return DONE;
    try {
      const { result, uris } = this.#answer(value);
      this.#held = uris;
      return { done: false, value: await result };
    } catch (error) {
      return this.throw(error);
    }
  }

  protected override async release(): Promise<void> {
    this.#hasLeft = true;
    this.#releaseHeld();
    await this.#events.return?.();
  }

  #releaseHeld(): void {
    this.#held?.release();
    this.#held = null;
  }
}

interface DocumentFacts {
  /** Different for each document. */
  readonly number: number;
  /** The variables that the selection depends on, by the name of the operation. */
  readonly variables: Map<string | null, readonly string[]>;
}

/** The variables that the answer to an event depends on: all but those that only select the events. */
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
