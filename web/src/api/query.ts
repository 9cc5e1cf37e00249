/** Queries and mutations with the types of their documents. */
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import type { AnyVariables, Client, TypedDocumentNode } from '@urql/core';
import { useCallback } from 'react';
import { type UseQueryArgs, type UseQueryResponse, useClient, useQuery } from 'urql';

export type Document<Data, Variables> = DocumentTypeDecoration<Data, Variables> & { toString(): string };

/** urql takes strings, and this one has the types of its document. */
function forUrql<Data, Variables>(document: Document<Data, Variables>) {
  return document.toString() as unknown as TypedDocumentNode<Data, Variables & AnyVariables>;
}

export function useApi<Data, Variables extends AnyVariables>(
  document: Document<Data, Variables>,
  variables: Variables,
  options: Pick<UseQueryArgs, 'pause' | 'requestPolicy'> = {},
): UseQueryResponse<Data, Variables> {
  // The options of urql depend on the form of the variables, which is not known here.
  const args = { query: forUrql(document), variables, ...options } as unknown as UseQueryArgs<Variables, Data>;
  return useQuery<Data, Variables>(args);
}

/** The answer of a query or mutation. @throws {Error} in words, when there is no data */
export async function ask<Data, Variables extends AnyVariables>(
  client: Client,
  kind: 'query' | 'mutation',
  document: Document<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const source = forUrql(document);
  const answer =
    kind === 'query'
      ? await client.query(source, variables as Variables & AnyVariables, { requestPolicy: 'network-only' })
      : await client.mutation(source, variables as Variables & AnyVariables);
  if (answer.data != null) return answer.data;
  throw new Error(wordsOf(answer.error));
}

/** A function that runs a mutation. */
export function useChange<Data, Variables extends AnyVariables>(document: Document<Data, Variables>) {
  const client = useClient();
  return useCallback((variables: Variables) => ask(client, 'mutation', document, variables), [client, document]);
}

export function wordsOf(error: { readonly networkError?: Error; readonly message: string } | undefined): string {
  if (error?.networkError) return 'The server cannot be reached. What you typed is kept; try again in a moment.';
  return error?.message.replace(/^\[GraphQL\] /, '') ?? 'The server sent no answer.';
}
