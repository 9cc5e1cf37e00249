/** What went wrong, in words, and what one can do about it. */
import type { FailureWordsFragment } from '../gql/graphql.ts';

export interface FailureText {
  /** What happened, in one sentence. */
  readonly title: string;
  /** What to do next. */
  readonly advice: string;
}

const TEXTS: Readonly<Record<FailureWordsFragment['code'], FailureText>> = {
  APPROVAL_REFUSED: {
    title: 'This picture was not approved.',
    advice: 'Nothing was charged. Ask whoever runs this server, or make something that costs less.',
  },
  INCOMPLETE: { title: 'The picture stopped halfway.', advice: 'Try again; a shorter prompt can help.' },
  INTERNAL: {
    title: 'Something went wrong on the server.',
    advice: 'Try again. If it happens twice, tell whoever runs this server.',
  },
  INVALID_REQUEST: {
    title: 'The image service did not accept this request.',
    advice: 'Trying again will not help. Change the prompt or the options.',
  },
  MODERATION_BLOCKED: {
    title: 'The safety system stopped this picture.',
    advice: 'Put the prompt in other words.',
  },
  NO_IMAGE: {
    title: 'The model answered without a picture.',
    advice: 'Say plainly what the picture should show.',
  },
  OUTCOME_UNKNOWN: {
    title: 'The connection was lost on the way.',
    advice: 'The picture may have been paid for. Trying again pays for another one.',
  },
  QUOTA_EXCEEDED: {
    title: 'The account at the image service is used up.',
    advice: 'Whoever runs this server has to raise it.',
  },
  RATE_LIMITED: { title: 'The image service is busy.', advice: 'Try again in a moment.' },
  TIMED_OUT: { title: 'The picture took too long.', advice: 'Try again; a lower quality is faster.' },
  UPSTREAM_UNAVAILABLE: {
    title: 'The image service could not be reached.',
    advice: 'Try again in a moment.',
  },
};

export function failureText({ code, retryAfter }: FailureWordsFragment): FailureText {
  const text = TEXTS[code];
  if (retryAfter == null || Date.parse(retryAfter) < Date.now()) return text;
  const time = new Date(retryAfter).toLocaleTimeString([], { timeStyle: 'short' });
  return { ...text, advice: `Try again after ${time}.` };
}
