/** Answers that are not GraphQL results, in the shape of GraphQL errors. */
import type { ServerResponse } from 'node:http';

/** An error as the client sees it. */
export interface Refusal {
  readonly message: string;
  /** In the error's extensions. */
  readonly code?: string;
}

/** Answers with an error that no cache keeps. A response that has begun is cut instead, so that the client sees it failed. */
export function refuse(response: ServerResponse, status: number, { message, code }: Refusal): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify({ errors: [{ message, ...(code !== undefined && { extensions: { code } }) }] }));
}
