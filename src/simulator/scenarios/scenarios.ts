/**
 * The scenarios of the simulator, by name. A prompt selects scenarios with markers such as `[sim:quota]`; several can be
 * combined. The option `scenario` selects one for every request. Markers are not drawn.
 */
import { ApiError, invalid } from '../http/api-error.ts';
import { FAILURE_SCENARIOS } from './failures.ts';
import { MODERATION_MESSAGE, moderationDetails, RATE_LIMITED, type Scenario, SERVER_ERROR } from './scenario.ts';

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  compatible: {
    description:
      'Like a compatible service: no completed event for the image, its status stays generating, the output is empty.',
    work: { bare: true },
  },
  'no-partials': { description: 'Sends no partial images, however many were requested.', work: { partials: () => 0 } },
  'fewer-partials': {
    description: 'Sends one partial image fewer than requested.',
    work: { partials: (asked) => Math.max(0, asked - 1) },
  },
  'unasked-partial': {
    description: 'Sends one partial image more than requested.',
    work: { partials: (asked) => asked + 1 },
  },
  'no-image': { description: 'The model answers with text and draws nothing.', work: { answer: 'text' } },
  refusal: { description: 'The model refuses and draws nothing.', work: { answer: 'refusal' } },
  'text-and-image': { description: 'The model adds a message after the image.', work: { remark: true } },
  'two-images': {
    description: 'One response makes two images, one after the other, unless max_tool_calls forbids it.',
    work: { pictures: 2 },
  },
  'moderation-input': {
    description: 'HTTP 400, moderation_blocked, before anything is drawn.',
    reject: {
      status: 400,
      type: 'image_generation_user_error',
      code: 'moderation_blocked',
      message: MODERATION_MESSAGE,
      details: moderationDetails('input'),
    },
  },
  'moderation-midstream': {
    description: 'Blocked while drawing: the item fails with moderation details, then the response fails.',
    work: { ending: 'moderated' },
  },
  ...FAILURE_SCENARIOS,
  'error-event': { description: 'An error event in the middle of the stream.', work: { ending: 'error-event' } },
  'http-400': {
    description: 'HTTP 400, invalid_request_error.',
    reject: { status: 400, code: 'invalid_value', param: 'tools', message: 'Invalid value for the parameter tools.' },
  },
  'http-401': {
    description: 'HTTP 401, invalid_api_key.',
    reject: { status: 401, code: 'invalid_api_key', message: 'Incorrect API key provided.' },
  },
  'http-403': {
    description: 'HTTP 403: the organization is not verified.',
    reject: {
      status: 403,
      message: 'Your organization must be verified to use this model. Please go to the organization settings.',
    },
  },
  'http-404-model': {
    description: 'HTTP 404, model_not_found.',
    reject: {
      status: 404,
      code: 'model_not_found',
      message: 'The requested model does not exist or you do not have access to it.',
    },
  },
  'rate-limited': { description: 'HTTP 429, rate_limit_exceeded, retry-after: 2.', reject: RATE_LIMITED },
  'rate-limited-once': {
    description: 'HTTP 429 the first time; the same prompt succeeds the next time.',
    rejectOnce: { ...RATE_LIMITED, headers: { 'retry-after': '1' } },
  },
  quota: {
    description: 'HTTP 429, insufficient_quota: waiting does not help.',
    reject: {
      status: 429,
      type: 'insufficient_quota',
      code: 'insufficient_quota',
      message: 'You exceeded your current quota, please check your plan and billing details.',
    },
  },
  'http-500': { description: 'HTTP 500, server_error, nothing done.', reject: SERVER_ERROR },
  'http-502-page': {
    description: 'HTTP 502 with an HTML page, as a proxy would answer.',
    proxyPage: { status: 502, html: '<html><body><h1>502 Bad Gateway</h1></body></html>' },
  },
  'http-503': {
    description: 'HTTP 503: overloaded, nothing done.',
    reject: { ...SERVER_ERROR, status: 503, message: 'The engine is currently overloaded, please try again later.' },
  },
  'http-500-after-create': {
    description: 'Draws the image (it would be charged), then answers HTTP 500.',
    rejectAfterWork: SERVER_ERROR,
  },
  hang: { description: 'Response headers, then silence.', silent: true },
  'hang-midstream': { description: 'Silence after the first partial.', work: { ending: 'hang' } },
  'stuck-queued': { description: 'Created and queued, but never started.', work: { stuckQueued: true } },
  slow: { description: 'Takes five times as long.', work: { slowness: 5 } },
  'cut-midstream': {
    description: "The connection is destroyed in the middle of the final image's base64.",
    wire: { cut: true },
  },
  truncated: {
    description: 'The stream ends cleanly after the first partial image, without a terminal event.',
    work: { ending: 'unended' },
  },
  'truncated-after-image': {
    description: 'A clean end behind the final picture, without a terminal event.',
    work: { ending: 'unended-after-image' },
  },
  'duplicate-sequence': {
    description: 'Every picture event is sent twice, number and all.',
    wire: { duplicate: true },
  },
  'reordered-sequence': { description: 'Neighbouring events change places.', wire: { reorder: true } },
  keepalive: {
    description: 'Untyped keepalive events and comment lines between the others.',
    work: { keepalive: true },
    wire: { comments: true },
  },
  'not-a-picture': { description: 'The result is base64 of a text.', work: { result: 'text' } },
  'bad-base64': { description: 'The result is not base64.', work: { result: 'bad-base64' } },
  'empty-result': { description: 'The item is completed and its result is empty.', work: { result: 'empty' } },
  'huge-line': {
    description: 'The picture has 32 MiB of padding behind it: one line of 44 MB.',
    work: { result: 'padded' },
  },
  'late-result': {
    description: "The item's result is null in output_item.done and comes only with response.completed.",
    work: { resultOnlyAtEnd: true },
  },
  'wrong-size': {
    description: 'The image is half as large as requested, and reports that size.',
    work: { shrunken: true },
  },
  forget: { description: 'Succeeds, and the response is forgotten at once.', work: { forget: true } },
  reasoning: {
    description: 'A reasoning item precedes the image, and later requests must name both.',
    work: { reasoning: true },
  },
  'fewer-pictures': {
    description: 'Makes one image fewer than n (Image API).',
    work: { fewer: 1 },
  },
  'forget-files': {
    description: 'Succeeds, and then all uploaded files are forgotten.',
    forgetFiles: true,
  },
  'rewrites-anyway': {
    description: 'The prompt is rewritten, although the instructions ask for it word for word.',
    work: { rewritesAnyway: true },
  },
  'cached-usage': {
    description: 'Some input tokens of both models are reported as cached.',
    work: { cachedUsage: true },
  },
  'counts-from-zero': {
    description: 'tool_usage is present from the first event on, all zero until the response has completed.',
    work: { countsFromZero: true },
  },
  'no-usage': { description: 'Neither usage nor tool_usage is reported.', work: { noUsage: true } },
  'no-revised-prompt': { description: 'No revised_prompt is reported.', work: { noRevisedPrompt: true } },
  'resume-without-partials': {
    description: 'A resumed stream leaves out the partial images after starting_after.',
    wire: { resumeWithoutPartials: true },
  },
  'retrieve-without-result': {
    description: 'A later retrieve returns the item with null as its result.',
    wire: { retrieveWithoutResult: true },
  },
  crlf: { description: 'Lines end in CRLF, and chunks end inside characters.', wire: { crlf: true, pieces: true } },
  'tiny-chunks': { description: 'Written in pieces of a few bytes.', wire: { pieces: true } },
};

