/** The JSON files for clients beside schema.graphql. */
import { buildSchema, GraphQLObjectType, GraphQLScalarType, GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../schema/index.ts';
import { cacheRules, codegenScalars, possibleTypes } from '../../schema/tools/client-files.ts';

const SMALL = buildSchema(`
  interface Node { id: ID! }
  union Result = Picture | Problem
  type Picture implements Node { id: ID! tags: [String!]! size: Size! others(first: Int, after: String, tag: String): PictureConnection! }
  type PictureConnection { edges: [PictureEdge!]! nodes: [Picture!]! }
  type PictureEdge { cursor: String! node: Picture! }
  type Problem { message: String! details: [String!]! }
  type Size { width: Int! }
  type Query { pictures(first: Int, last: Int, after: String, before: String): PictureConnection! node(id: ID!): Node all: [Picture!] result: Result }
  type Mutation { change: [Result!]! }
`);

describe('the files for clients', () => {
  it('list the types of each interface and union', () => {
    expect(possibleTypes(SMALL)).toEqual({ Node: ['Picture'], Result: ['Picture', 'Problem'] });
    expect(possibleTypes(schema)).toMatchObject({ Node: expect.arrayContaining(['Image', 'GenerationCall']) });
  });

  it('tell caches which types have no id, and which fields are lists or connections', () => {
    expect(cacheRules(SMALL)).toEqual({
      keylessTypes: ['PictureConnection', 'PictureEdge', 'Problem', 'Size'],
      lists: { Picture: ['tags'], Query: ['all'] },
      connections: { Picture: { others: ['tag'] }, Query: { pictures: [] } },
    });
  });

  it('give each scalar of the schema a type, and fail for one without', () => {
    expect(codegenScalars(schema)).toMatchObject({ DateTime: 'string', SafeInt: 'number', Upload: 'File' });
    const untyped = new GraphQLScalarType({ name: 'Untyped' });
    const query = new GraphQLObjectType({ name: 'Query', fields: { untyped: { type: untyped } } });
    expect(() => codegenScalars(new GraphQLSchema({ query }))).toThrow('Untyped has no codegenScalarType');
  });
});
