/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What happens to a request that does not fit into a budget. */
export type BudgetAction =
  /** The call is accepted, and waits as AWAITING_APPROVAL until an administrator decides. */
  | 'ASK'
  /** The request is refused with a `BudgetExceededError`. */
  | 'REFUSE';

/** The period of a budget. */
export type BudgetPeriod =
  /** A day of the calendar, in UTC. */
  | 'DAY'
  /** A month of the calendar, in UTC. */
  | 'MONTH';

/** Whose spending a budget limits. */
export type BudgetSubject =
  /** The calls that were started with one API key. */
  | 'KEY'
  /** All calls of the principal. */
  | 'PRINCIPAL';

/** The call to cancel. */
export type CancelGenerationInput = {
  /** The id of the `GenerationCall`. */
  readonly callId: string | number;
};

/** How soon the image is needed. A longer window costs less where the upstream offers it. */
export type CompletionWindow =
  /** As soon as possible. The default. */
  | 'SOONEST'
  /** Within two hours. There are no partial images. */
  | 'WITHIN_2_HOURS'
  /** Within eight hours. There are no partial images. */
  | 'WITHIN_8_HOURS';

/** How much the image model plans before it draws. Independent of the quality. */
export type Complexity =
  /** Much planning, for pictures with many parts or much text. */
  | 'HIGH'
  /** Little planning: fast and cheap. */
  | 'LOW'
  /** Between LOW and HIGH. */
  | 'MEDIUM';

/** How a cost was determined. */
export type CostBasis =
  /** Some or all tokens are estimates: the upstream did not report them, reported too few for the images that arrived, or may have charged them without a report. With a completion window: whether its discount was given is not known. */
  | 'ESTIMATED'
  /** The upstream reported all tokens. */
  | 'REPORTED';

/** The kind of tokens of a cost line. */
export type CostLineKind =
  /** Cached image input of the image model. */
  | 'IMAGE_CACHED_INPUT'
  /** Cached text input of the image model. */
  | 'IMAGE_CACHED_TEXT_INPUT'
  /** Image input of the image model that was not cached. */
  | 'IMAGE_INPUT'
  /** Image output of the image model, including partial images. */
  | 'IMAGE_OUTPUT'
  /** Text input of the image model that was not cached. */
  | 'IMAGE_TEXT_INPUT'
  /** Text output of the image model. */
  | 'IMAGE_TEXT_OUTPUT'
  /** Cached input of the mainline model. */
  | 'MAINLINE_CACHED_INPUT'
  /** Input of the mainline model that was not cached. */
  | 'MAINLINE_INPUT'
  /** Output of the mainline model, including reasoning. */
  | 'MAINLINE_OUTPUT'
  /** Input of the model that writes an SVG. */
  | 'SVG_INPUT'
  /** Output of the model that writes an SVG, including reasoning. */
  | 'SVG_OUTPUT';

/** The source of a duration estimate. */
export type DurationBasis =
  /** Rough figures from the model catalogue, because there are too few such calls yet. */
  | 'CATALOGUE'
  /** Measured on your own recent calls of the same kind. */
  | 'MEASURED';

/** The kind of an error. Errors outside a result union carry it in `extensions.code`. */
export type ErrorCode =
  /** The request does not fit into a budget. */
  | 'BUDGET_EXCEEDED'
  /** Your credentials lack a scope. */
  | 'FORBIDDEN'
  /** The idempotency key was used before with a different input. */
  | 'IDEMPOTENCY_CONFLICT'
  /** The input is invalid. `fields` lists each problem and what is allowed. */
  | 'INVALID_INPUT'
  /** The object is in the trash. It can be restored. */
  | 'IN_TRASH'
  /** The operation asks for more than a limit allows. `extensions` names the limit and its value. */
  | 'LIMIT_EXCEEDED'
  /** The call does not wait for approval. */
  | 'NOT_AWAITING_APPROVAL'
  /** The call has already ended. */
  | 'NOT_CANCELLABLE'
  /** The object does not exist or is not yours. The two cases look the same. */
  | 'NOT_FOUND'
  /** The call is still running, or delivered every image. */
  | 'NOT_RETRYABLE'
  /** Too many requests in too little time, or too much open at once. */
  | 'RATE_LIMITED'
  /** The model or the upstream API does not support an option, or the model was shut down. */
  | 'UNSUPPORTED_OPTION';

/** A generation to estimate: the input of `generateImage`, or with `imageId` that of `refineImage`. */
export type EstimateGenerationInput = {
  /** The conversation to continue. */
  readonly conversationId?: string | number | null | undefined;
  /** The number of images to make: 1 to 10. */
  readonly count?: number | null | undefined;
  /**
   * Has no effect. The variables of `generateImage` can be passed as they are.
   * @deprecated An estimate needs none. It has no effect.
   */
  readonly idempotencyKey?: string | null | undefined;
  /** The image to change, for a refinement. It cannot be combined with other sources or a conversation. */
  readonly imageId?: string | number | null | undefined;
  /** A markup for the first source image. */
  readonly markupImageId?: string | number | null | undefined;
  /** A mask for the first source image. */
  readonly maskImageId?: string | number | null | undefined;
  /** Image options: size, quality, format and others. */
  readonly options?: ImageOptionsInput | null | undefined;
  /** The prompt. If omitted or empty, a prompt of 200 characters is assumed; it changes the cost little. */
  readonly prompt?: string | null | undefined;
  /** Source images: 16 at most. */
  readonly sourceImageIds?: ReadonlyArray<string | number> | null | undefined;
  /** Whether the prompt is to reach the image model unchanged. */
  readonly verbatim?: boolean | null | undefined;
};

/** A new image to generate. */
export type GenerateImageInput = {
  /** The conversation to continue. The image is based on its newest image. If omitted, a new conversation starts. */
  readonly conversationId?: string | number | null | undefined;
  /** The number of images to make: 1 to 10. They are made in one upstream request where possible (no partial images, and no earlier response to continue from), otherwise in parallel requests. Partial success is kept. */
  readonly count?: number | null | undefined;
  /** A key of your choice: 1 to 255 characters. Sending the same key with the same input again returns the same call, so a request whose response was lost can be repeated safely: nothing is charged twice. */
  readonly idempotencyKey?: string | null | undefined;
  /** A markup for the first source image: a transparent PNG with arrows, strokes or notes, which is laid over the image to show what to change. It must have the `width` and `height` of the image, and cannot be combined with a mask. Supported by gpt-image-2.5 and later, through the Image API only. */
  readonly markupImageId?: string | number | null | undefined;
  /** A mask for the first source image. It must have the same size. Only the transparent areas of the mask may change in the image. A black-and-white mask works too: black areas may change, white areas are kept. */
  readonly maskImageId?: string | number | null | undefined;
  /** Image options: size, quality, format and others. */
  readonly options?: ImageOptionsInput | null | undefined;
  /** A description of the image to make: 1 to 32,000 characters. */
  readonly prompt: string;
  /** Source images to change, combine or use as a reference: 16 at most. They replace the newest image of the conversation as the source. */
  readonly sourceImageIds?: ReadonlyArray<string | number> | null | undefined;
  /** Whether to ask the mainline model to pass the prompt to the image model unchanged. `Image.verbatim` tells whether it did. */
  readonly verbatim?: boolean | null | undefined;
};

