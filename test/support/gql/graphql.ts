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

/** What a cost rests on. */
export type CostBasis =
  /** Tokens that were estimated, at least in part: what the upstream did not report, or may have charged without a word. */
  | 'ESTIMATED'
  /** Tokens that the upstream reported, all of them. */
  | 'REPORTED';

/** What kind of tokens a line is about. */
export type CostLineKind =
  /** Pictures that the image model looked at, from its cache. */
  | 'IMAGE_CACHED_INPUT'
  /** Text that the image model read from its cache. */
  | 'IMAGE_CACHED_TEXT_INPUT'
  /** Pictures that the image model looked at. */
  | 'IMAGE_INPUT'
  /** Pictures that the image model drew, partial ones included. */
  | 'IMAGE_OUTPUT'
  /** Text that the image model read. */
  | 'IMAGE_TEXT_INPUT'
  /** Text that the image model wrote. */
  | 'IMAGE_TEXT_OUTPUT'
  /** What the mainline model read from its cache. */
  | 'MAINLINE_CACHED_INPUT'
  /** What the mainline model read, and had not read just before. */
  | 'MAINLINE_INPUT'
  /** What the mainline model wrote, its reasoning included. */
  | 'MAINLINE_OUTPUT';

/** What a duration rests on. */
export type DurationBasis =
  /** Rough figures; there are too few such calls yet. */
  | 'CATALOGUE'
  /** Your own recent calls of the same kind. */
  | 'MEASURED';

/** What kind of error it is, for programs. Errors outside of a result union carry it in `extensions.code`. */
export type ErrorCode =
  /** The idempotency key was used before with another input. */
  | 'IDEMPOTENCY_CONFLICT'
  /** Something in the input is not allowed; the fields say what would be right. */
  | 'INVALID_INPUT'
  /** The call has ended already. */
  | 'NOT_CANCELLABLE'
  /** There is no such thing, or it is not yours: the two look the same. */
  | 'NOT_FOUND'
  /** The call is under way, or has brought everything. */
  | 'NOT_RETRYABLE'
  /** The model, or the API that is asked, does not take an option; or the model was shut down. */
  | 'UNSUPPORTED_OPTION';

