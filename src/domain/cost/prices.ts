/**
 * Prices per million tokens, in US dollars, as of the date below. Prices are decimal strings, because a floating-point
 * number cannot represent 0.1 exactly. Sources: for gpt-image-2 and later, OpenAI's price list (for 2.6, secondary
 * sources that quote the same prices); for other models, public price trackers that quote OpenAI's list, April to
 * November 2026. Standard processing: no batch, flex or priority prices, no regional uplift.
 */
import Big from 'big.js';

export const PRICES_DATE = '2026-11-24T00:00:00.000Z';

/** US dollars per million tokens, as decimal strings. */
export interface MainlinePrices {
  readonly input: string;
  readonly cachedInput: string;
  readonly output: string;
}

export interface ImagePrices {
  readonly textInput: string;
  readonly cachedTextInput: string;
  readonly imageInput: string;
  readonly cachedImageInput: string;
  readonly imageOutput: string;
  /** Null when the price is not known. */
  readonly textOutput: string | null;
}

export interface PriceTable {
  readonly mainline: Readonly<Record<string, MainlinePrices>>;
  readonly image: Readonly<Record<string, ImagePrices>>;
}

const GPT_IMAGE_2: ImagePrices = {
  textInput: '5',
  cachedTextInput: '1.25',
  imageInput: '8',
  cachedImageInput: '2',
  imageOutput: '30',
  textOutput: null,
};
const GPT_IMAGE_1_5: ImagePrices = { ...GPT_IMAGE_2, imageOutput: '32', textOutput: '10' };

const mainline = (input: string, cachedInput: string, output: string): MainlinePrices => ({
  input,
  cachedInput,
  output,
});

export const DEFAULT_PRICES: PriceTable = {
  image: {
    'gpt-image-2.6-sunburst': GPT_IMAGE_2,
    'gpt-image-2.6-flare': GPT_IMAGE_2,
    'gpt-image-2.5-sunburst': GPT_IMAGE_2,
    'gpt-image-2.5-flare': GPT_IMAGE_2,
    'gpt-image-2': GPT_IMAGE_2,
    'gpt-image-1.5': GPT_IMAGE_1_5,
    'chatgpt-image-latest': GPT_IMAGE_1_5,
    'gpt-image-1-mini': {
      textInput: '2',
      cachedTextInput: '0.20',
      imageInput: '2.50',
      cachedImageInput: '0.25',
      imageOutput: '8',
      textOutput: null,
    },
  },
  mainline: {
    'gpt-5.5': mainline('5', '0.50', '30'),
    'gpt-5.4': mainline('2.50', '0.25', '15'),
    'gpt-5.4-mini': mainline('0.75', '0.075', '4.50'),
    'gpt-5.4-nano': mainline('0.20', '0.02', '1.25'),
    'gpt-5.2': mainline('1.75', '0.175', '14'),
    'gpt-5': mainline('1.25', '0.125', '10'),
    'gpt-5-mini': mainline('0.25', '0.025', '2'),
    'gpt-5-nano': mainline('0.05', '0.005', '0.40'),
    'gpt-4.1': mainline('2', '0.50', '8'),
    'gpt-4.1-mini': mainline('0.40', '0.10', '1.60'),
    'gpt-4.1-nano': mainline('0.10', '0.025', '0.40'),
    'gpt-4o': mainline('2.50', '1.25', '10'),
    'gpt-4o-mini': mainline('0.15', '0.075', '0.60'),
  },
};

/** Replaces models of the table by those of the operator, each as a whole. */
export function withOverrides(table: PriceTable, overrides: Partial<PriceTable>): PriceTable {
  return {
    mainline: { ...table.mainline, ...overrides.mainline },
    image: { ...table.image, ...overrides.image },
  };
}

/** The prices of a model, by its name or by its name without the date of a snapshot; null when they are not known. */
export function pricesOf<Prices>(prices: Readonly<Record<string, Prices>>, model: string | null): Prices | null {
  if (model === null) return null;
  const undated = model.replace(/-\d{4}-\d{2}-\d{2}$/u, '');
  const name = [model, undated].find((each) => Object.hasOwn(prices, each));
  return (name === undefined ? undefined : prices[name]) ?? null;
}

/** Prices with more decimals cannot be stored exactly. */
export const MAX_DECIMALS = 6;

/** The problem with a price, or null. */
export function priceProblem(price: string): string | null {
  if (!/^\d{1,9}(\.\d+)?$/u.test(price)) return 'must be US dollars per million tokens as a decimal, such as "0.75"';
  return new Big(price).round(MAX_DECIMALS).eq(price) ? null : `must have at most ${MAX_DECIMALS} decimals`;
}
