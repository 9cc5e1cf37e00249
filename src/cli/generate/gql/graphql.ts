/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
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

/** The strictness of the upstream content filter. */
export type Moderation =
  /** The standard filter. */
  | 'AUTO'
  /** A less restrictive filter. */
  | 'LOW';

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

/** Options for the model that writes an SVG. */
export type SvgOptionsInput = {
  /** The language model that writes the SVG. If omitted, the upstream decides. */
  readonly model?: string | null | undefined;
  /** How much that model reasons. If omitted, the default of the model. Through the Image API, it requires `model`. */
  readonly reasoningEffort?: ReasoningEffort | null | undefined;
};

export type GenerateMutationVariables = Exact<{
  input: GenerateImageInput;
}>;


export type GenerateMutation = { readonly generateImage:
    | { readonly __typename: 'BudgetExceededError', readonly message: string }
    | { readonly __typename: 'ForbiddenError', readonly message: string }
    | { readonly __typename: 'GenerateImageSuccess', readonly call: { readonly id: string } }
    | { readonly __typename: 'IdempotencyConflictError', readonly message: string }
    | { readonly __typename: 'InTrashError', readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly message: string, readonly fields: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'NotFoundError', readonly message: string, readonly field: string }
    | { readonly __typename: 'RateLimitedError', readonly message: string, readonly retryAfter: string | null }
    | { readonly __typename: 'UnsupportedOptionError', readonly message: string, readonly option: string }
   };

export type RefineMutationVariables = Exact<{
  input: RefineImageInput;
}>;


export type RefineMutation = { readonly refineImage:
    | { readonly __typename: 'BudgetExceededError', readonly message: string }
    | { readonly __typename: 'ForbiddenError', readonly message: string }
    | { readonly __typename: 'IdempotencyConflictError', readonly message: string }
    | { readonly __typename: 'InTrashError', readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly message: string, readonly fields: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'NotFoundError', readonly message: string, readonly field: string }
    | { readonly __typename: 'RateLimitedError', readonly message: string, readonly retryAfter: string | null }
    | { readonly __typename: 'RefineImageSuccess', readonly call: { readonly id: string } }
    | { readonly __typename: 'UnsupportedOptionError', readonly message: string, readonly option: string }
   };

export type FollowSubscriptionVariables = Exact<{
  callId: string | number;
  after?: string | null | undefined;
}>;


