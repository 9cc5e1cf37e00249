/** GraphiQL shows these texts: everything in the schema has one, and each is a sentence. */
import { isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { expect, it } from 'vitest';
import { schema } from '../../schema/index.ts';

interface Described {
  readonly name: string;
  readonly description?: string | null | undefined;
}

/** Every type, field, argument and enum value of our own, with its path in the schema. */
function describedMembers(): readonly (readonly [path: string, description: string])[] {
  const members: (readonly [string, string])[] = [];
  const add = (prefix: string, { name, description }: Described) => members.push([prefix + name, description ?? '']);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || /^(ID|String|Int|Float|Boolean)$/u.test(type.name)) continue;
    add('', type);
    if (isEnumType(type)) for (const value of type.getValues()) add(`${type.name}.`, value);
    if (isInputObjectType(type)) for (const field of Object.values(type.getFields())) add(`${type.name}.`, field);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      add(`${type.name}.`, field);
      for (const argument of field.args) add(`${type.name}.${field.name}.`, argument);
    }
  }
  return members;
}

it('everything in the schema has a description that ends with a full stop', () => {
  const members = describedMembers();
  expect(members.length).toBeGreaterThan(400);
  expect(members.filter(([, description]) => !description.endsWith('.'))).toEqual([]);
});
