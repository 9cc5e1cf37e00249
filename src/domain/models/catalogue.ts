/**
 * Checks requests against the catalogue, the dated table of what each image model supports. Anything the table does not
 * know is passed on to the upstream, so that new models work without a change here.
 */

import type { ImageFormat, ImageSettings } from '../generation/options.ts';
import type { UpstreamInfo } from '../upstream.ts';
import { sizeFault } from './sizes.ts';
import { type CatalogueModel, MODELS } from './table.ts';

export const MODEL_STATUSES = ['CURRENT', 'RETIRING', 'RETIRED'] as const;
export type ModelStatus = (typeof MODEL_STATUSES)[number];

/** The image model that OpenAI's image generation tool uses by default. */
export const DEFAULT_IMAGE_MODEL = 'gpt-image-2.6-sunburst';

/** How long before the shutdown of a model its users are warned. */
const WARNING_MS = 90 * 24 * 60 * 60 * 1000;

/** The catalogue entry with this name, or with a snapshot of this name; null when there is none. */
export function findModel(name: string): CatalogueModel | null {
  return MODELS.find((model) => model.name === name || model.snapshots.includes(name)) ?? null;
}

/**
 * The catalogue entry of the model that makes the image; null when it is not known.
 * @param name the requested model; null for the default, which is not known for a compatible service
 */
export function modelFor(
  upstream: Pick<UpstreamInfo, 'kind' | 'imageModel'>,
  name: string | null,
): CatalogueModel | null {
  const asked = name ?? upstream.imageModel;
  if (asked !== null) return findModel(asked);
  return upstream.kind === 'OPENAI' || upstream.kind === 'SIMULATOR' ? findModel(DEFAULT_IMAGE_MODEL) : null;
}

/** The status of a model at a time. It is RETIRING for the last 90 days before its shutdown. */
export function modelStatus({ retiresAt }: CatalogueModel, now: Date): ModelStatus {
  if (retiresAt === null) return 'CURRENT';
  const left = Date.parse(retiresAt) - now.getTime();
  if (left <= 0) return 'RETIRED';
  return left <= WARNING_MS ? 'RETIRING' : 'CURRENT';
}

/** A request to a model. */
export interface ModelRequest {
  readonly settings: ImageSettings;
  readonly count: number;
  readonly hasMask: boolean;
  readonly hasMarkup: boolean;
}

/** An option that a model, the Image API or this server does not support. */
export interface Unsupported {
  /** `SERVER`: the configuration of this server rules it out, and `rule` names the variable. */
  readonly by: 'MODEL' | 'IMAGE_API' | 'SERVER';
  /** Null unless it is the model that does not support the option. */
  readonly model: string | null;
  /** The path of the option in the input, for example `options.quality`. */
  readonly option: string;
  readonly value: string;
  /** The supported values; for a size with rules, the nearest supported size and examples. */
  readonly allowed: readonly string[];
  /** Why it is not supported, for people; null when `allowed` is enough. */
  readonly rule: string | null;
}

type Report = (option: string, value: unknown, allowed: readonly unknown[], rule?: string) => Unsupported;

/** The first option of the request that the model is known not to support; null when there is none. */
export function unsupportedOption(request: ModelRequest, model: CatalogueModel, now: Date): Unsupported | null {
  const report: Report = (option, value, allowed, rule) => ({
    by: 'MODEL',
    model: model.name,
    option,
    value: String(value),
    allowed: allowed.map(String),
    rule: rule ?? null,
  });
  if (modelStatus(model, now) === 'RETIRED') {
    const { successor } = model;
    return report('options.model', request.settings.model ?? model.name, successor === null ? [] : [successor]);
  }
  return (
    unsupportedSize(request.settings, model, report) ??
    unsupportedEnumValue(request.settings, model, report) ??
    unsupportedNumber(request, model, report) ??
    unsupportedInputImage(request, model, report) ??
    unsupportedCombination(request, model, report) ??
    optionOfAnotherFormat(request.settings, report)
  );
}

function unsupportedSize({ size }: ImageSettings, { sizes, sizeRules }: CatalogueModel, report: Report) {
  if (size === null || size === 'auto' || sizes.includes(size)) return null;
  if (sizeRules === null) return report('options.size', size, ['auto', ...sizes]);
  const fault = sizeFault(size, sizeRules);
  if (fault === null) return null;
  const { rule, nearest } = fault;
  const allowed = [...new Set([nearest, ...sizes, 'auto'])];
  return report('options.size', size, allowed, `${rule}; the nearest supported size is ${nearest}`);
}

