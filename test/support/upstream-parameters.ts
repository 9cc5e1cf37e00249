/**
 * The parameters of requests that make images, by what says that they exist: the types of the OpenAI SDK that is installed,
 * read with the TypeScript compiler, and the published description.
 */
import path from 'node:path';
import ts from 'typescript';

/** The kinds of requests. `tool` is the image generation tool within a `response`. */
export const PLACES = ['tool', 'response', 'generation', 'edit'] as const;
export type Place = (typeof PLACES)[number];

/** A parameter, for instance `svg.reasoning.effort`, and the words that it can have; empty where it takes any. */
export interface Parameter {
  readonly place: Place;
  readonly name: string;
  readonly words: readonly string[];
}

interface Source {
  readonly file: string;
  /** The namespaces and the name of a type. */
  readonly type: readonly string[];
  /** The parameters of which the parts are read, too. The parts of all others are not about images. */
  readonly nested: ReadonlySet<string>;
}

const SOURCES: Readonly<Record<Place, Source>> = {
  tool: {
    file: 'responses/responses.d.ts',
    type: ['Tool', 'ImageGeneration'],
    nested: new Set(['svg', 'svg.reasoning', 'input_image_mask']),
  },
  response: {
    file: 'responses/responses.d.ts',
    type: ['ResponseCreateParamsBase'],
    nested: new Set(['background_options', 'image']),
  },
  generation: { file: 'images.d.ts', type: ['ImageGenerateParamsBase'], nested: new Set(['svg', 'svg.reasoning']) },
  edit: { file: 'images.d.ts', type: ['ImageEditParamsBase'], nested: new Set(['svg', 'svg.reasoning']) },
};

const RESOURCES = path.resolve(import.meta.dirname, '../../node_modules/openai/resources');

/** Every parameter that the types of the SDK have. */
export function parametersOfSdk(): readonly Parameter[] {
  const files = [...new Set(Object.values(SOURCES).map(({ file }) => path.join(RESOURCES, file)))];
  const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ESNext, strict: true, skipLibCheck: true };
  const program = ts.createProgram(files, options);
  const checker = program.getTypeChecker();
  return PLACES.flatMap((place) => {
    const { file, type, nested } = SOURCES[place];
    return parametersOf(checker, typeNamed(program, checker, path.join(RESOURCES, file), type), place, nested);
  });
}

function typeNamed(program: ts.Program, checker: ts.TypeChecker, file: string, name: readonly string[]): ts.Type {
  const source = program.getSourceFile(file);
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  const symbol = name.reduce<ts.Symbol | undefined>((parent, part) => {
    const members = parent === undefined ? [] : checker.getExportsOfModule(parent);
    return members.find((member) => member.name === part);
  }, module);
  if (symbol === undefined) throw new Error(`the SDK has no ${name.join('.')} in ${file}`);
  return checker.getDeclaredTypeOfSymbol(symbol);
}

function parametersOf(
  checker: ts.TypeChecker,
  type: ts.Type,
  place: Place,
  nested: ReadonlySet<string>,
  prefix = '',
): readonly Parameter[] {
  return type.getProperties().flatMap((property) => {
    const name = `${prefix}${property.name}`;
    const held = checker.getNonNullableType(checker.getTypeOfSymbol(property));
    if (nested.has(name)) return parametersOf(checker, held, place, nested, `${name}.`);
    const options = held.isUnion() ? held.types : [held];
    return [{ place, name, words: options.flatMap((option) => (option.isStringLiteral() ? [option.value] : [])) }];
  });
}

/** The schemas of the published description by the place of their parameters. */
const SCHEMAS: readonly (readonly [Place, string])[] = [
  ['tool', 'ImageGenTool'],
  ['response', 'CreateResponse'],
  ['generation', 'CreateImageRequest'],
  ['edit', 'CreateImageEditRequest'],
  ['edit', 'EditImageBodyJsonParam'],
];

type Schema = Readonly<Record<string, unknown>>;

/** Every parameter that the published description has, without the parts of parameters. */
export function parametersOfDescription(schemas: Readonly<Record<string, Schema>>): readonly Parameter[] {
  const propertiesOf = (schema: Schema): Record<string, Schema> => {
    const { $ref, allOf, properties } = schema;
    if (typeof $ref === 'string') return propertiesOf(schemas[$ref.split('/').at(-1) ?? ''] ?? {});
    const parts = Array.isArray(allOf) ? allOf.map(propertiesOf) : [];
    return Object.assign({}, ...parts, properties);
  };
  return SCHEMAS.flatMap(([place, schema]) =>
    Object.entries(propertiesOf(schemas[schema] ?? {})).map(([name, held]) => ({ place, name, words: wordsOf(held) })),
  );
}

function wordsOf({ enum: words, anyOf }: Schema): readonly string[] {
  const parts = Array.isArray(anyOf) ? anyOf.flatMap(wordsOf) : [];
  return Array.isArray(words) ? [...words.filter((word) => typeof word === 'string'), ...parts] : parts;
}
