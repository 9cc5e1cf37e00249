/** What administrators do with calls that wait for approval. */

import { ForbiddenError, InvalidInputError, NotAwaitingApprovalError, NotFoundError } from '../../src/domain/errors.ts';
import type { ApprovalRequest } from '../../src/domain/limits/approval.ts';
import { builder } from '../builder.ts';
import { pagePrice } from '../prices.ts';
import { ImageSettingsRef } from '../refs.ts';
import { connection } from '../relay/connection.ts';
import { encodeGlobalId, idOf } from '../relay/global-id.ts';
import { GenerationKindRef, GenerationStatusRef } from '../types/calls/generation-call.ts';
import { currencyField } from '../types/cost.ts';

const ApprovalRequestRef = builder.objectRef<ApprovalRequest>('ApprovalRequest').implement({
  description:
    'A call of any principal that waits, or waited, for the approval of an administrator. It shows what is needed to ' +
    'decide. The call itself, its images and its conversation are shown to its principal alone.',
  fields: (t) => ({
    callId: t.id({
      description: 'The id of the `GenerationCall`.',
      resolve: ({ id }) => encodeGlobalId('GenerationCall', id),
    }),
    principal: t.exposeString('principal', { description: 'The id of the principal that started the call.' }),
    credential: t.exposeString('credential', {
      nullable: true,
      description: 'The credentials it was started with, `key:<id>` for an API key; null without authentication.',
    }),
    status: t.expose('status', { type: GenerationStatusRef, description: 'The current status of the call.' }),
    kind: t.expose('kind', {
      type: GenerationKindRef,
      description: 'Whether the call makes a new image or changes one.',
    }),
    prompt: t.exposeString('prompt', { description: 'The prompt of the call.' }),
    count: t.exposeInt('count', { description: 'The number of requested images.' }),
    requested: t.field({
      type: ImageSettingsRef,
      description: 'The requested image options.',
      resolve: ({ settings }) => settings,
    }),
    amount: t.expose('amount', {
      type: 'Decimal',
      description: 'What the call may cost, in `currency`: what is reserved when it is approved.',
    }),
    currency: currencyField(t),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'The time since when the call waits.' }),
  }),
});

const ApprovalRequestConnectionRef = builder.connectionObject(
  { type: ApprovalRequestRef, name: 'ApprovalRequestConnection', description: 'A page of calls that wait.' },
  { name: 'ApprovalRequestEdge', description: 'A call in a page, with its cursor.' },
);

builder.queryField('generationCallsAwaitingApproval', (t) =>
  t.connection(
    {
      type: ApprovalRequestRef,
      authScopes: { ADMIN: true },
      complexity: pagePrice,
      description: 'The calls of all principals that wait for approval, oldest first. Requires the scope ADMIN.',
      resolve: (_, args, { approvals, principal }) => {
        const list = { principal, key: ['generationCallsAwaitingApproval'], direction: 'ASC' } as const;
        return connection(args, list, {
          page: (window) => approvals.waiting(window),
          count: () => approvals.countWaiting(),
        });
      },
    },
    ApprovalRequestConnectionRef,
  ),
);

const ApproveGenerationInput = builder.inputType('ApproveGenerationInput', {
  description: 'The call to approve.',
  fields: (t) => ({
    callId: t.id({ required: true, description: 'The id of the `GenerationCall`, which may be of any principal.' }),
  }),
});

builder.mutationField('approveGeneration', (t) =>
  t.field({
    type: ApprovalRequestRef,
    authScopes: { ADMIN: true },
    description:
      'Lets a call start that waits for approval, even though it exceeds a budget. What it may cost is reserved from ' +
      'now on. Requires the scope ADMIN.',
    args: { input: t.arg({ type: ApproveGenerationInput, required: true, description: 'The call to approve.' }) },
    errors: {
      types: [InvalidInputError, NotFoundError, NotAwaitingApprovalError, ForbiddenError],
      union: { name: 'ApproveGenerationResult', description: 'The result of `approveGeneration`.' },
      result: { name: 'ApproveGenerationSuccess', description: 'The call was approved and is queued.' },
      dataField: { name: 'approval', description: 'The call, as it is now.' },
    },
    resolve: (_, { input }, { approvals }) => approvals.approve(idOf('GenerationCall', input.callId, 'callId')),
  }),
);

const RefuseGenerationInput = builder.inputType('RefuseGenerationInput', {
  description: 'The call to refuse.',
  fields: (t) => ({
    callId: t.id({ required: true, description: 'The id of the `GenerationCall`, which may be of any principal.' }),
    reason: t.string({
      description: 'Why, at most 500 characters. The principal of the call reads it in the failure of the call.',
    }),
  }),
});

builder.mutationField('refuseGeneration', (t) =>
  t.field({
    type: ApprovalRequestRef,
    authScopes: { ADMIN: true },
    description:
      'Ends a call that waits for approval: it fails with `APPROVAL_REFUSED`, and nothing is sent to the upstream. ' +
      'Requires the scope ADMIN.',
    args: { input: t.arg({ type: RefuseGenerationInput, required: true, description: 'The call to refuse.' }) },
    errors: {
      types: [InvalidInputError, NotFoundError, NotAwaitingApprovalError, ForbiddenError],
      union: { name: 'RefuseGenerationResult', description: 'The result of `refuseGeneration`.' },
      result: { name: 'RefuseGenerationSuccess', description: 'The call was refused and has ended.' },
      dataField: { name: 'approval', description: 'The call, as it is now.' },
    },
    resolve: (_, { input: { callId, reason } }, { approvals }) =>
      approvals.refuse(idOf('GenerationCall', callId, 'callId'), reason ?? null),
  }),
);
