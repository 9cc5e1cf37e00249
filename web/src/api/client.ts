/** One client of the API: queries and mutations over HTTP, events over a WebSocket that resumes. */
import { Client, fetchExchange, mapExchange } from '@urql/core';
import { webSocket } from '../../../client/src/transports/web-socket.ts';
import { darkroomExchange } from '../../../client/src/urql.ts';
import { GRAPHQL_URL } from './addresses.ts';
import { createCache } from './cache.ts';
import { setConnection } from './live.ts';
import { currentToken, refuse } from './session.ts';

export function createApi(): Client {
  const transport = webSocket({ url: GRAPHQL_URL, token: currentToken });
  return new Client({
    url: GRAPHQL_URL,
    preferGetMethod: false,
    fetchOptions: () => {
      const token = currentToken();
      return token === null ? {} : { headers: { authorization: `Bearer ${token}` } };
    },
    exchanges: [
      mapExchange({
        onError({ graphQLErrors, response }) {
          const isRefused = graphQLErrors.some(({ extensions }) => extensions['code'] === 'UNAUTHENTICATED');
          if (isRefused || response?.status === 401) refuse('The server does not accept this key or token.');
        },
      }),
      createCache(),
      fetchExchange,
      darkroomExchange(transport, (state, lost) => setConnection(lost === null ? state : 'lost')),
    ],
  });
}
