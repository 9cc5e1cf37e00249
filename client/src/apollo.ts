/** Subscriptions of Apollo Client that resume. */
import { ApolloLink, Observable } from '@apollo/client';
import { print } from 'graphql';
import { subscribe } from './subscribe.ts';
import type { Transport } from './transports/transport.ts';

/** For the subscriptions of `ApolloLink.split`. Their documents have `$after` and select `cursor`. */
export class DarkroomLink extends ApolloLink {
  constructor(transport: Transport) {
    super(
      ({ query, variables }) =>
        new Observable((observer) => subscribe(transport, { query: print(query), variables }, observer)),
    );
  }
}
