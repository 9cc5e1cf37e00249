/** What `@darkroom/client` exports. */
export { type CallProgress, type ImageProgress, NO_PROGRESS, progressAfter } from './call-progress.ts';
export {
  type CallEvent,
  type ConversationEvent,
  createDarkroomClient,
  type DarkroomClient,
  type Document,
  type ViewerEvent,
  type WatchOptions,
} from './client.ts';
export {
  ConnectionLostError,
  CredentialsRefusedError,
  type ResultError,
  SubscriptionRefusedError,
} from './errors.ts';
export type { ConnectionState } from './resume.ts';
export { type Observer, subscribe } from './subscribe.ts';
export { type EventStreamOptions, eventStream } from './transports/event-stream.ts';
export type { SubscriptionRequest, SubscriptionResult, Token, Transport } from './transports/transport.ts';
export { type WebSocketOptions, webSocket } from './transports/web-socket.ts';
