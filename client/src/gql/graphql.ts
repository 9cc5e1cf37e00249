/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** The reason for a failure. */
export type GenerationFailureCode =
  /** An administrator refused the call, or nobody approved it in time. Nothing was sent to the upstream. */
  | 'APPROVAL_REFUSED'
  /** The upstream stopped before the image was finished. */
  | 'INCOMPLETE'
  /** An internal error of this server. */
  | 'INTERNAL'
  /** The upstream rejected the request as invalid. Repeating it will not help. */
  | 'INVALID_REQUEST'
  /** The safety system of the upstream rejected the prompt or the image. */
  | 'MODERATION_BLOCKED'
  /** The upstream finished normally, without an image. */
  | 'NO_IMAGE'
  /** The connection or the server was lost during the request. Whether an image was made and charged is not known. */
  | 'OUTCOME_UNKNOWN'
  /** The budget at the upstream is used up. Only the operator of this server can raise it. */
  | 'QUOTA_EXCEEDED'
  /** The upstream is limiting requests at the moment. */
  | 'RATE_LIMITED'
  /** The upstream stopped sending, or the call took longer than its time limit. */
  | 'TIMED_OUT'
  /** The upstream could not be reached, or could not process the request. */
  | 'UPSTREAM_UNAVAILABLE';

/** The status of a call. COMPLETED, FAILED and CANCELLED are final. */
export type GenerationStatus =
  /** The call exceeds a budget and waits until an administrator approves or refuses it. */
  | 'AWAITING_APPROVAL'
  /** The call was cancelled. Images that were finished before are kept. */
  | 'CANCELLED'
  /** At least one image was made. `failures` lists the images that are missing. */
  | 'COMPLETED'
  /** The call ended without an image. `failure` gives the reason. */
  | 'FAILED'
  /** The upstream is being asked or is working. */
  | 'IN_PROGRESS'
  /** The call was accepted and is waiting. */
  | 'QUEUED';

/** An image file format. */
export type ImageFormat =
  /** No partial images and no compression. Only some models support it. */
  | 'GIF'
  /** Small; supports compression. */
  | 'JPEG'
  /** Lossless; supports transparency. The default. */
  | 'PNG'
  /** A vector drawing. Only some models support it. */
  | 'SVG'
  /** Small; supports transparency and compression. */
  | 'WEBP';

export type PictureFragment = { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly imageIndex: number | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string> };

export type FailureFragment = { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null };

type CallEvent_GenerationApproved_Fragment = { readonly __typename: 'GenerationApproved', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } };

type CallEvent_GenerationAwaitingApproval_Fragment = { readonly __typename: 'GenerationAwaitingApproval', readonly expiresAt: string, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } };

type CallEvent_GenerationCancelled_Fragment = { readonly __typename: 'GenerationCancelled', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } };

type CallEvent_GenerationCompleted_Fragment = { readonly __typename: 'GenerationCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } };

type CallEvent_GenerationFailed_Fragment = { readonly __typename: 'GenerationFailed', readonly cursor: string, readonly sequence: number, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null }, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } };

type CallEvent_GenerationQueued_Fragment = { readonly __typename: 'GenerationQueued', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } };

type CallEvent_GenerationRetrying_Fragment = { readonly __typename: 'GenerationRetrying', readonly reason: string, readonly retryAt: string, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } };

type CallEvent_GenerationStarted_Fragment = { readonly __typename: 'GenerationStarted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } };

type CallEvent_ImageCompleted_Fragment = { readonly __typename: 'ImageCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly image: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly imageIndex: number | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string> }, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } };

type CallEvent_ImageFailed_Fragment = { readonly __typename: 'ImageFailed', readonly imageIndex: number, readonly cursor: string, readonly sequence: number, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null }, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } };

type CallEvent_ImageRemoved_Fragment = { readonly __typename: 'ImageRemoved', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } };

type CallEvent_PartialImageReceived_Fragment = { readonly __typename: 'PartialImageReceived', readonly cursor: string, readonly sequence: number, readonly at: string, readonly partial: { readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } };

