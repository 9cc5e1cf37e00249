/** The items of a response that are not images: the reasoning and the messages of the mainline model. */
import { newId } from '../ids.ts';
import type { WorkBehavior } from '../scenarios/scenario.ts';
import type { ResponseRecord } from './record.ts';

/** A message that can follow an image. */
export const REMARK = 'Here is the picture. Tell me what you would like to change.';
const WORDS_ONLY = 'I can describe it, but I did not draw a picture this time.';
const NOT_DRAWN = 'I could not draw that: the image tool did not work.';
const REFUSAL = "I'm sorry, but I can't help with that.";

/** Emits the message of a model that draws nothing. */
export function emitAnswer(record: ResponseRecord, behavior: WorkBehavior): void {
  if (behavior.answer === 'refusal') emitMessage(record, REFUSAL, 'refusal');
  else emitMessage(record, WORDS_ONLY);
}

/** Emits the message of a model whose image failed. */
export function emitNotDrawn(record: ResponseRecord): void {
  emitMessage(record, NOT_DRAWN);
}

/** Emits the reasoning item before an image. @returns its id */
export function emitReasoning(record: ResponseRecord): string {
  const item = { id: newId('rs'), type: 'reasoning', summary: [] };
  const output_index = record.output.length;
  record.output.push(item);
  record.emit('response.output_item.added', { output_index, item });
  record.emit('response.output_item.done', { output_index, item });
  return item.id;
}

/** Emits the message after the image, which the upstream sends even when it is empty. */
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
