/** Stores the start of an attempt and its requests before anything is sent (promise 6). */

import { insertAttempts } from '../db/queries/engine/attempts.ts';
import { insertImpliedSource } from '../db/queries/images/call-sources.ts';
import type { GenerationCall, RefineRoute } from '../domain/generation/generation-call.ts';
import { optionsLeftOut } from '../domain/generation/left-out.ts';
import type { Transitions } from '../state/transitions.ts';
import type { Plan } from './requests/plan.ts';

export interface AttemptStart {
  readonly plan: Plan;
  readonly background: boolean;
  readonly route: RefineRoute | null;
  /** The image that the call builds upon without naming it. */
  readonly contextImageId: string | null;
  /** The optional parameters of the upstream that the requests do without. */
  readonly leftOut: readonly string[];
  /** The server that claims the call. */
  readonly instanceId: string;
  /** Identifies the upstream that will be asked. */
  readonly upstream: string;
}

/** @returns the call as it is then */
export async function recordAttemptStart(
  transitions: Transitions,
  call: GenerationCall,
  { plan, background, route, contextImageId, leftOut, instanceId, upstream }: AttemptStart,
): Promise<GenerationCall> {
  const options = optionsLeftOut(call.request.settings, leftOut);
  const attempt = call.attempts + 1;
  const rowsAt = (startedAt: string) =>
    plan.tasks.map((task) => ({
      call_id: call.id,
      attempt,
      task,
      principal: call.principal,
      api: plan.api,
      image_count: plan.imagesPerRequest,
      again: false,
      route,
      started_at: startedAt,
      state: 'ASKED',
      background,
    }));
  const { at } = await transitions.record(
    call.id,
    { type: 'GenerationStarted', attempt },
    {
      claimant: instanceId,
      onlyFrom: 'QUEUED',
      change: {
        attempts: attempt,
        route,
        upstream,
        response_id: null,
        context_open: false,
        context_image_id: contextImageId,
        not_before: null,
        left_out: options.length === 0 ? null : JSON.stringify(options),
      },
      also: async (transaction, startedAt) => {
        await insertAttempts(transaction, rowsAt(startedAt));
        if (!call.context.isOpen || contextImageId === null) return;
        await insertImpliedSource(transaction, call.principal, call.id, contextImageId);
      },
    },
  );
  return { ...call, attempts: attempt, startedAt: call.startedAt ?? at };
}
