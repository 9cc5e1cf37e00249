/**
 * What each image model can do, as far as that is known: one dated table, and what it means for a request. What the
 * table does not know is left to the upstream, so that a model of tomorrow works today.
 */

import type { ImageFormat, ImageSettings } from '../options.ts';
import type { UpstreamInfo } from '../upstream.ts';
import { sizeFault } from './sizes.ts';
import { type CatalogueModel, MODELS } from './table.ts';

export const MODEL_STATUSES = ['CURRENT', 'RETIRING', 'RETIRED'] as const;
export type ModelStatus = (typeof MODEL_STATUSES)[number];

/** The image model of OpenAI's tool when none is named. */
export const DEFAULT_IMAGE_MODEL = 'gpt-image-2.6-sunburst';

/** How long before the end of a model its users are warned. */
const WARNING_MS = 90 * 24 * 60 * 60 * 1000;

export function findModel(name: string): CatalogueModel | null {
  return MODELS.find((model) => model.name === name || model.snapshots.includes(name)) ?? null;
}

/**
 * The model that makes the picture, as far as the catalogue knows it.
 * @param name as it was asked for; null for the default, which of a compatible service is not known
 */
export function modelFor(
  upstream: Pick<UpstreamInfo, 'kind' | 'imageModel'>,
  name: string | null,
): CatalogueModel | null {
  const asked = name ?? upstream.imageModel;
  if (asked !== null) return findModel(asked);
  return upstream.kind === 'OPENAI' || upstream.kind === 'SIMULATOR' ? findModel(DEFAULT_IMAGE_MODEL) : null;
}

export function modelStatus({ retiresAt }: CatalogueModel, now: Date): ModelStatus {
  if (retiresAt === null) return 'CURRENT';
  const left = Date.parse(retiresAt) - now.getTime();
  if (left <= 0) return 'RETIRED';
  return left <= WARNING_MS ? 'RETIRING' : 'CURRENT';
}

/** What is asked of a model. */
export interface ModelRequest {
  readonly settings: ImageSettings;
  readonly count: number;
  readonly hasMask: boolean;
}

/** An option that a model does not take. */
export interface Unsupported {
  /** Null where it is the Image API that has no place for it, whatever the model. */
  readonly model: string | null;
  /** The path of the option in the input: `options.quality`. */
  readonly option: string;
  readonly value: string;
  /** What it takes instead; of sizes that keep to rules, the nearest and examples. */
  readonly allowed: readonly string[];
  /** Why it is not taken, for a person; null where `allowed` says all. */
  readonly rule: string | null;
}

type Refuse = (option: string, value: unknown, allowed: readonly unknown[], rule?: string) => Unsupported;

/** The first thing of a request that the model is known not to do; null when nothing is known against it. */
export function unsupportedOption(request: ModelRequest, model: CatalogueModel, now: Date): Unsupported | null {
  const refuse: Refuse = (option, value, allowed, rule) => ({
    model: model.name,
    option,
    value: String(value),
    allowed: allowed.map(String),
    rule: rule ?? null,
  });
  if (modelStatus(model, now) === 'RETIRED') {
    const { successor } = model;
    return refuse('options.model', request.settings.model ?? model.name, successor === null ? [] : [successor]);
  }
  return (
    refusedSize(request.settings, model, refuse) ??
    refusedWord(request.settings, model, refuse) ??
    refusedNumber(request, model, refuse) ??
    refusedTogether(request, model, refuse)
  );
}

function refusedSize({ size }: ImageSettings, { sizes, sizeRules }: CatalogueModel, refuse: Refuse) {
  if (size === null || size === 'auto' || sizes.includes(size)) return null;
  if (sizeRules === null) return refuse('options.size', size, ['auto', ...sizes]);
  const fault = sizeFault(size, sizeRules);
  if (fault === null) return null;
  const { rule, nearest } = fault;
  const allowed = [...new Set([nearest, ...sizes, 'auto'])];
  return refuse('options.size', size, allowed, `${rule}; the nearest that it takes is ${nearest}`);
}

function refusedWord(settings: ImageSettings, model: CatalogueModel, refuse: Refuse) {
  const { quality, format, background, inputFidelity } = settings;
  if (isNotIn(quality, model.qualities)) return refuse('options.quality', quality, model.qualities);
  if (isNotIn(format, model.formats)) return refuse('options.format', format, model.formats);
  if (isNotIn(background, model.backgrounds)) return refuse('options.background', background, model.backgrounds);
  if (!isNotIn(inputFidelity, model.inputFidelities)) return null;
  return refuse('options.inputFidelity', inputFidelity, model.inputFidelities);
}

function refusedNumber({ settings, count, hasMask }: ModelRequest, model: CatalogueModel, refuse: Refuse) {
  const { partialImages } = settings;
  const { maxPartialImages, maxCount, takesMask } = model;
  if (partialImages !== null && partialImages > maxPartialImages) {
    return refuse('options.partialImages', partialImages, upTo(0, maxPartialImages));
  }
  if (count > maxCount) return refuse('count', count, upTo(1, maxCount));
  return hasMask && !takesMask ? refuse('maskImageId', 'a mask', []) : null;
}

const TRANSPARENT_FORMATS: readonly ImageFormat[] = ['PNG', 'WEBP'];
const COMPRESSED_FORMATS: readonly ImageFormat[] = ['WEBP', 'JPEG'];

/** What no model takes together, in OpenAI's words on its image generation tool. */
function refusedTogether({ settings, hasMask }: ModelRequest, model: CatalogueModel, refuse: Refuse) {
  const { background, compression, partialImages } = settings;
  const format = settings.format ?? 'PNG';
  if (background === 'TRANSPARENT' && !TRANSPARENT_FORMATS.includes(format)) {
    const rule = `it needs the format PNG or WEBP, not ${format}`;
    return refuse('options.background', background, without(model.backgrounds, background), rule);
  }
  if (compression !== null && !COMPRESSED_FORMATS.includes(format)) {
    const rule = `it works with the formats WEBP and JPEG only, not with ${settings.format ?? 'PNG, the default'}`;
    return refuse('options.compression', compression, [], rule);
  }
  if (format !== 'GIF') return null;
  if (partialImages !== null && partialImages > 0) {
    return refuse('options.partialImages', partialImages, [0], 'a GIF has no partial images');
  }
  if (!hasMask) return null;
  return refuse('options.format', format, without(model.formats, format), 'a GIF is drawn without a mask');
}

function isNotIn<Word>(value: Word | null, words: readonly Word[]): boolean {
  return value !== null && !words.includes(value);
}

function without<Word>(words: readonly Word[], word: Word): readonly Word[] {
  return words.filter((each) => each !== word);
}

function upTo(least: number, most: number): readonly number[] {
  return Array.from({ length: most - least + 1 }, (_, index) => least + index);
}
