/** What Graphcache has to know of the schema, as the module `virtual:graphcache-schema`: types and fields without arguments. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type IntrospectionType, introspectionFromSchema } from 'graphql';
import type { Plugin } from 'vite';

const SCHEMA_FILE = join(import.meta.dirname, '../schema/schema.graphql');
const MODULE = 'virtual:graphcache-schema';

export function graphcacheSchema(): Plugin {
  return {
    name: 'graphcache-schema',
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : null),
    load(id) {
      if (id !== `\0${MODULE}`) return null;
      this.addWatchFile(SCHEMA_FILE);
      return `export default ${JSON.stringify(readSchema())};`;
    },
  };
}

function readSchema(): object {
  const { __schema } = introspectionFromSchema(buildSchema(readFileSync(SCHEMA_FILE, 'utf8')), { descriptions: false });
  const { queryType, mutationType, subscriptionType } = __schema;
  return { __schema: { queryType, mutationType, subscriptionType, types: __schema.types.flatMap(withoutArguments) } };
}

function withoutArguments(type: IntrospectionType): readonly object[] {
  const { kind, name } = type;
  if (name.startsWith('__')) return [];
  switch (kind) {
    case 'UNION':
      return [{ kind, name, possibleTypes: type.possibleTypes }];
    case 'OBJECT':
    case 'INTERFACE': {
      const fields = type.fields.map((field) => ({ name: field.name, type: field.type, args: [] }));
      const possible = kind === 'INTERFACE' ? { possibleTypes: type.possibleTypes } : {};
      return [{ kind, name, fields, interfaces: type.interfaces, ...possible }];
    }
    default:
      return [];
  }
}
