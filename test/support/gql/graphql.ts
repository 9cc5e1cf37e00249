/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** The call to end. */
export type CancelGenerationInput = {
  /** The `id` of the GenerationCall. */
  readonly callId: string | number;
};

/** What kind of error it is, for programs. Errors outside of a result union carry it in `extensions.code`. */
export type ErrorCode =
  /** The idempotency key was used before with another input. */
  | 'IDEMPOTENCY_CONFLICT'
  /** Something in the input is not allowed; the fields say what would be right. */
  | 'INVALID_INPUT'
  /** The call has ended already. */
  | 'NOT_CANCELLABLE'
  /** There is no such thing, or it is not yours: the two look the same. */
  | 'NOT_FOUND';

/** A new picture. */
export type GenerateImageInput = {
  /** The conversation to go on in, with its newest picture in view. Left out, a new one begins. */
  readonly conversationId?: string | number | null | undefined;
  /** Of your choice, 1 to 255 characters. The same key with the same input returns the same call, however often it is sent and whether the first answer arrived or not: send again what you are not sure of, and nothing is bought twice. */
  readonly idempotencyKey?: string | null | undefined;
  /** How it shall be made. */
  readonly options?: ImageOptionsInput | null | undefined;
  /** What the picture should show, in 1 to 32,000 characters. */
  readonly prompt: string;
};

/** Which calls to list. What is left out does not matter. */
export type GenerationCallFilter = {
  /** Only those of this conversation. */
  readonly conversationId?: string | number | null | undefined;
  /** Only those that stand at one of these. */
  readonly status?: ReadonlyArray<GenerationStatus> | null | undefined;
};

/** Why a call failed. */
export type GenerationFailureCode =
  /** The upstream stopped before the picture was done. */
  | 'INCOMPLETE'
  /** Something went wrong on this server. */
  | 'INTERNAL'
  /** The upstream found the request wrong; it would do so again. */
  | 'INVALID_REQUEST'
  /** The upstream's safety system refused the prompt or the picture. */
  | 'MODERATION_BLOCKED'
  /** The upstream ended well, without a picture. */
  | 'NO_IMAGE'
  /** The connection was lost on the way: whether a picture was made (and paid for) is not known. */
  | 'OUTCOME_UNKNOWN'
  /** The budget at the upstream is used up: its operator's matter. */
  | 'QUOTA_EXCEEDED'
  /** The upstream takes no more requests for a while. */
  | 'RATE_LIMITED'
  /** The upstream fell silent. */
  | 'TIMED_OUT'
  /** The upstream could not be reached, or was not able to work. */
  | 'UPSTREAM_UNAVAILABLE';

/** What a call was asked to do. */
export type GenerationKind =
  /** Make a new picture. */
  | 'GENERATE'
  /** Change a picture that is there. */
  | 'REFINE';

/** Where a call stands. The last three are final. */
export type GenerationStatus =
  /** It was cancelled. */
  | 'CANCELLED'
  /** The picture is there. */
  | 'COMPLETED'
  /** It ended without a picture; `failure` says why. */
  | 'FAILED'
  /** The upstream is at work. */
  | 'IN_PROGRESS'
  /** Accepted and waiting. */
  | 'QUEUED';

/** What stands behind. */
export type ImageBackground =
  /** The model's choice. */
  | 'AUTO'
  /** A painted background. */
  | 'OPAQUE'
  /** Nothing: an alpha channel. With the formats PNG and WEBP. */
  | 'TRANSPARENT';

/** Which images to list. What is left out does not matter. */
export type ImageFilter = {
  /** Only those of this conversation. */
  readonly conversationId?: string | number | null | undefined;
};

/** A file format. */
export type ImageFormat =
  /** Takes no partial images and no compression. Only with the models that make it. */
  | 'GIF'
  /** Small; takes a compression. */
  | 'JPEG'
  /** Lossless; may be transparent. The default. */
  | 'PNG'
  /** A drawing instead of pixels. Only with the models that make it. */
  | 'SVG'
  /** Small; may be transparent; takes a compression. */
  | 'WEBP';