export const NO_FAULT: Scenario = { description: 'Everything succeeds.' };

/**
 * Combines the scenarios of one request. Where two set the same field, the later one wins.
 * @throws {ApiError} a 400 that lists the known names when one is unknown
 */
export function findScenario(names: readonly string[]): Scenario {
  let all = NO_FAULT;
  for (const name of names) {
    const one = Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name] : undefined;
    if (one === undefined) {
      const known = Object.keys(SCENARIOS).sort().join(', ');
      throw invalid(`Unknown simulator scenario '${name}'. Known: ${known}.`, 'prompt', 'unknown_scenario');
    }
    all = { ...all, ...one, work: { ...all.work, ...one.work }, wire: { ...all.wire, ...one.wire } };
  }
  return all;
}

/** The scenario for the 2nd, the 4th, … create of the same prompt. */
export function everyOtherOf(scenario: Scenario): Scenario {
  const { everyOther = {} } = scenario;
  return { ...scenario, ...everyOther, work: { ...scenario.work, ...everyOther.work } };
}

/** Earlier rejections of one prompt. Each call also records that it was made. */
export interface RejectionHistory {
  /** Whether this prompt was rejected before. */
  alreadyRejected(): boolean;
  /** Whether this prompt was first rejected longer ago than `waitMs`. */
  rejectedSince(waitMs: number): boolean;
}

/** Tolerance for timers: a client that waits exactly as long as `retry-after` says must succeed. */
const EARLY_MS = 100;

/** Throws the error with which the scenario answers before any work is done, if it has one. */
export function rejectEarly(scenario: Scenario, memory: RejectionHistory): void {
  const { reject, rejectOnce, rejectBriefly } = scenario;
  if (reject !== undefined) throw new ApiError(reject);
  if (rejectOnce !== undefined && !memory.alreadyRejected()) throw new ApiError(rejectOnce);
  if (rejectBriefly === undefined) return;
  const waitMs = Number(rejectBriefly.headers?.['retry-after'] ?? 0) * 1000 - EARLY_MS;
  if (!memory.rejectedSince(waitMs)) throw new ApiError(rejectBriefly);
}
