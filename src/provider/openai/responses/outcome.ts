/** Decides what the end of a response means: `completed`, or the ProviderError of the run. */
import type { ProviderError, ProviderEventData } from '../../image-provider.ts';
import type { RunFacts } from '../errors/run-failure.ts';
import { cancelled, mapFailedReport, mapIncomplete, noImage } from '../errors/stream-errors.ts';
import { asObject, type JsonObject } from '../json-values.ts';
import type { ResponseEnding } from './ending.ts';

/** Builds the error for an image that is missing. It is built last, when all facts of the run are known. */
export type MissingReason = (facts: RunFacts) => ProviderError;

/** What was delivered by the end of the response. */
export interface Delivery {
  readonly facts: RunFacts;
  readonly anyDone: boolean;
  /** Whether an image was made whose bytes did not come. */
  readonly anyMissing: boolean;
  readonly missingReason: MissingReason | null;
}

type Completed = Extract<ProviderEventData<never>, { readonly type: 'completed' }>;

const FAILURES: Partial<Record<ResponseEnding, (response: JsonObject, delivery: Delivery) => ProviderError>> = {
  failed,
  cancelled: (_, { facts }) => cancelled(facts),
  incomplete: (response, delivery) => moderationBlock(delivery) ?? mapIncomplete(response, delivery.facts),
};

/** @throws {ProviderError} when the response did not end well, or without an image. */
export function outcomeOf(ending: ResponseEnding, response: JsonObject, delivery: Delivery): Completed {
  const { facts, anyDone, anyMissing, missingReason } = delivery;
  const failure = FAILURES[ending]?.(response, delivery);
  if (failure !== undefined) throw failure;
  if (!anyDone && missingReason !== null) throw missingReason(facts);
  if (!anyDone && !anyMissing) throw noImage(facts);
  const { responseId, usage, text } = facts;
  return { type: 'completed', responseId, text, usage, imagesMissing: anyMissing };
}

function failed(response: JsonObject, delivery: Delivery): ProviderError {
  const { facts, missingReason } = delivery;
  const report = asObject(response['error']);
  const reason = report === null ? missingReason?.(facts) : mapFailedReport(report, facts);
  return moderationBlock(delivery) ?? reason ?? mapFailedReport({ code: 'server_error' }, facts);
}

/** The image item has the details of a moderation block. The response reports it only in general. */
function moderationBlock({ facts, missingReason }: Delivery): ProviderError | null {
  const error = missingReason?.(facts);
  return error?.failure.code === 'MODERATION_BLOCKED' ? error : null;
}
