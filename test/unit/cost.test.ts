/** What tokens cost: to the last digit, and never rounded. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateUsage } from '../../src/billing/estimate-usage.ts';
import { parseUsage } from '../../src/db/json.ts';
import { billedModels, fromPicodollars, priceUsage, toPicodollars, totalCost } from '../../src/domain/cost/cost.ts';
import { DEFAULT_PRICES, MAX_DECIMALS, priceProblem, pricesOf, withOverrides } from '../../src/domain/cost/prices.ts';
import type { TokenUsage } from '../../src/domain/cost/usage.ts';
import { sumUsage } from '../../src/domain/cost/usage.ts';
import { lowestAmount } from '../../src/domain/cost/window-discount.ts';
import { type ImageSettings, NO_SETTINGS, REASONING_EFFORTS } from '../../src/domain/generation/options.ts';

const USAGE: TokenUsage = {
  mainline: {
    model: 'gpt-5.4-mini-2026-03-17',
    inputTokens: 2377,
    cachedInputTokens: 1024,
    outputTokens: 151,
    reasoningTokens: 64,
  },
  image: {
    model: null,
    textInputTokens: 61,
    cachedTextInputTokens: 13,
    imageInputTokens: 1601,
    cachedImageInputTokens: 800,
    outputTokens: 1967,
    textOutputTokens: 0,
    unsplitInputTokens: 0,
  },
  svg: null,
};
const MODELS = { mainline: 'gpt-5.4-mini', image: 'gpt-image-2', svg: 'gpt-5.4' };
const reported = (usage: TokenUsage) =>
  totalCost(priceUsage(usage, MODELS, DEFAULT_PRICES).map((line) => ({ ...line, basis: 'REPORTED' as const })));

describe('the cost of a known usage', () => {
  it('is the figure that a hand computes, line by line', () => {
    expect(reported(USAGE)).toEqual({
      currency: 'USD',
      basis: 'REPORTED',
      complete: true,
      // 1353*0.75 + 1024*0.075 + 151*4.50 + 48*5 + 13*1.25 + 801*8 + 800*2 + 1967*30, by a million.
      amount: '0.0690453',
      lines: [
        {
          kind: 'MAINLINE_INPUT',
          model: 'gpt-5.4-mini-2026-03-17',
          tokens: 1353,
          pricePerMillion: '0.75',
          amount: '0.00101475',
        },
        {
          kind: 'MAINLINE_CACHED_INPUT',
          model: 'gpt-5.4-mini-2026-03-17',
          tokens: 1024,
          pricePerMillion: '0.075',
          amount: '0.0000768',
        },
        {
          kind: 'MAINLINE_OUTPUT',
          model: 'gpt-5.4-mini-2026-03-17',
          tokens: 151,
          pricePerMillion: '4.50',
          amount: '0.0006795',
        },
        { kind: 'IMAGE_TEXT_INPUT', model: 'gpt-image-2', tokens: 48, pricePerMillion: '5', amount: '0.00024' },
        {
          kind: 'IMAGE_CACHED_TEXT_INPUT',
          model: 'gpt-image-2',
          tokens: 13,
          pricePerMillion: '1.25',
          amount: '0.00001625',
        },
        { kind: 'IMAGE_INPUT', model: 'gpt-image-2', tokens: 801, pricePerMillion: '8', amount: '0.006408' },
        { kind: 'IMAGE_CACHED_INPUT', model: 'gpt-image-2', tokens: 800, pricePerMillion: '2', amount: '0.0016' },
        { kind: 'IMAGE_OUTPUT', model: 'gpt-image-2', tokens: 1967, pricePerMillion: '30', amount: '0.05901' },
      ],
    });
  });

  it('is not complete when a model has no known price, and says of which tokens', () => {
    const cost = reported({ ...USAGE, mainline: { ...(USAGE.mainline ?? never()), model: 'model-of-tomorrow' } });
    expect(cost.complete).toBe(false);
    expect(cost.lines.filter(({ amount }) => amount === null).map(({ kind }) => kind)).toEqual([
      'MAINLINE_INPUT',
      'MAINLINE_CACHED_INPUT',
      'MAINLINE_OUTPUT',
    ]);
  });

  it('never loses a digit on its way through the database', () => {
    const price = fc
      .tuple(fc.nat(999), fc.nat(10 ** MAX_DECIMALS - 1))
      .map(([whole, part]) => `${whole}.${String(part).padStart(MAX_DECIMALS, '0')}`);
    fc.assert(
      fc.property(fc.nat(10_000_000), price, (tokens, input) => {
        const table = withOverrides(DEFAULT_PRICES, { mainline: { m: { input, cachedInput: '0', output: '0' } } });
        const mainline = { model: 'm', inputTokens: tokens, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0 };
        const [line] = priceUsage({ mainline, image: null, svg: null }, MODELS, table);
        if (line === undefined) return tokens === 0;
        const exact = BigInt(tokens) * BigInt(input.replace('.', ''));
        expect(toPicodollars(line.amount ?? '')).toBe(exact);
        return fromPicodollars(exact) === line.amount;
      }),
    );
  });
});

describe('a sum of costs', () => {
  it('merges lines of one kind, model and price, and is estimated when a part is', () => {
    const lines = priceUsage(USAGE, MODELS, DEFAULT_PRICES);
    const cost = totalCost([
      ...lines.map((line) => ({ ...line, basis: 'REPORTED' as const })),
      ...lines.map((line) => ({ ...line, basis: 'ESTIMATED' as const })),
    ]);
    expect(cost).toMatchObject({ amount: '0.1380906', basis: 'ESTIMATED' });
    expect(cost.lines).toHaveLength(lines.length);
    expect(cost.lines[0]?.tokens).toBe(2706);
  });

  it('of usages names a model only where all name the same', () => {
    expect(sumUsage([])).toBeNull();
    const other = { ...USAGE, mainline: { ...(USAGE.mainline ?? never()), model: 'gpt-5.4' } };
    expect(sumUsage([USAGE, other])).toMatchObject({
      mainline: { model: null, inputTokens: 4754, reasoningTokens: 128 },
      image: { outputTokens: 3934 },
    });
    expect(sumUsage([USAGE, USAGE])?.mainline?.model).toBe('gpt-5.4-mini-2026-03-17');
  });
});

describe('the usage of an SVG author', () => {
  const svg = { model: null, inputTokens: 1572, outputTokens: 1437, reasoningTokens: 680 };

  it('costs what its model costs, which is the author that the call is billed for where no report names it', () => {
    // 1572 * 2.50 + 1437 * 15, by a million.
    expect(reported({ mainline: null, image: null, svg })).toMatchObject({ amount: '0.025485', complete: true });
    const unknown = reported({ mainline: null, image: null, svg: { ...svg, model: 'author-9' } });
    expect(unknown).toMatchObject({ amount: '0', complete: false });
  });

  it('is the model that a call names, else its mainline model', () => {
    const defaults = { mainline: 'gpt-5.4', image: null };
    const { svg: none } = billedModels({ ...NO_SETTINGS, svg: { model: null, reasoningEffort: 'LOW' } }, defaults);
    const author = { model: 'gpt-5.5', reasoningEffort: null };
    expect([none, billedModels({ ...NO_SETTINGS, svg: author }, defaults).svg]).toEqual(['gpt-5.4', 'gpt-5.5']);
    expect(billedModels({ ...NO_SETTINGS, mainlineModel: 'gpt-5' }, defaults).svg).toBe('gpt-5');
  });

  it('is summed with usage that was stored before it was read', () => {
    const old = parseUsage(JSON.stringify({ tokens: { mainline: USAGE.mainline, image: USAGE.image } })) ?? never();
    expect(old.svg).toBeNull();
    expect(sumUsage([old, { ...USAGE, svg }, { ...USAGE, svg: { ...svg, disputedTokens: 3 } }])).toMatchObject({
      image: { outputTokens: 5901 },
      svg: { inputTokens: 3144, outputTokens: 2874, reasoningTokens: 1360, disputedTokens: 3 },
    });
  });
});

describe('a completion window', () => {
  it.each([
    [null, '0.0549205'],
    ['SOONEST', '0.0549205'],
    ['WITHIN_2_HOURS', '0.03844435'],
    ['WITHIN_8_HOURS', '0.0329523'],
  ] as const)('%s makes 0.0549205 at least %s', (window, amount) => {
    expect(lowestAmount('0.0549205', window)).toBe(amount);
  });
});

describe('a price', () => {
  it.each(['0.75', '5', '0.000001', '123456789.5'])('may be %s', (price) => {
    expect(priceProblem(price)).toBeNull();
  });

  it.each(['', '.5', '-1', '1e3', '0,75', '0.0000001', ' 1'])('may not be %j', (price) => {
    expect(priceProblem(price)).toMatch(/^must/u);
  });

  it('of a snapshot is that of its model, unless it has its own', () => {
    expect(pricesOf(DEFAULT_PRICES.image, 'gpt-image-2-2026-04-21')).toBe(DEFAULT_PRICES.image['gpt-image-2']);
    expect(pricesOf(DEFAULT_PRICES.image, 'constructor')).toBeNull();
    expect(pricesOf(DEFAULT_PRICES.image, null)).toBeNull();
  });

  it('is right for each model in the table', () => {
    const all = [...Object.values(DEFAULT_PRICES.mainline), ...Object.values(DEFAULT_PRICES.image)];
    for (const prices of all) {
      for (const price of Object.values(prices)) if (price !== null) expect(priceProblem(price)).toBeNull();
    }
  });
});

describe('an estimate of usage', () => {
  const question = {
    api: 'IMAGES',
    settings: { ...NO_SETTINGS, quality: 'MEDIUM', size: '1024x1024' },
    mainlineModel: null,
    imageModel: 'gpt-image-2',
    requests: 1,
    images: 1,
    partials: 0,
    promptLength: 0,
    inputs: [],
  } as const;
  const price = (quality: 'LOW' | 'MEDIUM' | 'HIGH') => {
    const { usage } = estimateUsage({ ...question, settings: { ...question.settings, quality } });
    return Number(reported(usage).amount);
  };

  it('comes to the published prices of a picture', () => {
    expect(price('LOW')).toBeCloseTo(0.006, 3);
    expect(price('MEDIUM')).toBeCloseTo(0.053, 3);
    expect(price('HIGH')).toBeCloseTo(0.211, 3);
  });

  it('counts 100 tokens for a partial image, and four times as many pixels four times', () => {
    const base = estimateUsage(question).usage.image?.outputTokens ?? 0;
    expect(estimateUsage({ ...question, partials: 3 }).usage.image?.outputTokens).toBe(base + 300);
    const large = { ...question.settings, size: '2048x2048' };
    expect(estimateUsage({ ...question, settings: large }).usage.image?.outputTokens).toBe(base * 4);
  });

  it.each<[string | null, Partial<ImageSettings>, number]>([
    ['gpt-image-2', { quality: 'LOW' }, 200],
    ['gpt-image-2.5-flare', { quality: 'LOW' }, 200],
    ['gpt-image-2.5-sunburst-2026-09-08', { quality: 'MEDIUM' }, 1767],
    // Three and a half times as many at LOW and MEDIUM, and as many at HIGH.
    ['gpt-image-2.6-flare', { quality: 'LOW' }, 700],
    ['gpt-image-2.6-sunburst', { quality: 'MEDIUM' }, 6185],
    ['gpt-image-2.6-sunburst', { quality: 'HIGH' }, 7034],
    [null, { quality: 'LOW' }, 700],
    ['gpt-image-2.6-sunburst', { quality: 'LOW', complexity: 'LOW' }, 525],
    ['gpt-image-2.6-sunburst', { quality: 'LOW', complexity: 'HIGH' }, 1050],
    ['gpt-image-2', { quality: 'LOW', format: 'GIF', frameCount: 4 }, 800],
    ['gpt-image-2', { quality: 'LOW', format: 'GIF' }, 1800],
    ['gpt-image-2', { quality: 'LOW', frameCount: 4 }, 200],
  ])('of %s with %o counts %i output tokens', (imageModel, settings, tokens) => {
    const asked = { ...question, imageModel, settings: { ...question.settings, ...settings } };
    expect(estimateUsage(asked).usage.image?.outputTokens).toBe(tokens);
  });

  it('of an SVG has its author by the effort, and no author for other formats', () => {
    const svgOf = (settings: Partial<ImageSettings>) =>
      estimateUsage({ ...question, images: 2, settings: { ...question.settings, ...settings } }).usage.svg;
    expect(svgOf({ format: 'PNG' })).toBeNull();
    expect(svgOf({ format: 'SVG' })).toMatchObject({ inputTokens: 3144, outputTokens: 2874 });
    const outputs = REASONING_EFFORTS.map(
      (reasoningEffort) => svgOf({ format: 'SVG', svg: { model: null, reasoningEffort } })?.outputTokens ?? 0,
    );
    expect(outputs).toEqual(outputs.toSorted((a, b) => a - b));
    expect(new Set(outputs).size).toBe(REASONING_EFFORTS.length);
  });

  it('is a floor for the qualities of which no figure is published', () => {
    expect(estimateUsage({ ...question, settings: { ...question.settings, quality: 'MAX' } }).complete).toBe(false);
    expect(estimateUsage(question).complete).toBe(true);
  });
});

function never(): never {
  throw new Error('the report has this part');
}
