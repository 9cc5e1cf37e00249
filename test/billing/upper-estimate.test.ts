/** What is reserved for a call: at least what the upstream may charge for what the client sends. */
import { expect, it } from 'vitest';
import { createUpperEstimate } from '../../src/billing/upper-estimate.ts';
import type { PriceTable } from '../../src/domain/cost/prices.ts';
import { NO_SETTINGS } from '../../src/domain/options.ts';

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
