/** What the schema lets a client name: every argument and input field that can hold an id, a cursor or a key. */
import { type GraphQLArgument, type GraphQLSchema, getNamedType, isInputObjectType, isObjectType } from 'graphql';

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
 * Selects all that can be read without arguments, some levels deep; null for a type without such fields.
 * @param depth levels of objects
 */
export function selectionOf(schema: GraphQLSchema, typeName: string, depth: number): string | null {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) return '{ __typename }';
  const fields = Object.values(type.getFields()).flatMap((field) => {
    if (field.args.some(({ type: of, defaultValue }) => String(of).endsWith('!') && defaultValue === undefined))
      return [];
    const inner = getNamedType(field.type);
    if (!('getFields' in inner)) return inner.name === 'Upload' || 'getTypes' in inner ? [] : [field.name];
    // `edges` has the same items.
    if (field.name === 'nodes' && type.name.endsWith('Connection')) return [];
    // An edge, its node and its page count as one level.
    const cost = /(?:Connection|Edge)$/u.test(type.name) ? 0 : 1;
    if (depth < cost || field.name === 'dataUri') return [];
    const page = field.args.some(({ name }) => name === 'first') ? '(first: 1)' : '';
    const selection = selectionOf(schema, inner.name, depth - cost);
    return selection === null ? [] : [`${field.name}${page} ${selection}`];
  });
  return fields.length === 0 ? null : `{ ${fields.filter((field) => !field.startsWith('dataUri')).join(' ')} }`;
}
