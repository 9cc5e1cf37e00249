/**
 * The table of image models, as of the date below. Sources: the options, sizes and retirement dates of OpenAI's image
 * generation guide and SDK (7.57.0); which models draw GIF and SVG, and that gpt-image-2 has a transparent background,
 * from public measurements of August and November 2026; the end of gpt-image-1.5 from a secondary source.
 */
import type { ImageBackground, ImageFormat, ImageQuality, InputFidelity } from './options.ts';

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

export const CATALOGUE_DATE = '2026-11-24T00:00:00.000Z';

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
const NO_DRAWINGS = { ...NEWEST, formats: PIXELS };
const FIRST: Omit<CatalogueModel, 'name'> = {
  ...NO_DRAWINGS,
  sizeRules: null,
  qualities: ['AUTO', 'LOW', 'MEDIUM', 'HIGH'],
};

export const MODELS: readonly CatalogueModel[] = [
  { ...NEWEST, name: 'gpt-image-2.6-sunburst' },
  { ...NEWEST, name: 'gpt-image-2.6-flare' },
  { ...NO_DRAWINGS, name: 'gpt-image-2.5-sunburst', snapshots: ['gpt-image-2.5-sunburst-2026-09-08'] },
  { ...NO_DRAWINGS, name: 'gpt-image-2.5-flare', snapshots: ['gpt-image-2.5-flare-2026-09-08'] },
  {
    ...NO_DRAWINGS,
    name: 'gpt-image-2',
    snapshots: ['gpt-image-2-2026-04-21'],
    qualities: ['AUTO', 'LOW', 'MEDIUM', 'HIGH'],
    // It always keeps its input closely, and refuses to be told.
    inputFidelities: [],
  },
  {
    ...FIRST,
    name: 'gpt-image-1.5',
    retiresAt: '2026-12-01T00:00:00.000Z',
    successor: 'gpt-image-2',
  },
  { ...FIRST, name: 'gpt-image-1-mini' },
  { ...FIRST, name: 'chatgpt-image-latest' },
  { ...FIRST, name: 'gpt-image-1', retiresAt: '2026-10-23T00:00:00.000Z', successor: 'gpt-image-2' },
];