/** A filter for a list of calls. Omitted fields do not restrict the list. */
export type GenerationCallFilter = {
  /** Returns only calls of this conversation. */
  readonly conversationId?: string | number | null | undefined;
  /** Returns only calls that were accepted after this time. */
  readonly createdAfter?: string | null | undefined;
  /** Returns only calls that were accepted before this time. */
  readonly createdBefore?: string | null | undefined;
  /** Returns only calls of this kind. */
  readonly kind?: GenerationKind | null | undefined;
  /** Returns only calls with these words in the prompt and the revised prompt. Every word must be found, in any order, upper or lower case, with or without accents; the last one also as the beginning of a word. Nothing in the text is syntax. A text without words does not restrict the list. */
  readonly search?: string | null | undefined;
  /**
   * Returns only calls with one of these statuses. `statuses` replaces it when both are given.
   * @deprecated Use `statuses`, which is the same.
   */
  readonly status?: ReadonlyArray<GenerationStatus> | null | undefined;
  /** Returns only calls with one of these statuses. */
  readonly statuses?: ReadonlyArray<GenerationStatus> | null | undefined;
};

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

/** The kind of a call. */
export type GenerationKind =
  /** Make a new image. */
  | 'GENERATE'
  /** Change an existing image. */
  | 'REFINE';

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

/** The kind of a warning. */
export type GenerationWarningCode =
  /** The image model will be shut down within 90 days. The message gives the date and the successor. */
  | 'MODEL_RETIRING'
  /** The upstream does not support an option, so the image is made without it. The message names the option. */
  | 'OPTION_LEFT_OUT';

/** The background of an image. */
export type ImageBackground =
  /** Chosen by the model. */
  | 'AUTO'
  /** An opaque background. */
  | 'OPAQUE'
  /** A transparent background. Requires the format PNG or WEBP. */
  | 'TRANSPARENT';

/** A filter for a list of images. Omitted fields do not restrict the list. */
export type ImageFilter = {
  /** Returns only images of this conversation. */
  readonly conversationId?: string | number | null | undefined;
  /** Returns only images that were stored after this time. */
  readonly createdAfter?: string | null | undefined;
  /** Returns only images that were stored before this time. */
  readonly createdBefore?: string | null | undefined;
  /** True returns the images in the trash instead of the others. */
  readonly deleted?: boolean | null | undefined;
  /** Returns only favourites, or only images that are none. */
  readonly favorite?: boolean | null | undefined;
  /** Returns only images in one of these formats. */
  readonly formats?: ReadonlyArray<ImageFormat> | null | undefined;
  /** Returns only images that one of these image models made: as the upstream reported it, else as requested. */
  readonly models?: ReadonlyArray<string> | null | undefined;
  /** Returns only images of this origin. */
  readonly origin?: ImageOrigin | null | undefined;
  /** Returns only images with these words in the prompt, the revised prompt and the tags. Every word must be found, in any order, upper or lower case, with or without accents; the last one also as the beginning of a word. Nothing in the text is syntax. A text without words does not restrict the list. */
  readonly search?: string | null | undefined;
  /** Returns only images with all of these tags, in any letter case. */
  readonly tags?: ReadonlyArray<string> | null | undefined;
};

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

/** Options for making an image. The upstream decides about omitted options. */
export type ImageOptionsInput = {
  /** The background of the image. */
  readonly background?: ImageBackground | null | undefined;
  /** How soon the image is needed. Windows of hours require the Responses API, and an upstream that may keep responses. */
  readonly completionWindow?: CompletionWindow | null | undefined;
  /** How much the image model plans before it draws. Supported by gpt-image-2.6 and later. Independent of the quality. */
  readonly complexity?: Complexity | null | undefined;
  /** The compression quality for WEBP and JPEG: 0 to 100. Higher values give better quality and larger files. */
  readonly compression?: number | null | undefined;
  /** The file format of the image. */
  readonly format?: ImageFormat | null | undefined;
  /** The number of frames of a GIF: 2 to 16. If omitted, the upstream makes 9. */
  readonly frameCount?: number | null | undefined;
  /** How long each frame of a GIF is shown, in milliseconds: 10 to 655,350. The upstream rounds it to a multiple of 10. If omitted, the upstream uses 200. */
  readonly frameDurationMs?: number | null | undefined;
  /** How closely details of the source images are preserved. */
  readonly inputFidelity?: InputFidelity | null | undefined;
  /** The mainline model, which reads the prompt and calls the image model, for example `gpt-5.4-mini`. If omitted, the default of this server. */
  readonly mainlineModel?: string | null | undefined;
  /** The image model, for example `gpt-image-2`. If omitted, the default of this server. */
  readonly model?: string | null | undefined;
  /** The strictness of the upstream content filter. */
  readonly moderation?: Moderation | null | undefined;
  /** The number of partial images: 0 to 3. Each costs 100 image output tokens. There are none with GIF, with SVG through the Image API, or with a completion window of hours: the default is 0 there. Null is the same as 0. */
  readonly partialImages?: number | null | undefined;
  /** The quality of the image. */
  readonly quality?: ImageQuality | null | undefined;
  /** The size of the image. */
  readonly size?: string | null | undefined;
  /** The model that writes an SVG, and how much it reasons. Only with the format SVG. */
  readonly svg?: SvgOptionsInput | null | undefined;
};

/** The order of a list of images. */
export type ImageOrder = {
  /** The direction of the order. */
  readonly direction?: SortDirection;
  /** The field to order by. */
  readonly field: ImageOrderField;
};

/** The fields by which images can be ordered. */
export type ImageOrderField =
  /** The time the image was stored. */
  | 'CREATED_AT'
  /** How well an item fits the search, for which `filter.search` is required: of the newest 1000 that were found, those with the shortest text first, since it is about little else; then the older ones, newest first. */
  | 'RELEVANCE';

/** The origin of an image. */
export type ImageOrigin =
  /** Made by the upstream. */
  | 'GENERATED'
  /** Uploaded by a client. */
  | 'UPLOADED';

/** The quality of an image. */
export type ImageQuality =
  /** Chosen by the model. */
  | 'AUTO'
  /** Slow and expensive, for final images. */
  | 'HIGH'
  /** Fast and cheap, for drafts. */
  | 'LOW'
  /** The highest quality. Supported by gpt-image-2.5 and later. */
  | 'MAX'
  /** Between LOW and HIGH. */
  | 'MEDIUM'
  /** Higher than HIGH. Supported by gpt-image-2.5 and later. */
  | 'XHIGH';

/** How closely details of the source images, especially faces, are preserved. */
export type InputFidelity =
  /** Details are preserved closely. Uses more input tokens. Not supported by gpt-image-2. */
  | 'HIGH'
  /** Details are preserved loosely. */
  | 'LOW';

