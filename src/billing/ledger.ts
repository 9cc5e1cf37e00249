/** What a request cost, entered once it has ended. */

import type { Database } from '../db/database.ts';
import { parseSettings } from '../db/json.ts';
import { type AttemptPlace, findAttempt } from '../db/queries/attempts.ts';
import { findCall } from '../db/queries/calls.ts';
import { replaceCostLines } from '../db/queries/cost-lines.ts';
import { findImages, findSourcesOfCalls } from '../db/queries/images.ts';
import { type BilledModels, type CostBasis, type CostLine, priceUsage } from '../domain/cost/cost.ts';
import type { PriceTable } from '../domain/cost/prices.ts';
import type { ImageUsage, TokenUsage } from '../domain/cost/usage.ts';
import type { GenerationCall } from '../domain/generation-call.ts';
import type { Image } from '../domain/image.ts';
import type { ProviderApi } from '../provider/image-provider.ts';
import { estimateUsage, type UsageEstimate } from './estimate-usage.ts';
import type { Purchase } from './outcome.ts';

/** A request as it ended. */
export interface LedgerEntry {
  readonly place: AttemptPlace;
  readonly api: ProviderApi;
  /** As the upstream reported it at the end; null where it did not. */
  readonly usage: TokenUsage | null;
  /** How many pictures and stages came. */
  readonly images: number;
  readonly partials: number;
  /** How many pictures were asked for. */
  readonly asked: number;
  readonly purchase: Purchase;
}

export interface Ledger {
  /** Writes down what the request cost, in place of what was known before. */
  enter(transaction: Database, call: GenerationCall, entry: LedgerEntry): Promise<void>;
}

export interface LedgerOptions {
  readonly prices: PriceTable;
  /** The models that make a picture when a call names none. */
  readonly models: BilledModels;
}

export function createLedger({ prices, models }: LedgerOptions): Ledger {
  /** The models that were asked for; where nobody named one, that which the upstream said it would use. */
  async function billedFor(
    transaction: Database,
    { request: { settings } }: GenerationCall,
    place: AttemptPlace,
  ): Promise<BilledModels> {
    const mainline = settings.mainlineModel ?? models.mainline;
    const image = settings.model ?? models.image;
    if (image !== null) return { mainline, image };
    const reported = (await findAttempt(transaction, place))?.reported ?? null;
    return { mainline, image: reported === null ? null : parseSettings(reported).model };
  }

  /** What was reported, and an estimate of each part that was not, though it was used or may have been. */
  async function billOf(transaction: Database, call: GenerationCall, entry: LedgerEntry): Promise<Bill> {
    const { place, api, usage, purchase } = entry;
    if (purchase === 'NOTHING') return NOTHING_BOUGHT;
    const drawn = drawnBy(entry, call);
    const inputs = await picturesInto(transaction, call);
    const billed = await billedFor(transaction, call, place);
    const estimate = estimateOf(call, { ...drawn, api, inputs }, billed);
    const isDrawn = drawn.images + drawn.partials > 0;
    const lacksMainline = api === 'RESPONSES' && usage?.mainline == null;
    const lacksImage = isDrawn && usage?.image == null;
    const lacksKinds = usage?.image != null && isGuessed(usage.image, inputs);
    const mainline = usage?.mainline ?? estimate.usage.mainline;
    const image = usage?.image ?? (isDrawn ? estimate.usage.image : null);
    return {
      lines: priceUsage({ mainline, image }, billed, prices),
      basis: lacksMainline || lacksImage || lacksKinds ? 'ESTIMATED' : 'REPORTED',
      // The tokens of an SVG's author are never reported.
      isCounted: (!lacksImage || estimate.complete) && !(drawn.images > 0 && call.request.settings.format === 'SVG'),
    };
  }

  return {
    async enter(transaction, call, entry) {
      const { lines, ...rest } = await billOf(transaction, call, entry);
      const { principal, conversationId } = call;
      await replaceCostLines(transaction, { place: entry.place, principal, conversationId, ...rest }, lines);
    },
  };
}

/** Whether its price hangs on which of its tokens are text and which are pictures, and nobody said. */
function isGuessed({ unsplitInputTokens, imageInputTokens }: ImageUsage, inputs: readonly Image[]): boolean {
  return unsplitInputTokens > 0 && (imageInputTokens > 0 || inputs.length > 0);
}

interface Bill {
  readonly lines: readonly CostLine[];
  readonly basis: CostBasis;
  readonly isCounted: boolean;
}

const NOTHING_BOUGHT: Bill = { lines: [], basis: 'REPORTED', isCounted: true };

interface Drawn {
  readonly images: number;
  readonly partials: number;
}

function drawnBy({ purchase, images, partials, asked }: LedgerEntry, { request }: GenerationCall): Drawn {
  if (purchase !== 'ALL') return { images, partials };
  return {
    images: Math.max(images, asked),
    partials: Math.max(partials, asked * (request.settings.partialImages ?? 0)),
  };
}

function estimateOf(
  { request: { settings, prompt } }: GenerationCall,
  made: Drawn & { readonly api: ProviderApi; readonly inputs: readonly Image[] },
  { mainline: mainlineModel, image: imageModel }: BilledModels,
): UsageEstimate {
  return estimateUsage({
    ...made,
    settings,
    mainlineModel,
    imageModel,
    requests: 1,
    promptLength: prompt.length,
  });
}

/** The pictures that a call works from: those that were given, else the one that its conversation goes on from. */
async function picturesInto(transaction: Database, { id, principal }: GenerationCall): Promise<readonly Image[]> {
  const given = await findSourcesOfCalls(transaction, principal, [id]);
  if (given.length > 0) return given.map(({ image }) => image);
  // Said at the first attempt, which whoever works on the call need not have seen written.
  const implied = (await findCall(transaction, id))?.context.imageId ?? null;
  return implied === null ? [] : findImages(transaction, principal, [implied]);
}
