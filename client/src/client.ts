/** Follows calls, conversations and everything of a viewer, as async iterables of typed events. */
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import {
  WatchCallDocument,
  type WatchCallSubscription,
  WatchConversationDocument,
  type WatchConversationSubscription,
  WatchViewerDocument,
  type WatchViewerSubscription,
} from './gql/graphql.ts';
import { type ConnectionState, resume } from './resume.ts';
import type { Transport } from './transports/transport.ts';

export type CallEvent = WatchCallSubscription['generationEvents'];
export type ConversationEvent = WatchConversationSubscription['conversationEvents'];
export type ViewerEvent = WatchViewerSubscription['viewerEvents'];

export interface WatchOptions {
  /** The cursor to start behind. Without it, a call or conversation is replayed from its first event. */
  readonly after?: string | null | undefined;
  /** Ends the iteration, with its reason as the error. */
  readonly signal?: AbortSignal | undefined;
  /** Called when events begin to arrive, and with the error when the connection is lost. It is replaced by itself. */
  readonly onState?: ((state: ConnectionState, lost: Error | null) => void) | undefined;
}

/** A document that was typed by GraphQL Code Generator (`documentMode: 'string'`), or a string. */
export type Document<Data, Variables> = DocumentTypeDecoration<Data, Variables> & { toString(): string };

/** Every method throws {SubscriptionRefusedError}, {CredentialsRefusedError}, or the reason of the signal; nothing else. */
export interface DarkroomClient {
  /** The events of a call, each once. Ends after its terminal event. */
  watchCall(callId: string, options?: WatchOptions): AsyncGenerator<CallEvent, void, undefined>;
  /** The events of a conversation, each once. Goes on until it is aborted. */
  watchConversation(conversationId: string, options?: WatchOptions): AsyncGenerator<ConversationEvent, void, undefined>;
  /** The events of everything that belongs to the viewer, each once. Goes on until it is aborted. */
  watchViewer(options?: WatchOptions): AsyncGenerator<ViewerEvent, void, undefined>;
  /** The data of a subscription of your own. It must have a variable `$after`, and select `cursor` of its event. */
  watch<Data, Variables extends object>(
    document: Document<Data, Variables>,
    variables: Omit<Variables, 'after'>,
    options?: WatchOptions,
  ): AsyncGenerator<Data, void, undefined>;
}

export function createDarkroomClient(transport: Transport): DarkroomClient {
  async function* watch<Data, Variables extends object>(
    document: Document<Data, Variables>,
    variables: Omit<Variables, 'after'>,
    { after, signal, onState }: WatchOptions = {},
  ): AsyncGenerator<Data, void, undefined> {
    const query = document.toString();
    for await (const { data } of resume({ transport, query, variables: { ...variables, after }, signal, onState })) {
      // The document says what its data is.
      yield data as Data;
    }
  }

  return {
    async *watchCall(callId, options) {
      for await (const data of watch(WatchCallDocument, { callId }, options)) yield data.generationEvents;
    },
    async *watchConversation(conversationId, options) {
      const variables = { conversationId };
      for await (const data of watch(WatchConversationDocument, variables, options)) yield data.conversationEvents;
    },
    async *watchViewer(options) {
      for await (const data of watch(WatchViewerDocument, {}, options)) yield data.viewerEvents;
    },
    watch,
  };
}
