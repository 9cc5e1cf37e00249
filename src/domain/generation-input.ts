/**
 * The rules of what may be asked for, whatever the model: checked before anything is stored or sent. Formats and ranges
 * are those of OpenAI's image generation tool; what depends on the model stands in model-catalogue.ts.
 */
import { type FieldError, InvalidInputError } from './errors.ts';
import type { CatalogueModel, SizeRules } from './model-table.ts';
import { type ImageSettings, NO_SETTINGS } from './options.ts';

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

/**
 * What is wrong with the options, each error naming its field below `field`.
 * @param model what the catalogue knows of the model that is asked; null when it knows nothing
 */
export function optionErrors(field: string, options: ImageOptions, model: CatalogueModel | null): FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (name: keyof ImageSettings, message: string) => errors.push({ field: `${field}.${name}`, message });
  const { size, format, compression, background, partialImages } = options;

  for (const name of ['model', 'mainlineModel'] as const) {
    const value = options[name];
    if (value == null || (value.trim() !== '' && value.length <= MODEL_MAX_LENGTH)) continue;
    refuse(name, `must be a model name of 1 to ${MODEL_MAX_LENGTH} characters, or left out for the default.`);
  }
  if (size != null) {
    const problem = sizeProblem(size, model?.sizeRules ?? null);
    if (problem !== null) refuse('size', problem);
  }
  if (partialImages != null && !isWithin(partialImages, 0, MAX_PARTIAL_IMAGES)) {
    refuse('partialImages', `must be 0 to ${MAX_PARTIAL_IMAGES}, not ${partialImages}.`);
  }
  if (compression != null) {
    if (!isWithin(compression, 0, 100)) refuse('compression', `must be 0 to 100, not ${compression}.`);
    if (format !== 'WEBP' && format !== 'JPEG') {
      refuse('compression', `works with the formats WEBP and JPEG only, not with ${format ?? 'PNG, the default'}.`);
    }
  }
  if (background === 'TRANSPARENT' && format != null && format !== 'PNG' && format !== 'WEBP') {
    refuse('background', `TRANSPARENT needs the format PNG or WEBP, not ${format}.`);
  }
  return errors;
}

/** @throws {InvalidInputError} when there is anything to say. */
export function refuseIfAny(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw new InvalidInputError(errors);
}

/** The settings that valid options stand for. */
export function settingsFromOptions(options: ImageOptions): ImageSettings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value != null));
  const settings: ImageSettings = { ...NO_SETTINGS, partialImages: DEFAULT_PARTIAL_IMAGES, ...given };
  // The upstream makes no partial images of a GIF and refuses a request for them.
  return settings.format === 'GIF' ? { ...settings, partialImages: 0 } : settings;
}

const SIZE = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/u;

/**
 * What is wrong with a size and what would be right, or null.
 * @param rules of the model that is asked; null judges the form alone
 */
export function sizeProblem(size: string, rules: SizeRules | null): string | null {
  if (size === 'auto') return null;
  const [, w, h] = SIZE.exec(size) ?? [];
  if (w === undefined || h === undefined) {
    return `must be "auto" or "<width>x<height>" in pixels, for example "1024x1536", not ${JSON.stringify(size)}.`;
  }
  return rules === null ? null : ruleProblem(size, Number(w), Number(h), rules);
}

function ruleProblem(size: string, width: number, height: number, rules: SizeRules): string | null {
  const { edgeStep, longestEdge, leastPixels, mostPixels, mostRatio } = rules;
  if (width % edgeStep !== 0 || height % edgeStep !== 0) {
    const near = (edge: number) => Math.min(longestEdge, Math.max(edgeStep, Math.round(edge / edgeStep) * edgeStep));
    const nearest = JSON.stringify(`${near(width)}x${near(height)}`);
    return `must have edges divisible by ${edgeStep}: ${nearest} would be the nearest to ${JSON.stringify(size)}.`;
  }
  if (Math.max(width, height) > longestEdge) return `must have no edge longer than ${longestEdge} pixels.`;
  if (Math.max(width, height) > mostRatio * Math.min(width, height)) {
    return `must have a ratio between 1:${mostRatio} and ${mostRatio}:1.`;
  }
  const pixels = width * height;
  if (pixels < leastPixels || pixels > mostPixels) {
    return `must have ${leastPixels} to ${mostPixels} pixels in all; ${JSON.stringify(size)} has ${pixels}.`;
  }
  return null;
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
