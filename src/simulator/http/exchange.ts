/**
 * One request and its answer, as values. Endpoints take a request and return an answer; only simulator.ts uses the
 * sockets.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { WireBehavior } from '../scenarios/scenario.ts';
import { ApiError, invalid } from './api-error.ts';
import type { SimulatorEvent } from './event-log.ts';
import { isObject, type JsonObject } from './json.ts';

/** A received request, for tests and logs. */
export interface RecordedRequest {
  readonly requestId: string;
  readonly method: string;
  /** As received, with the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON; for a form, its fields, with a `File` for each file; null without a body. */
  readonly body: unknown;
}

export interface Exchange extends RecordedRequest {
  readonly url: URL;
  /** Aborts when the client leaves before the answer is finished. */
  readonly gone: AbortSignal;
}

export type Answer =
  | { readonly kind: 'json'; readonly status: number; readonly body: JsonObject; readonly wire?: WireBehavior }
  | { readonly kind: 'events'; readonly events: AsyncIterable<SimulatorEvent>; readonly wire: WireBehavior }
  | { readonly kind: 'page'; readonly status: number; readonly html: string }
  /** Only headers, then nothing. */
  | { readonly kind: 'silence' }
  /** The connection is destroyed without an answer. */
  | { readonly kind: 'cut' };

export function json(body: JsonObject, wire?: WireBehavior): Answer {
  return { kind: 'json', status: 200, body, ...(wire === undefined ? {} : { wire }) };
}

const MAX_BODY_BYTES = 128 * 1024 * 1024;

/** @throws {ApiError} 400 when the body does not match its content type, 413 when it is too large. */
export async function readBody(req: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of req) {
    const bytes: Buffer = chunk;
    length += bytes.length;
    if (length > MAX_BODY_BYTES) throw new ApiError({ status: 413, message: 'Request body is too large.' });
    chunks.push(bytes);
  }
  if (length === 0) return null;
  const type = req.headers['content-type'] ?? '';
  const body = Buffer.concat(chunks);
  try {
    if (type.startsWith('multipart/form-data'))
      return fieldsOf(await new Response(body, { headers: { 'content-type': type } }).formData());
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw invalid(`We could not parse the body of your request as ${type || 'JSON'}.`, null);
  }
}

/**
 * A form as an object: `name[]` becomes an array, `name[key]` and `name[key][key]` an object; numbers and booleans are
 * parsed.
 */
function fieldsOf(form: FormData): JsonObject {
  const fields: Record<string, unknown> = {};
  for (const [key, value] of form) {
    const [name = key, ...inner] = /^\w+(\[\w+\])+$/.test(key) ? key.split(/[[\]]+/).slice(0, -1) : [key];
    if (inner.length > 0) {
      fields[name] = withField(fields[name], inner, value);
      continue;
    }
    const owner = key.endsWith('[]') ? key.slice(0, -2) : key;
    const typed = typeof value === 'string' ? typedField(owner, value) : value;
    if (key.endsWith('[]')) fields[owner] = [...listOf(fields[owner]), typed];
    else fields[owner] = typed;
  }
  return fields;
}

/** The object with one more field, at this path in it. */
function withField(object: unknown, [name = '', ...inner]: readonly string[], value: unknown): JsonObject {
  const known = isObject(object) ? object : {};
  return { ...known, [name]: inner.length === 0 ? value : withField(known[name], inner, value) };
}

const NUMBERS = new Set(['n', 'output_compression', 'partial_images', 'frame_count', 'frame_duration_ms']);

function typedField(name: string, value: string): unknown {
  if (NUMBERS.has(name) && /^-?\d+$/.test(value)) return Number(value);
  if (name === 'stream' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The body as an object. @throws {ApiError} when it is anything else. */
export function bodyObject(exchange: RecordedRequest): JsonObject {
  if (isObject(exchange.body)) return exchange.body;
  throw invalid('We could not parse the JSON body of your request.', null);
}
