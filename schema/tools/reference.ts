/** The API reference in Markdown, made of the descriptions of the schema: one page for each kind of type (docs/reference/). */
import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLEnumValue,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type GraphQLType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isUnionType,
  print,
} from 'graphql';

interface Page {
  readonly file: string;
  readonly title: string;
  readonly about: string;
  /** Whether the type stands on this page. A type stands on the first page that takes it. */
  takes(type: GraphQLNamedType, schema: GraphQLSchema): boolean;
}

const implementsOne = (type: GraphQLNamedType, name: RegExp) =>
  isObjectType(type) && type.getInterfaces().some((each) => name.test(each.name));

const PAGES: readonly Page[] = [
  {
    file: 'queries.md',
    title: 'Queries',
    about: 'The fields of `Query`. They change nothing.',
    takes: (type, schema) => type === schema.getQueryType(),
  },
  {
    file: 'mutations.md',
    title: 'Mutations',
    about:
      'The fields of `Mutation`. Each returns a union of its success and its errors: select `... on Error { code message }` beside the success.',
    takes: (type, schema) => type === schema.getMutationType(),
  },
  {
    file: 'subscriptions.md',
    title: 'Subscriptions',
    about:
      'The fields of `Subscription`, over WebSocket or server-sent events. [Resuming](../resuming.md) shows what to do when a connection is lost.',
    takes: (type, schema) => type === schema.getSubscriptionType(),
  },
  {
    file: 'events.md',
    title: 'Events',
    about: 'What subscriptions deliver. More types may be added: ignore those that you do not know.',
    takes: (type) => implementsOne(type, /Event$/u),
  },
  {
    file: 'errors.md',
    title: 'Errors',
    about: 'The errors that mutations return. [Failures](../failures.md) says what to do about each.',
    takes: (type) => implementsOne(type, /^Error$/u),
  },
  {
    file: 'results.md',
    title: 'Results',
    about: 'What mutations return: a union for each, and the type of its success.',
    takes: (type) => (isUnionType(type) && type.name.endsWith('Result')) || type.name.endsWith('Success'),
  },
  {
    file: 'connections.md',
    title: 'Connections',
    about: 'Pages of lists, as the Relay specification defines them: `nodes`, or `edges` with a cursor each.',
    takes: (type) => isObjectType(type) && /(?:Connection|Edge|^PageInfo)$/u.test(type.name),
  },
  {
    file: 'objects.md',
    title: 'Objects',
    about: 'The types with fields: images, calls, conversations and what belongs to them.',
    takes: isObjectType,
  },
  {
    file: 'interfaces-and-unions.md',
    title: 'Interfaces and unions',
    about: 'Types that stand for one of several. `__typename` says which one it is.',
    takes: (type) => isInterfaceType(type) || isUnionType(type),
  },
  { file: 'inputs.md', title: 'Inputs', about: 'The arguments that have fields.', takes: isInputObjectType },
  { file: 'enums.md', title: 'Enums', about: 'The types with a fixed set of values.', takes: isEnumType },
  { file: 'scalars.md', title: 'Scalars', about: 'The types of single values.', takes: isScalarType },
];

/** The pages by their file names. */
export function referencePages(schema: GraphQLSchema): Readonly<Record<string, string>> {
  const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));
  const pageOf = new Map(types.map((type) => [type.name, PAGES.find((page) => page.takes(type, schema))?.file ?? '']));
  const write = new Writer(schema, pageOf);
  const pages = PAGES.map(({ file, title, about }) => {
    const own = types.filter(({ name }) => pageOf.get(name) === file);
    const isRoot = own.length === 1 && isRootType(own[0], schema);
    const body = own.flatMap((type) => (isRoot ? write.rootFields(type) : [write.type(type)]));
    return [file, `# ${title}\n\n${about}\n\n${NOTE}\n\n${body.join('\n\n')}\n`] as const;
  });
  return Object.fromEntries([['README.md', index()], ...pages]);
}

const NOTE = '*Made from the schema by `npm run codegen`.*';

