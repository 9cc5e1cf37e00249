/**
 * Documents that nobody has thought of, most of them hostile: a random walk through the schema whose shape is drawn as
 * well, so that some are deep, some wide, and some have hundreds of fragments that spread each other. Not all are valid.
 */
import {
  doTypesOverlap,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { Operation } from '../conformance/ways-in.ts';

/** A number from 0 to 1, without 1. */
export type Random = () => number;

/** What a document is like. Each rate is a part of 1. */
export interface DocumentForm {
  /** Names and selections; the walk ends when they are used up. */
  readonly size: number;
  readonly depth: number;
  /** Selections beside each other, at most. */
  readonly width: number;
  readonly fragments: number;
  readonly operations: number;
  readonly aliasRate: number;
  readonly argumentRate: number;
  readonly spreadRate: number;
  readonly directiveRate: number;
  readonly variableRate: number;
  /** Names and types that the schema does not have. */
  readonly errorRate: number;
  /** Items of list literals and variables, at most. */
  readonly listLength: number;
  /** Whether fragments may spread any fragment, so that there are circles. */
  readonly circles: boolean;
}

export interface HostileDocumentOptions {
  readonly schema: GraphQLSchema;
  /** Global ids and cursors that exist. */
  readonly ids: readonly string[];
  readonly form: DocumentForm;
  readonly random: Random;
}

const TEXTS = ['', 'a boat', '\u{1f6a3}'.repeat(50), 'x'.repeat(5_000), '\\"\n\t\u0000', '[sim:http-400] a boat'];
const INTEGERS = [0, 1, 2, 20, 99, 100];
const WRONG_VALUES = [null, true, 'x', -1, 101, 2_147_483_647, 99_999_999_999, 0.5, [[[]]]];
const MAX_VALUE_CHARACTERS = 500_000;
const MAX_VALUE_DEPTH = 6;
/** Inline fragments within the deepest fields. */
const MORE_DEPTH = 40;

export function hostileDocument(options: HostileDocumentOptions): Operation {
  return new Walk(options).operation();
}

class Walk {
  readonly #schema: GraphQLSchema;
  readonly #ids: readonly string[];
  readonly #form: DocumentForm;
  readonly #random: Random;
  readonly #fragments: readonly { readonly name: string; readonly type: GraphQLCompositeType }[];
  #left: number;
  /** What the values of arguments may have together: lists within lists would not fit into a string. */
  #charactersLeft = MAX_VALUE_CHARACTERS;
  #names = 0;
  readonly #spread = new Set<number>();
  readonly #variables: Record<string, unknown> = {};
  /** Null within fragments, whose variables every operation would have to declare. */
  #declarations: string[] | null = [];

  constructor({ schema, ids, form, random }: HostileDocumentOptions) {
    this.#schema = schema;
    this.#ids = ids;
    this.#form = form;
    this.#random = random;
    this.#left = form.size;
    const types = Object.values(schema.getTypeMap()).filter((type) => isCompositeType(type));
    this.#fragments = Array.from({ length: form.fragments }, (_, index) => ({
      name: `F${index}`,
      type: this.#pick(types),
    }));
  }

  operation(): Operation {
    const texts: string[] = [];
    for (let index = 0; index < this.#form.operations; index += 1) {
      // Mostly queries: what is refused before it is executed is the same for all.
      const kind = this.#pick(['query', 'query', 'query', 'query', 'mutation', 'subscription'] as const);
      const root = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' }[kind];
      const declarations: string[] = [];
      this.#declarations = declarations;
      const type = this.#typeOf(root);
      const { depth } = this.#form;
      // A subscription has one root field.
      const selection =
        kind === 'subscription' ? `{ ${this.#field(type, depth, 0)} }` : this.#selection(type, depth, 0);
      const declared = declarations.length === 0 ? '' : `(${declarations.join(', ')})`;
      texts.push(`${kind} Q${index}${declared} ${selection}`);
    }
    this.#declarations = null;
    // Grows while it is gone through: a fragment that is not spread would not be valid.
    for (const index of this.#spread) {
      const { name, type } = this.#fragmentAt(index);
      texts.push(`fragment ${name} on ${type.name} ${this.#selection(type, this.#form.depth, index + 1)}`);
    }
    const operationName = this.#form.operations === 1 ? undefined : `Q${this.#integer(this.#form.operations)}`;
    return {
      query: texts.join('\n'),
      variables: this.#variables,
      ...(operationName !== undefined && { operationName }),
    };
  }

  /** @param from the first fragment that may be spread */
  #selection(type: GraphQLNamedType, depth: number, from: number): string {
    const count = 1 + this.#integer(this.#form.width);
    const parts = Array.from({ length: count }, () => this.#part(type, depth, from)).filter((part) => part !== '');
    return `{ ${parts.length === 0 ? '__typename' : parts.join(' ')} }`;
  }

  #part(type: GraphQLNamedType, depth: number, from: number): string {
    if (this.#left <= 0) return '';
    this.#left -= 1;
    const { spreadRate, errorRate } = this.#form;
    if (this.#chance(errorRate)) return this.#pick(['unknown', '...Unknown', '... on Int { a }', 'id { id }']);
    if (depth > -MORE_DEPTH && this.#chance(spreadRate)) {
      const index = this.#fragmentFor(type, from);
      if (index !== null) {
        this.#spread.add(index);
        return `...F${index}${this.#directives()}`;
      }
      const condition = this.#chance(0.5) ? '' : ` on ${this.#possibleOf(type).name}`;
      return `...${condition}${this.#directives()} ${this.#selection(type, depth - 1, from)}`;
    }
    return this.#field(type, depth, from);
  }

  /** One of a type that an object of `type` can have, as a rule; null when there is none. */
  #fragmentFor(type: GraphQLNamedType, from: number): number | null {
    if (!isCompositeType(type)) return null;
    const { circles, errorRate } = this.#form;
    const isAny = this.#chance(errorRate);
    const candidates = this.#fragments.flatMap((fragment, index) => {
      if (index < from && !circles) return [];
      return isAny || doTypesOverlap(this.#schema, type, fragment.type) ? [index] : [];
    });
    return candidates.length === 0 ? null : this.#pick(candidates);
  }

  #fragmentAt(index: number) {
    const fragment = this.#fragments[index];
    if (fragment === undefined) throw new Error(`there is no fragment ${index}`);
    return fragment;
  }

  #field(type: GraphQLNamedType, depth: number, from: number): string {
    if (isUnionType(type)) {
      const possible = this.#possibleOf(type);
      return `... on ${possible.name} ${this.#selection(possible, depth - 1, from)}`;
    }
    if (!isObjectType(type) && !isInterfaceType(type)) return '__typename';
    if (type.name === 'Query' && this.#chance(0.05)) return this.#introspection(depth);
    const fields = Object.values(type.getFields()).filter(
      ({ type: inner }) => depth > 0 || !isCompositeType(getNamedType(inner)),
    );
    if (fields.length === 0) return '__typename';
    const { name, args, type: inner } = this.#pick(fields);
    const given = args.flatMap((argument) => this.#argument(argument));
    // Two fields of one name may not differ.
    const mayDiffer = given.length > 0 && !this.#chance(this.#form.errorRate);
    const alias = mayDiffer || this.#chance(this.#form.aliasRate) ? `${this.#newName('a')}: ` : '';
    const head = `${alias}${name}${given.length === 0 ? '' : `(${given.join(', ')})`}${this.#directives()}`;
    const named = getNamedType(inner);
    return isCompositeType(named) ? `${head} ${this.#selection(named, depth - 1, from)}` : head;
  }

  #introspection(depth: number): string {
    const levels = Math.max(0, Math.min(depth, 8));
    const within = this.#pick(['ofType {', 'fields { type {', 'interfaces {', 'possibleTypes {']);
    const ends = '}'.repeat((within.match(/\{/gu)?.length ?? 0) * levels);
    return `${this.#newName('s')}: __schema { types { ${`${within} `.repeat(levels)} name kind ${ends} } }`;
  }

  #argument({ name, type }: GraphQLArgument): string[] {
    const { argumentRate, variableRate } = this.#form;
    if (!isNonNullType(type) && !this.#chance(argumentRate)) return [];
    if (this.#declarations === null || !this.#chance(variableRate))
      return [`${name}: ${literal(this.#value(type, 0))}`];
    const variable = this.#newName('v');
    const value = this.#value(type, 0);
    const byDefault = this.#chance(0.2) ? ` = ${literal(this.#value(type, 0))}` : '';
    this.#declarations.push(`$${variable}: ${this.#chance(this.#form.errorRate) ? 'Unknown' : type}${byDefault}`);
    if (byDefault === '' || this.#chance(0.5)) this.#variables[variable] = plain(value);
    return [`${name}: $${variable}`];
  }

  #value(type: GraphQLInputType, depth: number): unknown {
    // About as long as an id.
    this.#charactersLeft -= 60;
    if (isNonNullType(type)) return this.#value(type.ofType, depth);
    if (depth > MAX_VALUE_DEPTH || this.#chance(this.#form.errorRate)) return this.#pick(WRONG_VALUES);
    if (isListType(type)) {
      const length = this.#charactersLeft < 0 ? 0 : this.#integer(this.#form.listLength + 1);
      return Array.from({ length }, () => this.#value(type.ofType, depth + 1));
    }
    if (isEnumType(type)) return new EnumName(this.#pick(type.getValues()).name);
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => isNonNullType(field.type) || this.#chance(this.#form.argumentRate),
      );
      return Object.fromEntries(fields.map((field) => [field.name, this.#value(field.type, depth + 1)]));
    }
    if (type.name === 'ID') return this.#pick([...this.#ids, 'nonsense', '', 1]);
    if (type.name === 'Int' || type.name === 'Float') return this.#pick(INTEGERS);
    if (type.name === 'Boolean') return this.#chance(0.5);
    const text = this.#pick([...TEXTS, ...this.#ids]);
    this.#charactersLeft -= text.length;
    return this.#charactersLeft < 0 ? '' : text;
  }

  #directives(): string {
    if (!this.#chance(this.#form.directiveRate)) return '';
    if (this.#chance(this.#form.errorRate)) return this.#pick([' @unknown', ' @include(if: 1)', ' @include']);
    return this.#pick([
      ' @include(if: true)',
      ' @skip(if: false)',
      ' @skip(if: true)',
      ' @include(if: true) @skip(if: false)',
    ]);
  }

  #possibleOf(type: GraphQLNamedType): GraphQLNamedType {
    return isUnionType(type) || isInterfaceType(type) ? this.#pick(this.#schema.getPossibleTypes(type)) : type;
  }

  #typeOf(name: string): GraphQLNamedType {
    const type = this.#schema.getType(name);
    if (type === undefined) throw new Error(`the schema has no type ${name}`);
    return type;
  }

  #newName(kind: string): string {
    this.#names += 1;
    return `${kind}${this.#chance(this.#form.errorRate) ? this.#integer(this.#names) : this.#names}`;
  }

  #chance(rate: number): boolean {
    return this.#random() < rate;
  }

  #integer(below: number): number {
    return Math.floor(this.#random() * below);
  }

  #pick<T>(choices: readonly T[]): T {
    const chosen = choices[this.#integer(choices.length)];
    if (chosen === undefined) throw new Error('there is nothing to pick from');
    return chosen;
  }
}