/** The status of a model. */
export type ModelStatus =
  /** No shutdown has been announced for the next 90 days. */
  | 'CURRENT'
  /** The model was shut down. Calls that request it are rejected with the name of its successor. */
  | 'RETIRED'
  /** The model will be shut down within 90 days. Calls that use it carry a warning. */
  | 'RETIRING';

/** The strictness of the upstream content filter. */
export type Moderation =
  /** The standard filter. */
  | 'AUTO'
  /** A less restrictive filter. */
  | 'LOW';

/** What the safety system of the upstream rejected. */
export type ModerationStage =
  /** The prompt or a source image. No image was made. */
  | 'INPUT'
  /** An image that was made. */
  | 'OUTPUT'
  /** The upstream does not say. */
  | 'UNKNOWN';

/** How much a language model reasons before it answers. Each model supports some of the values; the upstream rejects others. */
export type ReasoningEffort =
  /** Much reasoning. */
  | 'HIGH'
  /** Little reasoning. */
  | 'LOW'
  /** The most reasoning. */
  | 'MAX'
  /** Between LOW and HIGH. */
  | 'MEDIUM'
  /** The least reasoning. */
  | 'MINIMAL'
  /** No reasoning. */
  | 'NONE'
  /** More than HIGH. */
  | 'XHIGH';

/** A change to an existing image. */
export type RefineImageInput = {
  /** The number of images to make: 1 to 10. They are made in one upstream request where possible (no partial images, and no earlier response to continue from), otherwise in parallel requests. Partial success is kept. */
  readonly count?: number | null | undefined;
  /** A key of your choice: 1 to 255 characters. Sending the same key with the same input again returns the same call, so a request whose response was lost can be repeated safely: nothing is charged twice. */
  readonly idempotencyKey?: string | null | undefined;
  /** The image to change. It can be any image, not only the newest. */
  readonly imageId: string | number;
  /** A markup for the image: a transparent PNG with arrows, strokes or notes, which is laid over the image to show what to change. It must have the `width` and `height` of the image, and cannot be combined with a mask. Supported by gpt-image-2.5 and later, through the Image API only. */
  readonly markupImageId?: string | number | null | undefined;
  /** A mask for the image. It must have the same size. Only the transparent areas of the mask may change in the image. A black-and-white mask works too: black areas may change, white areas are kept. */
  readonly maskImageId?: string | number | null | undefined;
  /** Image options: size, quality, format and others. */
  readonly options?: ImageOptionsInput | null | undefined;
  /** A description of the change: 1 to 32,000 characters. */
  readonly prompt: string;
  /** Whether to ask the mainline model to pass the prompt to the image model unchanged. `Image.verbatim` tells whether it did. */
  readonly verbatim?: boolean | null | undefined;
};

/** How the source image was passed to the upstream. */
export type RefineRoute =
  /** By the id of the image within the upstream response that made it. */
  | 'CONTEXT_ITEMS'
  /** By its bytes. This works even when the upstream no longer has the image, or another upstream made it. */
  | 'IMAGE_BYTES'
  /** By the id of the upstream response that made the image. */
  | 'PREVIOUS_RESPONSE';

/** The call to retry. */
export type RetryGenerationInput = {
  /** The id of the `GenerationCall`. */
  readonly callId: string | number;
  /** A key of your choice: 1 to 255 characters. Sending the same key with the same input again returns the same call, so a request whose response was lost can be repeated safely: nothing is charged twice. */
  readonly idempotencyKey?: string | null | undefined;
};

/** The direction of an order. */
export type SortDirection =
  /** Ascending: oldest first, or the least relevant first. */
  | 'ASC'
  /** Descending: newest first, or the most relevant first. */
  | 'DESC';

/** Options for the model that writes an SVG. */
export type SvgOptionsInput = {
  /** The language model that writes the SVG. If omitted, the upstream decides. */
  readonly model?: string | null | undefined;
  /** How much that model reasons. If omitted, the default of the model. Through the Image API, it requires `model`. */
  readonly reasoningEffort?: ReasoningEffort | null | undefined;
};

/** What an upload is for. */
export type UploadPurpose =
  /** A markup (`markupImageId`). It never becomes the cover or the newest image of a conversation. */
  | 'MARKUP'
  /** A mask (`maskImageId`). It never becomes the cover or the newest image of a conversation. */
  | 'MASK'
  /** An image to refine or to build on. It can become the cover and the newest image of its conversation. */
  | 'SOURCE';

/** The kind of upstream that makes the images. */
export type UpstreamKind =
  /** Azure OpenAI. */
  | 'AZURE'
  /** Another service with an OpenAI-compatible API. */
  | 'COMPATIBLE'
  /** OpenAI. */
  | 'OPENAI'
  /** The built-in simulator, which draws images from the prompt at no cost. */
  | 'SIMULATOR';

export type BudgetFieldsFragment = { readonly subject: BudgetSubject, readonly subjectId: string, readonly period: BudgetPeriod, readonly currency: string, readonly limit: string, readonly spent: string, readonly reserved: string, readonly remaining: string, readonly startsAt: string, readonly resetsAt: string, readonly onExceed: BudgetAction, readonly isDefault: boolean };

export type ViewerBudgetsQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerBudgetsQuery = { readonly viewer: { readonly budgets: ReadonlyArray<{ readonly subject: BudgetSubject, readonly subjectId: string, readonly period: BudgetPeriod, readonly currency: string, readonly limit: string, readonly spent: string, readonly reserved: string, readonly remaining: string, readonly startsAt: string, readonly resetsAt: string, readonly onExceed: BudgetAction, readonly isDefault: boolean }>, readonly cost: { readonly amount: string } } };

export type SpendWithinMutationVariables = Exact<{
  input: GenerateImageInput;
}>;


export type SpendWithinMutation = { readonly generateImage:
    | { readonly __typename: 'BudgetExceededError', readonly code: ErrorCode, readonly message: string, readonly required: string, readonly resetsAt: string, readonly budget: { readonly subject: BudgetSubject, readonly subjectId: string, readonly period: BudgetPeriod, readonly currency: string, readonly limit: string, readonly spent: string, readonly reserved: string, readonly remaining: string, readonly startsAt: string, readonly resetsAt: string, readonly onExceed: BudgetAction, readonly isDefault: boolean } }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'GenerateImageSuccess', readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InTrashError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'NotFoundError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly retryAfter: string | null }
    | { readonly __typename: 'UnsupportedOptionError', readonly code: ErrorCode, readonly message: string }
   };

export type WaitingCallsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type WaitingCallsQuery = { readonly generationCallsAwaitingApproval: { readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: { readonly callId: string, readonly principal: string, readonly credential: string | null, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly amount: string, readonly createdAt: string, readonly requested: { readonly quality: ImageQuality | null } } }>, readonly pageInfo: { readonly hasNextPage: boolean } } };

export type ApproveMutationVariables = Exact<{
  callId: string | number;
}>;


