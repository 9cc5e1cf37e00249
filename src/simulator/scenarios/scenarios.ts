/**
 * The faults the simulator can play, by name. A scenario is chosen by a marker in the prompt (`[sim:quota]`,
 * several may stand together) or for every request by the option `scenario`; the marker is not drawn.
 */
import { ApiError, invalid } from '../http/api-error.ts';
import { FAILURE_SCENARIOS } from './failures.ts';
import { MODERATION_MESSAGE, moderationDetails, RATE_LIMITED, type Scenario, SERVER_ERROR } from './scenario.ts';

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  compatible: {
    description:
      'Like a compatible service: no completed event of the picture, status left at generating, empty output.',
    work: { bare: true },
  },
  'no-partials': { description: 'No partial comes, however many were asked.', work: { partials: () => 0 } },
  'fewer-partials': {
    description: 'One partial fewer than asked comes.',
    work: { partials: (asked) => Math.max(0, asked - 1) },
  },
  'unasked-partial': { description: 'One partial more than asked comes.', work: { partials: (asked) => asked + 1 } },
  'no-image': { description: 'The model answers with words and draws nothing.', work: { answer: 'text' } },
  refusal: { description: 'The model refuses in words and draws nothing.', work: { answer: 'refusal' } },
  'text-and-image': { description: 'The model says something after the picture.', work: { remark: true } },
  'two-images': {
    description: 'One response makes two pictures, one after the other, unless max_tool_calls forbids it.',
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
    description: 'HTTP 429 the first time; the same prompt goes through the next time.',
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
    description: 'HTTP 502 with a page of HTML, as a proxy in between answers.',
    proxyPage: { status: 502, html: '<html><body><h1>502 Bad Gateway</h1></body></html>' },
  },
  'http-503': {
    description: 'HTTP 503: overloaded, nothing done.',
    reject: { ...SERVER_ERROR, status: 503, message: 'The engine is currently overloaded, please try again later.' },
  },
  'http-500-after-create': {
    description: 'Draws the picture (it would be charged), then answers HTTP 500.',
    rejectAfterWork: SERVER_ERROR,
  },
  hang: { description: 'Response headers, then silence.', silent: true },
  'hang-midstream': { description: 'Silence after the first partial.', work: { ending: 'hang' } },
  'stuck-queued': { description: 'Created and queued, and never begun.', work: { stuckQueued: true } },
  slow: { description: 'Takes five times as long.', work: { slowness: 5 } },
  'cut-midstream': { description: "The socket is destroyed inside the final picture's base64.", wire: { cut: true } },
  truncated: {
    description: 'A clean end after the first partial, without a terminal event.',
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
  'wrong-size': { description: 'The picture is half as large as was asked, and says so.', work: { shrunken: true } },
  forget: { description: 'Goes well, and the response is forgotten at once.', work: { forget: true } },
  reasoning: {
    description: 'A reasoning item stands before the picture, which cannot be named without it afterwards.',
    work: { reasoning: true },
  },
  'fewer-pictures': {
    description: 'One picture fewer than n comes (Image API).',
    work: { fewer: 1 },
  },
  'forget-files': {
    description: 'Goes well, and then all uploaded files are forgotten.',
    forgetFiles: true,
  },
  'rewrites-anyway': {
    description: 'The prompt is rewritten, though it was to be handed on word for word.',
    work: { rewritesAnyway: true },
  },
  'cached-usage': {
    description: 'Some of the input tokens came out of the cache, of both models.',
    work: { cachedUsage: true },
  },
  'counts-from-zero': {
    description: 'tool_usage is there from the first event on, and all zero until the response has completed.',
    work: { countsFromZero: true },
  },
  'no-usage': { description: 'Neither usage nor tool_usage is reported.', work: { noUsage: true } },
  'no-revised-prompt': { description: 'No revised_prompt is reported.', work: { noRevisedPrompt: true } },
  'resume-without-partials': {
    description: 'A resumed stream leaves out the partials behind starting_after.',
    wire: { resumeWithoutPartials: true },
  },
  'retrieve-without-result': {
    description: 'A later retrieve knows the item but has null for its result.',
    wire: { retrieveWithoutResult: true },
  },
  crlf: { description: 'Lines end in CRLF, and chunks end inside characters.', wire: { crlf: true, pieces: true } },
  'tiny-chunks': { description: 'Written in pieces of a few bytes.', wire: { pieces: true } },
};

export const NO_FAULT: Scenario = { description: 'All goes well.' };

/**
 * The scenarios of one request, put together; later names win where they say the same.
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

/** A scenario as the 2nd, the 4th, … create of the same prompt meets it. */
export function everyOtherOf(scenario: Scenario): Scenario {
  const { everyOther = {} } = scenario;
  return { ...scenario, ...everyOther, work: { ...scenario.work, ...everyOther.work } };
}

/** What the door asks of what came before; each question remembers that it was asked. */
export interface DoorMemory {
  /** Whether this prompt was turned away once before. */
  alreadyRejected(): boolean;
  /** Whether this prompt was first turned away longer ago than `waitMs`. */
  rejectedSince(waitMs: number): boolean;
}

/** A client that waits as long as it was told must find the door open, whatever its timer and ours make of it. */
const EARLY_MS = 100;

/** The door of a request: throws what the scenario answers with before anything is done. */
export function rejectAtDoor(scenario: Scenario, memory: DoorMemory): void {
  const { reject, rejectOnce, rejectBriefly } = scenario;
  if (reject !== undefined) throw new ApiError(reject);
  if (rejectOnce !== undefined && !memory.alreadyRejected()) throw new ApiError(rejectOnce);
  if (rejectBriefly === undefined) return;
  const waitMs = Number(rejectBriefly.headers?.['retry-after'] ?? 0) * 1000 - EARLY_MS;
  if (!memory.rejectedSince(waitMs)) throw new ApiError(rejectBriefly);
}
