/** What a client may do in a minute and have open at once, and how much of it is left: fields of `Limits`. */
import {
  CLIENT_RATES,
  type ClientRate,
  CONCURRENCY_KINDS,
  type ConcurrencyKind,
  type ConcurrencyUsage,
  type RateUsage,
} from '../../src/domain/limits/client-limits.ts';
import { builder } from '../builder.ts';
import { enumOf } from './images/image-settings.ts';
import { LimitsRef } from './limits.ts';

const RateKindRef = enumOf<ClientRate>('RateKind', 'What is counted for a client within a minute.', CLIENT_RATES, {
  REQUESTS: 'Operations, whatever they ask for.',
  COST: 'The cost of operations, in points.',
  UPLOADS: 'Uploads.',
  IMAGES: 'The images of accepted calls.',
  VARIANTS: 'Images that are resized or converted (`url(width:, format:)`), each when it is made for the first time.',
});

const RateLimitRef = builder.objectRef<RateUsage>('RateLimit').implement({
  description:
    'A limit within a minute. What exceeds it is refused with the code RATE_LIMITED until `resetsAt`. It is counted for ' +
    'your principal or, if they have less, for your credentials; without authentication, requests and cost are counted ' +
    'for your address.',
  fields: (t) => ({
    kind: t.expose('kind', { type: RateKindRef, description: 'What is counted.' }),
    perMinute: t.exposeInt('perMinute', { description: 'The number within one minute.' }),
    remaining: t.exposeInt('remaining', { description: 'How much of it is left.' }),
    resetsAt: t.expose('resetsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The time from which all of it is available again; null when nothing is counted now.',
    }),
  }),
});

const ConcurrencyKindRef = enumOf<ConcurrencyKind>(
  'ConcurrencyKind',
  'What is counted for a client while it is open.',
  CONCURRENCY_KINDS,
  {
    SUBSCRIPTIONS: 'Subscriptions, over WebSocket and server-sent events together.',
    OPERATIONS: 'Queries and mutations that are running, uploads included.',
  },
);

const ConcurrencyLimitRef = builder.objectRef<ConcurrencyUsage>('ConcurrencyLimit').implement({
  description: 'A limit of what can be open at once. What exceeds it is refused with the code RATE_LIMITED.',
  fields: (t) => ({
    kind: t.expose('kind', { type: ConcurrencyKindRef, description: 'What is counted.' }),
    limit: t.exposeInt('limit', { description: 'The number at once.' }),
    inUse: t.exposeInt('inUse', { description: 'How many are open. The operation that asks is one of them.' }),
  }),
});

builder.objectFields(LimitsRef, (t) => ({
  rates: t.field({
    type: [RateLimitRef],
    description: 'What you may do within a minute. Empty when nothing is limited.',
    resolve: async (_, __, { usageNow }) => [...(await usageNow()).rates],
  }),
  concurrency: t.field({
    type: [ConcurrencyLimitRef],
    description: 'What you may have open at once. Empty when nothing is limited.',
    resolve: async (_, __, { usageNow }) => [...(await usageNow()).concurrency],
  }),
}));
