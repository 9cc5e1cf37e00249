/**
 * The table of image models, as of the date below. A row leaves out only what OpenAI says that the model does not take:
 * - Qualities, sizes, backgrounds, input fidelities: the types of its SDK (7.57.0).
 * - GIF and SVG need "a model that supports the selected format". The models up to gpt-image-2 stand with PNG, WEBP and
 *   JPEG alone in its published description (2.3.0); of later ones nothing is said, so that the upstream judges.
 * - Ends and successors: its page of deprecations; those of gpt-image-1, the SDK.
 */
import type { ImageBackground, ImageFormat, ImageQuality, InputFidelity } from '../options.ts';

/** Which sizes there are besides `auto`: those that are listed, or all that keep to the rules. */
export interface SizeRules {
  /** Pixels by which both edges are divisible. */
  readonly edgeStep: number;
  /** Pixels. */
  readonly longestEdge: number;
  readonly leastPixels: number;
  readonly mostPixels: number;
  /** The longer edge is at most so many times the shorter. */
  readonly mostRatio: number;
}

/** What one model can do. */
export interface CatalogueModel {
  readonly name: string;
  /** Dated names of the same model. */
  readonly snapshots: readonly string[];
  /** The sizes that it takes; with rules, examples of them. */
  readonly sizes: readonly string[];
  readonly sizeRules: SizeRules | null;
  readonly qualities: readonly ImageQuality[];
  readonly formats: readonly ImageFormat[];
  readonly backgrounds: readonly ImageBackground[];
  /** Empty where the option is not taken. */
  readonly inputFidelities: readonly InputFidelity[];
  readonly maxPartialImages: number;
  /** Pictures a call. */
  readonly maxCount: number;
  readonly takesMask: boolean;
  /** When it was, or will be, shut down (RFC 3339); null when nothing is announced. */
  readonly retiresAt: string | null;
  readonly successor: string | null;
}

export const CATALOGUE_DATE = '2026-11-25T00:00:00.000Z';

export const FREE_SIZES: SizeRules = {
  edgeStep: 16,
  longestEdge: 3840,
  leastPixels: 655_360,
  mostPixels: 8_294_400,
  mostRatio: 3,
};

const STANDARD_SIZES = ['1024x1024', '1536x1024', '1024x1536'] as const;
const PIXELS = ['PNG', 'WEBP', 'JPEG'] as const;

const NEWEST: Omit<CatalogueModel, 'name'> = {
  snapshots: [],
  sizes: STANDARD_SIZES,
  sizeRules: FREE_SIZES,
  qualities: ['AUTO', 'LOW', 'MEDIUM', 'HIGH', 'XHIGH', 'MAX'],
  formats: [...PIXELS, 'GIF', 'SVG'],
  backgrounds: ['AUTO', 'TRANSPARENT', 'OPAQUE'],
  inputFidelities: ['LOW', 'HIGH'],
  maxPartialImages: 3,
  maxCount: 10,
  takesMask: true,
  retiresAt: null,
  successor: null,
};
const SECOND: Omit<CatalogueModel, 'name'> = {
  ...NEWEST,
  formats: PIXELS,
  qualities: ['AUTO', 'LOW', 'MEDIUM', 'HIGH'],
};
const FIRST: Omit<CatalogueModel, 'name'> = {
  ...SECOND,
  sizeRules: null,
  retiresAt: '2026-12-01T00:00:00.000Z',
  successor: 'gpt-image-2.6-sunburst',
};

export const MODELS: readonly CatalogueModel[] = [
  { ...NEWEST, name: 'gpt-image-2.6-sunburst' },
  { ...NEWEST, name: 'gpt-image-2.6-flare' },
  { ...NEWEST, name: 'gpt-image-2.5-sunburst', snapshots: ['gpt-image-2.5-sunburst-2026-09-08'] },
  { ...NEWEST, name: 'gpt-image-2.5-flare', snapshots: ['gpt-image-2.5-flare-2026-09-08'] },
  {
    ...SECOND,
    name: 'gpt-image-2',
    snapshots: ['gpt-image-2-2026-04-21'],
    // It always keeps its input closely, and refuses to be told.
    inputFidelities: [],
  },
  { ...FIRST, name: 'gpt-image-1.5', snapshots: ['gpt-image-1.5-2025-12-16'] },
  { ...FIRST, name: 'gpt-image-1-mini', inputFidelities: ['LOW'] },
  { ...FIRST, name: 'chatgpt-image-latest' },
  { ...FIRST, name: 'gpt-image-1', retiresAt: '2026-10-23T00:00:00.000Z', successor: 'gpt-image-2.5-sunburst' },
];