export type ApproveMutation = { readonly approveGeneration:
    | { readonly __typename: 'ApproveGenerationSuccess', readonly approval: { readonly callId: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'NotAwaitingApprovalError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'NotFoundError', readonly code: ErrorCode, readonly message: string }
   };

export type RefuseMutationVariables = Exact<{
  callId: string | number;
  reason?: string | null | undefined;
}>;


export type RefuseMutation = { readonly refuseGeneration:
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'NotAwaitingApprovalError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'NotFoundError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'RefuseGenerationSuccess', readonly approval: { readonly callId: string, readonly status: GenerationStatus } }
   };

export type WatchWaitingSubscriptionVariables = Exact<{
  callId: string | number;
}>;


export type WatchWaitingSubscription = { readonly generationEvents:
    | { readonly __typename: 'GenerationApproved', readonly sequence: number, readonly call: { readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationAwaitingApproval', readonly amount: string, readonly expiresAt: string, readonly sequence: number, readonly call: { readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationCancelled', readonly sequence: number, readonly call: { readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationCompleted', readonly sequence: number, readonly call: { readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationFailed', readonly sequence: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean }, readonly call: { readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationQueued', readonly sequence: number, readonly call: { readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationRetrying', readonly sequence: number, readonly call: { readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationStarted', readonly sequence: number, readonly call: { readonly status: GenerationStatus } }
    | { readonly __typename: 'ImageCompleted', readonly sequence: number, readonly call: { readonly status: GenerationStatus } }
    | { readonly __typename: 'ImageFailed', readonly sequence: number, readonly call: { readonly status: GenerationStatus } }
    | { readonly __typename: 'ImageRemoved', readonly sequence: number, readonly call: { readonly status: GenerationStatus } }
    | { readonly __typename: 'PartialImageReceived', readonly sequence: number, readonly call: { readonly status: GenerationStatus } }
   };

export type ViewerSpendingQueryVariables = Exact<{
  from?: string | null | undefined;
  to?: string | null | undefined;
}>;


export type ViewerSpendingQuery = { readonly viewer: { readonly cost: { readonly amount: string }, readonly spending: { readonly from: string, readonly to: string, readonly amount: string, readonly currency: string, readonly basis: CostBasis, readonly complete: boolean, readonly calls: number, readonly days: ReadonlyArray<{ readonly date: string, readonly amount: string, readonly complete: boolean, readonly calls: number }> } } };

export type CancelGenerationMutationVariables = Exact<{
  input: CancelGenerationInput;
}>;


export type CancelGenerationMutation = { readonly cancelGeneration:
    | { readonly __typename: 'CancelGenerationSuccess', readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string }
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
    | { readonly __typename: 'BudgetExceededError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'GenerateImageSuccess', readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly cursor: string, readonly conversation: { readonly id: string, readonly title: string } } }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InTrashError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string, readonly fields: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'NotFoundError', readonly code: ErrorCode, readonly message: string, readonly field: string }
    | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'UnsupportedOptionError', readonly code: ErrorCode, readonly message: string }
   };

export type RefineImageMutationVariables = Exact<{
  input: RefineImageInput;
}>;


export type RefineImageMutation = { readonly refineImage:
    | { readonly __typename: 'BudgetExceededError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InTrashError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string, readonly fields: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'NotFoundError', readonly code: ErrorCode, readonly message: string, readonly field: string }
    | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'RefineImageSuccess', readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly cursor: string, readonly conversation: { readonly id: string, readonly title: string } } }
    | { readonly __typename: 'UnsupportedOptionError', readonly code: ErrorCode, readonly message: string }
   };

type EventFields_GenerationApproved_Fragment = { readonly __typename: 'GenerationApproved', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_GenerationAwaitingApproval_Fragment = { readonly __typename: 'GenerationAwaitingApproval', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_GenerationCancelled_Fragment = { readonly __typename: 'GenerationCancelled', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_GenerationCompleted_Fragment = { readonly __typename: 'GenerationCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly sha256: string }>, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_GenerationFailed_Fragment = { readonly __typename: 'GenerationFailed', readonly cursor: string, readonly sequence: number, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null, readonly requestId: string | null, readonly moderation: { readonly stage: ModerationStage, readonly categories: ReadonlyArray<string> } | null }, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_GenerationQueued_Fragment = { readonly __typename: 'GenerationQueued', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_GenerationRetrying_Fragment = { readonly __typename: 'GenerationRetrying', readonly attempt: number, readonly reason: string, readonly retryAt: string, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_GenerationStarted_Fragment = { readonly __typename: 'GenerationStarted', readonly attempt: number, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_ImageCompleted_Fragment = { readonly __typename: 'ImageCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly image: { readonly id: string, readonly url: string, readonly sha256: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly byteSize: number }, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_ImageFailed_Fragment = { readonly __typename: 'ImageFailed', readonly imageIndex: number, readonly cursor: string, readonly sequence: number, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string }, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_ImageRemoved_Fragment = { readonly __typename: 'ImageRemoved', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } };

type EventFields_PartialImageReceived_Fragment = { readonly __typename: 'PartialImageReceived', readonly cursor: string, readonly sequence: number, readonly at: string, readonly partial: { readonly index: number, readonly imageIndex: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly format: ImageFormat, readonly byteSize: number }, readonly call: { readonly id: string, readonly status: GenerationStatus } };

export type EventFieldsFragment =
  | EventFields_GenerationApproved_Fragment
  | EventFields_GenerationAwaitingApproval_Fragment
  | EventFields_GenerationCancelled_Fragment
  | EventFields_GenerationCompleted_Fragment
  | EventFields_GenerationFailed_Fragment
  | EventFields_GenerationQueued_Fragment
  | EventFields_GenerationRetrying_Fragment
  | EventFields_GenerationStarted_Fragment
  | EventFields_ImageCompleted_Fragment
  | EventFields_ImageFailed_Fragment
  | EventFields_ImageRemoved_Fragment
  | EventFields_PartialImageReceived_Fragment
;

export type WatchCallSubscriptionVariables = Exact<{
  callId: string | number;
  after?: string | null | undefined;
}>;


export type WatchCallSubscription = { readonly generationEvents:
    | { readonly __typename: 'GenerationApproved', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationAwaitingApproval', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationCancelled', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly sha256: string }>, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationFailed', readonly cursor: string, readonly sequence: number, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null, readonly requestId: string | null, readonly moderation: { readonly stage: ModerationStage, readonly categories: ReadonlyArray<string> } | null }, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationQueued', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationRetrying', readonly attempt: number, readonly reason: string, readonly retryAt: string, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationStarted', readonly attempt: number, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'ImageCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly image: { readonly id: string, readonly url: string, readonly sha256: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly byteSize: number }, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'ImageFailed', readonly imageIndex: number, readonly cursor: string, readonly sequence: number, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string }, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'ImageRemoved', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'PartialImageReceived', readonly cursor: string, readonly sequence: number, readonly at: string, readonly partial: { readonly index: number, readonly imageIndex: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly format: ImageFormat, readonly byteSize: number }, readonly call: { readonly id: string, readonly status: GenerationStatus } }
   };

export type WatchConversationSubscriptionVariables = Exact<{
  conversationId: string | number;
  after?: string | null | undefined;
}>;


export type WatchConversationSubscription = { readonly conversationEvents:
    | { readonly __typename: 'GenerationApproved', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationAwaitingApproval', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationCancelled', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly sha256: string }>, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationFailed', readonly cursor: string, readonly sequence: number, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null, readonly requestId: string | null, readonly moderation: { readonly stage: ModerationStage, readonly categories: ReadonlyArray<string> } | null }, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationQueued', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationRetrying', readonly attempt: number, readonly reason: string, readonly retryAt: string, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'GenerationStarted', readonly attempt: number, readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'ImageCompleted', readonly cursor: string, readonly sequence: number, readonly at: string, readonly image: { readonly id: string, readonly url: string, readonly sha256: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly byteSize: number }, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'ImageFailed', readonly imageIndex: number, readonly cursor: string, readonly sequence: number, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string }, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'ImageRemoved', readonly cursor: string, readonly sequence: number, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | { readonly __typename: 'PartialImageReceived', readonly cursor: string, readonly sequence: number, readonly at: string, readonly partial: { readonly index: number, readonly imageIndex: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly format: ImageFormat, readonly byteSize: number }, readonly call: { readonly id: string, readonly status: GenerationStatus } }
    | Record<PropertyKey, never>
   };

export type CallSnapshotQueryVariables = Exact<{
  id: string | number;
}>;


export type CallSnapshotQuery = { readonly generationCall: { readonly id: string, readonly cursor: string, readonly status: GenerationStatus, readonly partialImages: ReadonlyArray<{ readonly index: number, readonly url: string }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string }> } | null };

export type CallDetailsQueryVariables = Exact<{
  id: string | number;
}>;


export type CallDetailsQuery = { readonly generationCall: { readonly id: string, readonly kind: GenerationKind, readonly status: GenerationStatus, readonly prompt: string, readonly revisedPrompt: string | null, readonly route: RefineRoute | null, readonly attempts: number, readonly responseId: string | null, readonly cursor: string, readonly createdAt: string, readonly startedAt: string | null, readonly firstPartialAt: string | null, readonly endedAt: string | null, readonly requested: { readonly model: string | null, readonly size: string | null, readonly quality: ImageQuality | null, readonly format: ImageFormat | null, readonly compression: number | null, readonly background: ImageBackground | null, readonly partialImages: number | null }, readonly conversation: { readonly id: string, readonly title: string }, readonly sources: ReadonlyArray<{ readonly id: string }>, readonly partialImages: ReadonlyArray<{ readonly index: number, readonly imageIndex: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly format: ImageFormat, readonly byteSize: number }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly sha256: string }>, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null, readonly requestId: string | null } | null } | null };

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

export type WatchViewerSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type WatchViewerSubscription = { readonly viewerEvents:
    | { readonly __typename: 'ConversationCreated', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null, readonly conversation: { readonly id: string, readonly title: string } | null }
    | { readonly __typename: 'ConversationDeleted', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null }
    | { readonly __typename: 'ConversationPurged', readonly sequence: number | null, readonly conversationId: string, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null }
    | { readonly __typename: 'ConversationRestored', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null }
    | { readonly __typename: 'ConversationUpdated', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null, readonly conversation: { readonly id: string, readonly title: string } | null }
    | { readonly __typename: 'GenerationApproved', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } }
    | { readonly __typename: 'GenerationAwaitingApproval', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } }
    | { readonly __typename: 'GenerationCancelled', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } }
    | { readonly __typename: 'GenerationCompleted', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } }
    | { readonly __typename: 'GenerationFailed', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } }
    | { readonly __typename: 'GenerationQueued', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } }
    | { readonly __typename: 'GenerationRetrying', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } }
    | { readonly __typename: 'GenerationStarted', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } }
    | { readonly __typename: 'ImageCompleted', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string }, readonly image: { readonly id: string, readonly url: string } }
    | { readonly __typename: 'ImageDeleted', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null }
    | { readonly __typename: 'ImageFailed', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } }
    | { readonly __typename: 'ImagePurged', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null }
    | { readonly __typename: 'ImageRemoved', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } }
    | { readonly __typename: 'ImageRestored', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null }
    | { readonly __typename: 'ImageUpdated', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null }
    | { readonly __typename: 'ImageUploaded', readonly sequence: number | null, readonly imageId: string, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null, readonly uploaded: { readonly url: string } | null }
    | { readonly __typename: 'PartialImageReceived', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string }, readonly partial: { readonly url: string } }
   };