/** A new picture. */
export type GenerateImageInput = {
  /** The conversation to go on in, with its newest picture in view. Left out, a new one begins. */
  readonly conversationId?: string | number | null | undefined;
  /** How many pictures, 1 to 10. They are asked for in one request where that can be (without partial images, and not going on from an earlier response), otherwise side by side; what comes of some is kept when others fail. */
  readonly count?: number | null | undefined;
  /** Of your choice, 1 to 255 characters. The same key with the same input returns the same call, however often it is sent and whether the first answer arrived or not: send again what you are not sure of, and nothing is bought twice. */
  readonly idempotencyKey?: string | null | undefined;
  /** What lies over the first source. Of the same size: only where it is transparent may that picture change. A black-and-white picture will do, too: black changes, white stays. */
  readonly maskImageId?: string | number | null | undefined;
  /** How it shall be made. */
  readonly options?: ImageOptionsInput | null | undefined;
  /** What the picture should show, in 1 to 32,000 characters. */
  readonly prompt: string;
  /** Pictures to build upon, 16 at most: to change, to combine, to take for an example. Given, they take the place of the conversation's newest picture. */
  readonly sourceImageIds?: ReadonlyArray<string | number> | null | undefined;
  /** Asks the mainline model to hand the prompt to the image model word for word. `Image.verbatim` says whether it did. */
  readonly verbatim?: boolean | null | undefined;
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

/** What a warning is about, for programs. */
export type GenerationWarningCode =
  /** The image model will be shut down; the message says when, and what comes after it. */
  | 'MODEL_RETIRING';

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
  /** The mainline model, which reads the prompt and calls the image model, for example `gpt-5.4-mini`. Left out, the server's default. */
  readonly mainlineModel?: string | null | undefined;
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

/** Where a model stands. */
export type ModelStatus =
  /** There to stay, as far as is known. */
  | 'CURRENT'
  /** Was shut down: calls are refused, with the name of its successor. */
  | 'RETIRED'
  /** Will be shut down within 90 days: calls carry a warning. */
  | 'RETIRING';

/** How strict the upstream filters. */
export type Moderation =
  /** The standard filter. */
  | 'AUTO'
  /** A less restrictive filter. */
  | 'LOW';

/** A change of a picture. */
export type RefineImageInput = {
  /** How many pictures, 1 to 10. They are asked for in one request where that can be (without partial images, and not going on from an earlier response), otherwise side by side; what comes of some is kept when others fail. */
  readonly count?: number | null | undefined;
  /** Of your choice, 1 to 255 characters. The same key with the same input returns the same call, however often it is sent and whether the first answer arrived or not: send again what you are not sure of, and nothing is bought twice. */
  readonly idempotencyKey?: string | null | undefined;
  /** The picture to change. Any one, not only the newest. */
  readonly imageId: string | number;
  /** What lies over it. Of the same size: only where it is transparent may that picture change. A black-and-white picture will do, too: black changes, white stays. */
  readonly maskImageId?: string | number | null | undefined;
  /** How it shall be made. */
  readonly options?: ImageOptionsInput | null | undefined;
  /** What shall be different, in 1 to 32,000 characters. */
  readonly prompt: string;
  /** Asks the mainline model to hand the prompt to the image model word for word. `Image.verbatim` says whether it did. */
  readonly verbatim?: boolean | null | undefined;
};

/** How the upstream was told which picture to work from. */
export type RefineRoute =
  /** By the id of the picture inside its own response. */
  | 'CONTEXT_ITEMS'
  /** By the picture itself, sent along: works when the upstream has forgotten it, or is another one. */
  | 'IMAGE_BYTES'
  /** By the id of its own response that made the picture. */
  | 'PREVIOUS_RESPONSE';

/** The call to make again. */
export type RetryGenerationInput = {
  /** The `id` of the GenerationCall. */
  readonly callId: string | number;
  /** Of your choice, 1 to 255 characters. The same key with the same input returns the same call, however often it is sent and whether the first answer arrived or not: send again what you are not sure of, and nothing is bought twice. */
  readonly idempotencyKey?: string | null | undefined;
};

/** Which end of an order comes first. */
export type SortDirection =
  /** The least first: the oldest. */
  | 'ASC'
  /** The greatest first: the newest. */
  | 'DESC';

/** Who makes the pictures. */
export type UpstreamKind =
  /** Azure OpenAI. */
  | 'AZURE'
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
    | { readonly __typename: 'UnsupportedOptionError', readonly code: ErrorCode, readonly message: string }
   };

export type RefineImageMutationVariables = Exact<{
  input: RefineImageInput;
}>;


export type RefineImageMutation = { readonly refineImage:
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string, readonly fields: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'NotFoundError', readonly code: ErrorCode, readonly message: string, readonly field: string }
    | { readonly __typename: 'RefineImageSuccess', readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly cursor: string, readonly conversation: { readonly id: string, readonly title: string } } }
    | { readonly __typename: 'UnsupportedOptionError', readonly code: ErrorCode, readonly message: string }
   };

type EventFields_GenerationCancelled_Fragment = { readonly __typename: 'GenerationCancelled', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_GenerationCompleted_Fragment = { readonly __typename: 'GenerationCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly sha256: string }>, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_GenerationFailed_Fragment = { readonly __typename: 'GenerationFailed', readonly cursor: string, readonly sequence: number, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null, readonly requestId: string | null, readonly moderation: { readonly stage: string, readonly categories: ReadonlyArray<string> } | null }, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_GenerationQueued_Fragment = { readonly __typename: 'GenerationQueued', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_GenerationRetrying_Fragment = { readonly __typename: 'GenerationRetrying', readonly attempt: number, readonly reason: string, readonly retryAt: string, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_GenerationStarted_Fragment = { readonly __typename: 'GenerationStarted', readonly attempt: number, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_ImageCompleted_Fragment = { readonly __typename: 'ImageCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly image: { readonly id: string, readonly url: string, readonly sha256: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly byteSize: number }, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_ImageFailed_Fragment = { readonly __typename: 'ImageFailed', readonly imageIndex: number, readonly cursor: string, readonly sequence: number, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string }, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_PartialImageReceived_Fragment = { readonly __typename: 'PartialImageReceived', readonly cursor: string, readonly sequence: number, readonly at: string, readonly partial: { readonly index: number, readonly imageIndex: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly format: ImageFormat, readonly byteSize: number }, readonly call: { readonly id: string, readonly status: GenerationStatus } };

export type EventFieldsFragment =
  | EventFields_GenerationCancelled_Fragment
  | EventFields_GenerationCompleted_Fragment
  | EventFields_GenerationFailed_Fragment
  | EventFields_GenerationQueued_Fragment
  | EventFields_GenerationRetrying_Fragment
  | EventFields_GenerationStarted_Fragment
  | EventFields_ImageCompleted_Fragment
  | EventFields_ImageFailed_Fragment
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
    | { readonly __typename: 'ImageFailed', readonly imageIndex: number, readonly cursor: string, readonly sequence: number, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string }, readonly call: { readonly id: string, readonly status: GenerationStatus } }
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
    | { readonly __typename: 'ImageFailed', readonly imageIndex: number, readonly cursor: string, readonly sequence: number, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string }, readonly call: { readonly id: string, readonly status: GenerationStatus } }
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

