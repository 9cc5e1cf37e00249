/**
 * Which events end a response, and how. OpenAI has one event for each end; some services have a single one for all of them
 * (`response.done`), with the status of the response in it.
 */
import { asObject, asText } from '../json-values.ts';
import type { UpstreamEvent } from '../stream/event-decoder.ts';

export type ResponseEnding = 'completed' | 'incomplete' | 'failed' | 'cancelled';

const BY_WORD: ReadonlyMap<string, ResponseEnding> = new Map([
  ['completed', 'completed'],
  ['incomplete', 'incomplete'],
  ['failed', 'failed'],
  ['cancelled', 'cancelled'],
  ['canceled', 'cancelled'],
]);
/** Events at the start of a response. Some services put its final status in them already. */
const BEGINNINGS: ReadonlySet<string> = new Set(['created', 'queued', 'in_progress']);
/** Ends a response that says nothing of its status. */
const DONE = 'done';

/** Null for an event after which more can come. */
export function endingOf({ type, data }: UpstreamEvent): ResponseEnding | null {
  const [subject, word = '', ...more] = type.split('.');
  if (subject !== 'response' || more.length > 0 || BEGINNINGS.has(word)) return null;
  const byType = BY_WORD.get(word);
  if (byType !== undefined) return byType;
  const byStatus = BY_WORD.get(asText(asObject(data['response'])?.['status']) ?? asText(data['status']) ?? '');
  return byStatus ?? (word === DONE ? 'completed' : null);
}