/** How the picture shall be made. What is left out is the upstream's choice. */
export type ImageOptionsInput = {
  /** What stands behind. */
  readonly background?: ImageBackground | null | undefined;
  /** From 0 to 100, for WEBP and JPEG: the higher, the finer and the larger. */
  readonly compression?: number | null | undefined;
  /** The file format. */
  readonly format?: ImageFormat | null | undefined;
  /** How closely details of an input picture are kept. */
  readonly inputFidelity?: InputFidelity | null | undefined;
  /** The image model, for example `gpt-image-2`. Left out, the server's default. */
  readonly model?: string | null | undefined;
  /** How strict the upstream filters. */
  readonly moderation?: Moderation | null | undefined;
  /** How many stages are shown on the way, 0 to 3. Each costs 100 image output tokens. GIF has none. */
  readonly partialImages?: number | null | undefined;
  /** How much work goes into it. */
  readonly quality?: ImageQuality | null | undefined;
  /** Width and height in pixels. */
  readonly size?: string | null | undefined;
};

/** The order of a list of images. */
export type ImageOrder = {
  /** Which end comes first. */
  readonly direction: SortDirection;
  /** What to order by. */
  readonly field: ImageOrderField;
};

/** What images can be ordered by. */
export type ImageOrderField =
  /** When they were stored. */
  | 'CREATED_AT';

/** Where a picture came from. */
export type ImageOrigin =
  /** The upstream made it. */
  | 'GENERATED'
  /** A client sent it. */
  | 'UPLOADED';

/** How much work goes into a picture. */
export type ImageQuality =
  /** The model's choice. */
  | 'AUTO'
  /** Slow and dear: for finished pictures. */
  | 'HIGH'
  /** Fast and cheap: for drafts. */
  | 'LOW'
  /** The most there is; gpt-image-2.5 and later. */
  | 'MAX'
  /** In between. */
  | 'MEDIUM'
  /** Beyond HIGH; gpt-image-2.5 and later. */
  | 'XHIGH';

/** How closely details of an input picture, faces above all, are kept. */
export type InputFidelity =
  /** Closely; costs more input tokens. Not taken by gpt-image-2. */
  | 'HIGH'
  /** Loosely. */
  | 'LOW';

/** How strict the upstream filters. */
export type Moderation =
  /** The standard filter. */
  | 'AUTO'
  /** A less restrictive filter. */
  | 'LOW';

/** A change of a picture. */
export type RefineImageInput = {
  /** Of your choice, 1 to 255 characters. The same key with the same input returns the same call, however often it is sent and whether the first answer arrived or not: send again what you are not sure of, and nothing is bought twice. */
  readonly idempotencyKey?: string | null | undefined;
  /** The picture to change. Any one, not only the newest. */
  readonly imageId: string | number;
  /** How it shall be made. */
  readonly options?: ImageOptionsInput | null | undefined;
  /** What shall be different, in 1 to 32,000 characters. */
  readonly prompt: string;
};

/** How the upstream was told which picture to work from. */
export type RefineRoute =
  /** By the id of the picture inside its own response. */
  | 'CONTEXT_ITEMS'
  /** By the picture itself, sent along: works when the upstream has forgotten it, or is another one. */
  | 'IMAGE_BYTES'
  /** By the id of its own response that made the picture. */
  | 'PREVIOUS_RESPONSE';

/** Which end of an order comes first. */
export type SortDirection =
  /** The least first: the oldest. */
  | 'ASC'
  /** The greatest first: the newest. */
  | 'DESC';

/** Who makes the pictures. */
export type UpstreamKind =
  /** Another service with the same API. */
  | 'COMPATIBLE'
  /** OpenAI. */
  | 'OPENAI'
  /** The built-in simulator: the pictures are drawn from the prompt by this server, and cost nothing. */
  | 'SIMULATOR';

