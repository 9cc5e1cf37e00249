/**
 * The image options that both APIs share, checked by the upstream's rules: which model supports which size, quality and
 * format, and which options exclude each other.
 */
import { imageUserError, invalid } from './http/api-error.ts';
import { isGiven, isObject, type JsonObject, optionalInteger, optionalText, optionalWord } from './http/json.ts';
import { readSvgOptions, type SvgOptions } from './svg-options.ts';

export type OutputFormat = 'png' | 'webp' | 'jpeg' | 'gif' | 'svg';
export type Quality = 'low' | 'medium' | 'high' | 'xhigh' | 'max' | 'auto';
export type Background = 'transparent' | 'opaque' | 'auto';

export type Complexity = 'low' | 'medium' | 'high';

/** The frames of a GIF. */
export interface Animation {
  readonly frameCount: number;
  /** In steps of 10 ms, as GIF stores it. */
  readonly frameDurationMs: number;
}

export interface ImageOptions {
  readonly model: string;
  /** The generation of the model, for instance 1.5 or 2.6. It decides what the model supports. */
  readonly generation: number;
  /** As requested: `auto` or WIDTHxHEIGHT. */
  readonly size: string;
  readonly quality: Quality;
  readonly outputFormat: OutputFormat;
  readonly outputCompression: number;
  readonly background: Background;
  readonly moderation: 'auto' | 'low';
  readonly partialImages: number;
  /** Null when it was neither requested nor inherited. */
  readonly complexity: Complexity | null;
  /** Null for every format but GIF. */
  readonly animation: Animation | null;
  /** Null for every format but SVG. */
  readonly svg: SvgOptions | null;
}

