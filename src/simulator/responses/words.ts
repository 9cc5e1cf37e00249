/** The items of a response that are no pictures: what the mainline model thinks and says. */
import { newId } from '../ids.ts';
import type { WorkSteering } from '../scenarios/scenario.ts';
import type { ResponseRecord } from './record.ts';

/** Words that may stand behind a picture. */
export const REMARK = 'Here is the picture. Tell me what you would like to change.';
const WORDS_ONLY = 'I can describe it, but I did not draw a picture this time.';
const NOT_DRAWN = 'I could not draw that: the image tool did not work.';
const REFUSAL = "I'm sorry, but I can't help with that.";

/** The answer of a model that draws nothing. */
export function emitAnswer(record: ResponseRecord, steering: WorkSteering): void {
  if (steering.answer === 'refusal') emitMessage(record, REFUSAL, 'refusal');
  else emitMessage(record, WORDS_ONLY);
}

/** What a model says whose picture failed. */
export function emitExcuse(record: ResponseRecord): void {
  emitMessage(record, NOT_DRAWN);
}

/** The reasoning item before a picture; gives its id. */
export function emitReasoning(record: ResponseRecord): string {
  const item = { id: newId('rs'), type: 'reasoning', summary: [] };
  const output_index = record.output.length;
  record.output.push(item);
  record.emit('response.output_item.added', { output_index, item });
  record.emit('response.output_item.done', { output_index, item });
  return item.id;
}

/** The message behind the picture, which is there even when it says nothing. */
export function emitMessage(
  record: ResponseRecord,
  text: string,
  kind: 'output_text' | 'refusal' = 'output_text',
): void {
  const output_index = record.output.length;
  const message = { id: newId('msg'), type: 'message', role: 'assistant' };
  const at = { item_id: message.id, output_index, content_index: 0 };
  const isText = kind === 'output_text';
  const part = (words: string) =>
    isText ? { type: kind, text: words, annotations: [], logprobs: [] } : { type: kind, refusal: words };
  const logprobs = isText ? { logprobs: [] } : {};
  record.emit('response.output_item.added', { output_index, item: { ...message, status: 'in_progress', content: [] } });
  record.emit('response.content_part.added', { ...at, part: part('') });
  for (const delta of text.match(/\S+\s*/g) ?? []) record.emit(`response.${kind}.delta`, { ...at, delta, ...logprobs });
  record.emit(`response.${kind}.done`, { ...at, [isText ? 'text' : 'refusal']: text, ...logprobs });
  record.emit('response.content_part.done', { ...at, part: part(text) });
  const done = { ...message, status: 'completed', content: [part(text)] };
  record.output.push(done);
  record.emit('response.output_item.done', { output_index, item: done });
}