function unsupportedEnumValue(settings: ImageSettings, model: CatalogueModel, report: Report) {
  const { quality, format, background, inputFidelity, complexity } = settings;
  if (isNotIn(quality, model.qualities)) return report('options.quality', quality, model.qualities);
  if (isNotIn(format, model.formats)) return report('options.format', format, model.formats);
  if (isNotIn(background, model.backgrounds)) return report('options.background', background, model.backgrounds);
  if (isNotIn(complexity, model.complexities)) return report('options.complexity', complexity, model.complexities);
  if (!isNotIn(inputFidelity, model.inputFidelities)) return null;
  return report('options.inputFidelity', inputFidelity, model.inputFidelities);
}

function unsupportedNumber({ settings, count }: ModelRequest, model: CatalogueModel, report: Report) {
  const { partialImages } = settings;
  const { maxPartialImages, maxCount } = model;
  if (partialImages !== null && partialImages > maxPartialImages) {
    return report('options.partialImages', partialImages, range(0, maxPartialImages));
  }
  return count > maxCount ? report('count', count, range(1, maxCount)) : null;
}

function unsupportedInputImage({ hasMask, hasMarkup }: ModelRequest, model: CatalogueModel, report: Report) {
  if (hasMask && !model.takesMask) return report('maskImageId', 'a mask', []);
  return hasMarkup && !model.takesMarkup ? report('markupImageId', 'a markup', []) : null;
}

const TRANSPARENT_FORMATS: readonly ImageFormat[] = ['PNG', 'WEBP'];
const COMPRESSED_FORMATS: readonly ImageFormat[] = ['WEBP', 'JPEG'];

/** Combinations that no model supports, according to OpenAI's documentation of its image generation tool. */
function unsupportedCombination({ settings, hasMask }: ModelRequest, model: CatalogueModel, report: Report) {
  const { background, compression, partialImages } = settings;
  const format = settings.format ?? 'PNG';
  if (background === 'TRANSPARENT' && !TRANSPARENT_FORMATS.includes(format)) {
    const rule = `it requires the format PNG or WEBP, not ${format}`;
    return report('options.background', background, without(model.backgrounds, background), rule);
  }
  if (compression !== null && !COMPRESSED_FORMATS.includes(format)) {
    const rule = `it requires the format WEBP or JPEG, not ${formatOf(settings)}`;
    return report('options.compression', compression, [], rule);
  }
  if (format !== 'GIF') return null;
  if (partialImages !== null && partialImages > 0) {
    return report('options.partialImages', partialImages, [0], 'a GIF has no partial images');
  }
  if (!hasMask) return null;
  return report('options.format', format, without(model.formats, format), 'a GIF cannot be made with a mask');
}

/** Options of one format, which the upstream refuses with every other. */
function optionOfAnotherFormat(settings: ImageSettings, report: Report) {
  const { format, frameCount, frameDurationMs, svg } = settings;
  const given: readonly (readonly [string, unknown, ImageFormat])[] = [
    ['options.frameCount', frameCount, 'GIF'],
    ['options.frameDurationMs', frameDurationMs, 'GIF'],
    ['options.svg.model', svg?.model ?? null, 'SVG'],
    ['options.svg.reasoningEffort', svg?.reasoningEffort ?? null, 'SVG'],
  ];
  const wrong = given.find(([, value, required]) => value !== null && format !== required);
  if (wrong === undefined) return null;
  const [option, value, required] = wrong;
  return report(option, value, [], `it requires the format ${required}, not ${formatOf(settings)}`);
}

function formatOf({ format }: ImageSettings): string {
  return format ?? 'PNG, the default';
}

function isNotIn<Value>(value: Value | null, values: readonly Value[]): boolean {
  return value !== null && !values.includes(value);
}

function without<Value>(values: readonly Value[], excluded: Value): readonly Value[] {
  return values.filter((value) => value !== excluded);
}

function range(min: number, max: number): readonly number[] {
  return Array.from({ length: max - min + 1 }, (_, index) => min + index);
}