/** What a request that leaves the option out gets. */
export interface OptionDefaults {
  readonly model: string;
  /** The model that writes SVG. */
  readonly svgModel: string;
  /** The reasoning effort of the outer response, which models with a complexity inherit. */
  readonly complexity: Complexity | null;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const STANDARD_SIZES = ['1024x1024', '1024x1536', '1536x1024', 'auto'];
const QUALITIES = ['low', 'medium', 'high', 'xhigh', 'max', 'auto'] as const;
const FORMATS = ['png', 'webp', 'jpeg', 'gif', 'svg'] as const;
const BACKGROUNDS = ['transparent', 'opaque', 'auto'] as const;
const COMPLEXITIES = ['low', 'medium', 'high'] as const;
/** From here on: GIF, SVG, markup, and the qualities `xhigh` and `max`. */
const GENERATION_2_5 = 2.5;
/** From here on: complexity, and more tokens at the lower qualities. */
export const GENERATION_2_6 = 2.6;
const FEWEST_FRAMES = 2;
const MOST_FRAMES = 16;
const DEFAULT_FRAMES = 9;
const DEFAULT_FRAME_MS = 200;
/** GIF stores hundredths of a second. */
const FRAME_STEP_MS = 10;
/** The most hundredths that two bytes can hold. The upstream accepts more, and shortens it to this. */
const LONGEST_FRAME_MS = 655_350;
const EDGE_STEP = 16;
const LONGEST_EDGE = 3840;
const FEWEST_PIXELS = 655_360;
const MOST_PIXELS = 8_294_400;

/**
 * Checks the options that the tool and the Image API share.
 * @param prefix for field names in an error's `param`, for instance `tools[0].`
 * @throws {ApiError} a 400 that names the field
 */
export function readImageOptions(fields: JsonObject, prefix: string, defaults: OptionDefaults): ImageOptions {
  const at = (name: string) => `${prefix}${name}`;
  const model = optionalText(fields['model'], at('model')) ?? defaults.model;
  const generation = modelGeneration(model, at('model'));
  const quality = optionalWord(fields['quality'], at('quality'), QUALITIES) ?? 'auto';
  if ((quality === 'xhigh' || quality === 'max') && generation < GENERATION_2_5) {
    const message = `Invalid value: '${quality}'. The model '${model}' supports 'low', 'medium', 'high', and 'auto'.`;
    throw imageUserError(message, at('quality'), 'invalid_value');
  }
  const fidelity = optionalWord(fields['input_fidelity'], at('input_fidelity'), ['high', 'low'] as const);
  if ((fidelity !== null && generation === 2) || (fidelity === 'high' && model === 'gpt-image-1-mini')) {
    throw imageUserError(
      `The model '${model}' does not support this 'input_fidelity'.`,
      at('input_fidelity'),
      'invalid_input_fidelity_model',
    );
  }
  const outputFormat = optionalWord(fields['output_format'], at('output_format'), FORMATS) ?? 'png';
  const complexity = optionalWord(fields['complexity'], at('complexity'), COMPLEXITIES);
  if (complexity !== null && generation < GENERATION_2_6) throw unsupportedByModel(model, at('complexity'));
  const options: ImageOptions = {
    model,
    generation,
    size: checkedSize(optionalText(fields['size'], at('size')) ?? 'auto', model, generation, at('size')),
    quality,
    outputFormat,
    outputCompression: optionalInteger(fields['output_compression'], at('output_compression'), 0, 100) ?? 100,
    background: optionalWord(fields['background'], at('background'), BACKGROUNDS) ?? 'auto',
    moderation: optionalWord(fields['moderation'], at('moderation'), ['auto', 'low'] as const) ?? 'auto',
    partialImages: optionalInteger(fields['partial_images'], at('partial_images'), 0, 3) ?? 0,
    complexity: complexity ?? (generation < GENERATION_2_6 ? null : defaults.complexity),
    animation: outputFormat === 'gif' ? readAnimation(fields, at) : null,
    svg: outputFormat === 'svg' ? readSvgOptions(fields['svg'], at('svg'), defaults.svgModel) : null,
  };
  checkTogether(options, fields, at);
  return options;
}

/** A 400 for an option that the model does not have. */
export function unsupportedByModel(model: string, param: string) {
  const message = `Unsupported parameter: '${param}' is not supported with the '${model}' model.`;
  return invalid(message, param, 'unsupported_parameter');
}

/** Whether the model takes a markup, and makes GIF and SVG. */
export function isSince25({ generation }: ImageOptions): boolean {
  return generation >= GENERATION_2_5;
}

function readAnimation(fields: JsonObject, at: (name: string) => string): Animation {
  const count = optionalInteger(fields['frame_count'], at('frame_count'), FEWEST_FRAMES, MOST_FRAMES);
  const durationMs = optionalInteger(fields['frame_duration_ms'], at('frame_duration_ms'), 1, Number.MAX_SAFE_INTEGER);
  const rounded = Math.round((durationMs ?? DEFAULT_FRAME_MS) / FRAME_STEP_MS) * FRAME_STEP_MS;
  return {
    frameCount: count ?? DEFAULT_FRAMES,
    frameDurationMs: Math.min(LONGEST_FRAME_MS, Math.max(FRAME_STEP_MS, rounded)),
  };
}

/** Options of one format only. */
const FORMAT_OPTIONS = { frame_count: 'gif', frame_duration_ms: 'gif', svg: 'svg' } as const;

function checkTogether(options: ImageOptions, fields: JsonObject, at: (name: string) => string): void {
  const { outputFormat, background } = options;
  if (background === 'transparent' && outputFormat !== 'png' && outputFormat !== 'webp') {
    const message = `Transparent background is not supported for ${outputFormat} output format.`;
    throw imageUserError(message, at('background'), 'invalid_background');
  }
  if ((outputFormat === 'gif' || outputFormat === 'svg') && !isSince25(options)) {
    const message = `The model '${options.model}' does not support the output format '${outputFormat}'.`;
    throw imageUserError(message, at('output_format'), 'invalid_value');
  }
  if (outputFormat === 'gif') {
    if (options.partialImages > 0) throw unsupported('partial_images');
    if (isObject(fields['input_image_mask'])) throw unsupported('input_image_mask');
    if (fields['mask']) throw unsupported('mask');
    if (isGiven(fields['output_compression'])) throw unsupported('output_compression');
  }
  for (const [name, format] of Object.entries(FORMAT_OPTIONS)) {
    if (!isGiven(fields[name]) || outputFormat === format) continue;
    throw imageUserError(`'${name}' requires 'output_format' to be '${format}'.`, at(name), 'invalid_value');
  }
  if (outputFormat === 'png' && options.outputCompression < 100) {
    const message = 'Compression less than 100 is not supported for PNG output format.';
    throw imageUserError(message, at('output_compression'), 'invalid_png_output_compression');
  }

  function unsupported(name: string) {
    return imageUserError(`GIF output does not support '${name}'.`, at(name), 'invalid_value');
  }
}

/** The generation of an image model, from its name. */
function modelGeneration(model: string, param: string): number {
  if (model === 'gpt-image-1' || !(model.startsWith('gpt-image-') || model === 'chatgpt-image-latest')) {
    throw invalid(`The model '${model}' does not exist or you do not have access to it.`, param, 'model_not_found');
  }
  return Number(/^gpt-image-(\d+(?:\.\d+)?)/.exec(model)?.[1] ?? 2);
}

function checkedSize(size: string, model: string, generation: number, param: string): string {
  if (STANDARD_SIZES.includes(size)) return size;
  if (generation < 2) {
    const supported = "'1024x1024', '1024x1536', '1536x1024', and 'auto'";
    throw invalid(`Invalid value: '${size}'. Supported values are: ${supported}.`, param, 'invalid_value');
  }
  const fault = sizeFault(parseSize(size));
  if (fault === null) return size;
  throw imageUserError(`Invalid size '${size}' for the model '${model}'. ${fault}`, param, 'invalid_value');
}

function sizeFault(size: Size | null): string | null {
  if (size === null) return 'Expected WIDTHxHEIGHT.';
  const { width, height } = size;
  if (width % EDGE_STEP !== 0 || height % EDGE_STEP !== 0)
    return `Width and height must both be divisible by ${EDGE_STEP}.`;
  if (Math.max(width, height) > LONGEST_EDGE) return `The longest edge must not exceed ${LONGEST_EDGE} pixels.`;
  if (Math.max(width, height) > 3 * Math.min(width, height)) return 'The aspect ratio must be between 1:3 and 3:1.';
  if (width * height < FEWEST_PIXELS) return `The requested size is below the minimum of ${FEWEST_PIXELS} pixels.`;
  if (width * height > MOST_PIXELS) return `The requested size is above the maximum of ${MOST_PIXELS} pixels.`;
  return null;
}

/** `1536x864` as numbers; null for `auto` and for anything else. */
export function parseSize(size: string): Size | null {
  const match = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(size);
  return match === null ? null : { width: Number(match[1]), height: Number(match[2]) };
}

const WIDE = /\b(wide|panorama|landscape|river|sea|ocean|coast|skyline|banner)\b/i;
const TALL = /\b(tall|portrait|poster|tower|waterfall|lighthouse|phone)\b/i;

/** The size that a model picks for `auto`, from hints in the prompt. */
export function automaticSize(words: string): Size {
  if (WIDE.test(words)) return { width: 1536, height: 1024 };
  if (TALL.test(words)) return { width: 1024, height: 1536 };
  return { width: 1024, height: 1024 };
}