type LogEventFields_ConversationCreated_Fragment = { readonly __typename: 'ConversationCreated', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null, readonly conversation: { readonly id: string, readonly title: string } | null };

type LogEventFields_ConversationDeleted_Fragment = { readonly __typename: 'ConversationDeleted', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null };

type LogEventFields_ConversationPurged_Fragment = { readonly __typename: 'ConversationPurged', readonly sequence: number | null, readonly conversationId: string, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null };

type LogEventFields_ConversationRestored_Fragment = { readonly __typename: 'ConversationRestored', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null };

type LogEventFields_ConversationUpdated_Fragment = { readonly __typename: 'ConversationUpdated', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null, readonly conversation: { readonly id: string, readonly title: string } | null };

type LogEventFields_GenerationApproved_Fragment = { readonly __typename: 'GenerationApproved', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } };

type LogEventFields_GenerationAwaitingApproval_Fragment = { readonly __typename: 'GenerationAwaitingApproval', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } };

type LogEventFields_GenerationCancelled_Fragment = { readonly __typename: 'GenerationCancelled', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } };

type LogEventFields_GenerationCompleted_Fragment = { readonly __typename: 'GenerationCompleted', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } };

type LogEventFields_GenerationFailed_Fragment = { readonly __typename: 'GenerationFailed', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } };

type LogEventFields_GenerationQueued_Fragment = { readonly __typename: 'GenerationQueued', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } };

type LogEventFields_GenerationRetrying_Fragment = { readonly __typename: 'GenerationRetrying', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } };

type LogEventFields_GenerationStarted_Fragment = { readonly __typename: 'GenerationStarted', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } };

type LogEventFields_ImageCompleted_Fragment = { readonly __typename: 'ImageCompleted', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string }, readonly image: { readonly id: string, readonly url: string } };

type LogEventFields_ImageDeleted_Fragment = { readonly __typename: 'ImageDeleted', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null };

type LogEventFields_ImageFailed_Fragment = { readonly __typename: 'ImageFailed', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } };

type LogEventFields_ImagePurged_Fragment = { readonly __typename: 'ImagePurged', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null };

type LogEventFields_ImageRemoved_Fragment = { readonly __typename: 'ImageRemoved', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } };

type LogEventFields_ImageRestored_Fragment = { readonly __typename: 'ImageRestored', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null };