export type CallEventFragment =
  | CallEvent_GenerationApproved_Fragment
  | CallEvent_GenerationAwaitingApproval_Fragment
  | CallEvent_GenerationCancelled_Fragment
  | CallEvent_GenerationCompleted_Fragment
  | CallEvent_GenerationFailed_Fragment
  | CallEvent_GenerationQueued_Fragment
  | CallEvent_GenerationRetrying_Fragment
  | CallEvent_GenerationStarted_Fragment
  | CallEvent_ImageCompleted_Fragment
  | CallEvent_ImageFailed_Fragment
  | CallEvent_ImageRemoved_Fragment
  | CallEvent_PartialImageReceived_Fragment
;

export type WatchCallSubscriptionVariables = Exact<{
  callId: string | number;
  after?: string | null | undefined;
}>;


export type WatchCallSubscription = { readonly generationEvents:
    | { readonly __typename: 'GenerationApproved', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'GenerationAwaitingApproval', readonly expiresAt: string, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'GenerationCancelled', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'GenerationCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'GenerationFailed', readonly cursor: string, readonly sequence: number, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null }, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'GenerationQueued', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'GenerationRetrying', readonly reason: string, readonly retryAt: string, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'GenerationStarted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'ImageCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly image: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly imageIndex: number | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string> }, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'ImageFailed', readonly imageIndex: number, readonly cursor: string, readonly sequence: number, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null }, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'ImageRemoved', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'PartialImageReceived', readonly cursor: string, readonly sequence: number, readonly at: string, readonly partial: { readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
   };

type ArchiveEvent_ConversationCreated_Fragment = { readonly __typename: 'ConversationCreated', readonly cursor: string, readonly at: string, readonly conversation: { readonly id: string, readonly title: string } | null };

type ArchiveEvent_ConversationDeleted_Fragment = { readonly __typename: 'ConversationDeleted', readonly cursor: string, readonly at: string, readonly conversation: { readonly id: string, readonly title: string } | null };

type ArchiveEvent_ConversationPurged_Fragment = { readonly __typename: 'ConversationPurged', readonly conversationId: string, readonly cursor: string, readonly at: string };

type ArchiveEvent_ConversationRestored_Fragment = { readonly __typename: 'ConversationRestored', readonly cursor: string, readonly at: string, readonly conversation: { readonly id: string, readonly title: string } | null };

type ArchiveEvent_ConversationUpdated_Fragment = { readonly __typename: 'ConversationUpdated', readonly cursor: string, readonly at: string, readonly conversation: { readonly id: string, readonly title: string } | null };

type ArchiveEvent_GenerationApproved_Fragment = { readonly __typename: 'GenerationApproved', readonly cursor: string, readonly at: string };

type ArchiveEvent_GenerationAwaitingApproval_Fragment = { readonly __typename: 'GenerationAwaitingApproval', readonly cursor: string, readonly at: string };

type ArchiveEvent_GenerationCancelled_Fragment = { readonly __typename: 'GenerationCancelled', readonly cursor: string, readonly at: string };

type ArchiveEvent_GenerationCompleted_Fragment = { readonly __typename: 'GenerationCompleted', readonly cursor: string, readonly at: string };

type ArchiveEvent_GenerationFailed_Fragment = { readonly __typename: 'GenerationFailed', readonly cursor: string, readonly at: string };

type ArchiveEvent_GenerationQueued_Fragment = { readonly __typename: 'GenerationQueued', readonly cursor: string, readonly at: string };

type ArchiveEvent_GenerationRetrying_Fragment = { readonly __typename: 'GenerationRetrying', readonly cursor: string, readonly at: string };

type ArchiveEvent_GenerationStarted_Fragment = { readonly __typename: 'GenerationStarted', readonly cursor: string, readonly at: string };

type ArchiveEvent_ImageCompleted_Fragment = { readonly __typename: 'ImageCompleted', readonly cursor: string, readonly at: string };

type ArchiveEvent_ImageDeleted_Fragment = { readonly __typename: 'ImageDeleted', readonly imageId: string, readonly cursor: string, readonly at: string };

type ArchiveEvent_ImageFailed_Fragment = { readonly __typename: 'ImageFailed', readonly cursor: string, readonly at: string };

type ArchiveEvent_ImagePurged_Fragment = { readonly __typename: 'ImagePurged', readonly imageId: string, readonly cursor: string, readonly at: string };

type ArchiveEvent_ImageRemoved_Fragment = { readonly __typename: 'ImageRemoved', readonly cursor: string, readonly at: string };

type ArchiveEvent_ImageRestored_Fragment = { readonly __typename: 'ImageRestored', readonly imageId: string, readonly cursor: string, readonly at: string, readonly current: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly imageIndex: number | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string> } | null };

