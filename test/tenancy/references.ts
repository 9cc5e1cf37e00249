/** What the schema lets a client name: every argument and input field that can hold an id, a cursor or a key. */
import {
  type GraphQLArgument,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';

/** The types of ids, cursors and idempotency keys. */
const REFERENCE_TYPES: ReadonlySet<string> = new Set(['ID', 'String']);

/** `Type.field(argument)` of each argument, and `InputType.field` of each input field, that is an ID or a String. */
export function referencesOf(schema: GraphQLSchema): readonly string[] {
  const found: string[] = [];
  const isReference = ({ type }: Pick<GraphQLArgument, 'type'>) => REFERENCE_TYPES.has(getNamedType(type).name);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        const named = field.args.filter(isReference).map((argument) => `${type.name}.${field.name}(${argument.name})`);
        found.push(...named);
      }
    }
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(isReference);
      found.push(...fields.map((field) => `${type.name}.${field.name}`));
    }
  }
  return found.sort();
}

/** `Query.image`, … of each root field. */
export function rootFieldsOf(schema: GraphQLSchema): readonly string[] {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
    .flatMap((root) => Object.keys(root?.getFields() ?? {}).map((field) => `${root?.name}.${field}`))
    .sort();
}

/**
 * Selects all that can be read without arguments, some levels deep: in parts, because one operation with all of it costs
 * more than an operation may. Each part has the columns of the type, or one of the objects or lists that it leads to.
 * @param depth levels of objects
 * @returns none for a type without such fields
 */
export function selectionsOf(schema: GraphQLSchema, typeName: string, depth: number): readonly string[] {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) return ['{ __typename }'];
  const columns: string[] = [];
  const objects: string[] = [];
  // An edge, its node and its page count as one level.
  const cost = isPageType(type.name) ? 0 : 1;
  for (const field of Object.values(type.getFields())) {
    if (field.name.startsWith('dataUri') || field.args.some(isRequiredArgument)) continue;
    const inner = getNamedType(field.type);
    if (isLeafType(inner)) columns.push(field.name);
    if (isLeafType(inner) || isUnionType(inner) || depth < cost) continue;
    const page = field.args.some(({ name }) => name === 'first') ? '(first: 1)' : '';
    const selections = selectionsOf(schema, inner.name, depth - cost);
    const inParts = isPageType(type.name) || isPageType(inner.name) ? selections : joined(selections);
    objects.push(...inParts.map((selection) => `{ ${field.name}${page} ${selection} }`));
  }
  return columns.length === 0 ? objects : [`{ ${columns.join(' ')} }`, ...objects];
}

function isPageType(name: string): boolean {
  return /(?:Connection|Edge)$/u.test(name);
}

/** One selection of all that several select. */
function joined(selections: readonly string[]): readonly string[] {
  return selections.length === 0 ? [] : [`{ ${selections.map((text) => text.slice(2, -2)).join(' ')} }`];
}