type LogEventFields_ImageUpdated_Fragment = { readonly __typename: 'ImageUpdated', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null };

type LogEventFields_ImageUploaded_Fragment = { readonly __typename: 'ImageUploaded', readonly sequence: number | null, readonly imageId: string, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null, readonly uploaded: { readonly url: string } | null };

type LogEventFields_PartialImageReceived_Fragment = { readonly __typename: 'PartialImageReceived', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string }, readonly partial: { readonly url: string } };

export type LogEventFieldsFragment =
  | LogEventFields_ConversationCreated_Fragment
  | LogEventFields_ConversationDeleted_Fragment
  | LogEventFields_ConversationPurged_Fragment
  | LogEventFields_ConversationRestored_Fragment
  | LogEventFields_ConversationUpdated_Fragment
  | LogEventFields_GenerationApproved_Fragment
  | LogEventFields_GenerationAwaitingApproval_Fragment
  | LogEventFields_GenerationCancelled_Fragment
  | LogEventFields_GenerationCompleted_Fragment
  | LogEventFields_GenerationFailed_Fragment
  | LogEventFields_GenerationQueued_Fragment
  | LogEventFields_GenerationRetrying_Fragment
  | LogEventFields_GenerationStarted_Fragment
  | LogEventFields_ImageCompleted_Fragment
  | LogEventFields_ImageDeleted_Fragment
  | LogEventFields_ImageFailed_Fragment
  | LogEventFields_ImagePurged_Fragment
  | LogEventFields_ImageRemoved_Fragment
  | LogEventFields_ImageRestored_Fragment
  | LogEventFields_ImageUpdated_Fragment
  | LogEventFields_ImageUploaded_Fragment
  | LogEventFields_PartialImageReceived_Fragment
;

export type WatchConversationLogSubscriptionVariables = Exact<{
  conversationId: string | number;
  after?: string | null | undefined;
}>;


export type WatchConversationLogSubscription = { readonly conversationEvents:
    | { readonly __typename: 'ConversationCreated', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null, readonly conversation: { readonly id: string, readonly title: string } | null }
    | { readonly __typename: 'ConversationDeleted', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null }
    | { readonly __typename: 'ConversationPurged', readonly sequence: number | null, readonly conversationId: string, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null }
    | { readonly __typename: 'ConversationRestored', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null }
    | { readonly __typename: 'ConversationUpdated', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null, readonly conversation: { readonly id: string, readonly title: string } | null }
    | { readonly __typename: 'GenerationApproved', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } }
    | { readonly __typename: 'GenerationAwaitingApproval', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } }
    | { readonly __typename: 'GenerationCancelled', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } }
    | { readonly __typename: 'GenerationCompleted', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } }
    | { readonly __typename: 'GenerationFailed', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } }
    | { readonly __typename: 'GenerationQueued', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } }
    | { readonly __typename: 'GenerationRetrying', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } }
    | { readonly __typename: 'GenerationStarted', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } }
    | { readonly __typename: 'ImageCompleted', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string }, readonly image: { readonly id: string, readonly url: string } }
    | { readonly __typename: 'ImageDeleted', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null }
    | { readonly __typename: 'ImageFailed', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } }
    | { readonly __typename: 'ImagePurged', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null }
    | { readonly __typename: 'ImageRemoved', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } }
    | { readonly __typename: 'ImageRestored', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null }
    | { readonly __typename: 'ImageUpdated', readonly sequence: number | null, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null }
    | { readonly __typename: 'ImageUploaded', readonly sequence: number | null, readonly imageId: string, readonly cursor: string, readonly at: string, readonly call: { readonly id: string } | null, readonly uploaded: { readonly url: string } | null }
    | { readonly __typename: 'PartialImageReceived', readonly sequence: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string }, readonly partial: { readonly url: string } }
   };

export type GalleryQueryVariables = Exact<{ [key: string]: never; }>;


export type GalleryQuery = { readonly images: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string } }> }, readonly generationCalls: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string, readonly status: GenerationStatus } }> }, readonly viewer: { readonly cursor: string | null } };

export type TimelineQueryVariables = Exact<{
  id: string | number;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type TimelineQuery = { readonly conversation: { readonly cursor: string, readonly title: string, readonly items: { readonly totalCount: number, readonly pageInfo: { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null }, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node:
          | { readonly __typename: 'GenerationCall', readonly id: string, readonly prompt: string }
          | { readonly __typename: 'Image', readonly id: string, readonly purpose: UploadPurpose | null }
         }> } } | null };

export type OrderMutationVariables = Exact<{
  input: GenerateImageInput;
}>;


export type OrderMutation = { readonly generateImage:
    | { readonly __typename: 'BudgetExceededError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'GenerateImageSuccess', readonly call: { readonly id: string } }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InTrashError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string, readonly fields: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'NotFoundError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'UnsupportedOptionError', readonly code: ErrorCode, readonly message: string, readonly model: string | null, readonly option: string, readonly allowed: ReadonlyArray<string> }
   };

export type RetryGenerationMutationVariables = Exact<{
  input: RetryGenerationInput;
}>;


export type RetryGenerationMutation = { readonly retryGeneration:
    | { readonly __typename: 'BudgetExceededError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InTrashError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'NotFoundError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'NotRetryableError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'RetryGenerationSuccess', readonly call: { readonly id: string, readonly retryOf: { readonly id: string } | null } }
    | { readonly __typename: 'UnsupportedOptionError', readonly code: ErrorCode, readonly message: string }
   };

export type CostFieldsFragment = { readonly amount: string, readonly currency: string, readonly basis: CostBasis, readonly complete: boolean, readonly lines: ReadonlyArray<{ readonly kind: CostLineKind, readonly model: string | null, readonly tokens: number, readonly pricePerMillion: string | null, readonly amount: string | null }> };

export type OrderedCallQueryVariables = Exact<{
  id: string | number;
}>;


export type OrderedCallQuery = { readonly generationCall: { readonly id: string, readonly status: GenerationStatus, readonly count: number, readonly verbatim: boolean, readonly attempts: number, readonly route: RefineRoute | null, readonly revisedPrompt: string | null, readonly sources: ReadonlyArray<{ readonly id: string }>, readonly mask: { readonly id: string } | null, readonly markup: { readonly id: string } | null, readonly images: ReadonlyArray<{ readonly id: string, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly verbatim: boolean | null, readonly actual: { readonly model: string | null, readonly mainlineModel: string | null, readonly size: string | null, readonly quality: ImageQuality | null, readonly format: ImageFormat | null, readonly compression: number | null, readonly background: ImageBackground | null, readonly moderation: Moderation | null } | null }>, readonly partialImages: ReadonlyArray<{ readonly imageIndex: number, readonly index: number }>, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null, readonly requestId: string | null, readonly text: string | null, readonly moderation: { readonly stage: ModerationStage, readonly categories: ReadonlyArray<string> } | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string } }>, readonly warnings: ReadonlyArray<{ readonly code: GenerationWarningCode, readonly message: string }>, readonly retryOf: { readonly id: string } | null, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly usage: { readonly totalTokens: number, readonly mainline: { readonly model: string | null, readonly inputTokens: number, readonly cachedInputTokens: number, readonly outputTokens: number, readonly reasoningTokens: number } | null, readonly image: { readonly model: string | null, readonly textInputTokens: number, readonly cachedTextInputTokens: number, readonly imageInputTokens: number, readonly cachedImageInputTokens: number, readonly outputTokens: number } | null, readonly svg: { readonly model: string | null, readonly inputTokens: number, readonly outputTokens: number, readonly reasoningTokens: number } | null } | null, readonly cost: { readonly amount: string, readonly currency: string, readonly basis: CostBasis, readonly complete: boolean, readonly lines: ReadonlyArray<{ readonly kind: CostLineKind, readonly model: string | null, readonly tokens: number, readonly pricePerMillion: string | null, readonly amount: string | null }> } | null, readonly conversation: { readonly id: string, readonly cost: { readonly amount: string, readonly currency: string, readonly basis: CostBasis, readonly complete: boolean, readonly lines: ReadonlyArray<{ readonly kind: CostLineKind, readonly model: string | null, readonly tokens: number, readonly pricePerMillion: string | null, readonly amount: string | null }> } } } | null };