function index(): string {
  const list = PAGES.map(
    ({ file, title, about }) => `- [${title}](${file}): ${about.replaceAll(/\]\([^)]*\)|\[/gu, '')}`,
  );
  return `# API reference\n\nEvery operation, type and field of the GraphQL API. The same as SDL: [schema.graphql](../../schema/schema.graphql).\n\n${list.join('\n')}\n\n${NOTE}\n`;
}

function isRootType(type: GraphQLNamedType | undefined, schema: GraphQLSchema): boolean {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].some((root) => root === type);
}

type Member = GraphQLField<unknown, unknown> | GraphQLInputField | GraphQLArgument;

class Writer {
  readonly #schema: GraphQLSchema;
  readonly #pageOf: ReadonlyMap<string, string>;

  constructor(schema: GraphQLSchema, pageOf: ReadonlyMap<string, string>) {
    this.#schema = schema;
    this.#pageOf = pageOf;
  }

  /** A section for each field of a root type. */
  rootFields(type: GraphQLNamedType): readonly string[] {
    if (!isObjectType(type)) return [];
    return Object.values(type.getFields()).map((field) =>
      [
        `## ${field.name}`,
        textOf(field.description),
        deprecation(field),
        `Returns ${this.#link(field.type)}`,
        field.args.map((argument) => this.#member(argument)).join('\n'),
      ]
        .filter((part) => part !== '')
        .join('\n\n'),
    );
  }

  type(type: GraphQLNamedType): string {
    const parts = [`## ${type.name}`, textOf(type.description), this.#relations(type), this.#members(type)];
    return parts.filter((part) => part !== '').join('\n\n');
  }

  #members(type: GraphQLNamedType): string {
    if (isEnumType(type)) return type.getValues().map(enumValue).join('\n');
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return '';
    const fields: readonly Member[] = Object.values(type.getFields());
    return fields.map((field) => this.#member(field)).join('\n');
  }

  /** What a type implements, and the types that an interface or a union stands for. */
  #relations(type: GraphQLNamedType): string {
    const implemented = isObjectType(type) ? type.getInterfaces() : [];
    const possible = isInterfaceType(type) || isUnionType(type) ? this.#schema.getPossibleTypes(type) : [];
    const list = (types: readonly GraphQLNamedType[]) => types.map((each) => this.#link(each)).join(', ');
    if (implemented.length > 0) return `Implements ${list(implemented)}`;
    return possible.length > 0 ? `One of ${list(possible)}` : '';
  }

  #member(member: Member): string {
    const args = 'args' in member ? member.args : [];
    const lines = [
      `- **\`${member.name}\`** ${this.#link(member.type)}${defaultOf(member)}: ${textOf(member.description)} ${deprecation(member)}`,
      ...args.map((argument) => `  ${this.#member(argument)}`),
    ];
    return lines.map((line) => line.trimEnd()).join('\n');
  }

  #link(type: GraphQLType): string {
    const { name } = getNamedType(type);
    return `[\`${String(type)}\`](${this.#pageOf.get(name)}#${name.toLowerCase()})`;
  }
}

function enumValue({ name, description, deprecationReason }: GraphQLEnumValue): string {
  return `- **\`${name}\`**: ${textOf(description)} ${deprecation({ deprecationReason })}`.trimEnd();
}

function defaultOf(member: Member): string {
  if (!('defaultValue' in member) || member.defaultValue === undefined) return '';
  const value = astFromValue(member.defaultValue, member.type);
  return value ? ` = \`${print(value)}\`` : '';
}

function deprecation({ deprecationReason }: { readonly deprecationReason?: string | null | undefined }): string {
  return deprecationReason == null ? '' : `**Deprecated:** ${textOf(deprecationReason)}`;
}

/** A description in one line. What looks like a tag would be one in Markdown. */
function textOf(description: string | null | undefined): string {
  const parts = (description ?? '')
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .split(/(`[^`]*`)/u);
  return parts.map((part) => (part.startsWith('`') ? part : part.replaceAll('<', '&lt;'))).join('');
}
