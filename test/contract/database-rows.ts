/** Values to store in tests of the queries, complete and valid; tests change the fields that they are about. */
import type { StoredApiKey } from '../../src/domain/access/api-key.ts';
import type { Conversation } from '../../src/domain/conversation.ts';
import type { GenerationCall } from '../../src/domain/generation/generation-call.ts';
import type { GenerationRequest } from '../../src/domain/generation/generation-request.ts';
import { NO_SETTINGS } from '../../src/domain/generation/options.ts';
import type { Image, PartialImage } from '../../src/domain/images/image.ts';

export const PRINCIPAL = 'somebody';
export const AT = '2026-11-28T12:00:00.000Z';
export const LATER = '2026-11-28T13:00:00.000Z';
const SHA256 = 'a'.repeat(64);

export function apiKeyOf(id: string, changes: Partial<StoredApiKey> = {}): StoredApiKey {
  return {
    id,
    principal: PRINCIPAL,
    name: 'a frontend',
    scopes: ['READ', 'GENERATE'],
    createdAt: AT,
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
    secrets: [{ hash: SHA256, endsAt: null }],
    ...changes,
  };
}

export function conversationOf(id: string, changes: Partial<Conversation> = {}): Conversation {
  return {
    id,
    principal: PRINCIPAL,
    title: 'a kite',
    createdAt: AT,
    updatedAt: AT,
    deletedAt: null,
    lastPosition: 0,
    ...changes,
  };
}

export function requestOf(changes: Partial<GenerationRequest> = {}): GenerationRequest {
  return {
    kind: 'GENERATE',
    prompt: 'a kite',
    verbatim: false,
    count: 1,
    settings: { ...NO_SETTINGS, quality: 'HIGH' },
    maskImageId: null,
    markupImageId: null,
    ...changes,
  };
}

export function callOf(id: string, changes: Partial<GenerationCall> = {}): GenerationCall {
  return {
    id,
    principal: PRINCIPAL,
    conversationId: 'conversation',
    status: 'QUEUED',
    request: requestOf(),
    retryOf: null,
    context: { isOpen: true, imageId: null },
    revisedPrompt: null,
    failure: null,
    imageFailures: [],
    route: null,
    attempts: 0,
    responseId: null,
    upstream: null,
    lastSequence: 0,
    lastPosition: 0,
    lastEventId: null,
    createdAt: AT,
    startedAt: null,
    firstPartialAt: null,
    completedAt: null,
    claimedBy: null,
    notBefore: null,
    leftOut: [],
    cancelRequestedAt: null,
    deletedAt: null,
    ...changes,
  };
}

export function imageOf(id: string, changes: Partial<Image> = {}): Image {
  return {
    id,
    principal: PRINCIPAL,
    conversationId: null,
    callId: null,
    imageIndex: 0,
    origin: 'UPLOADED',
    purpose: 'SOURCE',
    sha256: SHA256,
    byteSize: 1_234,
    width: 20,
    height: 10,
    format: 'PNG',
    prompt: null,
    revisedPrompt: null,
    requested: null,
    actual: null,
    itemId: null,
    responseId: null,
    verbatim: null,
    thumbhash: null,
    hasContentCredentials: null,
    favorite: false,
    deletedAt: null,
    createdAt: AT,
    ...changes,
  };
}

export function partialImageOf(id: string, changes: Partial<PartialImage> = {}): PartialImage {
  return {
    id,
    index: 0,
    imageIndex: 0,
    sha256: SHA256,
    byteSize: 123,
    width: 20,
    height: 10,
    format: 'PNG',
    ...changes,
  };
}

/** A row for `insertAttempts`. */
export function attemptOf(callId: string, changes: { readonly again?: boolean; readonly background?: boolean } = {}) {
  return {
    call_id: callId,
    attempt: 1,
    task: 0,
    principal: PRINCIPAL,
    api: 'RESPONSES',
    image_count: 1,
    again: false,
    background: false,
    started_at: AT,
    state: 'ASKED',
    ...changes,
  };
}

export function instanceOf(id: string) {
  return { id, hostname: 'here', pid: 1, started_at: AT, heartbeat_at: AT };
}

export function idOf({ id }: { readonly id: string }): string {
  return id;
}

/** As many ids as asked for, in order: a, b, c … */
export function letters(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String.fromCodePoint(97 + index));
}
