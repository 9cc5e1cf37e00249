/** How far a call is, in words and percent. The percentages stand for stages, not for time: nobody knows the time. */
import type { CallEvent } from './follow-call.ts';

export interface Stage {
  /** 0 to 100; what stands is the highest so far. */
  readonly percent: number;
  readonly words: string;
}

const ASKED = 10;
const STORED = 95;

/** Where a call stands behind this event. */
export function stageOf(event: CallEvent): Stage {
  switch (event.__typename) {
    case 'GenerationQueued':
      return { percent: 2, words: 'queued' };
    case 'GenerationStarted': {
      const again = event.attempt > 1 ? `, attempt ${event.attempt}` : '';
      return { percent: ASKED, words: `asking the upstream${again}` };
    }
    case 'PartialImageReceived': {
      const { index, imageIndex } = event.partial;
      const number = index + 1;
      // More can come than were asked for.
      const total = Math.max(event.call.requested.partialImages ?? 0, number);
      const share = number / (total + 1);
      const which = imageIndex > 0 ? ` of picture ${imageIndex + 1}` : '';
      return { percent: Math.round(ASKED + share * (STORED - ASKED)), words: `partial ${number} of ${total}${which}` };
    }
    case 'ImageCompleted':
      return { percent: STORED, words: 'finished' };
    case 'ImageFailed':
      return { percent: ASKED, words: 'one of several pictures does not come' };
    case 'GenerationRetrying': {
      const seconds = Math.max(0, Math.ceil((Date.parse(event.retryAt) - Date.parse(event.at)) / 1000));
      return { percent: ASKED, words: `trying again${seconds > 0 ? ` in ${seconds} s` : ''}: ${event.reason}` };
    }
    case 'GenerationCompleted':
      return { percent: 100, words: 'done' };
    case 'GenerationFailed':
      return { percent: 0, words: 'failed' };
    case 'GenerationCancelled':
      return { percent: 0, words: 'cancelled' };
  }
}