type ArchiveEvent_ImageUpdated_Fragment = { readonly __typename: 'ImageUpdated', readonly imageId: string, readonly cursor: string, readonly at: string, readonly current: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly imageIndex: number | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string> } | null };

type ArchiveEvent_ImageUploaded_Fragment = { readonly __typename: 'ImageUploaded', readonly imageId: string, readonly cursor: string, readonly at: string, readonly current: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly imageIndex: number | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string> } | null };

type ArchiveEvent_PartialImageReceived_Fragment = { readonly __typename: 'PartialImageReceived', readonly cursor: string, readonly at: string };

export type ArchiveEventFragment =
  | ArchiveEvent_ConversationCreated_Fragment
  | ArchiveEvent_ConversationDeleted_Fragment
  | ArchiveEvent_ConversationPurged_Fragment
  | ArchiveEvent_ConversationRestored_Fragment
  | ArchiveEvent_ConversationUpdated_Fragment
  | ArchiveEvent_GenerationApproved_Fragment
  | ArchiveEvent_GenerationAwaitingApproval_Fragment
  | ArchiveEvent_GenerationCancelled_Fragment
  | ArchiveEvent_GenerationCompleted_Fragment
  | ArchiveEvent_GenerationFailed_Fragment
  | ArchiveEvent_GenerationQueued_Fragment
  | ArchiveEvent_GenerationRetrying_Fragment
  | ArchiveEvent_GenerationStarted_Fragment
  | ArchiveEvent_ImageCompleted_Fragment
  | ArchiveEvent_ImageDeleted_Fragment
  | ArchiveEvent_ImageFailed_Fragment
  | ArchiveEvent_ImagePurged_Fragment
  | ArchiveEvent_ImageRemoved_Fragment
  | ArchiveEvent_ImageRestored_Fragment
  | ArchiveEvent_ImageUpdated_Fragment
  | ArchiveEvent_ImageUploaded_Fragment
  | ArchiveEvent_PartialImageReceived_Fragment
;

export type ConversationTitleFragment = { readonly id: string, readonly title: string };

export type WatchConversationSubscriptionVariables = Exact<{
  conversationId: string | number;
  after?: string | null | undefined;
}>;