export type SpendQueryVariables = Exact<{ [key: string]: never; }>;


export type SpendQuery = { readonly viewer: { readonly cost: { readonly amount: string, readonly currency: string, readonly basis: CostBasis, readonly complete: boolean, readonly lines: ReadonlyArray<{ readonly kind: CostLineKind, readonly model: string | null, readonly tokens: number, readonly pricePerMillion: string | null, readonly amount: string | null }> } } };

export type ModelsQueryVariables = Exact<{ [key: string]: never; }>;


export type ModelsQuery = { readonly models: ReadonlyArray<{ readonly name: string, readonly snapshots: ReadonlyArray<string>, readonly isDefault: boolean, readonly status: ModelStatus, readonly retiresAt: string | null, readonly successor: string | null, readonly sizes: ReadonlyArray<string>, readonly qualities: ReadonlyArray<ImageQuality>, readonly formats: ReadonlyArray<ImageFormat>, readonly backgrounds: ReadonlyArray<ImageBackground>, readonly inputFidelities: ReadonlyArray<InputFidelity>, readonly complexities: ReadonlyArray<Complexity>, readonly takesMarkup: boolean, readonly maxPartialImages: number, readonly maxCount: number, readonly takesMask: boolean, readonly knownAsOf: string, readonly sizeRules: { readonly edgeStep: number, readonly longestEdge: number } | null, readonly prices: { readonly textInput: string, readonly imageInput: string, readonly imageOutput: string } | null }> };

export type EstimateQueryVariables = Exact<{
  input: EstimateGenerationInput;
}>;


export type EstimateQuery = { readonly estimateGeneration:
    | { readonly __typename: 'EstimateGenerationSuccess', readonly estimate: { readonly lowestAmount: string, readonly cost: { readonly amount: string, readonly currency: string, readonly basis: CostBasis, readonly complete: boolean, readonly lines: ReadonlyArray<{ readonly kind: CostLineKind, readonly model: string | null, readonly tokens: number, readonly pricePerMillion: string | null, readonly amount: string | null }> }, readonly duration: { readonly typicalMs: number, readonly slowMs: number, readonly basis: DurationBasis, readonly samples: number } } }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InTrashError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string, readonly fields: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'NotFoundError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'UnsupportedOptionError', readonly code: ErrorCode, readonly message: string, readonly model: string | null, readonly option: string, readonly allowed: ReadonlyArray<string> }
   };

export type UploadImageMutationVariables = Exact<{
  file: null;
  conversationId?: string | number | null | undefined;
  purpose?: UploadPurpose | null | undefined;
  idempotencyKey?: string | null | undefined;
}>;


export type UploadImageMutation = { readonly uploadImage:
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InTrashError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string, readonly fields: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'NotFoundError', readonly code: ErrorCode, readonly message: string, readonly field: string }
    | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'UploadImageSuccess', readonly image: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly format: ImageFormat, readonly byteSize: number, readonly sha256: string, readonly thumbhash: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly createdAt: string, readonly requested: { readonly model: string | null } | null, readonly actual: { readonly model: string | null } | null, readonly call: { readonly id: string } | null, readonly conversation: { readonly id: string, readonly updatedAt: string, readonly cover: { readonly id: string } | null } | null, readonly sources: ReadonlyArray<{ readonly id: string }>, readonly refinements: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string } }> }, readonly lineage: ReadonlyArray<{ readonly id: string }> } }
   };

export type FamilyQueryVariables = Exact<{
  parent: string | number;
  child: string | number;
}>;


export type FamilyQuery = { readonly parent: { readonly refinements: { readonly edges: ReadonlyArray<{ readonly node: { readonly id: string } }> }, readonly conversation: { readonly id: string } | null } | null, readonly child: { readonly sources: ReadonlyArray<{ readonly id: string }>, readonly lineage: ReadonlyArray<{ readonly id: string }>, readonly conversation: { readonly id: string } | null } | null };

export type WarnedQueryVariables = Exact<{
  id: string | number;
}>;


export type WarnedQuery = { readonly generationCall: { readonly status: GenerationStatus, readonly attempts: number, readonly route: RefineRoute | null, readonly warnings: ReadonlyArray<{ readonly code: GenerationWarningCode, readonly message: string }>, readonly requested: { readonly partialImages: number | null, readonly quality: ImageQuality | null, readonly moderation: Moderation | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string } | null, readonly images: ReadonlyArray<{ readonly id: string }> } | null };

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
export const BudgetFieldsFragmentDoc = new TypedDocumentString(`
    fragment BudgetFields on Budget {
  subject
  subjectId
  period
  currency
  limit
  spent
  reserved
  remaining
  startsAt
  resetsAt
  onExceed
  isDefault
}
    `, {"fragmentName":"BudgetFields"}) as unknown as TypedDocumentString<BudgetFieldsFragment, unknown>;
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
export const LogEventFieldsFragmentDoc = new TypedDocumentString(`
    fragment LogEventFields on ViewerEvent {
  __typename
  cursor
  at
  ... on ConversationEvent {
    sequence
    call {
      id
    }
  }
  ... on ConversationCreated {
    conversation {
      id
      title
    }
  }
  ... on ConversationUpdated {
    conversation {
      id
      title
    }
  }
  ... on ConversationPurged {
    conversationId
  }
  ... on ImageUploaded {
    imageId
    uploaded: image {
      url
    }
  }
  ... on PartialImageReceived {
    partial {
      url
    }
  }
  ... on ImageCompleted {
    image {
      id
      url
    }
  }
}
    `, {"fragmentName":"LogEventFields"}) as unknown as TypedDocumentString<LogEventFieldsFragment, unknown>;
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
export const ViewerBudgetsDocument = new TypedDocumentString(`
    query ViewerBudgets {
  viewer {
    budgets {
      ...BudgetFields
    }
    cost {
      amount
    }
  }
}
    fragment BudgetFields on Budget {
  subject
  subjectId
  period
  currency
  limit
  spent
  reserved
  remaining
  startsAt
  resetsAt
  onExceed
  isDefault
}`) as unknown as TypedDocumentString<ViewerBudgetsQuery, ViewerBudgetsQueryVariables>;
export const SpendWithinDocument = new TypedDocumentString(`
    mutation SpendWithin($input: GenerateImageInput!) {
  generateImage(input: $input) {
    __typename
    ... on GenerateImageSuccess {
      call {
        id
        status
      }
    }
    ... on Error {
      code
      message
    }
    ... on RateLimitedError {
      retryAfter
    }
    ... on BudgetExceededError {
      required
      resetsAt
      budget {
        ...BudgetFields
      }
    }
  }
}
    fragment BudgetFields on Budget {
  subject
  subjectId
  period
  currency
  limit
  spent
  reserved
  remaining
  startsAt
  resetsAt
  onExceed
  isDefault
}`) as unknown as TypedDocumentString<SpendWithinMutation, SpendWithinMutationVariables>;
export const WaitingCallsDocument = new TypedDocumentString(`
    query WaitingCalls($first: Int, $after: String) {
  generationCallsAwaitingApproval(first: $first, after: $after) {
    edges {
      cursor
      node {
        callId
        principal
        credential
        status
        kind
        prompt
        count
        amount
        createdAt
        requested {
          quality
        }
      }
    }
    pageInfo {
      hasNextPage
    }
  }
}
    `) as unknown as TypedDocumentString<WaitingCallsQuery, WaitingCallsQueryVariables>;
