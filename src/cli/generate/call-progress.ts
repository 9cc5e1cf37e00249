/** The progress of a call, in words and percent. Percentages stand for steps, not for time, which is not known. */
import { completionWindowMs } from '../../domain/generation/completion-window.ts';
import type { CallEvent } from './follow-call.ts';

export interface ProgressStep {
  /** 0 to 100. The display shows the highest value so far. */
  readonly percent: number;
  readonly words: string;
}

const ASKED_PERCENT = 10;
const STORED_PERCENT = 95;
const MS_PER_HOUR = 3_600_000;

/** The progress of a call after this event. */
export function progressOf(event: CallEvent): ProgressStep {
  switch (event.__typename) {
    case 'GenerationQueued':
      return { percent: 2, words: 'queued' };
    case 'GenerationAwaitingApproval':
      return { percent: 1, words: 'over budget: awaiting the approval of an administrator' };
    case 'GenerationApproved':
      return { percent: 2, words: 'approved, queued' };
    case 'GenerationStarted': {
      const again = event.attempt > 1 ? `, attempt ${event.attempt}` : '';
      return { percent: ASKED_PERCENT, words: `asking the upstream${within(event.call.requested)}${again}` };
    }
    case 'PartialImageReceived': {
      const { index, imageIndex } = event.partial;
      const number = index + 1;
      // More partial images can arrive than were requested.
      const total = Math.max(event.call.requested.partialImages ?? 0, number);
      const share = number / (total + 1);
      const which = imageIndex > 0 ? ` of image ${imageIndex + 1}` : '';
      return {
        percent: Math.round(ASKED_PERCENT + share * (STORED_PERCENT - ASKED_PERCENT)),
        words: `partial ${number} of ${total}${which}`,
      };
    }
    case 'ImageRemoved':
    case 'ImageCompleted':
      return { percent: STORED_PERCENT, words: 'finished' };
    case 'ImageFailed':
      return { percent: ASKED_PERCENT, words: 'one image could not be made' };
    case 'GenerationRetrying': {
      const seconds = Math.max(0, Math.ceil((Date.parse(event.retryAt) - Date.parse(event.at)) / 1000));
      return { percent: ASKED_PERCENT, words: `retrying${seconds > 0 ? ` in ${seconds} s` : ''}: ${event.reason}` };
    }
    case 'GenerationCompleted':
      return { percent: 100, words: 'done' };
    case 'GenerationFailed':
      return { percent: 0, words: 'failed' };
    case 'GenerationCancelled':
      return { percent: 0, words: 'cancelled' };
  }
}

/** By when the image was asked for, where that can be in hours: the call is silent until then. */
function within({ completionWindow }: CallEvent['call']['requested']): string {
  const hours = Math.round(completionWindowMs(completionWindow) / MS_PER_HOUR);
  return hours === 0 ? '' : ` for an image within ${hours} hours`;
}
