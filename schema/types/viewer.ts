/** Viewer: the principal of the request, and the upstream that makes their images. */

import { SCOPES } from '../../src/domain/access/scope.ts';
import { encodeCursor } from '../../src/domain/cursor.ts';
import { periodCharges } from '../../src/domain/limits/charges.ts';
import { dayRange, MAX_DAYS } from '../../src/domain/limits/day-range.ts';
import { UPSTREAM_KINDS, type UpstreamInfo, type UpstreamKind } from '../../src/domain/upstream.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { ScopeRef } from '../errors.ts';
import { QUERY_PRICE, SUM_PRICE } from '../prices.ts';
import { BudgetRef } from './budget.ts';
import { CostRef } from './cost.ts';
import { enumOf } from './images/image-settings.ts';
import { LimitsRef } from './limits.ts';
import { SpendingRef } from './spending.ts';

const UpstreamKindRef = enumOf<UpstreamKind>(
  'UpstreamKind',
  'The kind of upstream that makes the images.',
  UPSTREAM_KINDS,
  {
    SIMULATOR: 'The built-in simulator, which draws images from the prompt at no cost.',
    OPENAI: 'OpenAI.',
    AZURE: 'Azure OpenAI.',
    COMPATIBLE: 'Another service with an OpenAI-compatible API.',
  },
);

const UpstreamRef = builder.objectRef<UpstreamInfo>('Upstream').implement({
  description: 'The service that makes the images.',
  fields: (t) => ({
    kind: t.expose('kind', { type: UpstreamKindRef, description: 'The kind of the service.' }),
    model: t.exposeString('model', {
      description: 'The default mainline model, which reads prompts and calls the image model.',
    }),
    imageModel: t.exposeString('imageModel', {
      nullable: true,
      description: 'The default image model; null when the upstream decides.',
    }),
  }),
});

const ViewerRef = builder.objectRef<Context>('Viewer').implement({
  description: 'The principal that sends the request.',
  fields: (t) => ({
    id: t.exposeID('principal', { description: 'The id of the principal, who owns everything created.' }),
    principal: t.exposeString('principal', {
      description: 'The same as `id`: `local` on a server without authentication.',
    }),
    scopes: t.field({
      type: [ScopeRef],
      description: 'What your credentials allow.',
      resolve: ({ identity }) => SCOPES.filter((scope) => identity.scopes.has(scope)),
    }),
    cursor: t.string({
      nullable: true,
      description:
        'The place of this query in everything that happens: pass it as `after` to `viewerEvents`, or to any other ' +
        'subscription, to follow what the query did not show. It is read before all other fields. Null with a client token, ' +
        'which is limited to one conversation or call.',
      complexity: QUERY_PRICE,
      resolve: async (_, __, { placeAtStart }) => {
        const eventId = await placeAtStart();
        const nothing = { callId: null, sequence: null, conversationId: null, position: null };
        return eventId === null ? null : encodeCursor({ eventId, ...nothing });
      },
    }),
    cost: t.field({
      type: CostRef,
      authScopes: { COST: true },
      description: 'The total cost of all calls of the principal.',
      complexity: SUM_PRICE,
      resolve: ({ reader }) => reader.costOfEverything(),
    }),
    spending: t.field({
      type: SpendingRef,
      authScopes: { COST: true },
      description:
        'What was spent in some days, whether there are budgets or not. By default: in this month, up to today. A call counts on ' +
        'the day on which it was accepted, or approved, as it does in budgets; calls that were deleted for good count, too.',
      complexity: QUERY_PRICE,
      args: {
        from: t.arg({
          type: 'Date',
          description: `The first day, in UTC. Defaults to the first day of the month of \`to\`. At most ${MAX_DAYS} days can be asked for.`,
        }),
        to: t.arg({ type: 'Date', description: 'The last day, in UTC, which is included. Defaults to today.' }),
      },
      resolve: async (_, { from, to }, { reader, now }) => {
        const range = dayRange(from, to, now());
        return periodCharges(range, await reader.chargedDays(range));
      },
    }),
    budgets: t.field({
      type: [BudgetRef],
      authScopes: { COST: true },
      description:
        'The budgets that limit your requests: those of the principal, and those of the API key that sends the request. ' +
        'Empty when there is no limit.',
      complexity: { field: SUM_PRICE, multiplier: 4 },
      resolve: async ({ budgetsNow }) => [...(await budgetsNow())],
    }),
    limits: t.expose('limits', { type: LimitsRef, description: 'What you may ask for.' }),
    upstream: t.expose('upstream', { type: UpstreamRef, description: 'The service that makes the images.' }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    authScopes: { READ: true },
    description: 'The principal that sends the request.',
    resolve: (_, __, context) => context,
  }),
);