export const ApproveDocument = new TypedDocumentString(`
    mutation Approve($callId: ID!) {
  approveGeneration(input: {callId: $callId}) {
    __typename
    ... on ApproveGenerationSuccess {
      approval {
        callId
        status
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ApproveMutation, ApproveMutationVariables>;
export const RefuseDocument = new TypedDocumentString(`
    mutation Refuse($callId: ID!, $reason: String) {
  refuseGeneration(input: {callId: $callId, reason: $reason}) {
    __typename
    ... on RefuseGenerationSuccess {
      approval {
        callId
        status
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RefuseMutation, RefuseMutationVariables>;
export const WatchWaitingDocument = new TypedDocumentString(`
    subscription WatchWaiting($callId: ID!) {
  generationEvents(callId: $callId) {
    __typename
    sequence
    call {
      status
    }
    ... on GenerationAwaitingApproval {
      amount
      expiresAt
    }
    ... on GenerationFailed {
      failure {
        code
        message
        retryable
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WatchWaitingSubscription, WatchWaitingSubscriptionVariables>;
export const ViewerSpendingDocument = new TypedDocumentString(`
    query ViewerSpending($from: Date, $to: Date) {
  viewer {
    cost {
      amount
    }
    spending(from: $from, to: $to) {
      from
      to
      amount
      currency
      basis
      complete
      calls
      days {
        date
        amount
        complete
        calls
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ViewerSpendingQuery, ViewerSpendingQueryVariables>;
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
    endedAt
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
export const WatchViewerDocument = new TypedDocumentString(`
    subscription WatchViewer($after: String) {
  viewerEvents(after: $after) {
    ...LogEventFields
  }
}
    fragment LogEventFields on ViewerEvent {
  __typename
  cursor
  at
  ... on ConversationEvent {
    sequence
    call {
      id
    }
  }
  ... on ConversationCreated {
    conversation {
      id
      title
    }
  }
  ... on ConversationUpdated {
    conversation {
      id
      title
    }
  }
  ... on ConversationPurged {
    conversationId
  }
  ... on ImageUploaded {
    imageId
    uploaded: image {
      url
    }
  }
  ... on PartialImageReceived {
    partial {
      url
    }
  }
  ... on ImageCompleted {
    image {
      id
      url
    }
  }
}`) as unknown as TypedDocumentString<WatchViewerSubscription, WatchViewerSubscriptionVariables>;
export const WatchConversationLogDocument = new TypedDocumentString(`
    subscription WatchConversationLog($conversationId: ID!, $after: String) {
  conversationEvents(conversationId: $conversationId, after: $after) {
    ...LogEventFields
  }
}
    fragment LogEventFields on ViewerEvent {
  __typename
  cursor
  at
  ... on ConversationEvent {
    sequence
    call {
      id
    }
  }
  ... on ConversationCreated {
    conversation {
      id
      title
    }
  }
  ... on ConversationUpdated {
    conversation {
      id
      title
    }
  }
  ... on ConversationPurged {
    conversationId
  }
  ... on ImageUploaded {
    imageId
    uploaded: image {
      url
    }
  }
  ... on PartialImageReceived {
    partial {
      url
    }
  }
  ... on ImageCompleted {
    image {
      id
      url
    }
  }
}`) as unknown as TypedDocumentString<WatchConversationLogSubscription, WatchConversationLogSubscriptionVariables>;
export const GalleryDocument = new TypedDocumentString(`
    query Gallery {
  images(first: 100) {
    edges {
      node {
        id
      }
    }
  }
  generationCalls(first: 100) {
    edges {
      node {
        id
        status
      }
    }
  }
  viewer {
    cursor
  }
}
    `) as unknown as TypedDocumentString<GalleryQuery, GalleryQueryVariables>;
export const TimelineDocument = new TypedDocumentString(`
    query Timeline($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  conversation(id: $id) {
    cursor
    title
    items(first: $first, after: $after, last: $last, before: $before) {
      totalCount
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
      edges {
        cursor
        node {
          __typename
          ... on GenerationCall {
            id
            prompt
          }
          ... on Image {
            id
            purpose
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TimelineQuery, TimelineQueryVariables>;
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
    markup {
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
      svg {
        model
        inputTokens
        outputTokens
        reasoningTokens
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
    complexities
    takesMarkup
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
    query Estimate($input: EstimateGenerationInput!) {
  estimateGeneration(input: $input) {
    __typename
    ... on EstimateGenerationSuccess {
      estimate {
        cost {
          ...CostFields
        }
        lowestAmount
        duration {
          typicalMs
          slowMs
          basis
          samples
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
    ... on UnsupportedOptionError {
      model
      option
      allowed
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
    mutation UploadImage($file: Upload!, $conversationId: ID, $purpose: UploadPurpose, $idempotencyKey: String) {
  uploadImage(
    input: {file: $file, conversationId: $conversationId, purpose: $purpose, idempotencyKey: $idempotencyKey}
  ) {
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
        purpose
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
export const WarnedDocument = new TypedDocumentString(`
    query Warned($id: ID!) {
  generationCall(id: $id) {
    status
    attempts
    route
    warnings {
      code
      message
    }
    requested {
      partialImages
      quality
      moderation
    }
    failure {
      code
      message
    }
    images {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<WarnedQuery, WarnedQueryVariables>;