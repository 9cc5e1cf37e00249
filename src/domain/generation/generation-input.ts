/**
 * Checks of inputs that do not depend on the model, made before anything is stored or sent. The ranges are those of OpenAI's
 * image generation tool. What each model supports is checked in models/catalogue.ts.
 */
import { type FieldError, InvalidInputError } from '../errors.ts';
import { sizeProblem } from '../models/sizes.ts';
import type { GenerationKind, GenerationRequest } from './generation-request.ts';
import { type ImageFormat, type ImageSettings, isDeferred, NO_SETTINGS, type SvgOptions } from './options.ts';

/** In UTF-16 code units: OpenAI's limit for a prompt of its image models. */
export const PROMPT_MAX_LENGTH = 32_000;
export const DEFAULT_PARTIAL_IMAGES = 2;
const MAX_PARTIAL_IMAGES = 3;
const MODEL_MAX_LENGTH = 128;
const MIN_FRAMES = 2;
const MAX_FRAMES = 16;
/** A GIF counts in hundredths of a second. */
const MIN_FRAME_DURATION_MS = 10;
/** A GIF has two bytes for it. The upstream would shorten longer ones without a word. */
const MAX_FRAME_DURATION_MS = 655_350;

/** The largest number of images of one call. */
const MAX_COUNT = 10;

/** `options` as the client sent them; absent and null mean the same, except for `partialImages`: null asks for none. */
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
  const refuse = (name: string, message: string) => errors.push({ field: `${field}.${name}`, message });
  const { model, mainlineModel, size, compression, partialImages, frameCount, frameDurationMs, svg } = options;

  for (const [name, value] of Object.entries({ model, mainlineModel, 'svg.model': svg?.model })) {
    const invalid = value == null ? null : modelNameProblem(value);
    if (invalid !== null) refuse(name, invalid);
  }
  const problem = size == null ? null : sizeProblem(size);
  if (problem !== null) refuse('size', problem);
  if (partialImages != null && !isWithin(partialImages, 0, MAX_PARTIAL_IMAGES)) {
    refuse('partialImages', `must be 0 to ${MAX_PARTIAL_IMAGES}, not ${partialImages}.`);
  } else if (isDeferred(options.completionWindow) && partialImages && partialImages !== DEFAULT_PARTIAL_IMAGES) {
    refuse('partialImages', `must be 0 with the completion window ${options.completionWindow}, not ${partialImages}.`);
  }
  if (compression != null && !isWithin(compression, 0, 100)) {
    refuse('compression', `must be 0 to 100, not ${compression}.`);
  }
  if (frameCount != null && !isWithin(frameCount, MIN_FRAMES, MAX_FRAMES)) {
    refuse('frameCount', `must be ${MIN_FRAMES} to ${MAX_FRAMES}, not ${frameCount}.`);
  }
  if (frameDurationMs != null && !isWithin(frameDurationMs, MIN_FRAME_DURATION_MS, MAX_FRAME_DURATION_MS)) {
    refuse('frameDurationMs', `must be ${MIN_FRAME_DURATION_MS} to ${MAX_FRAME_DURATION_MS}, not ${frameDurationMs}.`);
  }
  return errors;
}

function modelNameProblem(name: string): string | null {
  if (!name.isWellFormed()) return ILL_FORMED;
  if (name.trim() !== '' && name.length <= MODEL_MAX_LENGTH) return null;
  return `must be a model name of 1 to ${MODEL_MAX_LENGTH} characters. Omit it for the default.`;
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
  const svg = svgOptions(options.svg);
  const partialsByDefault = options.partialImages === null ? null : DEFAULT_PARTIAL_IMAGES;
  const settings: ImageSettings = { ...NO_SETTINGS, partialImages: partialsByDefault, ...given, svg };
  const { format, partialImages, completionWindow } = settings;
  // A client that sends the default cannot be told from one that omits the option. GraphQL fills in the default, so where
  // there are no partial images it is assumed that the client did not choose it.
  const isDefault = partialImages === DEFAULT_PARTIAL_IMAGES;
  const hasPartials = (format === null || !formatsWithoutPartials.has(format)) && !isDeferred(completionWindow);
  return isDefault && !hasPartials ? { ...settings, partialImages: 0 } : settings;
}

/** Null when nothing of it is asked. */
function svgOptions(given: ImageOptions['svg']): SvgOptions | null {
  const { model = null, reasoningEffort = null } = given ?? {};
  return model === null && reasoningEffort === null ? null : { model, reasoningEffort };
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