export type OrderMutationVariables = Exact<{
  input: GenerateImageInput;
}>;


export type OrderMutation = { readonly generateImage:
    | { readonly __typename: 'GenerateImageSuccess', readonly call: { readonly id: string } }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string, readonly fields: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'NotFoundError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'UnsupportedOptionError', readonly code: ErrorCode, readonly message: string, readonly model: string | null, readonly option: string, readonly allowed: ReadonlyArray<string> }
   };

export type RetryGenerationMutationVariables = Exact<{
  input: RetryGenerationInput;
}>;


export type RetryGenerationMutation = { readonly retryGeneration:
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'NotFoundError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'NotRetryableError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'RetryGenerationSuccess', readonly call: { readonly id: string, readonly retryOf: { readonly id: string } | null } }
    | { readonly __typename: 'UnsupportedOptionError', readonly code: ErrorCode, readonly message: string }
   };

export type CostFieldsFragment = { readonly amount: string, readonly currency: string, readonly basis: CostBasis, readonly complete: boolean, readonly lines: ReadonlyArray<{ readonly kind: CostLineKind, readonly model: string | null, readonly tokens: number, readonly pricePerMillion: string | null, readonly amount: string | null }> };

export type OrderedCallQueryVariables = Exact<{
  id: string | number;
}>;


export type OrderedCallQuery = { readonly generationCall: { readonly id: string, readonly status: GenerationStatus, readonly count: number, readonly verbatim: boolean, readonly attempts: number, readonly route: RefineRoute | null, readonly revisedPrompt: string | null, readonly sources: ReadonlyArray<{ readonly id: string }>, readonly mask: { readonly id: string } | null, readonly images: ReadonlyArray<{ readonly id: string, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly verbatim: boolean | null, readonly actual: { readonly model: string | null, readonly mainlineModel: string | null, readonly size: string | null, readonly quality: ImageQuality | null, readonly format: ImageFormat | null, readonly compression: number | null, readonly background: ImageBackground | null, readonly moderation: Moderation | null } | null }>, readonly partialImages: ReadonlyArray<{ readonly imageIndex: number, readonly index: number }>, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null, readonly requestId: string | null, readonly text: string | null, readonly moderation: { readonly stage: string, readonly categories: ReadonlyArray<string> } | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string } }>, readonly warnings: ReadonlyArray<{ readonly code: GenerationWarningCode, readonly message: string }>, readonly retryOf: { readonly id: string } | null, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly usage: { readonly totalTokens: number, readonly mainline: { readonly model: string | null, readonly inputTokens: number, readonly cachedInputTokens: number, readonly outputTokens: number, readonly reasoningTokens: number } | null, readonly image: { readonly model: string | null, readonly textInputTokens: number, readonly cachedTextInputTokens: number, readonly imageInputTokens: number, readonly cachedImageInputTokens: number, readonly outputTokens: number } | null } | null, readonly cost: { readonly amount: string, readonly currency: string, readonly basis: CostBasis, readonly complete: boolean, readonly lines: ReadonlyArray<{ readonly kind: CostLineKind, readonly model: string | null, readonly tokens: number, readonly pricePerMillion: string | null, readonly amount: string | null }> } | null, readonly conversation: { readonly id: string, readonly cost: { readonly amount: string, readonly currency: string, readonly basis: CostBasis, readonly complete: boolean, readonly lines: ReadonlyArray<{ readonly kind: CostLineKind, readonly model: string | null, readonly tokens: number, readonly pricePerMillion: string | null, readonly amount: string | null }> } } } | null };

