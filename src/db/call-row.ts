/** A generation call as a row of the table `calls`, and back. */
import type { Insertable, Selectable } from 'kysely';
import type { GenerationCall, GenerationStatus, RefineRoute } from '../domain/generation/generation-call.ts';
import type { GenerationKind, GenerationRequest } from '../domain/generation/generation-request.ts';
import { parseFailure, parseImageFailures, parseNames, parseSettings } from './json.ts';
import type { CallsTable } from './tables/generations.ts';

export function toCallRow(call: GenerationCall): Insertable<CallsTable> {
  return {
    id: call.id,
    principal: call.principal,
    conversation_id: call.conversationId,
    ...requestColumns(call.request),
    status: call.status,
    retry_of: call.retryOf,
    context_open: call.context.isOpen,
    context_image_id: call.context.imageId,
    revised_prompt: call.revisedPrompt,
    failure: call.failure === null ? null : JSON.stringify(call.failure),
    picture_failures: call.imageFailures.length === 0 ? null : JSON.stringify(call.imageFailures),
    route: call.route,
    attempts: call.attempts,
    response_id: call.responseId,
    upstream: call.upstream,
    last_sequence: call.lastSequence,
    last_position: call.lastPosition,
    last_event_id: call.lastEventId,
    created_at: call.createdAt,
    started_at: call.startedAt,
    first_partial_at: call.firstPartialAt,
    completed_at: call.completedAt,
    claimed_by: call.claimedBy,
    not_before: call.notBefore,
    left_out: call.leftOut.length === 0 ? null : JSON.stringify(call.leftOut),
    cancel_requested_at: call.cancelRequestedAt,
    deleted_at: call.deletedAt,
    overlay_purged: false,
  };
}

export function toCall(row: Selectable<CallsTable>): GenerationCall {
  return {
    id: row.id,
    principal: row.principal,
    conversationId: row.conversation_id,
    // Columns with fixed values are only written from the unions of the domain.
    status: row.status as GenerationStatus,
    request: toRequest(row),
    retryOf: row.retry_of,
    context: { isOpen: row.context_open, imageId: row.context_image_id },
    revisedPrompt: row.revised_prompt,
    failure: row.failure === null ? null : parseFailure(row.failure),
    imageFailures: parseImageFailures(row.picture_failures),
    // Likewise.
    route: row.route as RefineRoute | null,
    attempts: row.attempts,
    responseId: row.response_id,
    upstream: row.upstream,
    lastSequence: row.last_sequence,
    lastPosition: row.last_position,
    lastEventId: row.last_event_id,
    createdAt: row.created_at,
    startedAt: row.started_at,
    firstPartialAt: row.first_partial_at,
    completedAt: row.completed_at,
    claimedBy: row.claimed_by,
    notBefore: row.not_before,
    leftOut: parseNames(row.left_out),
    cancelRequestedAt: row.cancel_requested_at,
    deletedAt: row.deleted_at,
  };
}

function requestColumns({ kind, prompt, verbatim, count, settings, ...images }: GenerationRequest) {
  return {
    kind,
    prompt,
    verbatim,
    count,
    requested: JSON.stringify(settings),
    mask_image_id: images.maskImageId,
    markup_image_id: images.markupImageId,
  };
}

function toRequest(row: Selectable<CallsTable>): GenerationRequest {
  return {
    // Columns with fixed values are only written from the unions of the domain.
    kind: row.kind as GenerationKind,
    prompt: row.prompt,
    verbatim: row.verbatim,
    count: row.count,
    settings: parseSettings(row.requested),
    maskImageId: row.mask_image_id,
    markupImageId: row.markup_image_id,
  };
}
