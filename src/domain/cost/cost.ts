/** Computes costs from tokens and prices, in decimals. Nothing is ever rounded. */
import Big from 'big.js';
import type { ImageSettings } from '../generation/options.ts';
import { type ImagePrices, type MainlinePrices, type PriceTable, pricesOf } from './prices.ts';
import type { TokenUsage } from './usage.ts';

/** Of all prices and costs: an ISO 4217 code. */
export const CURRENCY = 'USD';

export const COST_BASES = ['REPORTED', 'ESTIMATED'] as const;
export type CostBasis = (typeof COST_BASES)[number];

export const COST_LINE_KINDS = [
  'MAINLINE_INPUT',
  'MAINLINE_CACHED_INPUT',
  'MAINLINE_OUTPUT',
  'IMAGE_TEXT_INPUT',
  'IMAGE_CACHED_TEXT_INPUT',
  'IMAGE_INPUT',
  'IMAGE_CACHED_INPUT',
  'IMAGE_OUTPUT',
  'IMAGE_TEXT_OUTPUT',
  'SVG_INPUT',
  'SVG_OUTPUT',
] as const;
export type CostLineKind = (typeof COST_LINE_KINDS)[number];

/** Tokens of one kind at one price. */
export interface CostLine {
  readonly kind: CostLineKind;
  readonly model: string | null;
  readonly tokens: number;
  /** In US dollars, decimal; null when the price is not known. */
  readonly pricePerMillion: string | null;
  /** In US dollars, exact decimal; null when the price is not known. */
  readonly amount: string | null;
}

export interface Cost {
  /** In US dollars, decimal: the exact sum of all lines whose price is known. */
  readonly amount: string;
  readonly currency: typeof CURRENCY;
  /** ESTIMATED when any part is an estimate. */
  readonly basis: CostBasis;
  /** False when the price or the number of some tokens is not known; the real cost is then higher than `amount`. */
  readonly complete: boolean;
  readonly lines: readonly CostLine[];
}

export const NO_COST: Cost = { amount: '0', currency: CURRENCY, basis: 'REPORTED', complete: true, lines: [] };

const MILLION = 1_000_000;
/** Picodollars per dollar. The price of one token, at six decimals per million, is a whole number of picodollars. */
const PICO = new Big('1e12');

/** The models to bill when the report does not name them. */
export interface BilledModels {
  readonly mainline: string | null;
  readonly image: string | null;
  /** The model that writes an SVG. */
  readonly svg: string | null;
}

/** The models for calls that name none. */
export type DefaultModels = Omit<BilledModels, 'svg'>;

/** The models that a call names, else the default ones. Where nobody names the author of an SVG, it is the mainline model. */
export function billedModels(
  { mainlineModel, model, svg }: Pick<ImageSettings, 'mainlineModel' | 'model' | 'svg'>,
  defaults: DefaultModels,
): BilledModels {
  const mainline = mainlineModel ?? defaults.mainline;
  return { mainline, image: model ?? defaults.image, svg: svg?.model ?? mainline };
}

/** The cost lines of a usage. Kinds without tokens have no line. */
export function priceUsage(
  { mainline, image, svg }: TokenUsage,
  models: BilledModels,
  table: PriceTable,
): readonly CostLine[] {
  const lines: CostLine[] = [];
  const add = (kind: CostLineKind, model: string | null, tokens: number, price: string | null) => {
    if (tokens > 0) lines.push({ kind, model, tokens, pricePerMillion: price, amount: amountOf(tokens, price) });
  };
  if (mainline !== null) {
    const model = mainline.model ?? models.mainline;
    const prices: MainlinePrices | null = pricesOf(table.mainline, model);
    const { inputTokens, cachedInputTokens, outputTokens } = mainline;
    add('MAINLINE_INPUT', model, inputTokens - cachedInputTokens, prices?.input ?? null);
    add('MAINLINE_CACHED_INPUT', model, cachedInputTokens, prices?.cachedInput ?? null);
    add('MAINLINE_OUTPUT', model, outputTokens, prices?.output ?? null);
  }
  if (image !== null) {
    const model = image.model ?? models.image;
    const prices: ImagePrices | null = pricesOf(table.image, model);
    add('IMAGE_TEXT_INPUT', model, image.textInputTokens - image.cachedTextInputTokens, prices?.textInput ?? null);
    add('IMAGE_CACHED_TEXT_INPUT', model, image.cachedTextInputTokens, prices?.cachedTextInput ?? null);
    add('IMAGE_INPUT', model, image.imageInputTokens - image.cachedImageInputTokens, prices?.imageInput ?? null);
    add('IMAGE_CACHED_INPUT', model, image.cachedImageInputTokens, prices?.cachedImageInput ?? null);
    add('IMAGE_OUTPUT', model, image.outputTokens - image.textOutputTokens, prices?.imageOutput ?? null);
    add('IMAGE_TEXT_OUTPUT', model, image.textOutputTokens, prices?.textOutput ?? null);
  }
  if (svg !== null) {
    const model = svg.model ?? models.svg;
    const prices: MainlinePrices | null = pricesOf(table.mainline, model);
    add('SVG_INPUT', model, svg.inputTokens, prices?.input ?? null);
    add('SVG_OUTPUT', model, svg.outputTokens, prices?.output ?? null);
  }
  return lines;
}

function amountOf(tokens: number, price: string | null): string | null {
  return price === null ? null : new Big(tokens).times(price).div(MILLION).toFixed();
}

/** A line with how its tokens were determined. */
export type BasedLine = CostLine & { readonly basis: CostBasis };

/** The sum of some lines. Lines with the same kind, model and price are combined. */
export function totalCost(lines: readonly BasedLine[], isCounted = true): Cost {
  const merged = new Map<string, CostLine>();
  let amount = new Big(0);
  for (const { kind, model, tokens, pricePerMillion, amount: part } of lines) {
    const key = JSON.stringify([kind, model, pricePerMillion]);
    const before = merged.get(key);
    const sum = part === null ? null : new Big(before?.amount ?? 0).plus(part).toFixed();
    merged.set(key, { kind, model, tokens: (before?.tokens ?? 0) + tokens, pricePerMillion, amount: sum });
    if (part !== null) amount = amount.plus(part);
  }
  const order = (line: CostLine) => COST_LINE_KINDS.indexOf(line.kind);
  return {
    amount: amount.toFixed(),
    currency: CURRENCY,
    basis: lines.some(({ basis }) => basis === 'ESTIMATED') ? 'ESTIMATED' : 'REPORTED',
    complete: isCounted && lines.every((line) => line.amount !== null),
    lines: [...merged.values()].toSorted((a, b) => order(a) - order(b)),
  };
}

/** An amount as a whole number of picodollars, which a database can sum exactly. */
export function toPicodollars(amount: string): bigint {
  return BigInt(new Big(amount).times(PICO).toFixed(0));
}

/** The amount in US dollars, exact. */
export function fromPicodollars(picodollars: bigint): string {
  return new Big(picodollars.toString()).div(PICO).toFixed();
}