export type SpendQueryVariables = Exact<{ [key: string]: never; }>;


export type SpendQuery = { readonly viewer: { readonly cost: { readonly amount: string, readonly currency: string, readonly basis: CostBasis, readonly complete: boolean, readonly lines: ReadonlyArray<{ readonly kind: CostLineKind, readonly model: string | null, readonly tokens: number, readonly pricePerMillion: string | null, readonly amount: string | null }> } } };

export type ModelsQueryVariables = Exact<{ [key: string]: never; }>;


export type ModelsQuery = { readonly models: ReadonlyArray<{ readonly name: string, readonly snapshots: ReadonlyArray<string>, readonly isDefault: boolean, readonly status: ModelStatus, readonly retiresAt: string | null, readonly successor: string | null, readonly sizes: ReadonlyArray<string>, readonly qualities: ReadonlyArray<ImageQuality>, readonly formats: ReadonlyArray<ImageFormat>, readonly backgrounds: ReadonlyArray<ImageBackground>, readonly inputFidelities: ReadonlyArray<InputFidelity>, readonly maxPartialImages: number, readonly maxCount: number, readonly takesMask: boolean, readonly knownAsOf: string, readonly sizeRules: { readonly edgeStep: number, readonly longestEdge: number } | null, readonly prices: { readonly textInput: string, readonly imageInput: string, readonly imageOutput: string } | null }> };

export type EstimateQueryVariables = Exact<{
  input: GenerateImageInput;
}>;


export type EstimateQuery = { readonly estimateGeneration: { readonly cost: { readonly amount: string, readonly currency: string, readonly basis: CostBasis, readonly complete: boolean, readonly lines: ReadonlyArray<{ readonly kind: CostLineKind, readonly model: string | null, readonly tokens: number, readonly pricePerMillion: string | null, readonly amount: string | null }> }, readonly duration: { readonly typicalMs: number, readonly slowMs: number, readonly basis: DurationBasis, readonly samples: number } } };

export type UploadImageMutationVariables = Exact<{
  file: null;
  conversationId?: string | number | null | undefined;
}>;


export type UploadImageMutation = { readonly uploadImage:
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string, readonly fields: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'NotFoundError', readonly code: ErrorCode, readonly message: string, readonly field: string }
    | { readonly __typename: 'UploadImageSuccess', readonly image: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly byteSize: number, readonly sha256: string, readonly thumbhash: string | null, readonly origin: ImageOrigin, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly createdAt: string, readonly requested: { readonly model: string | null } | null, readonly actual: { readonly model: string | null } | null, readonly call: { readonly id: string } | null, readonly conversation: { readonly id: string, readonly updatedAt: string, readonly cover: { readonly id: string } | null } | null, readonly sources: ReadonlyArray<{ readonly id: string }>, readonly refinements: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string } }> }, readonly lineage: ReadonlyArray<{ readonly id: string }> } }
   };

export type FamilyQueryVariables = Exact<{
  parent: string | number;
  child: string | number;
}>;


