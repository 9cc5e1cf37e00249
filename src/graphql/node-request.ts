/**
 * The Request of the fetch API for what did not arrive as one: small JSON bodies, which are read from node:http directly,
 * and operations over WebSocket. Plugins get a real Request of Yoga's fetch API; its abort signal, which few of them look
 * at, is made when it is first read.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FetchAPI } from 'graphql-yoga';

const JSON_HEADERS = { 'content-type': 'application/json' };

export interface RequestFactory {
  /** A request whose body was read already. */
  withBody(request: IncomingMessage, response: ServerResponse, body: string): Request;
  /** An operation over WebSocket: a POST with the headers of the request that opened the socket, each a new object. */
  forOperation(upgrade: IncomingMessage): Request;
  /** Whether `request` was made by `withBody`: its body is in memory and was limited when it was read. */
  isInMemory(request: Request): boolean;
}

export function createRequestFactory(fetchApi: Pick<FetchAPI, 'Request'>): RequestFactory {
  // `signal` is a getter of the class at run time, which its type calls a property.
  const BaseRequest = fetchApi.Request as unknown as new (url: string, init: RequestInit) => Omit<Request, 'signal'>;

  class InMemoryRequest extends BaseRequest {
    readonly #response: ServerResponse | null;
    #signal: AbortSignal | null = null;

    constructor(url: string, init: RequestInit, response: ServerResponse | null) {
      super(url, init);
      this.#response = response;
    }

    /** Aborts when the client leaves before it has its answer. */
    get signal(): AbortSignal {
      this.#signal ??= abortSignalOf(this.#response);
      return this.#signal;
    }
  }

  return {
    // Node's headers hold strings here: the only list is that of cookies to set, which no request has.
    withBody: ({ url, method = 'POST', headers }, response, body) =>
      new InMemoryRequest(urlOf(headers.host, url), { method, headers: headers as HeadersInit, body }, response),
    forOperation: ({ url, headers }) =>
      // As above.
      new InMemoryRequest(
        urlOf(headers.host, url),
        { method: 'POST', headers: { ...(headers as Record<string, string>), ...JSON_HEADERS } },
        null,
      ),
    isInMemory: (request) => request instanceof InMemoryRequest,
  };
}

function urlOf(host = 'localhost', path = '/graphql'): string {
  return `http://${host}${path}`;
}

function abortSignalOf(response: ServerResponse | null): AbortSignal {
  const controller = new AbortController();
  response?.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
