/** Sends files to the server. Sent again under the same key, a file is stored once. */
import { GRAPHQL_URL } from '../../api/addresses.ts';
import { currentToken } from '../../api/session.ts';
import { type ImageTileFragment, UploadDocument, type UploadMutation, type UploadPurpose } from '../../gql/graphql.ts';
import { problemsOf } from '../send/problems.ts';

export interface UploadOptions {
  /** The same for every attempt with the same file. */
  readonly key: string;
  readonly purpose: UploadPurpose;
  /** The conversation that it belongs to; null for none. */
  readonly conversationId: string | null;
  readonly signal: AbortSignal;
}

interface Answer {
  readonly data?: UploadMutation | null;
  readonly errors?: readonly { readonly message: string }[];
}

/**
 * Resolves with the stored image.
 * @throws {Error} in words, when it was not stored
 */
export async function upload(file: Blob, options: UploadOptions): Promise<ImageTileFragment> {
  const answer = await send(file, options);
  const result = answer.data?.uploadImage;
  if (result === undefined) throw new Error(answer.errors?.[0]?.message ?? 'The server sent no answer.');
  if (result.__typename === 'UploadImageSuccess') return result.image;
  throw new Error(
    problemsOf(result)
      .map(({ message }) => message)
      .join(' '),
  );
}

async function send(file: Blob, { key, purpose, conversationId, signal }: UploadOptions): Promise<Answer> {
  const place = conversationId === null ? {} : { conversationId };
  const input = { file: null, purpose, idempotencyKey: key, ...place };
  const form = new FormData();
  form.append('operations', JSON.stringify({ query: UploadDocument.toString(), variables: { input } }));
  form.append('map', JSON.stringify({ 0: ['variables.input.file'] }));
  form.append('0', file, file instanceof File ? file.name : 'picture.png');
  const token = currentToken();
  const headers = {
    'apollo-require-preflight': 'true',
    accept: 'application/json',
    ...(token !== null && { authorization: `Bearer ${token}` }),
  };
  let response: Response;
  try {
    response = await fetch(GRAPHQL_URL, { method: 'POST', headers, body: form, signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Error('The server cannot be reached.', { cause: error });
  }
  if (response.status === 413) throw new Error('The file is too large for this server.');
  // A proxy may answer with something else.
  return response.json().catch(() => ({ errors: [{ message: `The server answered ${response.status}.` }] }));
}