export type CancelGenerationMutationVariables = Exact<{
  input: CancelGenerationInput;
}>;


export type CancelGenerationMutation = { readonly cancelGeneration:
    | { readonly __typename: 'CancelGenerationSuccess', readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string, readonly fields: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'NotCancellableError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'NotFoundError', readonly code: ErrorCode, readonly message: string, readonly field: string }
   };

export type QueuePositionQueryVariables = Exact<{
  id: string | number;
}>;


export type QueuePositionQuery = { readonly generationCall: { readonly status: GenerationStatus, readonly queuePosition: number | null } | null };

export type GenerateImageMutationVariables = Exact<{
  input: GenerateImageInput;
}>;


export type GenerateImageMutation = { readonly generateImage:
    | { readonly __typename: 'GenerateImageSuccess', readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly cursor: string, readonly conversation: { readonly id: string, readonly title: string } } }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string, readonly fields: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'NotFoundError', readonly code: ErrorCode, readonly message: string, readonly field: string }
   };

export type RefineImageMutationVariables = Exact<{
  input: RefineImageInput;
}>;


export type RefineImageMutation = { readonly refineImage:
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string, readonly fields: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'NotFoundError', readonly code: ErrorCode, readonly message: string, readonly field: string }
    | { readonly __typename: 'RefineImageSuccess', readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly cursor: string, readonly conversation: { readonly id: string, readonly title: string } } }
   };

