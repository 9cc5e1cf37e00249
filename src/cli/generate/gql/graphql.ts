/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
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

/** What stands behind. */
export type ImageBackground =
  /** The model's choice. */
  | 'AUTO'
  /** A painted background. */
  | 'OPAQUE'
  /** Nothing: an alpha channel. With the formats PNG and WEBP. */
  | 'TRANSPARENT';

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

export type GenerateMutationVariables = Exact<{
  input: GenerateImageInput;
}>;


export type GenerateMutation = { readonly generateImage:
    | { readonly __typename: 'GenerateImageSuccess', readonly call: { readonly id: string } }
    | { readonly __typename: 'IdempotencyConflictError', readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly message: string, readonly fields: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'NotFoundError', readonly message: string, readonly field: string }
    | { readonly __typename: 'UnsupportedOptionError', readonly message: string, readonly option: string }
   };

export type RefineMutationVariables = Exact<{
  input: RefineImageInput;
}>;


export type RefineMutation = { readonly refineImage:
    | { readonly __typename: 'IdempotencyConflictError', readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly message: string, readonly fields: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'NotFoundError', readonly message: string, readonly field: string }
    | { readonly __typename: 'RefineImageSuccess', readonly call: { readonly id: string } }
    | { readonly __typename: 'UnsupportedOptionError', readonly message: string, readonly option: string }
   };

export type FollowSubscriptionVariables = Exact<{
  callId: string | number;
  after?: string | null | undefined;
}>;


export type FollowSubscription = { readonly generationEvents:
    | { readonly __typename: 'GenerationCancelled', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly prompt: string, readonly revisedPrompt: string | null, readonly conversation: { readonly id: string }, readonly requested: { readonly partialImages: number | null } } }
    | { readonly __typename: 'GenerationCompleted', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly prompt: string, readonly revisedPrompt: string | null, readonly conversation: { readonly id: string }, readonly requested: { readonly partialImages: number | null } } }
    | { readonly __typename: 'GenerationFailed', readonly cursor: string, readonly at: string, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly requestId: string | null, readonly retryable: boolean, readonly retryAfter: string | null }, readonly call: { readonly id: string, readonly prompt: string, readonly revisedPrompt: string | null, readonly conversation: { readonly id: string }, readonly requested: { readonly partialImages: number | null } } }
    | { readonly __typename: 'GenerationQueued', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly prompt: string, readonly revisedPrompt: string | null, readonly conversation: { readonly id: string }, readonly requested: { readonly partialImages: number | null } } }
    | { readonly __typename: 'GenerationRetrying', readonly reason: string, readonly retryAt: string, readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly prompt: string, readonly revisedPrompt: string | null, readonly conversation: { readonly id: string }, readonly requested: { readonly partialImages: number | null } } }
    | { readonly __typename: 'GenerationStarted', readonly attempt: number, readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly prompt: string, readonly revisedPrompt: string | null, readonly conversation: { readonly id: string }, readonly requested: { readonly partialImages: number | null } } }
    | { readonly __typename: 'ImageCompleted', readonly cursor: string, readonly at: string, readonly image: { readonly id: string, readonly url: string, readonly format: ImageFormat, readonly width: number, readonly height: number }, readonly call: { readonly id: string, readonly prompt: string, readonly revisedPrompt: string | null, readonly conversation: { readonly id: string }, readonly requested: { readonly partialImages: number | null } } }
    | { readonly __typename: 'ImageFailed', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly prompt: string, readonly revisedPrompt: string | null, readonly conversation: { readonly id: string }, readonly requested: { readonly partialImages: number | null } } }
    | { readonly __typename: 'PartialImageReceived', readonly cursor: string, readonly at: string, readonly partial: { readonly index: number, readonly imageIndex: number, readonly url: string, readonly format: ImageFormat }, readonly call: { readonly id: string, readonly prompt: string, readonly revisedPrompt: string | null, readonly conversation: { readonly id: string }, readonly requested: { readonly partialImages: number | null } } }
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