export type FollowSubscription = { readonly generationEvents:
    | { readonly __typename: 'GenerationApproved', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly prompt: string, readonly revisedPrompt: string | null, readonly conversation: { readonly id: string }, readonly requested: { readonly partialImages: number | null, readonly completionWindow: CompletionWindow | null }, readonly warnings: ReadonlyArray<{ readonly code: GenerationWarningCode, readonly message: string }> } }
    | { readonly __typename: 'GenerationAwaitingApproval', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly prompt: string, readonly revisedPrompt: string | null, readonly conversation: { readonly id: string }, readonly requested: { readonly partialImages: number | null, readonly completionWindow: CompletionWindow | null }, readonly warnings: ReadonlyArray<{ readonly code: GenerationWarningCode, readonly message: string }> } }
    | { readonly __typename: 'GenerationCancelled', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly prompt: string, readonly revisedPrompt: string | null, readonly conversation: { readonly id: string }, readonly requested: { readonly partialImages: number | null, readonly completionWindow: CompletionWindow | null }, readonly warnings: ReadonlyArray<{ readonly code: GenerationWarningCode, readonly message: string }> } }
    | { readonly __typename: 'GenerationCompleted', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly prompt: string, readonly revisedPrompt: string | null, readonly conversation: { readonly id: string }, readonly requested: { readonly partialImages: number | null, readonly completionWindow: CompletionWindow | null }, readonly warnings: ReadonlyArray<{ readonly code: GenerationWarningCode, readonly message: string }> } }
    | { readonly __typename: 'GenerationFailed', readonly cursor: string, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly requestId: string | null, readonly retryable: boolean, readonly retryAfter: string | null }, readonly call: { readonly id: string, readonly prompt: string, readonly revisedPrompt: string | null, readonly conversation: { readonly id: string }, readonly requested: { readonly partialImages: number | null, readonly completionWindow: CompletionWindow | null }, readonly warnings: ReadonlyArray<{ readonly code: GenerationWarningCode, readonly message: string }> } }
    | { readonly __typename: 'GenerationQueued', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly prompt: string, readonly revisedPrompt: string | null, readonly conversation: { readonly id: string }, readonly requested: { readonly partialImages: number | null, readonly completionWindow: CompletionWindow | null }, readonly warnings: ReadonlyArray<{ readonly code: GenerationWarningCode, readonly message: string }> } }
    | { readonly __typename: 'GenerationRetrying', readonly reason: string, readonly retryAt: string, readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly prompt: string, readonly revisedPrompt: string | null, readonly conversation: { readonly id: string }, readonly requested: { readonly partialImages: number | null, readonly completionWindow: CompletionWindow | null }, readonly warnings: ReadonlyArray<{ readonly code: GenerationWarningCode, readonly message: string }> } }
    | { readonly __typename: 'GenerationStarted', readonly attempt: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly prompt: string, readonly revisedPrompt: string | null, readonly conversation: { readonly id: string }, readonly requested: { readonly partialImages: number | null, readonly completionWindow: CompletionWindow | null }, readonly warnings: ReadonlyArray<{ readonly code: GenerationWarningCode, readonly message: string }> } }
    | { readonly __typename: 'ImageCompleted', readonly cursor: string, readonly at: string, readonly image: { readonly id: string, readonly url: string, readonly format: ImageFormat, readonly width: number, readonly height: number }, readonly call: { readonly id: string, readonly prompt: string, readonly revisedPrompt: string | null, readonly conversation: { readonly id: string }, readonly requested: { readonly partialImages: number | null, readonly completionWindow: CompletionWindow | null }, readonly warnings: ReadonlyArray<{ readonly code: GenerationWarningCode, readonly message: string }> } }
    | { readonly __typename: 'ImageFailed', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly prompt: string, readonly revisedPrompt: string | null, readonly conversation: { readonly id: string }, readonly requested: { readonly partialImages: number | null, readonly completionWindow: CompletionWindow | null }, readonly warnings: ReadonlyArray<{ readonly code: GenerationWarningCode, readonly message: string }> } }
    | { readonly __typename: 'ImageRemoved', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly prompt: string, readonly revisedPrompt: string | null, readonly conversation: { readonly id: string }, readonly requested: { readonly partialImages: number | null, readonly completionWindow: CompletionWindow | null }, readonly warnings: ReadonlyArray<{ readonly code: GenerationWarningCode, readonly message: string }> } }
    | { readonly __typename: 'PartialImageReceived', readonly cursor: string, readonly at: string, readonly partial: { readonly index: number, readonly imageIndex: number, readonly url: string, readonly format: ImageFormat }, readonly call: { readonly id: string, readonly prompt: string, readonly revisedPrompt: string | null, readonly conversation: { readonly id: string }, readonly requested: { readonly partialImages: number | null, readonly completionWindow: CompletionWindow | null }, readonly warnings: ReadonlyArray<{ readonly code: GenerationWarningCode, readonly message: string }> } }
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

export const GenerateDocument = new TypedDocumentString(`
    mutation Generate($input: GenerateImageInput!) {
  generateImage(input: $input) {
    __typename
    ... on GenerateImageSuccess {
      call {
        id
      }
    }
    ... on Error {
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
    ... on UnsupportedOptionError {
      option
    }
    ... on RateLimitedError {
      retryAfter
    }
  }
}
    `) as unknown as TypedDocumentString<GenerateMutation, GenerateMutationVariables>;
export const RefineDocument = new TypedDocumentString(`
    mutation Refine($input: RefineImageInput!) {
  refineImage(input: $input) {
    __typename
    ... on RefineImageSuccess {
      call {
        id
      }
    }
    ... on Error {
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
    ... on UnsupportedOptionError {
      option
    }
    ... on RateLimitedError {
      retryAfter
    }
  }
}
    `) as unknown as TypedDocumentString<RefineMutation, RefineMutationVariables>;
export const FollowDocument = new TypedDocumentString(`
    subscription Follow($callId: ID!, $after: String) {
  generationEvents(callId: $callId, after: $after) {
    __typename
    cursor
    at
    call {
      id
      prompt
      revisedPrompt
      conversation {
        id
      }
      requested {
        partialImages
        completionWindow
      }
      warnings {
        code
        message
      }
    }
    ... on GenerationStarted {
      attempt
    }
    ... on PartialImageReceived {
      partial {
        index
        imageIndex
        url
        format
      }
    }
    ... on ImageCompleted {
      image {
        id
        url
        format
        width
        height
      }
    }
    ... on GenerationRetrying {
      reason
      retryAt
    }
    ... on GenerationFailed {
      failure {
        code
        message
        requestId
        retryable
        retryAfter
      }
    }
  }
}
    `) as unknown as TypedDocumentString<FollowSubscription, FollowSubscriptionVariables>;