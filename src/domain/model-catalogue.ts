/**
 * What each image model can do, as far as that is known: one dated table, and what it means for a request. What the
 * table does not know is left to the upstream, so that a model of tomorrow works today.
 */
import { type CatalogueModel, MODELS } from './model-table.ts';
import type { ImageSettings } from './options.ts';
import type { UpstreamInfo } from './upstream.ts';

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
  readonly model: string;
  /** The path of the option in the input: `options.quality`. */
  readonly option: string;
  readonly value: string;
  /** What it takes instead. */
  readonly allowed: readonly string[];
}

/** The first thing of a request that the model is known not to do; null when nothing is known against it. */
export function unsupportedOption(request: ModelRequest, model: CatalogueModel, now: Date): Unsupported | null {
  const { settings, count, hasMask } = request;
  const { name } = model;
  const refuse = (option: string, value: unknown, allowed: readonly unknown[]): Unsupported => ({
    model: name,
    option,
    value: String(value),
    allowed: allowed.map(String),
  });
  if (modelStatus(model, now) === 'RETIRED') {
    return refuse('options.model', settings.model ?? name, model.successor === null ? [] : [model.successor]);
  }
  const { size, quality, format, background, inputFidelity, partialImages } = settings;
  if (size !== null && size !== 'auto' && model.sizeRules === null && !model.sizes.includes(size)) {
    return refuse('options.size', size, ['auto', ...model.sizes]);
  }
  if (isNotIn(quality, model.qualities)) return refuse('options.quality', quality, model.qualities);
  if (isNotIn(format, model.formats)) return refuse('options.format', format, model.formats);
  if (isNotIn(background, model.backgrounds)) return refuse('options.background', background, model.backgrounds);
  if (isNotIn(inputFidelity, model.inputFidelities)) {
    return refuse('options.inputFidelity', inputFidelity, model.inputFidelities);
  }
  if (partialImages !== null && partialImages > model.maxPartialImages) {
    return refuse('options.partialImages', partialImages, upTo(0, model.maxPartialImages));
  }
  if (count > model.maxCount) return refuse('count', count, upTo(1, model.maxCount));
  if (hasMask && !model.takesMask) return refuse('maskImageId', 'a mask', []);
  // A GIF is drawn frame by frame: a mask is not taken for it by any model.
  if (hasMask && format === 'GIF') {
    return refuse(
      'options.format',
      format,
      model.formats.filter((each) => each !== 'GIF'),
    );
  }
  return null;
}

function isNotIn<Word>(value: Word | null, words: readonly Word[]): boolean {
  return value !== null && !words.includes(value);
}

function upTo(least: number, most: number): readonly number[] {
  return Array.from({ length: most - least + 1 }, (_, index) => least + index);
}
