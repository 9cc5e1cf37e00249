/**
 * What can happen to a call, as it is kept in the event log. The names are the same in the database, here and in
 * GraphQL. PROTOCOL.md holds the promises about their order.
 */
import type { GenerationFailure } from './failure.ts';
import type { PartialImage } from './image.ts';

export type GenerationEventData =
  | { readonly type: 'GenerationQueued' }
  | { readonly type: 'GenerationStarted'; readonly attempt: number }
  | { readonly type: 'PartialImageReceived'; readonly partial: PartialImage }
  | { readonly type: 'ImageCompleted'; readonly imageId: string }
  /** One of several pictures does not come. */
  | { readonly type: 'ImageFailed'; readonly imageIndex: number; readonly failure: GenerationFailure }
  | {
      readonly type: 'GenerationRetrying';
      /** The attempt that comes next. */
      readonly attempt: number;
      readonly reason: string;
      readonly retryAt: string;
    }
  | { readonly type: 'GenerationCompleted'; readonly imageIds: readonly string[] }
  | { readonly type: 'GenerationFailed'; readonly failure: GenerationFailure }
  | { readonly type: 'GenerationCancelled' };

export type GenerationEventType = GenerationEventData['type'];

export type GenerationEvent = GenerationEventData & {
  readonly callId: string;
  readonly conversationId: string;
  /** From 1, without a gap, for each call. */
  readonly sequence: number;
  /** From 1, without a gap, for each conversation: the order in which the events of all its calls were appended. */
  readonly position: number;
  readonly at: string;
};

const TERMINAL: ReadonlySet<GenerationEventType> = new Set([
  'GenerationCompleted',
  'GenerationFailed',
  'GenerationCancelled',
]);

/** Whether the event closes its call's log. */
export function isTerminal(type: GenerationEventType): boolean {
  return TERMINAL.has(type);
}
