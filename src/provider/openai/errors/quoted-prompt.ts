/**
 * Takes what an error quotes of the prompt out of its words. A prompt can say anything: what it says is neither about the
 * upstream, whose refusals count for the requests of everybody, nor about what became of the image.
 */
import { asText, type JsonObject } from '../json-values.ts';

/** How much of a prompt must stand in a message to count as its quotation. */
const MIN_QUOTATION_LENGTH = 12;

/** The report with a message that has no quotation of the prompt, also none that is cut. */
export function withoutPrompt(report: JsonObject, prompt: string): JsonObject {
  const message = asText(report['message']);
  return message === null ? report : { ...report, message: withoutQuotation(message, prompt) };
}

function withoutQuotation(message: string, prompt: string): string {
  const [words, quoted] = [message, prompt].map((text) => text.replace(/\s+/gu, ' ').trim());
  if (words === undefined || quoted === undefined || quoted.length < MIN_QUOTATION_LENGTH) return message;
  const start = words.indexOf(quoted.slice(0, MIN_QUOTATION_LENGTH));
  if (start === -1) return words;
  let end = start + MIN_QUOTATION_LENGTH;
  while (end < words.length && words[end] === quoted[end - start]) end += 1;
  return `${words.slice(0, start)} ${words.slice(end)}`;
}
