/**
 * An error as the upstream reports it, in whichever place: an object with a code, a type, a message and a param. Read
 * here for what it says of the request; what follows for the run is for errors.ts and rejections.ts.
 */
import type { ModerationDetails } from '../../domain/failure.ts';
import type { ProviderStanding } from '../image-provider.ts';
import { CONTEXT_LOST, type Verdict, verdictOf } from './error-table.ts';
import { asList, asObject, asText, type JsonObject } from './json-values.ts';
import { quote } from './quote.ts';

/** What a request asked for that an upstream can have something against. */
export interface RequestFacts {
  /** Whether it built on an upstream response or item, which the upstream may have forgotten. */
  readonly usesContext: boolean;
  /** Whether it asked to be worked on in the background. */
  readonly background: boolean;
}

export interface ReadReport {
  /** The verdict with its message completed by the upstream's own words, where those are of use. */
  readonly verdict: Verdict;
  readonly moderation: ModerationDetails | null;
  /** What the report means as the answer to a request; null where it leaves open whether something was bought. */
  readonly refusal: Extract<ProviderStanding, 'NOTHING_BOUGHT' | 'CONTEXT_LOST' | 'BACKGROUND_REFUSED'> | null;
}

/**
 * @param status of the HTTP answer that the report came in; null for one inside a stream.
 * @param request what was asked; null where the report is not the answer to a request.
 */
export function readReport(report: JsonObject, status: number | null, request: RequestFacts | null): ReadReport {
  const marks = { status, code: asText(report['code']), type: asText(report['type']) };
  const contextLost = request?.usesContext === true && namesLostContext(report, marks.code, status);
  const backgroundRefused = request?.background === true && !contextLost && namesBackground(report, status);
  const verdict = contextLost ? CONTEXT_LOST : verdictOf(marks);
  const moderation = verdict.code === 'MODERATION_BLOCKED' ? moderationOf(report) : null;
  const surelyNothing = isRefusal(verdict, status) && moderation?.stage !== 'output';
  const upstreamMessage = asText(report['message']);
  const said = verdict.code === 'INVALID_REQUEST' && upstreamMessage !== null ? quote(upstreamMessage, 300) : '';
  return {
    verdict: said === '' ? verdict : { ...verdict, message: `${verdict.message} It said: “${said}”` },
    moderation,
    refusal: refusalOf(),
  };

  function refusalOf(): ReadReport['refusal'] {
    if (request === null) return null;
    if (backgroundRefused) return 'BACKGROUND_REFUSED';
    if (!surelyNothing) return null;
    return contextLost ? 'CONTEXT_LOST' : 'NOTHING_BOUGHT';
  }
}

/** 408 and the 5xx but 503 leave open whether the request was already being worked on. */
function isRefusal(verdict: Verdict, status: number | null): boolean {
  if (status !== null) return (status < 500 && status !== 408) || status === 503;
  // A breakdown reported inside a stream says nothing about how far the work had got.
  return verdict.code !== 'UPSTREAM_UNAVAILABLE' && verdict.code !== 'INTERNAL';
}

const LOST_CONTEXT = /\b(?:response|item)\b.*\bnot found\b|without its required '?reasoning'? item/is;

/** The upstream has one code for a lost response, but for lost items only words. */
function namesLostContext(report: JsonObject, code: string | null, status: number | null): boolean {
  if (code === 'previous_response_not_found' || report['param'] === 'previous_response_id') return true;
  if (status !== null && status !== 400 && status !== 404) return false;
  return code !== 'model_not_found' && LOST_CONTEXT.test(asText(report['message']) ?? '');
}

/** 501 is what a service says that has switched its memory of responses off. */
const BACKGROUND_STATUSES: ReadonlySet<number | null> = new Set([400, 403, 422, 501, null]);
const BACKGROUND_WORDS = /\bbackground\b|\bstore\b|\b(?:zero|no)[ -]data[ -]retention\b|\bZDR\b/i;
/** The background of the picture, which is another option of the same name. */
const PICTURE_WORDS = /\btransparen|\bopaque\b|\btools?\b/i;

/** Upstreams have no code for it. A wrong guess costs one more request that buys nothing: it is refused again. */
function namesBackground(report: JsonObject, status: number | null): boolean {
  if (!BACKGROUND_STATUSES.has(status)) return false;
  const param = asText(report['param']);
  if (param === 'background' || param === 'store') return true;
  if (asText(report['code'])?.includes('moderation') || report['type'] === 'image_generation_user_error') return false;
  // A failure can have any words in it; only an error of the request is a refusal.
  if (status === null && report['type'] !== 'invalid_request_error') return false;
  const message = asText(report['message']) ?? '';
  return (param === null || param === 'stream') && BACKGROUND_WORDS.test(message) && !PICTURE_WORDS.test(message);
}

/** The details where the upstream gives them; older messages only list the categories in their text. */
function moderationOf(report: JsonObject): ModerationDetails | null {
  const details = asObject(report['moderation_details']);
  if (details !== null) {
    return {
      stage: asText(details['moderation_stage']) ?? 'unknown',
      categories: asList(details['categories']).filter((category) => typeof category === 'string'),
    };
  }
  const listed = /safety_violations=\[([^\]]{1,200})\]/.exec(asText(report['message']) ?? '')?.[1];
  if (listed === undefined) return null;
  return { stage: 'unknown', categories: listed.split(',').map((category) => category.trim()) };
}
