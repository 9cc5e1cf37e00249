/** Builds the ProviderError of a run from an error mapping, an error kind, and what is known about the run. */
import type { GenerationFailure, ModerationDetails } from '../../../domain/generation/failure.ts';
import { ProviderError, type ProviderErrorKind, type ReportedUsage } from '../../image-provider.ts';
import type { ErrorMapping } from './error-table.ts';
import type { RequestFeatures } from './unsupported-features.ts';

/** What is known about a run when it fails. */
export interface RunFacts extends RequestFeatures {
  readonly requestId: string | null;
  /** Whether the upstream had already accepted the request. */
  readonly accepted: boolean;
  readonly responseId: string | null;
  /** Null until the upstream reports it. */
  readonly usage: ReportedUsage | null;
  /** The mainline model's text so far; null when there is none. */
  readonly text: string | null;
}

/** A run about which the upstream has said nothing yet. */
export const NOTHING_KNOWN: RunFacts = {
  api: 'RESPONSES',
  usesContext: false,
  usesFiles: false,
  background: false,
  completionWindow: null,
  stores: false,
  optional: [],
  prompt: '',
  now: null,
  requestId: null,
  accepted: false,
  responseId: null,
  usage: null,
  text: null,
};

export interface RunFailureDetails {
  readonly retryAfter?: string | null;
  readonly moderation?: ModerationDetails | null;
  /** The refused parameter; for `OPTION_REFUSED`. */
  readonly parameter?: string | null;
  readonly cause?: unknown;
}

/** @param kind one of the `nothingBought` kinds only where that is certain: the caller may then pay a second time. */
export function runFailure(
  mapping: ErrorMapping,
  kind: ProviderErrorKind,
  facts: RunFacts,
  { retryAfter = null, moderation = null, parameter = null, cause }: RunFailureDetails = {},
): ProviderError {
  const failure: GenerationFailure = {
    code: mapping.code,
    message: mapping.message,
    retryable: mapping.retryable,
    retryAfter,
    moderation,
    requestId: facts.requestId,
    text: facts.text,
  };
  const { responseId, usage } = facts;
  return new ProviderError(failure, kind, { responseId, usage, parameter, cause });
}
