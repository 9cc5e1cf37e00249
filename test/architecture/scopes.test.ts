/** No field is open by oversight: every root field names its scope, and so does every field that shows what was spent. */
import { type GraphQLField, type GraphQLSchema, getNamedType, isInterfaceType, isObjectType } from 'graphql';
import { expect, it } from 'vitest';
import { schema } from '../../schema/index.ts';

/** What was or may be spent. */
const SPENDING = ['Cost', 'Usage', 'Budget', 'Spending'];
/** An estimate is behind a root field that needs COST. Who is refused because of a budget is told which one. */
const SHOWN_OTHERWISE = ['GenerationEstimate', 'BudgetExceededError'];
const READ_ROOTS = ['Query', 'Subscription'];

interface FieldOptions {
  readonly authScopes?: Readonly<Record<string, boolean>>;
}

function scopesOf({ extensions }: GraphQLField<unknown, unknown>): readonly string[] {
  // Pothos leaves the options of a field there.
  const { authScopes = {} } = (extensions['pothosOptions'] ?? {}) as FieldOptions;
  return Object.keys(authScopes);
}

function fieldsOf(of: GraphQLSchema) {
  const types = Object.values(of.getTypeMap()).filter((type) => isObjectType(type) || isInterfaceType(type));
  return types.flatMap((type) => Object.values(type.getFields()).map((field) => ({ type: type.name, field })));
}

const fields = fieldsOf(schema);
const roots = fields.filter(({ type }) => ['Query', 'Mutation', 'Subscription'].includes(type));

it.each(roots.map(({ type, field }) => [`${type}.${field.name}`, field] as const))('%s names its scope', (_, field) => {
  expect(scopesOf(field)).toHaveLength(1);
});

it('what is read needs READ, unless it is about money', () => {
  const others = roots
    .filter(({ type, field }) => READ_ROOTS.includes(type) && !scopesOf(field).includes('READ'))
    .map(({ field }) => [field.name, ...scopesOf(field)]);
  expect(others.toSorted()).toEqual([
    ['apiKeys', 'ADMIN'],
    ['estimateGeneration', 'COST'],
    ['generationCallsAwaitingApproval', 'ADMIN'],
  ]);
});

it('what shows the spending needs COST', () => {
  const spending = fields
    .filter(({ field }) => SPENDING.includes(getNamedType(field.type).name))
    .filter(({ type }) => !SHOWN_OTHERWISE.includes(type))
    .map(({ type, field }) => [`${type}.${field.name}`, ...scopesOf(field)]);
  expect(spending.length).toBeGreaterThan(3);
  for (const [name, ...scopes] of spending) expect([name, ...scopes]).toEqual([name, 'COST']);
});

it('every mutation can answer that a scope is missing', () => {
  const without = roots
    .filter(({ type }) => type === 'Mutation')
    .map(({ field }) => getNamedType(field.type))
    .filter((union) => !('getTypes' in union) || !union.getTypes().some(({ name }) => name === 'ForbiddenError'))
    .map(({ name }) => name);
  expect(without).toEqual([]);
});
