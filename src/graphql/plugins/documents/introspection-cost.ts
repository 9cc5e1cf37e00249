/**
 * The cost of introspection: the number of fields that its answer has, by the average lengths of the lists in this
 * schema. The types of a schema refer to each other in circles, so short documents can have endless answers.
 */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;
type Lengths = Readonly<Partial<Record<string, number>>>;

/** Introspection reads nothing but memory, so its fields cost a fraction of others. */
const PRICE = 0.1;

const lengthsBySchema = new WeakMap<GraphQLSchema, Lengths>();

/** @param node `__schema` or `__type` with what it selects */
export function introspectionCost(node: FieldNode, schema: GraphQLSchema, fragments: Fragments): number {
  const lengths = lengthsBySchema.get(schema) ?? averageLengths(schema);
  lengthsBySchema.set(schema, lengths);
  const costs = new Map<SelectionSetNode, number>();

  function costOf({ name, selectionSet }: FieldNode): number {
    const within = selectionSet === undefined ? 0 : costOfSet(selectionSet);
    return PRICE + within * (lengths[name.value] ?? 1);
  }

  function costOfSet(selectionSet: SelectionSetNode): number {
    const remembered = costs.get(selectionSet);
    if (remembered !== undefined) return remembered;
    // A fragment that spreads itself finds this; validation rejects it.
    costs.set(selectionSet, 0);
    let cost = 0;
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) cost += costOf(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) cost += costOfSet(selection.selectionSet);
      else {
        const fragment = fragments.get(selection.name.value);
        if (fragment !== undefined) cost += costOfSet(fragment.selectionSet);
      }
    }
    costs.set(selectionSet, cost);
    return cost;
  }

  return costOf(node);
}

/** How long each list of an introspected schema is, on average over what has it. */
function averageLengths(schema: GraphQLSchema): Lengths {
  const types = Object.values(schema.getTypeMap());
  const withFields = types.filter((type) => isObjectType(type) || isInterfaceType(type));
  const fields = withFields.flatMap((type) => Object.values(type.getFields()));
  const inputs = types.filter(isInputObjectType);
  const enums = types.filter(isEnumType);
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  return {
    types: types.length,
    directives: schema.getDirectives().length,
    fields: fields.length / Math.max(withFields.length, 1),
    args: total(fields.map(({ args }) => args.length)) / Math.max(fields.length, 1),
    inputFields: total(inputs.map((type) => Object.keys(type.getFields()).length)) / Math.max(inputs.length, 1),
    enumValues: total(enums.map((type) => type.getValues().length)) / Math.max(enums.length, 1),
    interfaces: 1,
    possibleTypes: 1,
  };
}
