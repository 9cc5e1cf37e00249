/**
 * The cost of an operation in points, before it is executed: roughly the number of fields that its answer can have, with
 * more for fields that take more than a property of a row. The price of a field stands beside it in schema/types, as
 * `complexity` of @pothos/plugin-complexity. The pages of a path multiply: `images(first: 100) { … }` costs its selection
 * a hundred times.
 *
 * The plugin's own computation runs in the root resolvers and does not count introspection. This one runs before the
 * execution, looks at each selection set once for each type, and remembers its results.
 */
import {
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { type OperationShape, shapeOf } from './document-shape.ts';
import { introspectionCost } from './introspection-cost.ts';

export interface OperationCost extends OperationShape {
  /** At most this many fields, weighted, are resolved; a whole number. */
  readonly points: number;
  /**
   * Selections with fragments written out, and for an interface or union once for each type it can have: the amount of
   * code that the operation compiles to.
   */
  readonly compiledSelections: number;
  /** How many of them are lists. */
  readonly compiledLists: number;
}

export interface CostRequest {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  /** As the client sent them. */
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined;
}

/** What it costs nothing to know, when no operation has this name. */
const NONE: OperationCost = {
  points: 0,
  selections: 0,
  depth: 0,
  rootFields: 0,
  compiledSelections: 0,
  compiledLists: 0,
};

/** Costs that are remembered for one operation, by the values of the variables that they depend on. */
const MAX_REMEMBERED = 50;
/** In characters. The names of the fields of an input are what a client sends: they can be any, until they are checked. */
const MAX_KEY_LENGTH = 2_000;

interface KnownOperation {
  readonly node: OperationDefinitionNode;
  readonly shape: OperationShape;
  /** The variables that the points depend on; null until they were computed once. */
  variables: readonly string[] | null;
  readonly costs: Map<string, OperationCost>;
}

const known = new WeakMap<DocumentNode, Map<string | null, KnownOperation | null>>();

/** The cost of an operation of a valid document. Cheap for a document that was seen before. */
export function costOf({ schema, document, operationName = null, variableValues }: CostRequest): OperationCost {
  const operation = operationOf(document, operationName);
  if (operation === null) return NONE;
  const { costs, shape } = operation;
  const key = operation.variables === null ? null : keyOf(operation.variables, variableValues);
  const remembered = key === null ? undefined : costs.get(key);
  if (remembered !== undefined) return remembered;
  const walk = new CostWalk(schema, document, withDefaults(operation.node, variableValues));
  const { points, compiledSelections, compiledLists } = walk.costOf(operation.node);
  const cost = { ...shape, points, compiledLists, compiledSelections: Math.max(compiledSelections, shape.selections) };
  operation.variables ??= [...walk.variables].sort();
  if (costs.size >= MAX_REMEMBERED) costs.clear();
  const newKey = keyOf(operation.variables, variableValues);
  if (newKey.length <= MAX_KEY_LENGTH) costs.set(newKey, cost);
  return cost;
}

function operationOf(document: DocumentNode, name: string | null): KnownOperation | null {
  let ofDocument = known.get(document);
  if (ofDocument === undefined) {
    ofDocument = new Map();
    known.set(document, ofDocument);
  }
  const found = ofDocument.get(name);
  if (found !== undefined) return found;
  const { operations } = shapeOf(document);
  const named = operations.find(({ node }) => name === null || node.name?.value === name);
  const operation = named === undefined ? null : { ...named, variables: null, costs: new Map<string, OperationCost>() };
  // An unknown name is whatever a client sends, so it is not remembered.
  if (operation !== null) ofDocument.set(name, operation);
  return operation;
}

function keyOf(names: readonly string[], values: CostRequest['variableValues']): string {
  return names.length === 0 ? '' : JSON.stringify(names.map((name) => sizeOf(values?.[name])));
}

/** What counts of the value of a variable: numbers as they are, and lists by their length; also within inputs. */
function sizeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length;
  if (typeof value !== 'object' || value === null) return typeof value === 'number' ? value : typeof value;
  return Object.entries(value).map(([name, inner]) => [name, sizeOf(inner)]);
}

function withDefaults(
  { variableDefinitions = [] }: OperationDefinitionNode,
  given: CostRequest['variableValues'],
): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const { variable, defaultValue } of variableDefinitions) {
    const { value: name } = variable.name;
    const value = given?.[name];
    values[name] = value === undefined && defaultValue !== undefined ? valueFromASTUntyped(defaultValue) : value;
  }
  return values;
}

/** What a selection set costs once, and what it costs for each item of a page: `edges` of a connection. */
interface SelectionCost {
  readonly once: number;
  readonly perItem: number;
  readonly compiled: number;
  readonly lists: number;
}

const FREE: SelectionCost = { once: 0, perItem: 0, compiled: 0, lists: 0 };

/** The price of a field: its own, and how often what is selected in it is paid. */
interface Price {
  readonly field: number;
  readonly multiplier: number;
}

/** What stands beside a field in the schema. */
type Complexity = number | Partial<Price>;
type Annotation = Complexity | ((args: object, context: object, field: object) => Complexity) | undefined;

const DEFAULT_PRICE = 1;
/** For lists of no known length. */
const DEFAULT_LIST_LENGTH = 5;

class CostWalk {
  /** The variables whose values were looked at. */
  readonly variables = new Set<string>();
  readonly #schema: GraphQLSchema;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #costs = new Map<SelectionSetNode, Map<GraphQLNamedType, SelectionCost>>();

