/**
 * The form of what may be asked for, whatever the model: checked before anything is stored or sent. Ranges are those of
 * OpenAI's image generation tool; what a model takes, and together with what, stands in model-catalogue.ts.
 */
import { type FieldError, InvalidInputError } from './errors.ts';
import type { GenerationKind, GenerationRequest } from './generation-request.ts';
import { sizeProblem } from './models/sizes.ts';
import { type ImageFormat, type ImageSettings, NO_SETTINGS } from './options.ts';

/** Characters (UTF-16 code units); OpenAI's limit for a prompt of its image models. */
export const PROMPT_MAX_LENGTH = 32_000;
export const DEFAULT_PARTIAL_IMAGES = 2;
const MAX_PARTIAL_IMAGES = 3;
const MODEL_MAX_LENGTH = 128;

/** Pictures a call. */
const MAX_COUNT = 10;

/** What a client wrote under `options`; absent and null mean the same. */
export type ImageOptions = { readonly [Key in keyof ImageSettings]?: ImageSettings[Key] | undefined };

export function promptErrors(field: string, prompt: string): FieldError[] {
  if (prompt.trim() === '') {
    return [
      {
        field,
        message: `must not be empty: say what the picture should show, in 1 to ${PROMPT_MAX_LENGTH} characters.`,
      },
    ];
  }
  if (prompt.length > PROMPT_MAX_LENGTH) {
    return [{ field, message: `has ${prompt.length} characters; at most ${PROMPT_MAX_LENGTH} are allowed.` }];
  }
  return [];
}

/** What is wrong with the number of pictures. */
export function countErrors(field: string, count: number): FieldError[] {
  if (isWithin(count, 1, MAX_COUNT)) return [];
  return [{ field, message: `must be 1 to ${MAX_COUNT}, not ${count}.` }];
}

/** What is wrong with the options, each error naming its field below `field`. */
export function optionErrors(field: string, options: ImageOptions): FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (name: keyof ImageSettings, message: string) => errors.push({ field: `${field}.${name}`, message });
  const { size, compression, partialImages } = options;

  for (const name of ['model', 'mainlineModel'] as const) {
    const value = options[name];
    if (value == null || (value.trim() !== '' && value.length <= MODEL_MAX_LENGTH)) continue;
    refuse(name, `must be a model name of 1 to ${MODEL_MAX_LENGTH} characters, or left out for the default.`);
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

/** @throws {InvalidInputError} when there is anything to say. */
export function refuseIfAny(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw new InvalidInputError(errors);
}

/** Of whatever API is asked. */
const WHOLE_FORMATS: ReadonlySet<ImageFormat> = new Set(['GIF']);

/**
 * The settings that valid options stand for.
 * @param whole the formats that are drawn without partial images
 */
export function settingsFromOptions(options: ImageOptions, whole = WHOLE_FORMATS): ImageSettings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value != null));
  const settings: ImageSettings = { ...NO_SETTINGS, partialImages: DEFAULT_PARTIAL_IMAGES, ...given };
  const { format, partialImages } = settings;
  // The default cannot be told from what was left out: for such a format nobody chose it.
  const isUnasked = format !== null && whole.has(format) && partialImages === DEFAULT_PARTIAL_IMAGES;
  return isUnasked ? { ...settings, partialImages: 0 } : settings;
}

/** A request as the client wrote it, with defaults filled in and not checked yet. */
export interface RequestInput extends Omit<GenerationRequest, 'kind' | 'settings'> {
  readonly options: ImageOptions;
}

/** Every invalid field of the request itself. What it refers to is checked elsewhere. */
export function requestErrors({ prompt, count, options }: RequestInput): FieldError[] {
  return [...promptErrors('prompt', prompt), ...countErrors('count', count), ...optionErrors('options', options)];
}

/**
 * The request that a valid input stands for.
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

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
