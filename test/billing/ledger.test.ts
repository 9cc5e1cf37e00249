/** What the ledger stores of a request: what arrived was bought, whatever else is said or was forgotten. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLedger, type LedgerEntry } from '../../src/billing/ledger.ts';
import { costOfCalls } from '../../src/db/queries/cost-lines.ts';
import { updateAttempt } from '../../src/db/queries/engine/attempts.ts';
import { DEFAULT_PRICES } from '../../src/domain/cost/prices.ts';
import type { TokenUsage } from '../../src/domain/cost/usage.ts';
import { type ImageSettings, NO_SETTINGS } from '../../src/domain/generation/options.ts';
import { openRunnerHarness, type RunnerHarness } from '../runner/harness.ts';

let harness: RunnerHarness;
beforeEach(async () => {
  harness = await openRunnerHarness();
});
afterEach(() => harness[Symbol.asyncDispose]());

const ledger = createLedger({ prices: DEFAULT_PRICES, models: { mainline: 'gpt-5.4-mini', image: 'gpt-image-2' } });
const SETTINGS: ImageSettings = { ...NO_SETTINGS, quality: 'MEDIUM', size: '1024x1024' };

/** 1000 * 0.75 + 100 * 4.50 + 20 * 5 + 196 * 30, by a million, is 0.00718. */
const USAGE: TokenUsage = {
  mainline: { model: null, inputTokens: 1000, cachedInputTokens: 0, outputTokens: 100, reasoningTokens: 0 },
  image: {
    model: null,
    textInputTokens: 20,
    cachedTextInputTokens: 0,
    imageInputTokens: 0,
    cachedImageInputTokens: 0,
    outputTokens: 196,
    textOutputTokens: 0,
    unsplitInputTokens: 0,
  },
  svg: null,
};

/** @param stored what an earlier process stored of the report */
async function costOf(
  entry: Partial<LedgerEntry>,
  settings: Partial<ImageSettings> = {},
  stored: TokenUsage | null = null,
) {
  const { db } = harness;
  const { call, key } = await harness.begin();
  if (stored !== null) await updateAttempt(db, key, { usage: JSON.stringify({ tokens: stored, raw: {} }) });
  const asked = { ...call, request: { ...call.request, settings: { ...SETTINGS, ...settings } } };
  const whole: LedgerEntry = {
    key,
    api: 'RESPONSES',
    usage: null,
    requestedImages: 1,
    images: 0,
    partials: 0,
    purchase: 'RECEIVED',
    ...entry,
  };
  await db.transaction().execute((transaction) => ledger.enter(transaction, asked, whole));
  return (await costOfCalls(db, call.principal, [call.id])).get(call.id) ?? null;
}

describe('a request', () => {
  it('that certainly bought nothing has no cost', async () => {
    expect(await costOf({ purchase: 'NOTHING' })).toBeNull();
  });

  it('that is said to have bought nothing has cost the image that arrived', async () => {
    const cost = await costOf({ purchase: 'NOTHING', images: 1 });
    expect(cost).toMatchObject({ amount: '0.0549205', basis: 'ESTIMATED', complete: true });
  });

  it('that was reported before the server was killed has cost what was reported', async () => {
    const cost = await costOf({ images: 1 }, {}, USAGE);
    expect(cost).toMatchObject({ amount: '0.00718', basis: 'REPORTED', complete: true });
  });

  it('that was reported by a server that knew no SVG authors has an estimate of the author', async () => {
    const { svg: _, ...old } = USAGE;
    // The stored JSON of such a server lacks the part.
    const cost = await costOf({ images: 1 }, { format: 'SVG' }, old as TokenUsage);
    // 1572 * 0.75 + 1437 * 4.50 is 0.0076455.
    expect(cost).toMatchObject({ amount: '0.0148255', basis: 'ESTIMATED', complete: true });
  });
});

describe('a completion window', () => {
  it.each([
    [null, 'REPORTED'],
    ['SOONEST', 'REPORTED'],
    ['WITHIN_2_HOURS', 'ESTIMATED'],
    ['WITHIN_8_HOURS', 'ESTIMATED'],
  ] as const)('%s: the cost has no discount, and is %s', async (completionWindow, basis) => {
    const cost = await costOf({ images: 1, usage: USAGE }, { completionWindow });
    expect(cost).toMatchObject({ amount: '0.00718', basis, complete: true });
  });

  it('does not change what certainly cost nothing', async () => {
    expect(await costOf({ purchase: 'NOTHING' }, { completionWindow: 'WITHIN_8_HOURS' })).toBeNull();
  });
});

it.each(['XHIGH', 'MAX'] as const)('an estimate of %s is a lower bound, and a report is not', async (quality) => {
  expect(await costOf({ images: 1 }, { quality })).toMatchObject({ basis: 'ESTIMATED', complete: false });
  const zeros = { ...USAGE, image: USAGE.image === null ? null : { ...USAGE.image, outputTokens: 0 } };
  expect(await costOf({ images: 1, usage: zeros }, { quality })).toMatchObject({ complete: false });
  expect(await costOf({ images: 1, usage: USAGE }, { quality })).toMatchObject({ basis: 'REPORTED', complete: true });
});