export type WatchConversationSubscription = { readonly conversationEvents:
    | { readonly __typename: 'ConversationCreated', readonly cursor: string, readonly at: string, readonly conversation: { readonly id: string, readonly title: string } | null }
    | { readonly __typename: 'ConversationDeleted', readonly cursor: string, readonly at: string, readonly conversation: { readonly id: string, readonly title: string } | null }
    | { readonly __typename: 'ConversationPurged', readonly conversationId: string, readonly cursor: string, readonly at: string }
    | { readonly __typename: 'ConversationRestored', readonly cursor: string, readonly at: string, readonly conversation: { readonly id: string, readonly title: string } | null }
    | { readonly __typename: 'ConversationUpdated', readonly cursor: string, readonly at: string, readonly conversation: { readonly id: string, readonly title: string } | null }
    | { readonly __typename: 'GenerationApproved', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'GenerationAwaitingApproval', readonly expiresAt: string, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'GenerationCancelled', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'GenerationCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'GenerationFailed', readonly cursor: string, readonly sequence: number, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null }, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'GenerationQueued', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'GenerationRetrying', readonly reason: string, readonly retryAt: string, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'GenerationStarted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'ImageCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly image: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly imageIndex: number | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string> }, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'ImageDeleted', readonly imageId: string, readonly cursor: string, readonly at: string }
    | { readonly __typename: 'ImageFailed', readonly imageIndex: number, readonly cursor: string, readonly sequence: number, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null }, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'ImagePurged', readonly imageId: string, readonly cursor: string, readonly at: string }
    | { readonly __typename: 'ImageRemoved', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'ImageRestored', readonly imageId: string, readonly cursor: string, readonly at: string, readonly current: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly imageIndex: number | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string> } | null }
    | { readonly __typename: 'ImageUpdated', readonly imageId: string, readonly cursor: string, readonly at: string, readonly current: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly imageIndex: number | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string> } | null }
    | { readonly __typename: 'ImageUploaded', readonly imageId: string, readonly cursor: string, readonly at: string, readonly current: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly imageIndex: number | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string> } | null }
    | { readonly __typename: 'PartialImageReceived', readonly cursor: string, readonly sequence: number, readonly at: string, readonly partial: { readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
   };

export type WatchViewerSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type WatchViewerSubscription = { readonly viewerEvents:
    | { readonly __typename: 'ConversationCreated', readonly cursor: string, readonly at: string, readonly conversation: { readonly id: string, readonly title: string } | null }
    | { readonly __typename: 'ConversationDeleted', readonly cursor: string, readonly at: string, readonly conversation: { readonly id: string, readonly title: string } | null }
    | { readonly __typename: 'ConversationPurged', readonly conversationId: string, readonly cursor: string, readonly at: string }
    | { readonly __typename: 'ConversationRestored', readonly cursor: string, readonly at: string, readonly conversation: { readonly id: string, readonly title: string } | null }
    | { readonly __typename: 'ConversationUpdated', readonly cursor: string, readonly at: string, readonly conversation: { readonly id: string, readonly title: string } | null }
    | { readonly __typename: 'GenerationApproved', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'GenerationAwaitingApproval', readonly expiresAt: string, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'GenerationCancelled', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'GenerationCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'GenerationFailed', readonly cursor: string, readonly sequence: number, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null }, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'GenerationQueued', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'GenerationRetrying', readonly reason: string, readonly retryAt: string, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'GenerationStarted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'ImageCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly image: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly imageIndex: number | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string> }, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'ImageDeleted', readonly imageId: string, readonly cursor: string, readonly at: string }
    | { readonly __typename: 'ImageFailed', readonly imageIndex: number, readonly cursor: string, readonly sequence: number, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null }, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'ImagePurged', readonly imageId: string, readonly cursor: string, readonly at: string }
    | { readonly __typename: 'ImageRemoved', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
    | { readonly __typename: 'ImageRestored', readonly imageId: string, readonly cursor: string, readonly at: string, readonly current: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly imageIndex: number | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string> } | null }
    | { readonly __typename: 'ImageUpdated', readonly imageId: string, readonly cursor: string, readonly at: string, readonly current: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly imageIndex: number | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string> } | null }
    | { readonly __typename: 'ImageUploaded', readonly imageId: string, readonly cursor: string, readonly at: string, readonly current: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly imageIndex: number | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string> } | null }
    | { readonly __typename: 'PartialImageReceived', readonly cursor: string, readonly sequence: number, readonly at: string, readonly partial: { readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly count: number } }
   };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const PictureFragmentDoc = new TypedDocumentString(`
    fragment Picture on Image {
  id
  url
  width
  height
  format
  thumbhash
  prompt
  revisedPrompt
  imageIndex
  favorite
  tags
}
    `, {"fragmentName":"Picture"}) as unknown as TypedDocumentString<PictureFragment, unknown>;
export const FailureFragmentDoc = new TypedDocumentString(`
    fragment Failure on GenerationFailure {
  code
  message
  retryable
  retryAfter
}
    `, {"fragmentName":"Failure"}) as unknown as TypedDocumentString<FailureFragment, unknown>;
