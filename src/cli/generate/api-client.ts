/** Typed documents over HTTP, and what goes wrong on the way in one line for the person who waits. */
import type { TypedDocumentString } from './gql/graphql.ts';

/** One entry of GraphQL's `errors`, as far as it concerns us. */
export interface ApiErrorEntry {
  readonly message: string;
  readonly extensions?: { readonly [key: string]: unknown } | undefined;
}

/** The server answered with GraphQL errors instead of data. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** The first error's code, INVALID_INPUT for example; null when it has none. */
  readonly code: string | null;

  constructor(errors: readonly ApiErrorEntry[]) {
    super(errors.map(({ message }) => message).join('; '));
    const code = errors[0]?.extensions?.['code'];
    this.code = typeof code === 'string' ? code : null;
  }
}

/** No answer came: whether the server has done what was asked is not known. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

export interface RequestOptions {
  /** Without a slash at the end. */
  readonly url: string;
  readonly signal: AbortSignal;
}

/**
 * Runs a query or a mutation.
 * @throws {ApiError} what the server says is wrong · {NoAnswerError} · {Error} an answer that is not GraphQL's
 */
export async function execute<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  { url, signal }: RequestOptions,
): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' },
    body: JSON.stringify({ query: String(document), variables }),
    signal,
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new NoAnswerError(`the server at ${url} does not answer (${networkProblem(error)})`, { cause: error });
  });
  const body: unknown = await response.json().catch(() => null);
  signal.throwIfAborted();
  if (typeof body !== 'object' || body === null || !('data' in body || 'errors' in body)) {
    throw new Error(`${url}/graphql answers ${response.status} ${response.statusText}, which is not GraphQL`);
  }
  // A GraphQL server's answer to a typed document has this shape: that is what codegen is for.
  const { data, errors } = body as { data?: Data | null; errors?: readonly ApiErrorEntry[] };
  if (errors !== undefined && errors.length > 0) throw new ApiError(errors);
  if (data == null) throw new Error(`${url}/graphql answers without data`);
  return data;
}

/** Why `fetch` failed, in a few words: the code of the system error where there is one. */
export function networkProblem(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (typeof cause === 'object' && cause !== null && 'code' in cause) {
    return NETWORK_PROBLEMS[String(cause.code)] ?? String(cause.code);
  }
  return cause instanceof Error ? cause.message : String(cause);
}

const NETWORK_PROBLEMS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection lost',
  UND_ERR_SOCKET: 'connection lost',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name cannot be looked up',
  ETIMEDOUT: 'no answer in time',
};