type EventFields_GenerationCancelled_Fragment = { readonly __typename: 'GenerationCancelled', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_GenerationCompleted_Fragment = { readonly __typename: 'GenerationCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly sha256: string }>, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_GenerationFailed_Fragment = { readonly __typename: 'GenerationFailed', readonly cursor: string, readonly sequence: number, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null, readonly requestId: string | null, readonly moderation: { readonly stage: string, readonly categories: ReadonlyArray<string> } | null }, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_GenerationQueued_Fragment = { readonly __typename: 'GenerationQueued', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_GenerationRetrying_Fragment = { readonly __typename: 'GenerationRetrying', readonly attempt: number, readonly reason: string, readonly retryAt: string, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_GenerationStarted_Fragment = { readonly __typename: 'GenerationStarted', readonly attempt: number, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_ImageCompleted_Fragment = { readonly __typename: 'ImageCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly image: { readonly id: string, readonly url: string, readonly sha256: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly byteSize: number }, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_PartialImageReceived_Fragment = { readonly __typename: 'PartialImageReceived', readonly cursor: string, readonly sequence: number, readonly at: string, readonly partial: { readonly index: number, readonly imageIndex: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly format: ImageFormat, readonly byteSize: number }, readonly call: { readonly id: string, readonly status: GenerationStatus } };

export type EventFieldsFragment =
  | EventFields_GenerationCancelled_Fragment
  | EventFields_GenerationCompleted_Fragment
  | EventFields_GenerationFailed_Fragment
  | EventFields_GenerationQueued_Fragment
  | EventFields_GenerationRetrying_Fragment
  | EventFields_GenerationStarted_Fragment
  | EventFields_ImageCompleted_Fragment
  | EventFields_PartialImageReceived_Fragment
;

export type WatchCallSubscriptionVariables = Exact<{
  callId: string | number;
  after?: string | null | undefined;
}>;


export type WatchCallSubscription = { readonly generationEvents:
    | { readonly __typename: 'GenerationCancelled', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly sha256: string }>, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationFailed', readonly cursor: string, readonly sequence: number, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null, readonly requestId: string | null, readonly moderation: { readonly stage: string, readonly categories: ReadonlyArray<string> } | null }, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationQueued', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationRetrying', readonly attempt: number, readonly reason: string, readonly retryAt: string, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationStarted', readonly attempt: number, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'ImageCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly image: { readonly id: string, readonly url: string, readonly sha256: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly byteSize: number }, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'PartialImageReceived', readonly cursor: string, readonly sequence: number, readonly at: string, readonly partial: { readonly index: number, readonly imageIndex: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly format: ImageFormat, readonly byteSize: number }, readonly call: { readonly id: string, readonly status: GenerationStatus } }
   };

export type WatchConversationSubscriptionVariables = Exact<{
  conversationId: string | number;
  after?: string | null | undefined;
}>;


export type WatchConversationSubscription = { readonly conversationEvents:
    | { readonly __typename: 'GenerationCancelled', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly sha256: string }>, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationFailed', readonly cursor: string, readonly sequence: number, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null, readonly requestId: string | null, readonly moderation: { readonly stage: string, readonly categories: ReadonlyArray<string> } | null }, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationQueued', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationRetrying', readonly attempt: number, readonly reason: string, readonly retryAt: string, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationStarted', readonly attempt: number, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'ImageCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly image: { readonly id: string, readonly url: string, readonly sha256: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly byteSize: number }, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'PartialImageReceived', readonly cursor: string, readonly sequence: number, readonly at: string, readonly partial: { readonly index: number, readonly imageIndex: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly format: ImageFormat, readonly byteSize: number }, readonly call: { readonly id: string, readonly status: GenerationStatus } }
   };

export type CallSnapshotQueryVariables = Exact<{
  id: string | number;
}>;


export type CallSnapshotQuery = { readonly generationCall: { readonly id: string, readonly cursor: string, readonly status: GenerationStatus, readonly partialImages: ReadonlyArray<{ readonly index: number, readonly url: string }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string }> } | null };

export type CallDetailsQueryVariables = Exact<{
  id: string | number;
}>;


export type CallDetailsQuery = { readonly generationCall: { readonly id: string, readonly kind: GenerationKind, readonly status: GenerationStatus, readonly prompt: string, readonly revisedPrompt: string | null, readonly route: RefineRoute | null, readonly attempts: number, readonly responseId: string | null, readonly cursor: string, readonly createdAt: string, readonly startedAt: string | null, readonly firstPartialAt: string | null, readonly completedAt: string | null, readonly requested: { readonly model: string | null, readonly size: string | null, readonly quality: ImageQuality | null, readonly format: ImageFormat | null, readonly compression: number | null, readonly background: ImageBackground | null, readonly partialImages: number | null }, readonly conversation: { readonly id: string, readonly title: string }, readonly sources: ReadonlyArray<{ readonly id: string }>, readonly partialImages: ReadonlyArray<{ readonly index: number, readonly imageIndex: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly format: ImageFormat, readonly byteSize: number }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly sha256: string }>, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null, readonly requestId: string | null } | null } | null };

export type ImageDetailsQueryVariables = Exact<{
  id: string | number;
}>;


export type ImageDetailsQuery = { readonly image: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly byteSize: number, readonly sha256: string, readonly thumbhash: string | null, readonly origin: ImageOrigin, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly createdAt: string, readonly requested: { readonly size: string | null, readonly quality: ImageQuality | null, readonly format: ImageFormat | null, readonly partialImages: number | null } | null, readonly actual: { readonly size: string | null, readonly quality: ImageQuality | null, readonly format: ImageFormat | null, readonly background: ImageBackground | null, readonly model: string | null } | null, readonly call: { readonly id: string } | null, readonly conversation: { readonly id: string } | null, readonly sources: ReadonlyArray<{ readonly id: string }>, readonly lineage: ReadonlyArray<{ readonly id: string }>, readonly refinements: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string } }> } } | null };

export type DataUrisQueryVariables = Exact<{
  callId: string | number;
  imageId: string | number;
  maxBytes?: number | null | undefined;
}>;


export type DataUrisQuery = { readonly image: { readonly dataUri: string | null } | null, readonly generationCall: { readonly partialImages: ReadonlyArray<{ readonly index: number, readonly url: string, readonly dataUri: string | null }> } | null };

