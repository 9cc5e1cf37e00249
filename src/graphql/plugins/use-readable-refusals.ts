/** Says in words what Yoga refuses with a status alone, or in words that do not help. */
import { GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { NOT_ACCEPTABLE_HEADERS, notAcceptableBody } from '../not-acceptable.ts';

const BATCHING =
  'Batching is not supported. Send each operation in a request of its own; over HTTP/2 that costs no more.';

export function useReadableRefusals(): Plugin {
  /** The requests for which a subscription has begun. */
  const subscriptions = new WeakSet<Request>();
  return {
    onRequestParse: () => ({
      onRequestParseDone({ requestParserResult }) {
        if (!Array.isArray(requestParserResult)) return;
        throw new GraphQLError(BATCHING, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
      },
    }),
    onResultProcess({ request, result }) {
      if (isAsyncIterable(result)) subscriptions.add(request);
    },
    onResponse({ request, response, setResponse, fetchAPI }) {
      if (response.status !== 406 || response.body !== null) return;
      const body = notAcceptableBody({ isSubscription: subscriptions.has(request) });
      for (const [name, value] of Object.entries(NOT_ACCEPTABLE_HEADERS)) response.headers.set(name, value);
      const { status, statusText, headers } = response;
      setResponse(new fetchAPI.Response(body, { status, statusText, headers }));
    },
  };
}
