/**
 * The events of a call, as the event log stores them. Their names are the same in the database, here and in GraphQL.
 * PROTOCOL.md defines their order.
 */

import type { PartialImage } from '../images/image.ts';
import type { GenerationFailure } from './failure.ts';

/** The first event of a call. */
export type AcceptanceEventData =
  | { readonly type: 'GenerationQueued' }
  /** A budget asks for the approval of an administrator. */
  | {
      readonly type: 'GenerationAwaitingApproval';
      /** What the call may cost, in US dollars, decimal. */
      readonly amount: string;
      /** When the call ends by itself if nobody has decided. */
      readonly expiresAt: string;
    };

export type GenerationEventData =
  | AcceptanceEventData
  /** From here on the call waits in the queue like any other. */
  | { readonly type: 'GenerationApproved' }
  | { readonly type: 'GenerationStarted'; readonly attempt: number }
  | { readonly type: 'PartialImageReceived'; readonly partial: PartialImage }
  | { readonly type: 'ImageCompleted'; readonly imageId: string }
  /** One of several images was not generated. */
  | { readonly type: 'ImageFailed'; readonly imageIndex: number; readonly failure: GenerationFailure }
  | {
      readonly type: 'GenerationRetrying';
      /** The next attempt. */
      readonly attempt: number;
      readonly reason: string;
      readonly retryAt: string;
    }
  | { readonly type: 'GenerationCompleted'; readonly imageIds: readonly string[] }
  | { readonly type: 'GenerationFailed'; readonly failure: GenerationFailure }
  | { readonly type: 'GenerationCancelled' };

export type GenerationEventType = GenerationEventData['type'];

/** Stands in the place of ImageCompleted when its image was deleted for good since. It is never appended. */
export type ImageRemoved = { readonly type: 'ImageRemoved' };

export type GenerationEvent = (GenerationEventData | ImageRemoved) & {
  /** The place in the log of the principal: it grows, with gaps. */
  readonly id: number;
  readonly callId: string;
  readonly conversationId: string;
  /** Starts at 1 for each call, without gaps. */
  readonly sequence: number;
  /** Starts at 1 for each conversation, without gaps: the order in which the events of all its calls were appended. */
  readonly position: number;
  readonly at: string;
};

const TERMINAL: ReadonlySet<GenerationEvent['type']> = new Set([
  'GenerationCompleted',
  'GenerationFailed',
  'GenerationCancelled',
]);

/** Whether the event closes its call's log. */
export function isTerminal(type: GenerationEvent['type']): boolean {
  return TERMINAL.has(type);
}
