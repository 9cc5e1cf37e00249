/** Records what a request cost, once it has ended. */
import type { Database, DatabaseTransaction } from '../db/database.ts';
import { parseSettings, parseUsage } from '../db/json.ts';
import type { AttemptKey } from '../db/queries/attempts.ts';
import { replaceCostLines } from '../db/queries/cost-lines.ts';
import { type AttemptRow, findAttempt } from '../db/queries/engine/attempts.ts';
import { findSourcesOfCalls } from '../db/queries/images/call-sources.ts';
import {
  type BilledModels,
  billedModels,
  type CostBasis,
  type CostLine,
  type DefaultModels,
  priceUsage,
} from '../domain/cost/cost.ts';
import type { PriceTable } from '../domain/cost/prices.ts';
import type { ImageUsage, TokenUsage } from '../domain/cost/usage.ts';
import type { GenerationCall } from '../domain/generation/generation-call.ts';
import { type ImageSettings, isDeferred } from '../domain/generation/options.ts';
import type { Image } from '../domain/images/image.ts';
import type { ProviderApi } from '../provider/image-provider.ts';
import { completeUsage } from './complete-usage.ts';
import { estimateUsage, type UsageEstimate } from './estimate-usage.ts';
import type { Purchase } from './outcome.ts';
import { countCost } from './reservations.ts';

/** A request that has ended. */
export interface LedgerEntry {
  readonly key: AttemptKey;
  readonly api: ProviderApi;
  /** The usage that the upstream reported; null when it reported none. */
  readonly usage: TokenUsage | null;
  /** How many images were requested, and how many images and partial images arrived. */
  readonly requestedImages: number;
  readonly images: number;
  readonly partials: number;
  readonly purchase: Purchase;
}

export interface Ledger {
  /** Stores what the request cost, and counts it in the budgets. Replaces what was stored for it before. */
  enter(transaction: DatabaseTransaction, call: GenerationCall, entry: LedgerEntry): Promise<void>;
}

export interface LedgerOptions {
  readonly prices: PriceTable;
  /** The models for calls that name none. */
  readonly models: DefaultModels;
}

export function createLedger({ prices, models }: LedgerOptions): Ledger {
  /** Prices the reported usage, and an estimate of each part that was or may have been used and is not reported. */
  async function billOf(transaction: Database, call: GenerationCall, given: LedgerEntry): Promise<Bill> {
    const attempt = await findAttempt(transaction, given.key);
    const entry = { ...given, purchase: purchaseOf(given), usage: given.usage ?? storedUsage(attempt) };
    const { api, usage: reported, images, partials } = entry;
    if (entry.purchase === 'NOTHING') return NOTHING_BOUGHT;
    const { settings } = call.request;
    const drawn = drawnBy(entry, call);
    const inputs = await sourceImagesOf(transaction, call);
    const billed = billedFor(settings, models, attempt);
    const isDrawn = drawn.images + drawn.partials > 0;
    const { usage, isEstimated, isCounted } = completeUsage(
      reported,
      estimateOf(call, { ...drawn, api, inputs }, billed),
      { settings, imageModel: billed.image, images, partials, isDrawn },
    );
    const isGuessed = isEstimated || isDiscountUnknown(entry, settings) || isSplitGuessed(usage.image, inputs);
    return { lines: priceUsage(usage, billed, prices), basis: isGuessed ? 'ESTIMATED' : 'REPORTED', isCounted };
  }

  return {
    async enter(transaction, call, entry) {
      const { lines, ...rest } = await billOf(transaction, call, entry);
      const { principal, conversationId } = call;
      await replaceCostLines(transaction, { key: entry.key, principal, conversationId, ...rest }, lines);
      await countCost(transaction, call);
    },
  };
}

/** What arrived was bought, whatever the error behind it says. */
function purchaseOf({ purchase, images, partials }: LedgerEntry): Purchase {
  return purchase === 'NOTHING' && images + partials > 0 ? 'RECEIVED' : purchase;
}

/** What an earlier process stored of the report, or this one before an error. */
function storedUsage(attempt: AttemptRow | null): TokenUsage | null {
  return attempt === null || attempt.usage === null ? null : parseUsage(attempt.usage);
}

/** The models that the call or the configuration names, else the image model that the upstream reported. */
function billedFor(settings: ImageSettings, models: DefaultModels, attempt: AttemptRow | null): BilledModels {
  const billed = billedModels(settings, models);
  const reported = attempt?.reported ?? null;
  return billed.image !== null || reported === null ? billed : { ...billed, image: parseSettings(reported).model };
}

/** Whether the request may have been cheaper than its tokens: no report says which of them the discount is for. */
function isDiscountUnknown({ api }: LedgerEntry, { completionWindow }: ImageSettings): boolean {
  return api === 'RESPONSES' && isDeferred(completionWindow);
}

/** Whether the price depends on how the input tokens split into text and images, and the upstream did not report it. */
function isSplitGuessed(image: ImageUsage | null, inputs: readonly Image[]): boolean {
  if (image === null) return false;
  return image.unsplitInputTokens > 0 && (image.imageInputTokens > 0 || inputs.length > 0);
}

interface Bill {
  readonly lines: readonly CostLine[];
  readonly basis: CostBasis;
  readonly isCounted: boolean;
}

const NOTHING_BOUGHT: Bill = { lines: [], basis: 'REPORTED', isCounted: true };

/** How many images and partial images the request is billed for. */
interface Drawn {
  readonly images: number;
  readonly partials: number;
}

function drawnBy({ purchase, images, partials, requestedImages }: LedgerEntry, { request }: GenerationCall): Drawn {
  if (purchase !== 'ALL') return { images, partials };
  return {
    images: Math.max(images, requestedImages),
    partials: Math.max(partials, requestedImages * (request.settings.partialImages ?? 0)),
  };
}

function estimateOf(
  { request: { settings, prompt } }: GenerationCall,
  drawn: Drawn & { readonly api: ProviderApi; readonly inputs: readonly Image[] },
  { mainline: mainlineModel, image: imageModel }: BilledModels,
): UsageEstimate {
  return estimateUsage({
    ...drawn,
    settings,
    mainlineModel,
    imageModel,
    requests: 1,
    promptLength: prompt.length,
  });
}

/** The source images of a call: the given ones, else the image that its conversation continues from. */
async function sourceImagesOf(transaction: Database, { id, principal }: GenerationCall): Promise<readonly Image[]> {
  return (await findSourcesOfCalls(transaction, principal, [id])).map(({ image }) => image);
}
