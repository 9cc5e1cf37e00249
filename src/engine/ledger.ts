/** What a request cost, entered once it has ended. */
import type { AttemptPlace } from '../db/attempts.ts';
import { replaceCostLines } from '../db/cost-lines.ts';
import type { Database } from '../db/database.ts';
import { findSourcesOfCalls } from '../db/images.ts';
import { type BilledModels, priceUsage } from '../domain/cost.ts';
import type { GenerationCall } from '../domain/generation-call.ts';
import type { PriceTable } from '../domain/prices.ts';
import type { TokenUsage } from '../domain/usage.ts';
import { estimateUsage, type UsageEstimate } from '../domain/usage-estimate.ts';
import type { ProviderApi } from '../provider/image-provider.ts';

/** A request as it ended. */
export interface LedgerEntry {
  readonly place: AttemptPlace;
  readonly api: ProviderApi;
  /** As the upstream reported it; null where it did not. */
  readonly usage: TokenUsage | null;
  /** How many pictures and stages came. */
  readonly images: number;
  readonly partials: number;
  /** How many pictures were asked for. */
  readonly asked: number;
  /** Whether its end is known: otherwise everything may have been made. */
  readonly isKnown: boolean;
  /** It was refused, and surely nothing was bought. */
  readonly isRefused: boolean;
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
  const billed = ({ requested }: GenerationCall): BilledModels => ({
    mainline: requested.mainlineModel ?? models.mainline,
    image: requested.model ?? models.image,
  });

  /** What was most likely used, where the upstream did not say; null when nothing was made. */
  async function estimate(
    transaction: Database,
    call: GenerationCall,
    entry: LedgerEntry,
  ): Promise<UsageEstimate | null> {
    const { api, images, partials, asked, isKnown, isRefused } = entry;
    if (isRefused) return null;
    // What nobody knows the end of may have been made, and paid for, as a whole.
    const made = isKnown ? images : Math.max(images, asked);
    if (made === 0 && partials === 0) return null;
    const inputs = (await findSourcesOfCalls(transaction, call.principal, [call.id])).map(({ image }) => image);
    const { mainline: mainlineModel, image: imageModel } = billed(call);
    const { requested: settings, prompt } = call;
    return estimateUsage({
      api,
      settings,
      mainlineModel,
      imageModel,
      requests: 1,
      images: made,
      partials: isKnown ? partials : Math.max(partials, asked * (settings.partialImages ?? 0)),
      promptLength: prompt.length,
      inputs,
    });
  }

  return {
    async enter(transaction, call, entry) {
      const { place, usage } = entry;
      const { principal, conversationId } = call;
      const of = { place, principal, conversationId };
      if (usage !== null) {
        const lines = priceUsage(usage, billed(call), prices);
        await replaceCostLines(
          transaction,
          { ...of, basis: 'REPORTED', isCounted: isWhole(call, usage, entry) },
          lines,
        );
        return;
      }
      const estimated = await estimate(transaction, call, entry);
      const lines = estimated === null ? [] : priceUsage(estimated.usage, billed(call), prices);
      const isCounted = estimated?.complete ?? true;
      await replaceCostLines(transaction, { ...of, basis: 'ESTIMATED', isCounted }, lines);
    },
  };
}

/** Image tokens can be missing from a report although a picture was made; those of an SVG's author always are. */
function isWhole({ requested }: GenerationCall, { image }: TokenUsage, { images }: LedgerEntry): boolean {
  return images === 0 || (image !== null && requested.format !== 'SVG');
}