export const CallEventFragmentDoc = new TypedDocumentString(`
    fragment CallEvent on GenerationEvent {
  __typename
  cursor
  sequence
  at
  call {
    id
    status
    count
  }
  ... on GenerationAwaitingApproval {
    expiresAt
  }
  ... on PartialImageReceived {
    partial {
      id
      imageIndex
      index
      url
      width
      height
      thumbhash
    }
  }
  ... on ImageCompleted {
    image {
      ...Picture
    }
  }
  ... on ImageFailed {
    imageIndex
    failure {
      ...Failure
    }
  }
  ... on GenerationRetrying {
    reason
    retryAt
  }
  ... on GenerationFailed {
    failure {
      ...Failure
    }
  }
}
    fragment Picture on Image {
  id
  url
  width
  height
  format
  thumbhash
  prompt
  revisedPrompt
  imageIndex
  favorite
  tags
}
fragment Failure on GenerationFailure {
  code
  message
  retryable
  retryAfter
}`, {"fragmentName":"CallEvent"}) as unknown as TypedDocumentString<CallEventFragment, unknown>;
export const ConversationTitleFragmentDoc = new TypedDocumentString(`
    fragment ConversationTitle on Conversation {
  id
  title
}
    `, {"fragmentName":"ConversationTitle"}) as unknown as TypedDocumentString<ConversationTitleFragment, unknown>;
