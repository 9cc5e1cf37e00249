/**
 * Reads the body of an error in whatever form a service writes it, as one object with OpenAI's names (`message`, `code`,
 * `param`, `type`): OpenAI's `{ error }`, FastAPI's `{ detail }`, problem details (RFC 9457), lists of problems as validators
 * write them, plain text and web pages. Everything else that a report holds is kept.
 */
import { asList, asObject, asText, type JsonObject } from '../json-values.ts';

/** How deep a report may be wrapped: proxies put the error of another service, even as text, into their own. */
const MAX_DEPTH = 6;
/** How many of several problems are read. */
const MAX_PROBLEMS = 5;
/** What is read of a web page. */
const MAX_PAGE_LENGTH = 16_384;

/** Where services put their words, the most telling first. */
const WORD_FIELDS = [
  'message',
  'msg',
  'detail',
  'details',
  'errors',
  'error_description',
  'error_message',
  'description',
  'reason',
  'title',
  'error',
] as const;

/** @param body parsed JSON, or text that is none */
export function readErrorBody(body: unknown, depth = 0): JsonObject {
  if (depth > MAX_DEPTH) return {};
  if (typeof body === 'string') return readText(body, depth);
  if (Array.isArray(body)) return readProblems(body, depth);
  const object = asObject(body);
  if (object === null) return {};
  const { error, ...rest } = object;
  if (typeof error !== 'object' || error === null) return readFields(object, depth);
  const report = readErrorBody(error, depth + 1);
  return hasWords(report) ? report : { ...readFields(rest, depth), ...report };
}

function hasWords({ message }: JsonObject): boolean {
  return typeof message === 'string' && message !== '';
}

function readFields(object: JsonObject, depth: number): JsonObject {
  const named = { ...object, ...nameOf(object) };
  if (hasWords(object) && !isWrapped(object['message'])) return named;
  for (const field of WORD_FIELDS) {
    const report = readErrorBody(object[field], depth + 1);
    if (!hasWords(report)) continue;
    const { [field]: _, ...others } = named;
    return { ...others, ...report };
  }
  return fieldMessages(object, depth) ?? named;
}

/** Whether a text is JSON itself: the answer of another service. */
function isWrapped(text: unknown): boolean {
  return typeof text === 'string' && /^\s*[[{]/u.test(text);
}

const CODE = /^[a-z]\w*(?:\.\w+)*$/iu;

/** The parameter and the code, where they have other names. */
function nameOf(object: JsonObject): JsonObject {
  const { error, loc, type } = object;
  const param = asText(object['param']) ?? parameterOf(object);
  const word = typeof error === 'string' && CODE.test(error) ? error : null;
  // Entries of validators have the kind of the problem where OpenAI has the kind of the error.
  const code = asText(object['code']) ?? (loc === undefined ? word : asText(type)) ?? asText(object['keyword']);
  return { ...(param !== null && { param }), ...(code !== null && { code }) };
}

/** As FastAPI (`loc`), Zod (`path`, `keys`), Ajv (`instancePath`) and JSON:API (`source.pointer`) name it. */
function parameterOf(object: JsonObject): string | null {
  const source = asObject(object['source']);
  const named =
    asText(object['parameter']) ??
    asText(object['field']) ??
    asText(source?.['pointer']) ??
    asText(source?.['parameter']);
  if (named !== null) return named;
  const path = object['loc'] ?? object['path'] ?? asText(object['instancePath'])?.split('/');
  const extra = asList(object['keys'])[0] ?? asObject(object['params'])?.['additionalProperty'];
  const segments = [...asList(path), ...(extra === undefined ? [] : [extra])]
    .filter((segment) => typeof segment === 'string' || typeof segment === 'number')
    .map(String)
    .filter((segment) => segment !== '' && segment !== 'body');
  return segments.length === 0 ? null : segments.join('.');
}

/** A list of problems, or of texts: the words of all, and the rest of the first. */
function readProblems(list: readonly unknown[], depth: number): JsonObject {
  const problems = list
    .slice(0, MAX_PROBLEMS)
    .map((entry) => readErrorBody(entry, depth + 1))
    .filter(hasWords);
  const words = problems.map(({ message, param }) => {
    const isNamed = typeof param !== 'string' || String(message).includes(param);
    return isNamed ? String(message) : `${param}: ${message}`;
  });
  return problems.length === 0 ? {} : { ...problems[0], message: words.join('; ') };
}

/** Messages by the name of the field that they are about, as in `{ "errors": { "size": ["is unknown"] } }`. */
function fieldMessages(object: JsonObject, depth: number): JsonObject | null {
  if (depth === 0) return null;
  const entries = Object.entries(object).filter(([, value]) => Array.isArray(value) && typeof value[0] === 'string');
  const report = readProblems(
    entries.map(([param, messages]) => ({ param, message: asList(messages)[0] })),
    depth,
  );
  return hasWords(report) ? report : null;
}

function readText(text: string, depth: number): JsonObject {
  if (isWrapped(text)) {
    try {
      const report = readErrorBody(JSON.parse(text), depth + 1);
      if (hasWords(report)) return report;
    } catch {
      // Text that only begins like JSON.
    }
  }
  const message = /<[a-z!/]/iu.test(text) ? wordsOfPage(text) : text.trim();
  return message === '' ? {} : { message };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };

/** What a reader of the page sees. */
function wordsOfPage(page: string): string {
  return page
    .slice(0, MAX_PAGE_LENGTH)
    .replace(/<(script|style)\b.*?(?:<\/\1>|$)|<!--.*?(?:-->|$)/gisu, ' ')
    .replace(/<[^>]*>?/gu, ' ')
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/gu, (entity, name: string) => ENTITIES[name] ?? entity)
    .replace(/\s+/gu, ' ')
    .trim();
}
