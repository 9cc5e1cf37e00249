/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What kind of error it is, for programs. Errors outside of a result union carry it in `extensions.code`. */
export type ErrorCode =
  /** Something in the input is not allowed; the fields say what would be right. */
  | 'INVALID_INPUT'
  /** There is no such thing, or it is not yours: the two look the same. */
  | 'NOT_FOUND';

/** A new picture. */
export type GenerateImageInput = {
  /** The conversation to go on in, with its newest picture in view. Left out, a new one begins. */
  readonly conversationId?: string | number | null | undefined;
  /** How it shall be made. */
  readonly options?: ImageOptionsInput | null | undefined;
  /** What the picture should show, in 1 to 32,000 characters. */
  readonly prompt: string;
};

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

export type GenerateImageMutationVariables = Exact<{
  input: GenerateImageInput;
}>;


export type GenerateImageMutation = { readonly generateImage:
    | { readonly __typename: 'GenerateImageSuccess', readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly cursor: string, readonly conversation: { readonly id: string, readonly title: string } } }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string, readonly fields: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'NotFoundError', readonly code: ErrorCode, readonly message: string, readonly field: string }
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