export const ArchiveEventFragmentDoc = new TypedDocumentString(`
    fragment ArchiveEvent on ViewerEvent {
  __typename
  cursor
  at
  ... on ConversationCreated {
    conversation {
      ...ConversationTitle
    }
  }
  ... on ConversationUpdated {
    conversation {
      ...ConversationTitle
    }
  }
  ... on ConversationDeleted {
    conversation {
      ...ConversationTitle
    }
  }
  ... on ConversationRestored {
    conversation {
      ...ConversationTitle
    }
  }
  ... on ConversationPurged {
    conversationId
  }
  ... on ImageUploaded {
    imageId
    current: image {
      ...Picture
    }
  }
  ... on ImageUpdated {
    imageId
    current: image {
      ...Picture
    }
  }
  ... on ImageDeleted {
    imageId
  }
  ... on ImageRestored {
    imageId
    current: image {
      ...Picture
    }
  }
  ... on ImagePurged {
    imageId
  }
}
    fragment Picture on Image {
  id
  url
  width
  height
  format
  thumbhash
  prompt
  revisedPrompt
  imageIndex
  favorite
  tags
}
fragment ConversationTitle on Conversation {
  id
  title
}`, {"fragmentName":"ArchiveEvent"}) as unknown as TypedDocumentString<ArchiveEventFragment, unknown>;
export const WatchCallDocument = new TypedDocumentString(`
    subscription WatchCall($callId: ID!, $after: String) {
  generationEvents(callId: $callId, after: $after) {
    ...CallEvent
  }
}
    fragment Picture on Image {
  id
  url
  width
  height
  format
  thumbhash
  prompt
  revisedPrompt
  imageIndex
  favorite
  tags
}
fragment Failure on GenerationFailure {
  code
  message
  retryable
  retryAfter
}
fragment CallEvent on GenerationEvent {
  __typename
  cursor
  sequence
  at
  call {
    id
    status
    count
  }
  ... on GenerationAwaitingApproval {
    expiresAt
  }
  ... on PartialImageReceived {
    partial {
      id
      imageIndex
      index
      url
      width
      height
      thumbhash
    }
  }
  ... on ImageCompleted {
    image {
      ...Picture
    }
  }
  ... on ImageFailed {
    imageIndex
    failure {
      ...Failure
    }
  }
  ... on GenerationRetrying {
    reason
    retryAt
  }
  ... on GenerationFailed {
    failure {
      ...Failure
    }
  }
}`) as unknown as TypedDocumentString<WatchCallSubscription, WatchCallSubscriptionVariables>;
export const WatchConversationDocument = new TypedDocumentString(`
    subscription WatchConversation($conversationId: ID!, $after: String) {
  conversationEvents(conversationId: $conversationId, after: $after) {
    ...CallEvent
    ...ArchiveEvent
  }
}
    fragment Picture on Image {
  id
  url
  width
  height
  format
  thumbhash
  prompt
  revisedPrompt
  imageIndex
  favorite
  tags
}
fragment Failure on GenerationFailure {
  code
  message
  retryable
  retryAfter
}
fragment CallEvent on GenerationEvent {
  __typename
  cursor
  sequence
  at
  call {
    id
    status
    count
  }
  ... on GenerationAwaitingApproval {
    expiresAt
  }
  ... on PartialImageReceived {
    partial {
      id
      imageIndex
      index
      url
      width
      height
      thumbhash
    }
  }
  ... on ImageCompleted {
    image {
      ...Picture
    }
  }
  ... on ImageFailed {
    imageIndex
    failure {
      ...Failure
    }
  }
  ... on GenerationRetrying {
    reason
    retryAt
  }
  ... on GenerationFailed {
    failure {
      ...Failure
    }
  }
}
fragment ArchiveEvent on ViewerEvent {
  __typename
  cursor
  at
  ... on ConversationCreated {
    conversation {
      ...ConversationTitle
    }
  }
  ... on ConversationUpdated {
    conversation {
      ...ConversationTitle
    }
  }
  ... on ConversationDeleted {
    conversation {
      ...ConversationTitle
    }
  }
  ... on ConversationRestored {
    conversation {
      ...ConversationTitle
    }
  }
  ... on ConversationPurged {
    conversationId
  }
  ... on ImageUploaded {
    imageId
    current: image {
      ...Picture
    }
  }
  ... on ImageUpdated {
    imageId
    current: image {
      ...Picture
    }
  }
  ... on ImageDeleted {
    imageId
  }
  ... on ImageRestored {
    imageId
    current: image {
      ...Picture
    }
  }
  ... on ImagePurged {
    imageId
  }
}
fragment ConversationTitle on Conversation {
  id
  title
}`) as unknown as TypedDocumentString<WatchConversationSubscription, WatchConversationSubscriptionVariables>;
export const WatchViewerDocument = new TypedDocumentString(`
    subscription WatchViewer($after: String) {
  viewerEvents(after: $after) {
    ...CallEvent
    ...ArchiveEvent
  }
}
    fragment Picture on Image {
  id
  url
  width
  height
  format
  thumbhash
  prompt
  revisedPrompt
  imageIndex
  favorite
  tags
}
fragment Failure on GenerationFailure {
  code
  message
  retryable
  retryAfter
}
fragment CallEvent on GenerationEvent {
  __typename
  cursor
  sequence
  at
  call {
    id
    status
    count
  }
  ... on GenerationAwaitingApproval {
    expiresAt
  }
  ... on PartialImageReceived {
    partial {
      id
      imageIndex
      index
      url
      width
      height
      thumbhash
    }
  }
  ... on ImageCompleted {
    image {
      ...Picture
    }
  }
  ... on ImageFailed {
    imageIndex
    failure {
      ...Failure
    }
  }
  ... on GenerationRetrying {
    reason
    retryAt
  }
  ... on GenerationFailed {
    failure {
      ...Failure
    }
  }
}
fragment ArchiveEvent on ViewerEvent {
  __typename
  cursor
  at
  ... on ConversationCreated {
    conversation {
      ...ConversationTitle
    }
  }
  ... on ConversationUpdated {
    conversation {
      ...ConversationTitle
    }
  }
  ... on ConversationDeleted {
    conversation {
      ...ConversationTitle
    }
  }
  ... on ConversationRestored {
    conversation {
      ...ConversationTitle
    }
  }
  ... on ConversationPurged {
    conversationId
  }
  ... on ImageUploaded {
    imageId
    current: image {
      ...Picture
    }
  }
  ... on ImageUpdated {
    imageId
    current: image {
      ...Picture
    }
  }
  ... on ImageDeleted {
    imageId
  }
  ... on ImageRestored {
    imageId
    current: image {
      ...Picture
    }
  }
  ... on ImagePurged {
    imageId
  }
}
fragment ConversationTitle on Conversation {
  id
  title
}`) as unknown as TypedDocumentString<WatchViewerSubscription, WatchViewerSubscriptionVariables>;