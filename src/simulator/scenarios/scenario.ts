/**
 * What a scenario can steer, and the words that several of them share. It steers three places: the answer's door
 * (`reject…`), the work (`work`), and the wire (`wire`). The scenarios themselves stand in scenarios.ts.
 */
import type { ApiErrorInit } from '../http/api-error.ts';

/** How the work goes, where it goes otherwise than well. */
export interface WorkSteering {
  /** How many partials come for how many were asked. */
  readonly partials?: (asked: number) => number;
  /** How it ends; `completed` unless said. `unended` closes the stream without a terminal event. */
  readonly ending?:
    | 'moderated'
    | 'unexplained'
    | 'incomplete'
    | 'failed'
    | 'error-event'
    | 'unended'
    | 'unended-after-image'
    | 'hang';
  /** With the ending `failed`: what the response's error says; `server_error` unless said. */
  readonly failure?: { readonly code: string; readonly message: string };
  /**
   * With the ending `incomplete`: `incomplete_details.reason`; `max_output_tokens` unless said. With `moderated`: the
   * response ends incomplete, for this reason, instead of failed.
   */
  readonly incompleteReason?: string;
  /** No picture: a message with words instead, or a refusal. */
  readonly answer?: 'text' | 'refusal';
  /** As some compatible services do: no `completed` event of the picture, its status left at `generating`, an empty output. */
  readonly bare?: boolean;
  readonly reasoning?: boolean;
  /** Words after the picture, too. */
  readonly remark?: boolean;
  /** How many pictures one response makes; 1 unless said. */
  readonly pictures?: number;
  /** What the result is instead of the picture. */
  readonly result?: 'text' | 'bad-base64' | 'padded' | 'empty';
  readonly resultOnlyAtEnd?: boolean;
  /** The picture is smaller than was asked, and says so. */
  readonly shrunken?: boolean;
  /** Multiplies the duration. */
  readonly slowness?: number;
  readonly stuckQueued?: boolean;
  readonly forget?: boolean;
  readonly keepalive?: boolean;
  /** How many fewer pictures than `n` the Image API makes. */
  readonly fewer?: number;
  readonly noUsage?: boolean;
  /** `tool_usage` stands there from the first event on, all zero until the end. */
  readonly countsFromZero?: boolean;
  /** Some of the input tokens came out of the cache. */
  readonly cachedUsage?: boolean;
  readonly noRevisedPrompt?: boolean;
  /** Rewrites the prompt though it was asked to keep it word for word. */
  readonly rewritesAnyway?: boolean;
}

/** How the answer travels, where it travels otherwise than whole and in order. */
export interface WireSteering {
  readonly crlf?: boolean;
  /** Written in pieces of a few bytes, across characters and line ends. */
  readonly pieces?: boolean;
  readonly comments?: boolean;
  readonly duplicate?: boolean;
  readonly reorder?: boolean;
  /** Destroys the socket inside the final picture's base64. */
  readonly cut?: boolean;
  readonly resumeWithoutPartials?: boolean;
  /** What a later `GET` says of the picture: null instead of the bytes. */
  readonly retrieveWithoutResult?: boolean;
}

export interface Scenario {
  readonly description: string;
  /** Answered with this error before anything is done. */
  readonly reject?: ApiErrorInit;
  /** Like `reject`, but only the first time for the same prompt. */
  readonly rejectOnce?: ApiErrorInit;
  /** Answered with this error after the work was done (and would be charged). */
  readonly rejectAfterWork?: ApiErrorInit;
  /** Answered with this body, which is not JSON, by something in between. */
  readonly proxyPage?: { readonly status: number; readonly html: string };
  /** Headers, then nothing more. */
  readonly silent?: boolean;
  /** Joins in for the 2nd, the 4th, … create of the same prompt. */
  readonly everyOther?: Pick<Scenario, 'work' | 'rejectBriefly'>;
  /** Like `reject`, but only for a moment: until the `retry-after` that it tells has nearly passed since the first time. */
  readonly rejectBriefly?: ApiErrorInit;
  /** Once this request has gone well, no uploaded file is known any more. */
  readonly forgetFiles?: boolean;
  readonly work?: WorkSteering;
  readonly wire?: WireSteering;
}

/** `safety_violations` of the moderation scenarios. */
export const MODERATION_CATEGORIES = ['violence'] as const;

/** What a moderated picture's error says beside its message. */
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