export type ConversationDetailsQueryVariables = Exact<{
  id: string | number;
}>;


export type ConversationDetailsQuery = { readonly conversation: { readonly id: string, readonly title: string, readonly createdAt: string, readonly updatedAt: string, readonly cover: { readonly id: string } | null, readonly calls: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string } }> }, readonly images: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string } }> } } | null };

export type ImagesQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  filter?: ImageFilter | null | undefined;
  orderBy?: ImageOrder | null | undefined;
}>;


export type ImagesQuery = { readonly images: { readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null }, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: { readonly id: string } }> } };

export type GenerationCallsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  filter?: GenerationCallFilter | null | undefined;
}>;


export type GenerationCallsQuery = { readonly generationCalls: { readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null }, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: { readonly id: string, readonly status: GenerationStatus } }> } };

export type ConversationsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type ConversationsQuery = { readonly conversations: { readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null }, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: { readonly id: string } }> } };

export type NodeByIdQueryVariables = Exact<{
  id: string | number;
}>;


export type NodeByIdQuery = { readonly node:
    | { readonly __typename: 'Conversation', readonly id: string }
    | { readonly __typename: 'GenerationCall', readonly id: string }
    | { readonly __typename: 'Image', readonly id: string }
   | null };

export type NodesByIdQueryVariables = Exact<{
  ids: ReadonlyArray<string | number> | string | number;
}>;


export type NodesByIdQuery = { readonly nodes: ReadonlyArray<
    | { readonly __typename: 'Conversation', readonly id: string }
    | { readonly __typename: 'GenerationCall', readonly id: string }
    | { readonly __typename: 'Image', readonly id: string }
   | null> };

export type WhoAmIQueryVariables = Exact<{ [key: string]: never; }>;


export type WhoAmIQuery = { readonly viewer: { readonly principal: string, readonly upstream: { readonly kind: UpstreamKind, readonly model: string, readonly imageModel: string | null } } };

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
export const EventFieldsFragmentDoc = new TypedDocumentString(`
    fragment EventFields on GenerationEvent {
  __typename
  cursor
  sequence
  at
  call {
    id
    status
  }
  ... on GenerationStarted {
    attempt
  }
  ... on PartialImageReceived {
    partial {
      index
      imageIndex
      url
      width
      height
      format
      byteSize
    }
  }
  ... on ImageCompleted {
    image {
      id
      url
      sha256
      width
      height
      format
      byteSize
    }
  }
  ... on GenerationRetrying {
    attempt
    reason
    retryAt
  }
  ... on GenerationCompleted {
    images {
      id
      url
      sha256
    }
  }
  ... on GenerationFailed {
    failure {
      code
      message
      retryable
      retryAfter
      requestId
      moderation {
        stage
        categories
      }
    }
  }
}
    `, {"fragmentName":"EventFields"}) as unknown as TypedDocumentString<EventFieldsFragment, unknown>;
export const CancelGenerationDocument = new TypedDocumentString(`
    mutation CancelGeneration($input: CancelGenerationInput!) {
  cancelGeneration(input: $input) {
    __typename
    ... on CancelGenerationSuccess {
      call {
        id
        status
      }
    }
    ... on Error {
      code
      message
    }
    ... on InvalidInputError {
      fields {
        field
        message
      }
    }
    ... on NotFoundError {
      field
    }
  }
}
    `) as unknown as TypedDocumentString<CancelGenerationMutation, CancelGenerationMutationVariables>;
export const QueuePositionDocument = new TypedDocumentString(`
    query QueuePosition($id: ID!) {
  generationCall(id: $id) {
    status
    queuePosition
  }
}
    `) as unknown as TypedDocumentString<QueuePositionQuery, QueuePositionQueryVariables>;
