/** A call that waits, or waited, for the approval of an administrator. It shows what is needed to decide, and no more. */
import type { GenerationStatus } from '../generation/generation-call.ts';
import type { GenerationKind } from '../generation/generation-request.ts';
import type { ImageSettings } from '../generation/options.ts';

export interface ApprovalRequest {
  /** The id of the call. */
  readonly id: string;
  readonly principal: string;
  /** `key:<id>` when an API key was used. */
  readonly credential: string | null;
  readonly status: GenerationStatus;
  readonly kind: GenerationKind;
  readonly prompt: string;
  readonly count: number;
  readonly settings: ImageSettings;
  /** What the call may cost, in US dollars, decimal. */
  readonly amount: string;
  readonly createdAt: string;
}

/** In characters. */
export const REASON_MAX_LENGTH = 500;
