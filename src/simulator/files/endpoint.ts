/** `/v1/files`: upload, retrieve, delete. */
import { invalid } from '../http/api-error.ts';
import { type Answer, bodyObject, type Exchange, json } from '../http/exchange.ts';
import { isObject, type JsonObject, optionalInteger, optionalWord } from '../http/json.ts';
import type { Upstream } from '../upstream.ts';
import { fileObject } from './store.ts';

const PURPOSES = ['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals'] as const;
const SHORTEST_LIFE = 3600;
const LONGEST_LIFE = 2_592_000;

/** `POST /v1/files`, a form. */
export async function createFile(upstream: Upstream, exchange: Exchange): Promise<Answer> {
  const body = bodyObject(exchange);
  const { file } = body;
  if (!(file instanceof File))
    throw invalid("Missing required parameter: 'file'.", 'file', 'missing_required_parameter');
  const purpose = optionalWord(body['purpose'], 'purpose', PURPOSES);
  if (purpose === null)
    throw invalid("Missing required parameter: 'purpose'.", 'purpose', 'missing_required_parameter');
  const seconds = readLife(body);
  const bytes = Buffer.from(await file.arrayBuffer());
  if (bytes.length === 0) throw invalid('File is empty.', 'file', 'empty_file');
  const createdAt = Math.floor(Date.now() / 1000);
  const expiresAt = seconds === null ? null : createdAt + seconds;
  return json(fileObject(upstream.files.add({ bytes, filename: file.name, purpose, createdAt, expiresAt })));
}

/** `expires_after[anchor]` and `expires_after[seconds]`; null keeps the file until it is deleted. */
function readLife(body: JsonObject): number | null {
  const life = body['expires_after'];
  if (life === undefined || life === null) return null;
  if (!isObject(life)) throw invalid("Invalid type for 'expires_after'.", 'expires_after', 'invalid_type');
  if (optionalWord(life['anchor'], 'expires_after.anchor', ['created_at'] as const) === null) {
    const param = 'expires_after.anchor';
    throw invalid(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');
  }
  // Form fields are always text.
  const seconds = typeof life['seconds'] === 'string' ? Number(life['seconds']) : life['seconds'];
  return optionalInteger(seconds, 'expires_after.seconds', SHORTEST_LIFE, LONGEST_LIFE);
}

/** `GET /v1/files/{id}` */
export function retrieveFile(upstream: Upstream, id: string): Answer {
  return json(fileObject(upstream.files.get(id)));
}

/** `DELETE /v1/files/{id}` */
export function deleteFile(upstream: Upstream, id: string): Answer {
  upstream.files.get(id);
  upstream.files.delete(id);
  return json({ id, object: 'file', deleted: true });
}
