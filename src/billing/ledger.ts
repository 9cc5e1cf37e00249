/** Records what a request cost, once it has ended. */
import type { Database, DatabaseTransaction } from '../db/database.ts';
import { parseSettings } from '../db/json.ts';
import type { AttemptKey } from '../db/queries/attempts.ts';
import { replaceCostLines } from '../db/queries/cost-lines.ts';
import { findAttempt } from '../db/queries/engine/attempts.ts';
import { findCall } from '../db/queries/engine/calls.ts';
import { findImages, findSourcesOfCalls } from '../db/queries/images.ts';
import { type BilledModels, type CostBasis, type CostLine, priceUsage } from '../domain/cost/cost.ts';
import type { PriceTable } from '../domain/cost/prices.ts';
import type { ImageUsage, TokenUsage } from '../domain/cost/usage.ts';
import type { GenerationCall } from '../domain/generation-call.ts';
import type { Image } from '../domain/image.ts';
import type { ProviderApi } from '../provider/image-provider.ts';
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
  readonly models: BilledModels;
}

export function createLedger({ prices, models }: LedgerOptions): Ledger {
  /** The models that the call or the configuration names, else the image model that the upstream reported. */
  async function billedFor(
    transaction: Database,
    { request: { settings } }: GenerationCall,
    key: AttemptKey,
  ): Promise<BilledModels> {
    const mainline = settings.mainlineModel ?? models.mainline;
    const image = settings.model ?? models.image;
    if (image !== null) return { mainline, image };
    const reported = (await findAttempt(transaction, key))?.reported ?? null;
    return { mainline, image: reported === null ? null : parseSettings(reported).model };
  }

  /** Prices the reported usage, and an estimate of each part that was or may have been used and is not reported. */
  async function billOf(transaction: Database, call: GenerationCall, entry: LedgerEntry): Promise<Bill> {
    const { key, api, usage, purchase } = entry;
    if (purchase === 'NOTHING') return NOTHING_BOUGHT;
    const drawn = drawnBy(entry, call);
    const inputs = await sourceImagesOf(transaction, call);
    const billed = await billedFor(transaction, call, key);
    const estimate = estimateOf(call, { ...drawn, api, inputs }, billed);
    const isDrawn = drawn.images + drawn.partials > 0;
    const lacksMainline = api === 'RESPONSES' && usage?.mainline == null;
    const lacksImage = isDrawn && usage?.image == null;
    const lacksSplit = usage?.image != null && isSplitGuessed(usage.image, inputs);
    const mainline = usage?.mainline ?? estimate.usage.mainline;
    const image = usage?.image ?? (isDrawn ? estimate.usage.image : null);
    return {
      lines: priceUsage({ mainline, image }, billed, prices),
      basis: lacksMainline || lacksImage || lacksSplit ? 'ESTIMATED' : 'REPORTED',
      // The tokens that write an SVG are never reported.
      isCounted: (!lacksImage || estimate.complete) && !(drawn.images > 0 && call.request.settings.format === 'SVG'),
    };
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

/** Whether the price depends on how the input tokens split into text and images, and the upstream did not report it. */
function isSplitGuessed({ unsplitInputTokens, imageInputTokens }: ImageUsage, inputs: readonly Image[]): boolean {
  return unsplitInputTokens > 0 && (imageInputTokens > 0 || inputs.length > 0);
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
  const given = await findSourcesOfCalls(transaction, principal, [id]);
  if (given.length > 0) return given.map(({ image }) => image);
  // The first attempt stored which one it is; `call` may have been read before that.
  const implied = (await findCall(transaction, id))?.context.imageId ?? null;
  return implied === null ? [] : findImages(transaction, principal, [implied]);
}
