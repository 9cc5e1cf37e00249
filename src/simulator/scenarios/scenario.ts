/**
 * What a scenario can change, and the messages that several scenarios share. It can reject the request (`reject…`),
 * change the work (`work`), and change how the answer is sent (`wire`). The scenarios are listed in scenarios.ts.
 */
import type { ApiErrorInit } from '../http/api-error.ts';

/** How the work differs from one that succeeds. */
export interface WorkBehavior {
  /** The number of partial images, from the number requested. */
  readonly partials?: (asked: number) => number;
  /** How it ends; by default it completes. `unended` closes the stream without a terminal event. */
  readonly ending?:
    | 'moderated'
    | 'unexplained'
    | 'incomplete'
    | 'failed'
    | 'error-event'
    | 'unended'
    | 'unended-after-image'
    | 'hang';
  /** With the ending `failed`: the error of the response; `server_error` by default. */
  readonly failure?: { readonly code: string; readonly message: string };
  /**
   * With the ending `incomplete`: `incomplete_details.reason`; `max_output_tokens` by default. With `moderated`: the
   * response ends incomplete for this reason instead of failed.
   */
  readonly incompleteReason?: string;
  /** No image: a text message instead, or a refusal. */
  readonly answer?: 'text' | 'refusal';
  /** Like some compatible services: no `completed` event for the image, its status stays `generating`, an empty output. */
  readonly bare?: boolean;
  readonly reasoning?: boolean;
  /** Adds a message after the image. */
  readonly remark?: boolean;
  /** How many images one response makes; 1 by default. */
  readonly pictures?: number;
  /** The result, instead of the image. */
  readonly result?: 'text' | 'bad-base64' | 'padded' | 'empty';
  readonly resultOnlyAtEnd?: boolean;
  /** The image is smaller than requested, and reports its size. */
  readonly shrunken?: boolean;
  /** Multiplies the duration. */
  readonly slowness?: number;
  readonly stuckQueued?: boolean;
  readonly forget?: boolean;
  readonly keepalive?: boolean;
  /** How many images fewer than `n` the Image API makes. */
  readonly fewer?: number;
  readonly noUsage?: boolean;
  /** `tool_usage` is present from the first event on, all zero until the end. */
  readonly countsFromZero?: boolean;
  /** Reports some input tokens as cached. */
  readonly cachedUsage?: boolean;
  readonly noRevisedPrompt?: boolean;
  /** Rewrites the prompt although the instructions ask for it word for word. */
  readonly rewritesAnyway?: boolean;
}

/** How sending the answer differs from sending it whole and in order. */
export interface WireBehavior {
  readonly crlf?: boolean;
  /** Written in pieces of a few bytes that split characters and line ends. */
  readonly pieces?: boolean;
  readonly comments?: boolean;
  readonly duplicate?: boolean;
  readonly reorder?: boolean;
  /** Destroys the connection in the middle of the final image's base64. */
  readonly cut?: boolean;
  readonly resumeWithoutPartials?: boolean;
  /** A later `GET` returns null instead of the image's bytes. */
  readonly retrieveWithoutResult?: boolean;
}

export interface Scenario {
  readonly description: string;
  /** Answers with this error before any work is done. */
  readonly reject?: ApiErrorInit;
  /** Like `reject`, but only the first time for the same prompt. */
  readonly rejectOnce?: ApiErrorInit;
  /** Answers with this error after the work was done (and would be charged). */
  readonly rejectAfterWork?: ApiErrorInit;
  /** Answers with this HTML page, as a proxy would. */
  readonly proxyPage?: { readonly status: number; readonly html: string };
  /** Sends headers, then nothing. */
  readonly silent?: boolean;
  /** Added for the 2nd, the 4th, … create of the same prompt. */
  readonly everyOther?: Pick<Scenario, 'work' | 'rejectBriefly'>;
  /** Like `reject`, but only until its `retry-after` has nearly passed since the first rejection. */
  readonly rejectBriefly?: ApiErrorInit;
  /** Forgets all uploaded files once this request has succeeded. */
  readonly forgetFiles?: boolean;
  readonly work?: WorkBehavior;
  readonly wire?: WireBehavior;
}

/** `safety_violations` of the moderation scenarios. */
export const MODERATION_CATEGORIES = ['violence'] as const;

/** The details in the error of a blocked image. */
export function moderationDetails(stage: 'input' | 'output') {
  return { moderation_details: { moderation_stage: stage, categories: [...MODERATION_CATEGORIES] } };
}

export const MODERATION_MESSAGE = `Your request was rejected by the safety system. If you believe this is an error, contact us at help.openai.com and include the request ID. safety_violations=[${MODERATION_CATEGORIES.join(',')}].`;

export const SERVER_ERROR: ApiErrorInit = {
  status: 500,
  type: 'server_error',
  code: 'server_error',
  message: 'The server had an error while processing your request. Sorry about that!',
};

export const RATE_LIMITED: ApiErrorInit = {
  status: 429,
  type: 'tokens',
  code: 'rate_limit_exceeded',
  message: 'Rate limit reached for gpt-image on images per min. Limit: 5 / 1min. Please try again in 2s.',
  headers: { 'retry-after': '2' },
};