export type FamilyQuery = { readonly parent: { readonly refinements: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string } }> }, readonly conversation: { readonly id: string } | null } | null, readonly child: { readonly sources: ReadonlyArray<{ readonly id: string }>, readonly lineage: ReadonlyArray<{ readonly id: string }>, readonly conversation: { readonly id: string } | null } | null };

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
  ... on ImageFailed {
    imageIndex
    failure {
      code
      message
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
export const CostFieldsFragmentDoc = new TypedDocumentString(`
    fragment CostFields on Cost {
  amount
  currency
  basis
  complete
  lines {
    kind
    model
    tokens
    pricePerMillion
    amount
  }
}
    `, {"fragmentName":"CostFields"}) as unknown as TypedDocumentString<CostFieldsFragment, unknown>;
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
  ... on ImageFailed {
    imageIndex
    failure {
      code
      message
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
  ... on ImageFailed {
    imageIndex
    failure {
      code
      message
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
export const OrderDocument = new TypedDocumentString(`
    mutation Order($input: GenerateImageInput!) {
  generateImage(input: $input) {
    __typename
    ... on GenerateImageSuccess {
      call {
        id
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
    ... on UnsupportedOptionError {
      model
      option
      allowed
    }
  }
}
    `) as unknown as TypedDocumentString<OrderMutation, OrderMutationVariables>;
export const RetryGenerationDocument = new TypedDocumentString(`
    mutation RetryGeneration($input: RetryGenerationInput!) {
  retryGeneration(input: $input) {
    __typename
    ... on RetryGenerationSuccess {
      call {
        id
        retryOf {
          id
        }
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RetryGenerationMutation, RetryGenerationMutationVariables>;
export const OrderedCallDocument = new TypedDocumentString(`
    query OrderedCall($id: ID!) {
  generationCall(id: $id) {
    id
    status
    count
    verbatim
    attempts
    route
    revisedPrompt
    sources {
      id
    }
    mask {
      id
    }
    images {
      id
      prompt
      revisedPrompt
      verbatim
      actual {
        model
        mainlineModel
        size
        quality
        format
        compression
        background
        moderation
      }
    }
    partialImages {
      imageIndex
      index
    }
    failure {
      code
      message
      retryable
      retryAfter
      requestId
      text
      moderation {
        stage
        categories
      }
    }
    failures {
      imageIndex
      failure {
        code
        message
      }
    }
    warnings {
      code
      message
    }
    retryOf {
      id
    }
    retries {
      id
    }
    usage {
      totalTokens
      mainline {
        model
        inputTokens
        cachedInputTokens
        outputTokens
        reasoningTokens
      }
      image {
        model
        textInputTokens
        cachedTextInputTokens
        imageInputTokens
        cachedImageInputTokens
        outputTokens
      }
    }
    cost {
      ...CostFields
    }
    conversation {
      id
      cost {
        ...CostFields
      }
    }
  }
}
    fragment CostFields on Cost {
  amount
  currency
  basis
  complete
  lines {
    kind
    model
    tokens
    pricePerMillion
    amount
  }
}`) as unknown as TypedDocumentString<OrderedCallQuery, OrderedCallQueryVariables>;
export const SpendDocument = new TypedDocumentString(`
    query Spend {
  viewer {
    cost {
      ...CostFields
    }
  }
}
    fragment CostFields on Cost {
  amount
  currency
  basis
  complete
  lines {
    kind
    model
    tokens
    pricePerMillion
    amount
  }
}`) as unknown as TypedDocumentString<SpendQuery, SpendQueryVariables>;
export const ModelsDocument = new TypedDocumentString(`
    query Models {
  models {
    name
    snapshots
    isDefault
    status
    retiresAt
    successor
    sizes
    sizeRules {
      edgeStep
      longestEdge
    }
    qualities
    formats
    backgrounds
    inputFidelities
    maxPartialImages
    maxCount
    takesMask
    knownAsOf
    prices {
      textInput
      imageInput
      imageOutput
    }
  }
}
    `) as unknown as TypedDocumentString<ModelsQuery, ModelsQueryVariables>;
export const EstimateDocument = new TypedDocumentString(`
    query Estimate($input: GenerateImageInput!) {
  estimateGeneration(input: $input) {
    cost {
      ...CostFields
    }
    duration {
      typicalMs
      slowMs
      basis
      samples
    }
  }
}
    fragment CostFields on Cost {
  amount
  currency
  basis
  complete
  lines {
    kind
    model
    tokens
    pricePerMillion
    amount
  }
}`) as unknown as TypedDocumentString<EstimateQuery, EstimateQueryVariables>;
export const UploadImageDocument = new TypedDocumentString(`
    mutation UploadImage($file: Upload!, $conversationId: ID) {
  uploadImage(input: {file: $file, conversationId: $conversationId}) {
    __typename
    ... on UploadImageSuccess {
      image {
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
        requested {
          model
        }
        actual {
          model
        }
        call {
          id
        }
        conversation {
          id
          updatedAt
          cover {
            id
          }
        }
        sources {
          id
        }
        refinements {
          edges {
            node {
              id
            }
          }
        }
        lineage {
          id
        }
        createdAt
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
    `) as unknown as TypedDocumentString<UploadImageMutation, UploadImageMutationVariables>;
export const FamilyDocument = new TypedDocumentString(`
    query Family($parent: ID!, $child: ID!) {
  parent: image(id: $parent) {
    refinements {
      edges {
        node {
          id
        }
      }
    }
    conversation {
      id
    }
  }
  child: image(id: $child) {
    sources {
      id
    }
    lineage {
      id
    }
    conversation {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<FamilyQuery, FamilyQueryVariables>;