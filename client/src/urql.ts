/** Subscriptions of urql that resume. */
import { type Exchange, subscriptionExchange } from '@urql/core';
import type { ResumeOptions } from './resume.ts';
import { subscribe } from './subscribe.ts';
import type { Transport } from './transports/transport.ts';

/** Takes the place of urql's `subscriptionExchange`. Documents of subscriptions have `$after` and select `cursor`. */
export function darkroomExchange(transport: Transport, onState?: ResumeOptions['onState']): Exchange {
  return subscriptionExchange({
    forwardSubscription: ({ query = '', variables = {} }) => ({
      subscribe: (sink) => ({
        unsubscribe: subscribe(transport, { query, variables }, sink, onState),
      }),
    }),
  });
}
