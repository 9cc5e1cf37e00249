/** Every GraphQL operation in the documentation is valid, and asks for the error wherever a result can be one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  type DocumentNode,
  getNamedType,
  isUnionType,
  Kind,
  NoUnusedFragmentsRule,
  parse,
  type SelectionNode,
  specifiedRules,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const schema = buildSchema(textOf('schema/schema.graphql'));

const PAGES = [
  ...['README.md', 'PROTOCOL.md', 'SECURITY.md', 'CONTRIBUTING.md'],
  ...readdirSync(join(ROOT, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];

/** Blocks of GraphQL, documents for GraphQL Code Generator, documents for Relay, and bodies of requests. */
const FORMS = {
  block: /^```graphql\n(?<graphql>.*?)^```$/gmsu,
  typed: /\bgraphql\(`(?<graphql>.*?)`\)/gsu,
  relay: /= graphql`(?<graphql>.*?)`/gsu,
  body: /"query": ?(?<string>"(?:[^"\\]|\\.)*")/gu,
} as const;

type Form = keyof typeof FORMS;

function documentsOf(text: string, form: Form): readonly DocumentNode[] {
  return [...text.matchAll(FORMS[form])].map(({ groups: { graphql, string } = {} }) =>
    parse(graphql ?? JSON.parse(string ?? '')),
  );
}

/** Relay's documents have directives of its own. Its compiler checks them (`npm run test:clients`). */
function problemsOf(text: string): readonly string[] {
  const definitions = (['block', 'typed', 'body'] as const).flatMap((form) =>
    documentsOf(text, form).flatMap((document) => document.definitions),
  );
  // The blocks of a page can use each other's fragments, and operations in one block are alternatives.
  const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const rules = specifiedRules.filter((rule) => rule !== NoUnusedFragmentsRule);
  return definitions
    .filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    .flatMap((operation) => validate(schema, { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] }, rules))
    .map(({ message }) => message);
}

/** The fields whose result can be an error that they do not ask for. */
function withoutError(text: string): readonly string[] {
  const found: string[] = [];
  const types = new TypeInfo(schema);
  const visitor = visitWithTypeInfo(types, {
    Field(field) {
      const type = getNamedType(types.getType());
      const canFail = isUnionType(type) && type.getTypes().some((each) => each.getInterfaces().some(isError));
      if (canFail && !field.selectionSet?.selections.some(asksForError)) found.push(field.name.value);
    },
  });
  // The keys of a literal are those of its type.
  for (const form of Object.keys(FORMS) as Form[]) {
    for (const document of documentsOf(text, form)) visit(document, visitor);
  }
  return found;
}

const isError = ({ name }: { readonly name: string }) => name === 'Error';

function asksForError(selection: SelectionNode): boolean {
  if (selection.kind !== Kind.INLINE_FRAGMENT || selection.typeCondition?.name.value !== 'Error') return false;
  const fields = selection.selectionSet.selections.map((field) => (field.kind === Kind.FIELD ? field.name.value : ''));
  return fields.includes('code') && fields.includes('message');
}

describe('GraphQL in the documentation', () => {
  it('is found in every form', () => {
    const count = (form: Form) => PAGES.reduce((sum, page) => sum + documentsOf(textOf(page), form).length, 0);
    expect(count('block')).toBeGreaterThan(8);
    expect(count('typed')).toBeGreaterThan(5);
    expect(count('relay')).toBeGreaterThan(5);
    expect(count('body')).toBeGreaterThan(1);
  });

  it.each(PAGES)('of %s is valid', (page) => {
    expect(problemsOf(textOf(page))).toEqual([]);
  });

  it.each(PAGES)('of %s asks for the code and the message of errors', (page) => {
    expect(withoutError(textOf(page))).toEqual([]);
  });

  it('is rejected when it is wrong', () => {
    expect(problemsOf('```graphql\n{ image { id } }\n```')).toEqual([expect.stringContaining('argument "id"')]);
    const forgetful = 'cancelGeneration(input: { callId: \\"1\\" }) { ... on Error { message } }';
    expect(withoutError(`-d '{"query":"mutation { ${forgetful} }"}'`)).toEqual(['cancelGeneration']);
  });
});