export const GenerateImageDocument = new TypedDocumentString(`
    mutation GenerateImage($input: GenerateImageInput!) {
  generateImage(input: $input) {
    __typename
    ... on GenerateImageSuccess {
      call {
        id
        status
        kind
        prompt
        cursor
        conversation {
          id
          title
        }
      }
    }
    ... on Error {
      code
      message
    }
    ... on InvalidInputError {
      fields {
        field
        message
      }
    }
    ... on NotFoundError {
      field
    }
  }
}
    `) as unknown as TypedDocumentString<GenerateImageMutation, GenerateImageMutationVariables>;
export const RefineImageDocument = new TypedDocumentString(`
    mutation RefineImage($input: RefineImageInput!) {
  refineImage(input: $input) {
    __typename
    ... on RefineImageSuccess {
      call {
        id
        status
        kind
        prompt
        cursor
        conversation {
          id
          title
        }
      }
    }
    ... on Error {
      code
      message
    }
    ... on InvalidInputError {
      fields {
        field
        message
      }
    }
    ... on NotFoundError {
      field
    }
  }
}
    `) as unknown as TypedDocumentString<RefineImageMutation, RefineImageMutationVariables>;
export const WatchCallDocument = new TypedDocumentString(`
    subscription WatchCall($callId: ID!, $after: String) {
  generationEvents(callId: $callId, after: $after) {
    ...EventFields
  }
}
    fragment EventFields on GenerationEvent {
  __typename
  cursor
  sequence
  at
  call {
    id
    status
  }
  ... on GenerationStarted {
    attempt
  }
  ... on PartialImageReceived {
    partial {
      index
      imageIndex
      url
      width
      height
      format
      byteSize
    }
  }
  ... on ImageCompleted {
    image {
      id
      url
      sha256
      width
      height
      format
      byteSize
    }
  }
  ... on GenerationRetrying {
    attempt
    reason
    retryAt
  }
  ... on GenerationCompleted {
    images {
      id
      url
      sha256
    }
  }
  ... on GenerationFailed {
    failure {
      code
      message
      retryable
      retryAfter
      requestId
      moderation {
        stage
        categories
      }
    }
  }
}`) as unknown as TypedDocumentString<WatchCallSubscription, WatchCallSubscriptionVariables>;
export const WatchConversationDocument = new TypedDocumentString(`
    subscription WatchConversation($conversationId: ID!, $after: String) {
  conversationEvents(conversationId: $conversationId, after: $after) {
    ...EventFields
  }
}
    fragment EventFields on GenerationEvent {
  __typename
  cursor
  sequence
  at
  call {
    id
    status
  }
  ... on GenerationStarted {
    attempt
  }
  ... on PartialImageReceived {
    partial {
      index
      imageIndex
      url
      width
      height
      format
      byteSize
    }
  }
  ... on ImageCompleted {
    image {
      id
      url
      sha256
      width
      height
      format
      byteSize
    }
  }
  ... on GenerationRetrying {
    attempt
    reason
    retryAt
  }
  ... on GenerationCompleted {
    images {
      id
      url
      sha256
    }
  }
  ... on GenerationFailed {
    failure {
      code
      message
      retryable
      retryAfter
      requestId
      moderation {
        stage
        categories
      }
    }
  }
}`) as unknown as TypedDocumentString<WatchConversationSubscription, WatchConversationSubscriptionVariables>;
export const CallSnapshotDocument = new TypedDocumentString(`
    query CallSnapshot($id: ID!) {
  generationCall(id: $id) {
    id
    cursor
    status
    partialImages {
      index
      url
    }
    images {
      id
      url
    }
  }
}
    `) as unknown as TypedDocumentString<CallSnapshotQuery, CallSnapshotQueryVariables>;