/** The name of an enum value, which is no string in a document. */
class EnumName {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

function literal(value: unknown): string {
  if (value instanceof EnumName) return value.name;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([name, inner]) => `${name}: ${literal(inner)}`)
      .join(', ')} }`;
  }
  return JSON.stringify(value);
}

function plain(value: unknown): unknown {
  if (value instanceof EnumName) return value.name;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

/** Cuts a text into words and repeats, drops, swaps and inserts some of them, up to about `maxLength` characters. */
export function garbled(text: string, { random, maxLength }: { readonly random: Random; readonly maxLength: number }) {
  let words = text.split(/(\W)/u).filter((word) => word !== '');
  const integer = (below: number) => Math.floor(random() * below);
  const insertions = [
    '{',
    '}',
    '(',
    ')',
    '...',
    '@',
    '$',
    '"',
    '"""',
    '[',
    ']',
    ':',
    '!',
    '#',
    '\u0000',
    '\ufeff',
    '&',
  ];
  for (let change = 1 + integer(2); change > 0; change -= 1) {
    const from = integer(words.length);
    const to = Math.min(words.length, from + 1 + integer(random() < 0.8 ? 4 : 60));
    const part = words.slice(from, to);
    const length = part.join('').length + 1;
    const kind = integer(4);
    if (kind === 0) words.splice(from, to - from);
    else if (kind === 1) words.splice(integer(words.length), 0, ...part);
    else if (kind === 2) words.splice(from, 0, insertions[integer(insertions.length)] ?? '');
    else {
      const times = Math.floor(((maxLength - words.join('').length) * random() ** 3) / length);
      if (times > 0) words = [...words.slice(0, to), part.join('').repeat(times), ...words.slice(to)];
    }
  }
  return words.join('').slice(0, maxLength);
}
