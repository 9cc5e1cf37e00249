/**
 * The catalogue of image models, as of the date below. A row omits a value only if OpenAI says that the model does not
 * support it. Sources:
 * - Qualities, sizes, backgrounds, input fidelities: the types of OpenAI's SDK (7.59.0).
 * - GIF and SVG require "a model that supports the selected format". OpenAI's published description (2.3.0) lists only
 *   PNG, WEBP and JPEG for the models up to gpt-image-2. It says nothing about later models, so the upstream decides.
 * - Complexities and markups: the same types (7.59.0), and secondary sources: 2.6 plans by complexity, 2.5 does not.
 * - Shutdown dates and successors: OpenAI's deprecations page; for gpt-image-1, the SDK.
 */
import type { Complexity, ImageBackground, ImageFormat, ImageQuality, InputFidelity } from '../generation/options.ts';

/** The rules for the supported sizes, besides `auto`. */
export interface SizeRules {
  /** Both edges must be divisible by this number of pixels. */
  readonly edgeStep: number;
  /** In pixels, as are the following limits. */
  readonly longestEdge: number;
  readonly leastPixels: number;
  readonly mostPixels: number;
  /** The maximum ratio of the longer edge to the shorter edge. */
  readonly mostRatio: number;
}

/** What one model supports. */
export interface CatalogueModel {
  readonly name: string;
  /** Dated names of the same model. */
  readonly snapshots: readonly string[];
  /** The supported sizes; examples when there are rules. */
  readonly sizes: readonly string[];
  readonly sizeRules: SizeRules | null;
  readonly qualities: readonly ImageQuality[];
  readonly formats: readonly ImageFormat[];
  readonly backgrounds: readonly ImageBackground[];
  /** Empty when the model does not support the option. */
  readonly inputFidelities: readonly InputFidelity[];
  /** Empty when the model does not support the option. */
  readonly complexities: readonly Complexity[];
  readonly maxPartialImages: number;
  /** The maximum number of images of a call. */
  readonly maxCount: number;
  readonly takesMask: boolean;
  readonly takesMarkup: boolean;
  /** When the model was or will be shut down (RFC 3339); null when no shutdown is announced. */
  readonly retiresAt: string | null;
  readonly successor: string | null;
}

export const CATALOGUE_DATE = '2026-11-28T00:00:00.000Z';

export const FREE_SIZES: SizeRules = {
  edgeStep: 16,
  longestEdge: 3840,
  leastPixels: 655_360,
  mostPixels: 8_294_400,
  mostRatio: 3,
};

const STANDARD_SIZES = ['1024x1024', '1536x1024', '1024x1536'] as const;
const RASTER_FORMATS = ['PNG', 'WEBP', 'JPEG'] as const;

/** gpt-image-2.6. */
const LATEST: Omit<CatalogueModel, 'name'> = {
  snapshots: [],
  sizes: STANDARD_SIZES,
  sizeRules: FREE_SIZES,
  qualities: ['AUTO', 'LOW', 'MEDIUM', 'HIGH', 'XHIGH', 'MAX'],
  formats: [...RASTER_FORMATS, 'GIF', 'SVG'],
  backgrounds: ['AUTO', 'TRANSPARENT', 'OPAQUE'],
  inputFidelities: ['LOW', 'HIGH'],
  complexities: ['LOW', 'MEDIUM', 'HIGH'],
  maxPartialImages: 3,
  maxCount: 10,
  takesMask: true,
  takesMarkup: true,
  retiresAt: null,
  successor: null,
};
/** gpt-image-2.5. */
const GPT_IMAGE_2_5: Omit<CatalogueModel, 'name'> = { ...LATEST, complexities: [] };
/** gpt-image-2. */
const GPT_IMAGE_2: Omit<CatalogueModel, 'name'> = {
  ...GPT_IMAGE_2_5,
  formats: RASTER_FORMATS,
  qualities: ['AUTO', 'LOW', 'MEDIUM', 'HIGH'],
  takesMarkup: false,
};
/** gpt-image-1 and its variants. */
const GPT_IMAGE_1: Omit<CatalogueModel, 'name'> = {
  ...GPT_IMAGE_2,
  sizeRules: null,
  retiresAt: '2026-12-01T00:00:00.000Z',
  successor: 'gpt-image-2.6-sunburst',
};

export const MODELS: readonly CatalogueModel[] = [
  { ...LATEST, name: 'gpt-image-2.6-sunburst' },
  { ...LATEST, name: 'gpt-image-2.6-flare' },
  { ...GPT_IMAGE_2_5, name: 'gpt-image-2.5-sunburst', snapshots: ['gpt-image-2.5-sunburst-2026-09-08'] },
  { ...GPT_IMAGE_2_5, name: 'gpt-image-2.5-flare', snapshots: ['gpt-image-2.5-flare-2026-09-08'] },
  {
    ...GPT_IMAGE_2,
    name: 'gpt-image-2',
    snapshots: ['gpt-image-2-2026-04-21'],
    // It always preserves its input closely, and rejects the option.
    inputFidelities: [],
  },
  { ...GPT_IMAGE_1, name: 'gpt-image-1.5', snapshots: ['gpt-image-1.5-2025-12-16'] },
  { ...GPT_IMAGE_1, name: 'gpt-image-1-mini', inputFidelities: ['LOW'] },
  { ...GPT_IMAGE_1, name: 'chatgpt-image-latest' },
  { ...GPT_IMAGE_1, name: 'gpt-image-1', retiresAt: '2026-10-23T00:00:00.000Z', successor: 'gpt-image-2.5-sunburst' },
];
