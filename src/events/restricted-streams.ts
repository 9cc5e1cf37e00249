/** The event streams of credentials that are limited to one conversation or one call. Others look as if they did not exist. */
import type { Restriction } from '../domain/access/restriction.ts';
import { NotFoundError, RestrictedError } from '../domain/errors.ts';
import type { EventStreams } from './streams.ts';

/** Resolve with null for what is outside. */
export interface Reachable {
  call(id: string): Promise<object | null>;
  conversation(id: string): Promise<object | null>;
}

export function restrictEventStreams(streams: EventStreams, reachable: Reachable, { type }: Restriction): EventStreams {
  return {
    async ofCall(principal, callId, after) {
      if ((await reachable.call(callId)) === null) throw new NotFoundError('callId', 'generation call');
      return streams.ofCall(principal, callId, after);
    },
    async ofConversation(principal, id, after) {
      if ((await reachable.conversation(id)) === null) throw new NotFoundError('conversationId', 'conversation');
      return streams.ofConversation(principal, id, after);
    },
    async ofViewer() {
      throw new RestrictedError('viewerEvents', INSTEAD[type]);
    },
  };
}

const INSTEAD = {
  Conversation: { limitedTo: 'conversation', instead: 'conversationEvents' },
  GenerationCall: { limitedTo: 'call', instead: 'generationEvents' },
} as const;
