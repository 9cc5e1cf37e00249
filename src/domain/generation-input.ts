/**
 * Checks of inputs that do not depend on the model, made before anything is stored or sent. The ranges are those of OpenAI's
 * image generation tool. What each model supports is checked in models/catalogue.ts.
 */
import { type FieldError, InvalidInputError } from './errors.ts';
import type { GenerationKind, GenerationRequest } from './generation-request.ts';
import { sizeProblem } from './models/sizes.ts';
import { type ImageFormat, type ImageSettings, NO_SETTINGS, type SvgOptions } from './options.ts';

/** In UTF-16 code units: OpenAI's limit for a prompt of its image models. */
export const PROMPT_MAX_LENGTH = 32_000;
export const DEFAULT_PARTIAL_IMAGES = 2;
const MAX_PARTIAL_IMAGES = 3;
const MODEL_MAX_LENGTH = 128;

/** The largest number of images of one call. */
const MAX_COUNT = 10;

/** `options` as the client sent them; absent and null mean the same. */
export type ImageOptions = Given<Omit<ImageSettings, 'svg'>> & { readonly svg?: Given<SvgOptions> | null | undefined };
type Given<Options> = { readonly [Key in keyof Options]?: Options[Key] | null | undefined };

/** For text with half of a surrogate pair, which no encoding can store: it would come back as another character. */
export const ILL_FORMED = 'must be well-formed Unicode; it contains half of a surrogate pair.';

/** The problems of a prompt. */
export function promptErrors(field: string, prompt: string): FieldError[] {
  if (prompt.trim() === '') {
    return [
      {
        field,
        message: `must not be empty: describe the image in 1 to ${PROMPT_MAX_LENGTH} characters.`,
      },
    ];
  }
  if (!prompt.isWellFormed()) return [{ field, message: ILL_FORMED }];
  if (prompt.length > PROMPT_MAX_LENGTH) {
    return [{ field, message: `has ${prompt.length} characters; at most ${PROMPT_MAX_LENGTH} are allowed.` }];
  }
  return [];
}

/** The problems of the number of images. */
export function countErrors(field: string, count: number): FieldError[] {
  if (isWithin(count, 1, MAX_COUNT)) return [];
  return [{ field, message: `must be 1 to ${MAX_COUNT}, not ${count}.` }];
}

/** The problems of the options; each error names its field below `field`. */
export function optionErrors(field: string, options: ImageOptions): FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (name: keyof ImageSettings, message: string) => errors.push({ field: `${field}.${name}`, message });
  const { size, compression, partialImages } = options;

  for (const name of ['model', 'mainlineModel'] as const) {
    const value = options[name];
    if (value != null && !value.isWellFormed()) {
      refuse(name, ILL_FORMED);
      continue;
    }
    if (value == null || (value.trim() !== '' && value.length <= MODEL_MAX_LENGTH)) continue;
    refuse(name, `must be a model name of 1 to ${MODEL_MAX_LENGTH} characters. Omit it for the default.`);
  }
  const problem = size == null ? null : sizeProblem(size);
  if (problem !== null) refuse('size', problem);
  if (partialImages != null && !isWithin(partialImages, 0, MAX_PARTIAL_IMAGES)) {
    refuse('partialImages', `must be 0 to ${MAX_PARTIAL_IMAGES}, not ${partialImages}.`);
  }
  if (compression != null && !isWithin(compression, 0, 100)) {
    refuse('compression', `must be 0 to 100, not ${compression}.`);
  }
  return errors;
}

/** @throws {InvalidInputError} when there are errors */
export function refuseIfAny(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw new InvalidInputError(errors);
}

/** The formats that no API sends partial images of. */
const FORMATS_WITHOUT_PARTIALS: ReadonlySet<ImageFormat> = new Set(['GIF']);

/**
 * Fills in the defaults of valid options.
 * @param formatsWithoutPartials image formats that the upstream sends without partial images
 */
export function settingsFromOptions(
  options: ImageOptions,
  formatsWithoutPartials = FORMATS_WITHOUT_PARTIALS,
): ImageSettings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value != null));
  const svg =
    options.svg == null
      ? null
      : { model: options.svg.model ?? null, reasoningEffort: options.svg.reasoningEffort ?? null };
  const settings: ImageSettings = { ...NO_SETTINGS, partialImages: DEFAULT_PARTIAL_IMAGES, ...given, svg };
  const { format, partialImages } = settings;
  // A client that sends the default cannot be told from one that omits the option. GraphQL fills in the default, so for
  // these formats it is assumed that the client did not choose it.
  const isDefault = partialImages === DEFAULT_PARTIAL_IMAGES;
  const hasPartials = format === null || !formatsWithoutPartials.has(format);
  return isDefault && !hasPartials ? { ...settings, partialImages: 0 } : settings;
}

/** A request as the client sent it, with defaults filled in and not yet validated. */
export interface RequestInput extends Omit<GenerationRequest, 'kind' | 'settings'> {
  readonly options: ImageOptions;
}

/** Every invalid field of the request itself. src/commands/start/validate.ts checks the objects that it refers to. */
export function requestErrors({ prompt, count, options }: RequestInput): FieldError[] {
  return [...promptErrors('prompt', prompt), ...countErrors('count', count), ...optionErrors('options', options)];
}

/**
 * Converts a valid input to a request.
 * @param formatsWithoutPartials image formats that the upstream sends without partial images
 */
export function requestFromInput(
  kind: GenerationKind,
  input: RequestInput,
  formatsWithoutPartials?: ReadonlySet<ImageFormat>,
): GenerationRequest {
  const { options, ...rest } = input;
  return { ...rest, kind, settings: settingsFromOptions(options, formatsWithoutPartials) };
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
