/**
 * The rules of what may be asked for: checked before anything is stored or sent. Sizes, formats and ranges are those
 * of OpenAI's image generation tool; what depends on the model is left to the upstream until a catalogue knows it.
 */
import { type FieldError, InvalidInputError } from './errors.ts';
import { type ImageSettings, NO_SETTINGS } from './options.ts';

/** Characters (UTF-16 code units); OpenAI's limit for a prompt of its image models. */
export const PROMPT_MAX_LENGTH = 32_000;
export const DEFAULT_PARTIAL_IMAGES = 2;
const MAX_PARTIAL_IMAGES = 3;
const MODEL_MAX_LENGTH = 128;

const EDGE_STEP = 16;
const LONGEST_EDGE = 3840;
const MIN_PIXELS = 655_360;
const MAX_PIXELS = 8_294_400;
const MAX_RATIO = 3;

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

/** What is wrong with the options, each error naming its field below `field`. */
export function optionErrors(field: string, options: ImageOptions): FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (name: keyof ImageSettings, message: string) => errors.push({ field: `${field}.${name}`, message });
  const { model, size, format, compression, background, partialImages } = options;

  if (model != null && (model.trim() === '' || model.length > MODEL_MAX_LENGTH)) {
    refuse(
      'model',
      `must be a model name of 1 to ${MODEL_MAX_LENGTH} characters, or left out for the upstream's default.`,
    );
  }
  if (size != null) {
    const problem = sizeProblem(size);
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

/** What is wrong with a size and what would be right, or null. */
export function sizeProblem(size: string): string | null {
  if (size === 'auto') return null;
  const [, w, h] = SIZE.exec(size) ?? [];
  if (w === undefined || h === undefined) {
    return `must be "auto" or "<width>x<height>" in pixels, for example "1024x1536", not ${JSON.stringify(size)}.`;
  }
  const width = Number(w);
  const height = Number(h);
  if (width % EDGE_STEP !== 0 || height % EDGE_STEP !== 0) {
    const near = `${nearestEdge(width)}x${nearestEdge(height)}`;
    return `must have edges divisible by ${EDGE_STEP}: ${JSON.stringify(near)} would be the nearest to ${JSON.stringify(size)}.`;
  }
  if (Math.max(width, height) > LONGEST_EDGE) return `must have no edge longer than ${LONGEST_EDGE} pixels.`;
  if (Math.max(width, height) > MAX_RATIO * Math.min(width, height)) {
    return 'must have a ratio between 1:3 and 3:1.';
  }
  const pixels = width * height;
  if (pixels < MIN_PIXELS || pixels > MAX_PIXELS) {
    return `must have ${MIN_PIXELS} to ${MAX_PIXELS} pixels in all; ${JSON.stringify(size)} has ${pixels}.`;
  }
  return null;
}

function nearestEdge(edge: number): number {
  return Math.min(LONGEST_EDGE, Math.max(EDGE_STEP, Math.round(edge / EDGE_STEP) * EDGE_STEP));
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
