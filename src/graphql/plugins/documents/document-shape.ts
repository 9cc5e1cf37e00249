/**
 * How large a document is, by its syntax alone: before validation, whose time grows faster than the document, and before
 * anything is compiled or executed. Selections are counted as if every fragment were written out where it is spread:
 * fourteen fragments that spread each other twice are a short document and 16,000 selections. Each fragment is looked at
 * once, so the time grows with the text alone.
 */
import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { FIXED_LIMITS } from '../../../domain/limits/operation-limits.ts';

const { maxNesting: MAX_NESTING } = FIXED_LIMITS;

/** What one operation selects, with its fragments written out. */
export interface OperationShape {
  readonly selections: number;
  /** Fields within each other. */
  readonly depth: number;
  readonly rootFields: number;
}

export interface DocumentShape {
  /** Empty when the document is nested too deeply. */
  readonly operations: readonly { readonly node: OperationDefinitionNode; readonly shape: OperationShape }[];
  readonly operationCount: number;
  readonly fragments: number;
  /** Of all operations and fragments, as they are written. */
  readonly aliases: number;
  readonly directives: number;
  /** The length of the longest list literal. */
  readonly longestList: number;
  /** The deepest nesting of selection sets, list literals and input objects, as they are written. */
  readonly nesting: number;
}

/** Linear in the number of tokens. Stops at the first thing that is nested too deeply, so the stack is bounded. */
export function shapeOf({ definitions }: DocumentNode): DocumentShape {
  const counts = new SyntaxCounts();
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    counts.directivesOf(definition, 0);
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      for (const variable of definition.variableDefinitions ?? []) {
        counts.directivesOf(variable, 0);
        if (variable.defaultValue !== undefined) counts.value(variable.defaultValue, 1);
      }
    } else counts.fragments.set(definition.name.value, definition);
    counts.selectionSet(definition.selectionSet, 1);
  }
  const { aliases, directives, longestList, nesting } = counts;
  const operationCount = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length;
  const rest = { aliases, directives, longestList, nesting, operationCount, fragments: counts.fragments.size };
  if (nesting > MAX_NESTING) return { ...rest, operations: [] };
  const expansion = new Expansion(counts.fragments);
  const operations = definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((node) => ({ node, shape: expansion.sizeOf(node.selectionSet) }));
  return { ...rest, operations };
}

/** Counts what is written, each node once. */
class SyntaxCounts {
  readonly fragments = new Map<string, FragmentDefinitionNode>();
  aliases = 0;
  directives = 0;
  longestList = 0;
  nesting = 0;

  selectionSet({ selections }: SelectionSetNode, nesting: number): void {
    this.nesting = Math.max(this.nesting, nesting);
    if (nesting > MAX_NESTING) return;
    for (const selection of selections) {
      this.directivesOf(selection, nesting);
      if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
      if (selection.kind === Kind.FIELD) {
        if (selection.alias !== undefined) this.aliases += 1;
        for (const { value } of selection.arguments ?? []) this.value(value, 1);
      }
      if (selection.selectionSet !== undefined) this.selectionSet(selection.selectionSet, nesting + 1);
    }
  }

  value(value: ValueNode, nesting: number): void {
    this.nesting = Math.max(this.nesting, nesting);
    if (nesting > MAX_NESTING) return;
    if (value.kind === Kind.LIST) {
      this.longestList = Math.max(this.longestList, value.values.length);
      for (const item of value.values) this.value(item, nesting + 1);
    } else if (value.kind === Kind.OBJECT) {
      for (const field of value.fields) this.value(field.value, nesting + 1);
    }
  }

  directivesOf(node: { readonly directives?: readonly DirectiveNode[] | undefined }, nesting: number): void {
    for (const { arguments: given } of node.directives ?? []) {
      this.directives += 1;
      for (const { value } of given ?? []) this.value(value, nesting + 1);
    }
  }
}

const NOTHING: OperationShape = { selections: 0, depth: 0, rootFields: 0 };

/** Writes fragments out, in numbers. */
class Expansion {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #known = new Map<string, OperationShape>();

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#fragments = fragments;
  }

  sizeOf({ selections }: SelectionSetNode): OperationShape {
    let size = NOTHING;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const { selections: within, depth } = selection.selectionSet ? this.sizeOf(selection.selectionSet) : NOTHING;
        size = sum(size, { selections: within + 1, depth: depth + 1, rootFields: 1 });
      } else if (selection.kind === Kind.INLINE_FRAGMENT) size = sum(size, this.sizeOf(selection.selectionSet));
      else size = sum(size, this.#sizeOfFragment(selection.name.value));
    }
    return size;
  }

  #sizeOfFragment(name: string): OperationShape {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const fragment = this.#fragments.get(name);
    // Validation reports a fragment that is missing, or that spreads itself; the latter finds this entry.
    this.#known.set(name, NOTHING);
    const size = fragment === undefined ? NOTHING : this.sizeOf(fragment.selectionSet);
    this.#known.set(name, size);
    return size;
  }
}

function sum(one: OperationShape, other: OperationShape): OperationShape {
  return {
    selections: one.selections + other.selections,
    depth: Math.max(one.depth, other.depth),
    rootFields: one.rootFields + other.rootFields,
  };
}