export const CallDetailsDocument = new TypedDocumentString(`
    query CallDetails($id: ID!) {
  generationCall(id: $id) {
    id
    kind
    status
    prompt
    revisedPrompt
    route
    attempts
    responseId
    cursor
    createdAt
    startedAt
    firstPartialAt
    completedAt
    requested {
      model
      size
      quality
      format
      compression
      background
      partialImages
    }
    conversation {
      id
      title
    }
    sources {
      id
    }
    partialImages {
      index
      imageIndex
      url
      width
      height
      format
      byteSize
    }
    images {
      id
      url
      sha256
    }
    failure {
      code
      message
      retryable
      retryAfter
      requestId
    }
  }
}
    `) as unknown as TypedDocumentString<CallDetailsQuery, CallDetailsQueryVariables>;
export const ImageDetailsDocument = new TypedDocumentString(`
    query ImageDetails($id: ID!) {
  image(id: $id) {
    id
    url
    width
    height
    format
    byteSize
    sha256
    thumbhash
    origin
    prompt
    revisedPrompt
    createdAt
    requested {
      size
      quality
      format
      partialImages
    }
    actual {
      size
      quality
      format
      background
      model
    }
    call {
      id
    }
    conversation {
      id
    }
    sources {
      id
    }
    lineage {
      id
    }
    refinements(first: 10) {
      edges {
        node {
          id
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ImageDetailsQuery, ImageDetailsQueryVariables>;
export const DataUrisDocument = new TypedDocumentString(`
    query DataUris($callId: ID!, $imageId: ID!, $maxBytes: Int) {
  image(id: $imageId) {
    dataUri(maxBytes: $maxBytes)
  }
  generationCall(id: $callId) {
    partialImages {
      index
      url
      dataUri
    }
  }
}
    `) as unknown as TypedDocumentString<DataUrisQuery, DataUrisQueryVariables>;
export const ConversationDetailsDocument = new TypedDocumentString(`
    query ConversationDetails($id: ID!) {
  conversation(id: $id) {
    id
    title
    createdAt
    updatedAt
    cover {
      id
    }
    calls(first: 100) {
      edges {
        node {
          id
        }
      }
    }
    images(first: 100) {
      edges {
        node {
          id
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConversationDetailsQuery, ConversationDetailsQueryVariables>;
export const ImagesDocument = new TypedDocumentString(`
    query Images($first: Int, $after: String, $last: Int, $before: String, $filter: ImageFilter, $orderBy: ImageOrder) {
  images(
    first: $first
    after: $after
    last: $last
    before: $before
    filter: $filter
    orderBy: $orderBy
  ) {
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
    edges {
      cursor
      node {
        id
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ImagesQuery, ImagesQueryVariables>;
export const GenerationCallsDocument = new TypedDocumentString(`
    query GenerationCalls($first: Int, $after: String, $last: Int, $before: String, $filter: GenerationCallFilter) {
  generationCalls(
    first: $first
    after: $after
    last: $last
    before: $before
    filter: $filter
  ) {
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
    edges {
      cursor
      node {
        id
        status
      }
    }
  }
}
    `) as unknown as TypedDocumentString<GenerationCallsQuery, GenerationCallsQueryVariables>;
export const ConversationsDocument = new TypedDocumentString(`
    query Conversations($first: Int, $after: String, $last: Int, $before: String) {
  conversations(first: $first, after: $after, last: $last, before: $before) {
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
    edges {
      cursor
      node {
        id
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConversationsQuery, ConversationsQueryVariables>;
export const NodeByIdDocument = new TypedDocumentString(`
    query NodeById($id: ID!) {
  node(id: $id) {
    __typename
    id
  }
}
    `) as unknown as TypedDocumentString<NodeByIdQuery, NodeByIdQueryVariables>;
export const NodesByIdDocument = new TypedDocumentString(`
    query NodesById($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename
    id
  }
}
    `) as unknown as TypedDocumentString<NodesByIdQuery, NodesByIdQueryVariables>;
export const WhoAmIDocument = new TypedDocumentString(`
    query WhoAmI {
  viewer {
    principal
    upstream {
      kind
      model
      imageModel
    }
  }
}
    `) as unknown as TypedDocumentString<WhoAmIQuery, WhoAmIQueryVariables>;