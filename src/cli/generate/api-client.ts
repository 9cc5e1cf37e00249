/** Runs typed documents over HTTP. Every failure is described in one line for the user. */
import { authorizationOf, describeRefusal } from './api-key.ts';
import type { TypedDocumentString } from './gql/graphql.ts';

/** An entry of `errors` in a GraphQL response. Only the fields that are used here. */
export interface ApiErrorEntry {
  readonly message: string;
  readonly extensions?: { readonly [key: string]: unknown } | undefined;
}

/** The server answered with GraphQL errors instead of data. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** The code of the first error, for example INVALID_INPUT; null when it has none. */
  readonly code: string | null;

  constructor(errors: readonly ApiErrorEntry[]) {
    super(errors.map(({ message }) => message).join('; '));
    const code = errors[0]?.extensions?.['code'];
    this.code = typeof code === 'string' ? code : null;
  }
}

/** The server does not accept the credentials, or refuses them this. The message says what to do. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** No response arrived. It is not known whether the server processed the request. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

export interface RequestOptions {
  /** Without a trailing slash. */
  readonly url: string;
  /** An API key or token; null to send none. */
  readonly apiKey: string | null;
  readonly signal: AbortSignal;
}

/**
 * Runs a query or a mutation.
 * @throws {ApiError} when the server reports errors · {RefusedError} when they are about the credentials ·
 * {NoAnswerError} · {Error} when the response is not GraphQL
 */
export async function execute<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  { url, apiKey, signal }: RequestOptions,
): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      ...(apiKey === null ? {} : { authorization: authorizationOf(apiKey) }),
    },
    body: JSON.stringify({ query: String(document), variables }),
    signal,
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new NoAnswerError(`the server at ${url} does not answer (${networkProblem(error)})`, { cause: error });
  });
  const body: unknown = await response.json().catch(() => null);
  signal.throwIfAborted();
  if (typeof body !== 'object' || body === null || !('data' in body || 'errors' in body)) {
    throw new Error(
      `${url}/graphql answered ${response.status} ${response.statusText}, which is not a GraphQL response`,
    );
  }
  // The types of the document were generated from the schema, so the response has this shape.
  const { data, errors } = body as { data?: Data | null; errors?: readonly ApiErrorEntry[] };
  if (errors !== undefined && errors.length > 0) throw errorOf(errors, { url, apiKey });
  if (data == null) throw new Error(`${url}/graphql answered without data`);
  return data;
}

/** The exception for the `errors` of a response. */
export function errorOf(
  errors: readonly ApiErrorEntry[],
  { url, apiKey }: Pick<RequestOptions, 'url' | 'apiKey'>,
): ApiError | RefusedError {
  const [first] = errors;
  const { code, retryAfter } = first?.extensions ?? {};
  const refusal = {
    code,
    message: first?.message ?? '',
    retryAfter: typeof retryAfter === 'string' ? retryAfter : null,
  };
  const problem = describeRefusal(refusal, url, apiKey);
  return problem === null ? new ApiError(errors) : new RefusedError(problem);
}

/** Why `fetch` failed, in a few words. Falls back to the code of the system error. */
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
  EAI_AGAIN: 'the host name cannot be resolved',
  ETIMEDOUT: 'no answer in time',
};
