/** Queries that nobody has thought of: a random walk through the schema, valid by its rules. */
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** Picks one of several, each as likely as the others. */
export type Pick = <T>(choices: readonly T[]) => T;

export interface RandomDocumentOptions {
  readonly schema: GraphQLSchema;
  readonly pick: Pick;
  /** GraphQL literals to choose from, by the name of the argument. */
  readonly literals: Readonly<Record<string, readonly string[]>>;
}

const MOST_FIELDS = [1, 2, 3, 5] as const;
const DEEPEST = 4;

/** A query with a variable `$yes: Boolean!` that its directives refer to. */
export function randomDocument({ schema, pick, literals }: RandomDocumentOptions): string {
  const fragments: string[] = [];
  let names = 0;
  const newName = (kind: string) => {
    names += 1;
    return `${kind}${names}`;
  };

  function argument({ name, type }: GraphQLArgument): string[] {
    const choices = literals[name];
    if (choices === undefined) {
      if (isNonNullType(type)) throw new Error(`no literal for the argument ${name}`);
      return [];
    }
    return isNonNullType(type) || pick([true, false]) ? [`${name}: ${pick(choices)}`] : [];
  }

  function field({ name, args, type }: GraphQLField<unknown, unknown>, depth: number): string {
    const given = args.flatMap(argument);
    // Each has a name of its own: two fields of one name may not differ.
    const head = `${newName('a')}: ${name}${given.length === 0 ? '' : `(${given.join(', ')})`}`;
    const directive = pick(['', '', '', ' @include(if: $yes)', ' @skip(if: $yes)', ' @skip(if: false)']);
    const inner = getNamedType(type);
    return `${head}${directive}${isCompositeType(inner) ? ` ${selection(inner, depth - 1)}` : ''}`;
  }

  function fieldsOf(type: GraphQLObjectType | GraphQLInterfaceType, depth: number): string[] {
    const fields = Object.values(type.getFields()).filter(
      ({ type: inner }) => depth > 0 || !isCompositeType(getNamedType(inner)),
    );
    if (fields.length === 0) return [];
    return Array.from({ length: pick(MOST_FIELDS) }, () => field(pick(fields), depth));
  }

  function selection(type: GraphQLNamedType, depth: number): string {
    const parts = ['__typename'];
    if (isObjectType(type) || isInterfaceType(type)) parts.push(...fieldsOf(type, depth));
    if (isCompositeType(type) && !isObjectType(type)) {
      const possible = schema.getPossibleTypes(type);
      for (const one of new Set([pick(possible), pick(possible)])) {
        parts.push(`... on ${one.name} { __typename ${fieldsOf(one, depth).join(' ')} }`);
      }
    }
    const text = `{ ${parts.join(' ')} }`;
    if (pick([true, true, false])) return text;
    const name = newName('F');
    fragments.push(`fragment ${name} on ${type.name} ${text}`);
    return `{ ...${name} }`;
  }

  const query = schema.getQueryType();
  if (query == null) throw new Error('the schema has no queries');
  const text = selection(query, DEEPEST);
  // The variable has to be used somewhere.
  return `query ($yes: Boolean!) { used: __typename @include(if: $yes) ...${newName('F')} } fragment F${names} on Query ${text} ${fragments.join(' ')}`;
}
