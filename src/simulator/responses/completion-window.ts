/**
 * `background_options`: by when a background response must be finished. The upstream lets the longer windows wait and
 * charges less for them. Here they wait for seconds.
 */
import { invalid } from '../http/api-error.ts';
import { type JsonObject, optionalFlag, optionalObject, optionalText, optionalWord } from '../http/json.ts';

const WINDOWS = ['soonest', '2h', '8h'] as const;
export type CompletionWindow = (typeof WINDOWS)[number];

/** How long a response of each window takes until its end, in drawing times. It is queued until the last of them. */
const DRAWING_TIMES: Readonly<Record<CompletionWindow, number>> = { soonest: 1, '2h': 2, '8h': 4 };

/**
 * Reads `background_options` of a create.
 * @throws {ApiError} a 400 that names the field
 */
export function readCompletionWindow(body: JsonObject): CompletionWindow {
  const at = 'background_options';
  const options = optionalObject(body[at], at, ['completion_window', 'continuation_id']);
  optionalText(options['continuation_id'], `${at}.continuation_id`);
  const param = `${at}.completion_window`;
  const window = optionalWord(options['completion_window'], param, WINDOWS) ?? 'soonest';
  if (Object.keys(options).length > 0 && !optionalFlag(body['background'], 'background')) {
    throw invalid(`'${at}' requires 'background' to be true.`, at, 'invalid_value');
  }
  if (window === 'soonest') return window;
  if (optionalFlag(body['stream'], 'stream')) {
    throw invalid(`The completion window '${window}' does not support 'stream'.`, param, 'invalid_value');
  }
  const tier = optionalText(body['service_tier'], 'service_tier') ?? 'default';
  if (tier !== 'default' && tier !== 'auto') {
    const message = `The completion window '${window}' requires Standard processing, but got service tier '${tier}'.`;
    throw invalid(message, param, 'invalid_value');
  }
  return window;
}

/** How long a response stays queued. @param durationMs how long its drawing takes */
export function queuedMs(window: CompletionWindow, durationMs: number): number {
  return (DRAWING_TIMES[window] - 1) * durationMs;
}