  constructor(schema: GraphQLSchema, { definitions }: DocumentNode, values: Readonly<Record<string, unknown>>) {
    this.#schema = schema;
    this.#values = values;
    const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
    this.#fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  }

  costOf({ operation, selectionSet }: OperationDefinitionNode): Omit<OperationCost, keyof OperationShape> {
    const root = this.#schema.getRootType(operation);
    const { once, perItem, compiled, lists } = root == null ? FREE : this.#selectionSet(selectionSet, root);
    return { points: Math.ceil(once + perItem), compiledSelections: compiled, compiledLists: lists };
  }

  #selectionSet(selectionSet: SelectionSetNode, type: GraphQLNamedType): SelectionCost {
    const ofTypes = this.#costs.get(selectionSet) ?? new Map<GraphQLNamedType, SelectionCost>();
    this.#costs.set(selectionSet, ofTypes);
    const remembered = ofTypes.get(type);
    if (remembered !== undefined) return remembered;
    // A fragment that spreads itself finds this; validation rejects it.
    ofTypes.set(type, FREE);
    let once = 0;
    let perItem = 0;
    let compiled = 0;
    let lists = 0;
    for (const selection of selectionSet.selections) {
      const cost = this.#selection(selection, type);
      once += cost.once;
      perItem += cost.perItem;
      compiled += cost.compiled;
      lists += cost.lists;
    }
    const cost = { once, perItem, compiled, lists };
    ofTypes.set(type, cost);
    return cost;
  }

  #selection(selection: SelectionSetNode['selections'][number], type: GraphQLNamedType): SelectionCost {
    if (selection.kind === Kind.FIELD) return this.#field(selection, type);
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(selection.name.value) : selection;
    if (fragment === undefined) return FREE;
    const condition = fragment.typeCondition?.name.value;
    const fragmentType = condition === undefined ? type : this.#schema.getType(condition);
    return fragmentType === undefined ? FREE : this.#selectionSet(fragment.selectionSet, fragmentType);
  }

  #field(node: FieldNode, type: GraphQLNamedType): SelectionCost {
    const { value: name } = node.name;
    if (name === '__schema' || name === '__type') {
      return { once: introspectionCost(node, this.#schema, this.#fragments), perItem: 0, compiled: 1, lists: 0 };
    }
    // Compiled for each type that the object can have.
    const types = isAbstractType(type) ? this.#schema.getPossibleTypes(type).length : 1;
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
    if (field === undefined) return { once: DEFAULT_PRICE, perItem: 0, compiled: types, lists: 0 };
    const { field: own, multiplier } = this.#priceOf(node, field);
    const ownLists = types * (isList(field) ? 1 : 0);
    if (node.selectionSet === undefined) return { once: own, perItem: 0, compiled: types, lists: ownLists };
    const within = this.#selectionSet(node.selectionSet, getNamedType(field.type));
    const compiled = types * (1 + within.compiled);
    const lists = ownLists + types * within.lists;
    if (field.extensions['isPage'] === true) return { once: own, perItem: within.once, compiled, lists };
    // Only the items of a connection are paid for each of them; anything else of it is paid once.
    const isConnection = within.perItem > 0 || hasPages(getNamedType(field.type));
    const selected = isConnection ? within.once + within.perItem * multiplier : within.once * multiplier;
    return { once: own + selected, perItem: 0, compiled, lists };
  }

  #priceOf(node: FieldNode, field: GraphQLField<unknown, unknown>): Price {
    // The extension is what schema/types say, which Pothos has checked.
    const annotation = field.extensions['complexity'] as Annotation;
    const complexity =
      typeof annotation === 'function' ? annotation(this.#argumentsOf(node, field), {}, field) : annotation;
    if (typeof complexity === 'number') return { field: complexity, multiplier: lengthOf(field) };
    return {
      field: complexity?.field ?? DEFAULT_PRICE,
      multiplier: Math.max(complexity?.multiplier ?? lengthOf(field), 0),
    };
  }

  #argumentsOf({ arguments: given = [] }: FieldNode, { args }: GraphQLField<unknown, unknown>): object {
    const values: Record<string, unknown> = {};
    for (const { name, defaultValue } of args) if (defaultValue !== undefined) values[name] = defaultValue;
    for (const { name, value } of given) {
      for (const variable of variablesIn(value)) this.variables.add(variable);
      values[name.value] = valueFromASTUntyped(value, { ...this.#values });
    }
    return values;
  }
}

/** Whether this is the type of a connection, even where only its total count or its page information is selected. */
function hasPages(type: GraphQLNamedType): boolean {
  return isObjectType(type) && type.getFields()['edges']?.extensions['isPage'] === true;
}

function lengthOf(field: GraphQLField<unknown, unknown>): number {
  return isList(field) ? DEFAULT_LIST_LENGTH : 1;
}

function isList({ type }: GraphQLField<unknown, unknown>): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}

/** Values are nested a few levels deep only: larger ones were refused before. */
function variablesIn(value: ASTNode): readonly string[] {
  if (value.kind === Kind.VARIABLE) return [value.name.value];
  if (value.kind === Kind.LIST) return value.values.flatMap(variablesIn);
  if (value.kind === Kind.OBJECT) return value.fields.flatMap((field) => variablesIn(field.value));
  return [];
}
