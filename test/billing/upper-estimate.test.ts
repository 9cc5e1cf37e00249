/** What is reserved for a call: at least what the upstream may charge for what the client sends. */
import { describe, expect, it } from 'vitest';
import { estimateUsage } from '../../src/billing/estimate-usage.ts';
import { createUpperEstimate } from '../../src/billing/upper-estimate.ts';
import { billedModels, priceUsage, toPicodollars, totalCost } from '../../src/domain/cost/cost.ts';
import { DEFAULT_PRICES, type PriceTable } from '../../src/domain/cost/prices.ts';
import { IMAGE_QUALITIES, type ImageSettings, NO_SETTINGS } from '../../src/domain/generation/options.ts';

/** A picodollar is a millionth of what a token costs here. */
const PRICES: PriceTable = {
  mainline: { reader: { input: '1', cachedInput: '1', output: '1' } },
  image: {
    painter: {
      textInput: '1',
      cachedTextInput: '1',
      imageInput: '1',
      cachedImageInput: '1',
      imageOutput: '1',
      textOutput: '1',
    },
  },
};
const PICODOLLARS_PER_TOKEN = 1_000_000n;

const upperEstimate = createUpperEstimate({
  prices: PRICES,
  models: { mainline: 'reader', image: 'painter' },
  usesImageApiOnly: false,
  unpricedImage: 0n,
});

/** For a prompt that is read by both models, and written once by the first. */
function tokensFor(prompt: string): number {
  const request = {
    kind: 'GENERATE',
    verbatim: false,
    count: 1,
    settings: NO_SETTINGS,
    maskImageId: null,
    markupImageId: null,
  } as const;
  const amountOf = (text: string) =>
    upperEstimate({ request: { ...request, prompt: text }, sources: [], hasContext: false });
  return Number((amountOf(prompt) - amountOf('')) / PICODOLLARS_PER_TOKEN) / 3;
}

it.each([
  ['English', 'a tabby cat hugging an otter. ', 1 / 4],
  ['Chinese', '\u6f22\u5b57', 1],
  ['emoji', '\u{1f63a}\u{1f9a6}', 1],
  ['random text', 'x9$#kQ~7', 1 / 2],
])('a long prompt in %s reserves at least what its tokens cost', (_, text, tokensPerCharacter) => {
  const prompt = text.repeat(1_000);
  expect(tokensFor(prompt)).toBeGreaterThanOrEqual(prompt.length * tokensPerCharacter);
});

const NO_IDS = { maskImageId: null, markupImageId: null } as const;

describe('what is reserved is above the estimate', () => {
  const MODELS = Object.keys(DEFAULT_PRICES.image);
  const models = { mainline: 'gpt-5.4-mini', image: null };
  const reserved = createUpperEstimate({ prices: DEFAULT_PRICES, models, usesImageApiOnly: false, unpricedImage: 0n });
  const OPTIONS: readonly Partial<ImageSettings>[] = [
    {},
    { complexity: 'LOW' },
    { complexity: 'HIGH' },
    { format: 'GIF', frameCount: 16 },
    { format: 'SVG' },
    { format: 'SVG', svg: { model: 'gpt-5.5', reasoningEffort: 'MAX' } },
    { completionWindow: 'WITHIN_8_HOURS' },
  ];

  it.each(MODELS)('of %s', (model) => {
    for (const quality of IMAGE_QUALITIES) {
      for (const option of OPTIONS) {
        const settings = { ...NO_SETTINGS, model, quality, size: '1024x1024', ...option };
        const request = { kind: 'GENERATE', verbatim: false, count: 1, ...NO_IDS, prompt: 'a kite' } as const;
        const amount = reserved({ request: { ...request, settings }, sources: [], hasContext: false });
        const billed = billedModels(settings, models);
        const { usage } = estimateUsage({
          api: 'RESPONSES',
          settings,
          mainlineModel: billed.mainline,
          imageModel: billed.image,
          requests: 1,
          images: 1,
          partials: 0,
          promptLength: 6,
          inputs: [],
        });
        const estimated = totalCost(
          priceUsage(usage, billed, DEFAULT_PRICES).map((line) => ({ ...line, basis: 'ESTIMATED' as const })),
        );
        expect(amount).toBeGreaterThan(toPicodollars(estimated.amount));
      }
    }
  });

  it('also where 2.6 takes four times the tokens of 2.5', () => {
    const settings = { ...NO_SETTINGS, model: 'gpt-image-2.6-sunburst', quality: 'MEDIUM', size: '1024x1024' } as const;
    const request = { kind: 'GENERATE', verbatim: false, count: 1, ...NO_IDS, prompt: 'a kite' } as const;
    const amount = reserved({ request: { ...request, settings }, sources: [], hasContext: false });
    expect(amount).toBeGreaterThan(BigInt(4 * 1767 * 30) * 1_000_000n);
  });
});
