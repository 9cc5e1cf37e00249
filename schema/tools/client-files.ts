/** What client libraries need to know of the schema beyond its SDL: the JSON files beside schema.graphql (docs/clients.md). */
import {
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isIntrospectionType,
  isListType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql';

/** The object types of each interface and union, in the form of Apollo's `possibleTypes`. */
export function possibleTypes(schema: GraphQLSchema): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    typesOf(schema)
      .filter(isAbstractType)
      .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
  );
}

/**
 * The TypeScript type of each scalar, in the form of GraphQL Code Generator's `scalars` and Relay's `customScalarTypes`.
 * @throws {Error} for a scalar without `codegenScalarType`
 */
export function codegenScalars(schema: GraphQLSchema): Readonly<Record<string, string>> {
  const scalars = typesOf(schema)
    .filter(isScalarType)
    .filter((type) => !isSpecifiedScalarType(type));
  return Object.fromEntries(
    scalars.map(({ name, extensions: { codegenScalarType } }) => {
      if (typeof codegenScalarType !== 'string') throw new Error(`The scalar ${name} has no codegenScalarType.`);
      return [name, codegenScalarType];
    }),
  );
}

export interface CacheRules {
  /** The object types without `id`. A normalized cache keeps them within their parent. */
  readonly keylessTypes: readonly string[];
  /** The fields of each other type, and of `Query`, that are lists: a new list replaces the old one. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** The fields of each type that are connections, with the arguments that choose a list rather than a page of it. */
  readonly connections: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

const PAGE_ARGUMENTS: ReadonlySet<string> = new Set(['first', 'last', 'after', 'before']);

/** What normalized caches (Apollo Client, Graphcache) must be told, so that they neither lose data nor print warnings. */
export function cacheRules(schema: GraphQLSchema): CacheRules {
  const operations = [schema.getMutationType(), schema.getSubscriptionType()];
  const types = typesOf(schema)
    .filter(isObjectType)
    .filter((type) => !operations.includes(type));
  const isKeyed = (type: (typeof types)[number]) => type === schema.getQueryType() || 'id' in type.getFields();
  const keyed = types.filter(isKeyed);
  return {
    keylessTypes: types.filter((type) => !isKeyed(type)).map(({ name }) => name),
    lists: byType(keyed, (fields) => fields.filter(isList).map(({ name }) => name)),
    connections: byType(types, (fields) =>
      Object.fromEntries(fields.filter(isConnection).map((field) => [field.name, listArguments(field)])),
    ),
  };
}

type Field = GraphQLField<unknown, unknown>;

/** Applies a function to the fields of each type, and leaves out what is empty. */
function byType<Value extends object>(
  types: readonly { readonly name: string; getFields(): Readonly<Record<string, Field>> }[],
  read: (fields: readonly Field[]) => Value,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    types
      .map((type) => [type.name, read(Object.values(type.getFields()))] as const)
      .filter(([, value]) => Object.keys(value).length > 0),
  );
}

function isList({ type }: Field): boolean {
  return isListType(getNullableType(type));
}

/** A connection as the Relay specification defines it: its type is named so, and its arguments are those of pages. */
function isConnection({ type, args }: Field): boolean {
  return getNamedType(type).name.endsWith('Connection') && args.some(({ name }) => name === 'first');
}

function listArguments({ args }: Field): readonly string[] {
  return args.map(({ name }) => name).filter((name) => !PAGE_ARGUMENTS.has(name));
}

function typesOf(schema: GraphQLSchema) {
  return Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));
}
