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
  /** Called as the bytes leave, with the part of them that has left, 0 to 1. */
  readonly onProgress?: (part: number) => void;
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

function send(file: Blob, { key, purpose, conversationId, signal, onProgress }: UploadOptions): Promise<Answer> {
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
  return post(form, headers, { signal, onProgress });
}

interface Watch {
  readonly signal: AbortSignal;
  readonly onProgress: UploadOptions['onProgress'];
}

/** By XMLHttpRequest: `fetch` does not tell how much has been sent. */
function post(form: FormData, headers: Readonly<Record<string, string>>, watch: Watch): Promise<Answer> {
  const { signal, onProgress } = watch;
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = new XMLHttpRequest();
  request.open('POST', GRAPHQL_URL);
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
  request.upload.onprogress = ({ loaded, total, lengthComputable }) => {
    if (lengthComputable && total > 0) onProgress?.(loaded / total);
  };
  request.onload = () => {
    if (request.status === 413) reject(new Error('The file is too large for this server.'));
    else resolve(answerOf(request));
  };
  request.onerror = () => reject(new Error('The server cannot be reached.'));
  request.onabort = () => reject(signal.reason);
  const abort = () => request.abort();
  signal.addEventListener('abort', abort, { once: true });
  request.onloadend = () => signal.removeEventListener('abort', abort);
  if (signal.aborted) reject(signal.reason);
  else request.send(form);
  return promise;
}

function answerOf({ responseText, status }: XMLHttpRequest): Answer {
  try {
    // What the document of the upload asks for.
    return JSON.parse(responseText) as Answer;
  } catch {
    // A proxy may answer with something else.
    return { errors: [{ message: `The server answered ${status}.` }] };
  }
}
