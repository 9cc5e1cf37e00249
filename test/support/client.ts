/** A client like a frontend: typed documents over HTTP, and subscriptions over WebSocket and SSE. */
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import type { TypedDocumentString } from './gql/graphql.ts';

export interface Result<Data> {
  readonly data?: Data | null | undefined;
  readonly errors?:
    | readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> | undefined }[]
    | undefined;
}

/** Runs a query or mutation. Returns the whole result, including errors. */
export async function execute<Data, Variables>(
  url: string,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Result<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: String(document), variables }),
  });
  // Codegen made this type from the document and the schema.
  return (await response.json()) as Result<Data>;
}

/** Runs a query or mutation that must succeed, and returns its data. */
export async function data<Data, Variables>(
  url: string,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const result = await execute(url, document, variables);
  if (result.data == null || result.errors !== undefined) throw new Error(JSON.stringify(result.errors));
  return result.data;
}

export interface SubscribeOptions {
  /** Drops the connection, like a closed tab or a lost network; the subscription then ends. */
  readonly signal?: AbortSignal;
}

/** A subscription over WebSocket, on its own connection. It ends when the server completes it, or with `return()`. */
export async function* overWebSocket<Data, Variables extends Record<string, unknown>>(
  url: string,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  { signal }: SubscribeOptions = {},
): AsyncGenerator<Result<Data>, void, void> {
  const client = createWsClient({ url: `${url.replace('http', 'ws')}/graphql`, retryAttempts: 0 });
  const drop = () => client.terminate();
  signal?.addEventListener('abort', drop, { once: true });
  try {
    if (signal?.aborted) return;
    yield* client.iterate<Data>({ query: String(document), variables });
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally {
    signal?.removeEventListener('abort', drop);
    await client.dispose();
  }
}

/** The same over server-sent events. */
export async function* overSse<Data, Variables extends Record<string, unknown>>(
  url: string,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  { signal }: SubscribeOptions = {},
): AsyncGenerator<Result<Data>, void, void> {
  const client = createSseClient({ url: `${url}/graphql`, retryAttempts: 0 });
  const drop = () => client.dispose();
  signal?.addEventListener('abort', drop, { once: true });
  try {
    if (signal?.aborted) return;
    yield* client.iterate<Data>({ query: String(document), variables });
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally {
    signal?.removeEventListener('abort', drop);
    client.dispose();
  }
}

export const TRANSPORTS = { WebSocket: overWebSocket, SSE: overSse } as const;
