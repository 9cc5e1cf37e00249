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

/** The images to delete. */
export type DeleteImagesInput = {
  /** The ids of the images: at most 100. An id that is named twice is changed once. */
  readonly imageIds: ReadonlyArray<string | number>;
};

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

/** The images to restore. */
export type RestoreImagesInput = {
  /** The ids of the images: at most 100. An id that is named twice is changed once. */
  readonly imageIds: ReadonlyArray<string | number>;
};

/** What credentials allow. No scope gives access to objects of others. */
export type Scope =
  /** API keys, budgets and approvals. */
  | 'ADMIN'
  /** Costs, budgets and estimates. */
  | 'COST'
  /** Deleting and restoring images and conversations. */
  | 'DELETE'
  /** Starting, retrying and cancelling calls. */
  | 'GENERATE'
  /** Queries, subscriptions and image bytes. */
  | 'READ'
  /** Uploading images. */
  | 'UPLOAD';

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

/** What to change of several images. Omitted fields stay as they are. */
export type UpdateImagesInput = {
  /** Tags to add to each image. */
  readonly addTags?: ReadonlyArray<string> | null | undefined;
  /** Whether the images are favourites. */
  readonly favorite?: boolean | null | undefined;
  /** The ids of the images: at most 100. An id that is named twice is changed once. */
  readonly imageIds: ReadonlyArray<string | number>;
  /** Tags to remove, also from those that `tags` and `addTags` name. */
  readonly removeTags?: ReadonlyArray<string> | null | undefined;
  /** The tags of each image; they replace those that it has. At most 50 tags for an image, of 1 to 64 characters each. A tag is the same in any letter case, and is stored in lower case, without spaces at its ends. */
  readonly tags?: ReadonlyArray<string> | null | undefined;
};

/** An image file to upload. */
export type UploadImageInput = {
  /** The conversation to add the image to, as its newest image unless it is a mask or a markup. If omitted, the image belongs to no conversation. */
  readonly conversationId?: string | number | null | undefined;
  /** The file: a PNG, WEBP, JPEG or GIF, detected by its content and not by its name. Limits: 64 megapixels in all frames together, 16,383 pixels per edge, and 50 MB unless the operator sets another limit. Bytes may follow the image, such as the film of a motion photo. A truncated image is rejected. */
  readonly file: null;
  /** A key of your choice: 1 to 255 characters. Sending the same key with the same file, conversation and purpose again returns the same image, so an upload whose response was lost can be repeated safely: nothing is stored twice. Keys of uploads and keys of calls are apart. */
  readonly idempotencyKey?: string | null | undefined;
  /** What the image is for. It does not limit how the image can be used. */
  readonly purpose?: UploadPurpose | null | undefined;
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

export type AccountQueryVariables = Exact<{ [key: string]: never; }>;


export type AccountQuery = { readonly viewer: { readonly id: string, readonly principal: string, readonly scopes: ReadonlyArray<Scope>, readonly upstream: { readonly kind: UpstreamKind, readonly model: string } } };

export type SpendingQueryVariables = Exact<{
  from: string;
}>;


export type SpendingQuery = { readonly viewer: { readonly id: string, readonly month: { readonly amount: string, readonly currency: string, readonly complete: boolean }, readonly recent: { readonly currency: string, readonly days: ReadonlyArray<{ readonly date: string, readonly amount: string, readonly complete: boolean }> }, readonly cost: { readonly amount: string, readonly currency: string, readonly complete: boolean }, readonly budgets: ReadonlyArray<{ readonly subject: BudgetSubject, readonly period: BudgetPeriod, readonly limit: string, readonly spent: string, readonly reserved: string, readonly remaining: string, readonly resetsAt: string, readonly currency: string, readonly onExceed: BudgetAction }> } };

export type ConversationCostQueryVariables = Exact<{
  id: string | number;
}>;


export type ConversationCostQuery = { readonly conversation: { readonly id: string, readonly cost: { readonly amount: string, readonly currency: string, readonly complete: boolean } } | null };

export type ImageTileFragment = { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string };

export type FailureWordsFragment = { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null };

export type CallStateFragment = { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string }, readonly sources: ReadonlyArray<{ readonly id: string, readonly width: number, readonly height: number }>, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly retryOf: { readonly id: string, readonly retries: ReadonlyArray<{ readonly id: string }> } | null };

export type PartialTileFragment = { readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { readonly viewer: { readonly id: string, readonly principal: string, readonly scopes: ReadonlyArray<Scope>, readonly cursor: string | null } };

export type ActiveCallsQueryVariables = Exact<{ [key: string]: never; }>;


export type ActiveCallsQuery = { readonly generationCalls: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string }, readonly sources: ReadonlyArray<{ readonly id: string, readonly width: number, readonly height: number }>, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly retryOf: { readonly id: string, readonly retries: ReadonlyArray<{ readonly id: string }> } | null }> }, readonly ended: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string }, readonly sources: ReadonlyArray<{ readonly id: string, readonly width: number, readonly height: number }>, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly retryOf: { readonly id: string, readonly retries: ReadonlyArray<{ readonly id: string }> } | null }> } };

export type LiveSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type LiveSubscription = { readonly viewerEvents:
    | { readonly __typename: 'ConversationCreated', readonly cursor: string, readonly at: string, readonly conversation: { readonly id: string, readonly title: string, readonly updatedAt: string } | null }
    | { readonly __typename: 'ConversationDeleted', readonly cursor: string, readonly at: string, readonly conversation: { readonly id: string, readonly deletedAt: string | null } | null }
    | { readonly __typename: 'ConversationPurged', readonly cursor: string, readonly at: string }
    | { readonly __typename: 'ConversationRestored', readonly cursor: string, readonly at: string, readonly conversation: { readonly id: string, readonly deletedAt: string | null } | null }
    | { readonly __typename: 'ConversationUpdated', readonly cursor: string, readonly at: string, readonly conversation: { readonly id: string, readonly title: string, readonly updatedAt: string } | null }
    | { readonly __typename: 'GenerationApproved', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string }, readonly sources: ReadonlyArray<{ readonly id: string, readonly width: number, readonly height: number }>, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly retryOf: { readonly id: string, readonly retries: ReadonlyArray<{ readonly id: string }> } | null }, readonly waitingCalls: ReadonlyArray<{ readonly id: string, readonly queuePosition: number | null }> | null }
    | { readonly __typename: 'GenerationAwaitingApproval', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string }, readonly sources: ReadonlyArray<{ readonly id: string, readonly width: number, readonly height: number }>, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly retryOf: { readonly id: string, readonly retries: ReadonlyArray<{ readonly id: string }> } | null }, readonly waitingCalls: ReadonlyArray<{ readonly id: string, readonly queuePosition: number | null }> | null }
    | { readonly __typename: 'GenerationCancelled', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string }, readonly sources: ReadonlyArray<{ readonly id: string, readonly width: number, readonly height: number }>, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly retryOf: { readonly id: string, readonly retries: ReadonlyArray<{ readonly id: string }> } | null }, readonly waitingCalls: ReadonlyArray<{ readonly id: string, readonly queuePosition: number | null }> | null }
    | { readonly __typename: 'GenerationCompleted', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string }, readonly sources: ReadonlyArray<{ readonly id: string, readonly width: number, readonly height: number }>, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly retryOf: { readonly id: string, readonly retries: ReadonlyArray<{ readonly id: string }> } | null }, readonly waitingCalls: ReadonlyArray<{ readonly id: string, readonly queuePosition: number | null }> | null }
    | { readonly __typename: 'GenerationFailed', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string }, readonly sources: ReadonlyArray<{ readonly id: string, readonly width: number, readonly height: number }>, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly retryOf: { readonly id: string, readonly retries: ReadonlyArray<{ readonly id: string }> } | null }, readonly waitingCalls: ReadonlyArray<{ readonly id: string, readonly queuePosition: number | null }> | null }
    | { readonly __typename: 'GenerationQueued', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string }, readonly sources: ReadonlyArray<{ readonly id: string, readonly width: number, readonly height: number }>, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly retryOf: { readonly id: string, readonly retries: ReadonlyArray<{ readonly id: string }> } | null }, readonly waitingCalls: ReadonlyArray<{ readonly id: string, readonly queuePosition: number | null }> | null }
    | { readonly __typename: 'GenerationRetrying', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string }, readonly sources: ReadonlyArray<{ readonly id: string, readonly width: number, readonly height: number }>, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly retryOf: { readonly id: string, readonly retries: ReadonlyArray<{ readonly id: string }> } | null }, readonly waitingCalls: ReadonlyArray<{ readonly id: string, readonly queuePosition: number | null }> | null }
    | { readonly __typename: 'GenerationStarted', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string }, readonly sources: ReadonlyArray<{ readonly id: string, readonly width: number, readonly height: number }>, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly retryOf: { readonly id: string, readonly retries: ReadonlyArray<{ readonly id: string }> } | null }, readonly waitingCalls: ReadonlyArray<{ readonly id: string, readonly queuePosition: number | null }> | null }
    | { readonly __typename: 'ImageCompleted', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string }, readonly sources: ReadonlyArray<{ readonly id: string, readonly width: number, readonly height: number }>, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly retryOf: { readonly id: string, readonly retries: ReadonlyArray<{ readonly id: string }> } | null }, readonly waitingCalls: ReadonlyArray<{ readonly id: string, readonly queuePosition: number | null }> | null, readonly image: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } }
    | { readonly __typename: 'ImageDeleted', readonly imageId: string, readonly cursor: string, readonly at: string, readonly current: { readonly id: string, readonly deletedAt: string | null, readonly purgesAt: string | null } | null }
    | { readonly __typename: 'ImageFailed', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string }, readonly sources: ReadonlyArray<{ readonly id: string, readonly width: number, readonly height: number }>, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly retryOf: { readonly id: string, readonly retries: ReadonlyArray<{ readonly id: string }> } | null }, readonly waitingCalls: ReadonlyArray<{ readonly id: string, readonly queuePosition: number | null }> | null }
    | { readonly __typename: 'ImagePurged', readonly imageId: string, readonly cursor: string, readonly at: string }
    | { readonly __typename: 'ImageRemoved', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string }, readonly sources: ReadonlyArray<{ readonly id: string, readonly width: number, readonly height: number }>, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly retryOf: { readonly id: string, readonly retries: ReadonlyArray<{ readonly id: string }> } | null }, readonly waitingCalls: ReadonlyArray<{ readonly id: string, readonly queuePosition: number | null }> | null }
    | { readonly __typename: 'ImageRestored', readonly imageId: string, readonly cursor: string, readonly at: string, readonly current: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } | null }
    | { readonly __typename: 'ImageUpdated', readonly imageId: string, readonly cursor: string, readonly at: string, readonly current: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } | null }
    | { readonly __typename: 'ImageUploaded', readonly imageId: string, readonly cursor: string, readonly at: string, readonly current: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } | null }
    | { readonly __typename: 'PartialImageReceived', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string }, readonly sources: ReadonlyArray<{ readonly id: string, readonly width: number, readonly height: number }>, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly retryOf: { readonly id: string, readonly retries: ReadonlyArray<{ readonly id: string }> } | null }, readonly waitingCalls: ReadonlyArray<{ readonly id: string, readonly queuePosition: number | null }> | null }
   };

export type ConversationHeadFragment = { readonly id: string, readonly title: string, readonly createdAt: string, readonly updatedAt: string, readonly deletedAt: string | null, readonly exportUrl: string, readonly images: { readonly totalCount: number } };

export type ConversationCardFragment = { readonly id: string, readonly title: string, readonly createdAt: string, readonly updatedAt: string, readonly deletedAt: string | null, readonly exportUrl: string, readonly cover: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } | null, readonly images: { readonly totalCount: number } };

export type ConversationsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  search?: string | null | undefined;
}>;


export type ConversationsQuery = { readonly conversations: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly title: string, readonly createdAt: string, readonly updatedAt: string, readonly deletedAt: string | null, readonly exportUrl: string, readonly cover: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } | null, readonly images: { readonly totalCount: number } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ConversationHeaderQueryVariables = Exact<{
  id: string | number;
}>;


export type ConversationHeaderQuery = { readonly conversation: { readonly id: string, readonly title: string, readonly createdAt: string, readonly updatedAt: string, readonly deletedAt: string | null, readonly exportUrl: string, readonly images: { readonly totalCount: number } } | null };

export type TimelineCallFragment = { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly sources: ReadonlyArray<{ readonly id: string, readonly width: number, readonly height: number, readonly url: string, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly mask: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } | null, readonly markup: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string }, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly retryOf: { readonly id: string, readonly retries: ReadonlyArray<{ readonly id: string }> } | null };

export type TimelineQueryVariables = Exact<{
  id: string | number;
  last: number;
  before?: string | null | undefined;
}>;


export type TimelineQuery = { readonly conversation: { readonly id: string, readonly items: { readonly nodes: ReadonlyArray<
        | { readonly __typename: 'GenerationCall', readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly sources: ReadonlyArray<{ readonly id: string, readonly width: number, readonly height: number, readonly url: string, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly mask: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } | null, readonly markup: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string }, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly retryOf: { readonly id: string, readonly retries: ReadonlyArray<{ readonly id: string }> } | null }
        | { readonly __typename: 'Image', readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly purpose: UploadPurpose | null, readonly createdAt: string, readonly deletedAt: string | null, readonly thumbnail: string }
      >, readonly pageInfo: { readonly hasPreviousPage: boolean, readonly startCursor: string | null } } } | null };

export type UploadTileFragment = { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly purpose: UploadPurpose | null, readonly createdAt: string, readonly deletedAt: string | null, readonly thumbnail: string };

export type RenameConversationMutationVariables = Exact<{
  id: string | number;
  title: string;
}>;


export type RenameConversationMutation = { readonly updateConversation:
    | { readonly __typename: 'ForbiddenError', readonly message: string }
    | { readonly __typename: 'InTrashError', readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly message: string }
    | { readonly __typename: 'NotFoundError', readonly message: string }
    | { readonly __typename: 'UpdateConversationSuccess', readonly conversation: { readonly id: string, readonly title: string } }
   };

export type DeleteConversationMutationVariables = Exact<{
  id: string | number;
}>;


export type DeleteConversationMutation = { readonly deleteConversation:
    | { readonly __typename: 'DeleteConversationSuccess', readonly conversation: { readonly id: string, readonly deletedAt: string | null } }
    | { readonly __typename: 'ForbiddenError', readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly message: string }
    | { readonly __typename: 'NotFoundError', readonly message: string }
   };

export type RestoreConversationMutationVariables = Exact<{
  id: string | number;
}>;


export type RestoreConversationMutation = { readonly restoreConversation:
    | { readonly __typename: 'ForbiddenError', readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly message: string }
    | { readonly __typename: 'NotFoundError', readonly message: string }
    | { readonly __typename: 'RestoreConversationSuccess', readonly conversation: { readonly id: string, readonly deletedAt: string | null } }
   };

export type GalleryQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: ImageFilter | null | undefined;
  orderBy?: ImageOrder | null | undefined;
}>;


export type GalleryQuery = { readonly images: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } };

export type FilterChoicesQueryVariables = Exact<{ [key: string]: never; }>;


export type FilterChoicesQuery = { readonly models: ReadonlyArray<{ readonly name: string }> };

export type KnownTagsQueryVariables = Exact<{
  prefix: string;
  first: number;
}>;


export type KnownTagsQuery = { readonly tags: ReadonlyArray<{ readonly name: string, readonly imageCount: number }> };

export type MakerQueryVariables = Exact<{ [key: string]: never; }>;


export type MakerQuery = { readonly viewer: { readonly id: string, readonly scopes: ReadonlyArray<Scope>, readonly upstream: { readonly kind: UpstreamKind, readonly model: string } }, readonly models: ReadonlyArray<{ readonly name: string, readonly snapshots: ReadonlyArray<string>, readonly status: ModelStatus, readonly successor: string | null, readonly isDefault: boolean, readonly sizes: ReadonlyArray<string>, readonly qualities: ReadonlyArray<ImageQuality>, readonly formats: ReadonlyArray<ImageFormat>, readonly backgrounds: ReadonlyArray<ImageBackground>, readonly complexities: ReadonlyArray<Complexity>, readonly inputFidelities: ReadonlyArray<InputFidelity>, readonly maxPartialImages: number, readonly maxCount: number, readonly takesMask: boolean, readonly takesMarkup: boolean, readonly sizeRules: { readonly edgeStep: number, readonly longestEdge: number, readonly leastPixels: number, readonly mostPixels: number, readonly mostRatio: number } | null }> };

export type ModelRulesFragment = { readonly name: string, readonly snapshots: ReadonlyArray<string>, readonly status: ModelStatus, readonly successor: string | null, readonly isDefault: boolean, readonly sizes: ReadonlyArray<string>, readonly qualities: ReadonlyArray<ImageQuality>, readonly formats: ReadonlyArray<ImageFormat>, readonly backgrounds: ReadonlyArray<ImageBackground>, readonly complexities: ReadonlyArray<Complexity>, readonly inputFidelities: ReadonlyArray<InputFidelity>, readonly maxPartialImages: number, readonly maxCount: number, readonly takesMask: boolean, readonly takesMarkup: boolean, readonly sizeRules: { readonly edgeStep: number, readonly longestEdge: number, readonly leastPixels: number, readonly mostPixels: number, readonly mostRatio: number } | null };

export type EstimateQueryVariables = Exact<{
  input: EstimateGenerationInput;
}>;


export type EstimateQuery = { readonly estimateGeneration:
    | { readonly __typename: 'EstimateGenerationSuccess', readonly estimate: { readonly lowestAmount: string, readonly cost: { readonly amount: string, readonly currency: string, readonly complete: boolean }, readonly duration: { readonly typicalMs: number, readonly slowMs: number, readonly basis: DurationBasis } } }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InTrashError', readonly field: string, readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string, readonly fields: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'NotFoundError', readonly field: string, readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'UnsupportedOptionError', readonly option: string, readonly allowed: ReadonlyArray<string>, readonly code: ErrorCode, readonly message: string }
   };

type Problem_BudgetExceededError_Fragment = { readonly __typename: 'BudgetExceededError', readonly resetsAt: string, readonly code: ErrorCode, readonly message: string };

type Problem_ForbiddenError_Fragment = { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string };

type Problem_IdempotencyConflictError_Fragment = { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string };

type Problem_InTrashError_Fragment = { readonly __typename: 'InTrashError', readonly field: string, readonly code: ErrorCode, readonly message: string };

type Problem_InvalidInputError_Fragment = { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string, readonly fields: ReadonlyArray<{ readonly field: string, readonly message: string }> };

type Problem_NotAwaitingApprovalError_Fragment = { readonly __typename: 'NotAwaitingApprovalError', readonly code: ErrorCode, readonly message: string };

type Problem_NotCancellableError_Fragment = { readonly __typename: 'NotCancellableError', readonly code: ErrorCode, readonly message: string };

type Problem_NotFoundError_Fragment = { readonly __typename: 'NotFoundError', readonly field: string, readonly code: ErrorCode, readonly message: string };

type Problem_NotRetryableError_Fragment = { readonly __typename: 'NotRetryableError', readonly code: ErrorCode, readonly message: string };

type Problem_RateLimitedError_Fragment = { readonly __typename: 'RateLimitedError', readonly retryAfter: string | null, readonly code: ErrorCode, readonly message: string };

type Problem_UnsupportedOptionError_Fragment = { readonly __typename: 'UnsupportedOptionError', readonly option: string, readonly allowed: ReadonlyArray<string>, readonly code: ErrorCode, readonly message: string };

export type ProblemFragment =
  | Problem_BudgetExceededError_Fragment
  | Problem_ForbiddenError_Fragment
  | Problem_IdempotencyConflictError_Fragment
  | Problem_InTrashError_Fragment
  | Problem_InvalidInputError_Fragment
  | Problem_NotAwaitingApprovalError_Fragment
  | Problem_NotCancellableError_Fragment
  | Problem_NotFoundError_Fragment
  | Problem_NotRetryableError_Fragment
  | Problem_RateLimitedError_Fragment
  | Problem_UnsupportedOptionError_Fragment
;

export type GenerateMutationVariables = Exact<{
  input: GenerateImageInput;
}>;


export type GenerateMutation = { readonly generateImage:
    | { readonly __typename: 'BudgetExceededError', readonly resetsAt: string, readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'GenerateImageSuccess', readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string }, readonly sources: ReadonlyArray<{ readonly id: string, readonly width: number, readonly height: number }>, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly retryOf: { readonly id: string, readonly retries: ReadonlyArray<{ readonly id: string }> } | null } }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InTrashError', readonly field: string, readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string, readonly fields: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'NotFoundError', readonly field: string, readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'RateLimitedError', readonly retryAfter: string | null, readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'UnsupportedOptionError', readonly option: string, readonly allowed: ReadonlyArray<string>, readonly code: ErrorCode, readonly message: string }
   };

export type RefineMutationVariables = Exact<{
  input: RefineImageInput;
}>;


export type RefineMutation = { readonly refineImage:
    | { readonly __typename: 'BudgetExceededError', readonly resetsAt: string, readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InTrashError', readonly field: string, readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string, readonly fields: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'NotFoundError', readonly field: string, readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'RateLimitedError', readonly retryAfter: string | null, readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'RefineImageSuccess', readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string }, readonly sources: ReadonlyArray<{ readonly id: string, readonly width: number, readonly height: number }>, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly retryOf: { readonly id: string, readonly retries: ReadonlyArray<{ readonly id: string }> } | null } }
    | { readonly __typename: 'UnsupportedOptionError', readonly option: string, readonly allowed: ReadonlyArray<string>, readonly code: ErrorCode, readonly message: string }
   };

export type UploadMutationVariables = Exact<{
  input: UploadImageInput;
}>;


export type UploadMutation = { readonly uploadImage:
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InTrashError', readonly field: string, readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string, readonly fields: ReadonlyArray<{ readonly field: string, readonly message: string }> }
    | { readonly __typename: 'NotFoundError', readonly field: string, readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'RateLimitedError', readonly retryAfter: string | null, readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'UploadImageSuccess', readonly image: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } }
   };

export type PictureQueryVariables = Exact<{
  id: string | number;
}>;


export type PictureQuery = { readonly image: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } | null };

export type ContactSheetQueryVariables = Exact<{
  first: number;
  search?: string | null | undefined;
}>;


export type ContactSheetQuery = { readonly images: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }> } };

export type CancelCallMutationVariables = Exact<{
  callId: string | number;
}>;


export type CancelCallMutation = { readonly cancelGeneration:
    | { readonly __typename: 'CancelGenerationSuccess', readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string }, readonly sources: ReadonlyArray<{ readonly id: string, readonly width: number, readonly height: number }>, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly retryOf: { readonly id: string, readonly retries: ReadonlyArray<{ readonly id: string }> } | null } }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'NotCancellableError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'NotFoundError', readonly code: ErrorCode, readonly message: string }
   };

export type RetryCallMutationVariables = Exact<{
  callId: string | number;
  idempotencyKey: string;
}>;


export type RetryCallMutation = { readonly retryGeneration:
    | { readonly __typename: 'BudgetExceededError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InTrashError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'InvalidInputError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'NotFoundError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'NotRetryableError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string }
    | { readonly __typename: 'RetryGenerationSuccess', readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string }, readonly sources: ReadonlyArray<{ readonly id: string, readonly width: number, readonly height: number }>, readonly retries: ReadonlyArray<{ readonly id: string }>, readonly retryOf: { readonly id: string, readonly retries: ReadonlyArray<{ readonly id: string }> } | null } }
    | { readonly __typename: 'UnsupportedOptionError', readonly code: ErrorCode, readonly message: string }
   };

export type ChangeImagesMutationVariables = Exact<{
  input: UpdateImagesInput;
}>;


export type ChangeImagesMutation = { readonly updateImages:
    | { readonly message: string }
    | { readonly message: string }
    | { readonly results: ReadonlyArray<{ readonly imageId: string, readonly result:
          | { readonly image: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } }
          | { readonly message: string }
          | { readonly message: string }
          | { readonly message: string }
         }> }
   };

export type DeleteImagesMutationVariables = Exact<{
  input: DeleteImagesInput;
}>;


export type DeleteImagesMutation = { readonly deleteImages:
    | { readonly results: ReadonlyArray<{ readonly imageId: string, readonly result:
          | { readonly image: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } }
          | { readonly message: string }
          | { readonly message: string }
          | { readonly message: string }
         }> }
    | { readonly message: string }
    | { readonly message: string }
   };

export type RestoreImagesMutationVariables = Exact<{
  input: RestoreImagesInput;
}>;


export type RestoreImagesMutation = { readonly restoreImages:
    | { readonly message: string }
    | { readonly message: string }
    | { readonly results: ReadonlyArray<{ readonly imageId: string, readonly result:
          | { readonly image: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } }
          | { readonly message: string }
          | { readonly message: string }
          | { readonly message: string }
         }> }
   };

export type ExportLinkQueryVariables = Exact<{
  ids: ReadonlyArray<string | number> | string | number;
}>;


export type ExportLinkQuery = { readonly imagesExportUrl: string | null };

export type ChangedImageFragment = { readonly imageId: string, readonly result:
    | { readonly image: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } }
    | { readonly message: string }
    | { readonly message: string }
    | { readonly message: string }
   };

export type TrashedConversationsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type TrashedConversationsQuery = { readonly conversations: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly title: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly cover: { readonly id: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly smallest: string } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type TrashedConversationFragment = { readonly id: string, readonly title: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly cover: { readonly id: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly smallest: string } | null };

export type SettingsFragment = { readonly model: string | null, readonly mainlineModel: string | null, readonly quality: ImageQuality | null, readonly size: string | null, readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null, readonly background: ImageBackground | null, readonly compression: number | null, readonly complexity: Complexity | null, readonly inputFidelity: InputFidelity | null, readonly moderation: Moderation | null, readonly frameCount: number | null, readonly frameDurationMs: number | null, readonly completionWindow: CompletionWindow | null };

export type FullImageFragment = { readonly format: ImageFormat, readonly byteSize: number, readonly hasContentCredentials: boolean, readonly verbatim: boolean | null, readonly deletedSourceIds: ReadonlyArray<string>, readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string, readonly requested: { readonly model: string | null, readonly mainlineModel: string | null, readonly quality: ImageQuality | null, readonly size: string | null, readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null, readonly background: ImageBackground | null, readonly compression: number | null, readonly complexity: Complexity | null, readonly inputFidelity: InputFidelity | null, readonly moderation: Moderation | null, readonly frameCount: number | null, readonly frameDurationMs: number | null, readonly completionWindow: CompletionWindow | null } | null, readonly actual: { readonly model: string | null, readonly mainlineModel: string | null, readonly quality: ImageQuality | null, readonly size: string | null, readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null, readonly background: ImageBackground | null, readonly compression: number | null, readonly complexity: Complexity | null, readonly inputFidelity: InputFidelity | null, readonly moderation: Moderation | null, readonly frameCount: number | null, readonly frameDurationMs: number | null, readonly completionWindow: CompletionWindow | null } | null, readonly sources: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string, readonly title: string, readonly deletedAt: string | null } | null, readonly call: { readonly id: string, readonly count: number, readonly startedAt: string | null, readonly endedAt: string | null, readonly warnings: ReadonlyArray<{ readonly code: GenerationWarningCode, readonly message: string }> } | null };

export type ViewImageQueryVariables = Exact<{
  id: string | number;
}>;


export type ViewImageQuery = { readonly image: { readonly format: ImageFormat, readonly byteSize: number, readonly hasContentCredentials: boolean, readonly verbatim: boolean | null, readonly deletedSourceIds: ReadonlyArray<string>, readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string, readonly requested: { readonly model: string | null, readonly mainlineModel: string | null, readonly quality: ImageQuality | null, readonly size: string | null, readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null, readonly background: ImageBackground | null, readonly compression: number | null, readonly complexity: Complexity | null, readonly inputFidelity: InputFidelity | null, readonly moderation: Moderation | null, readonly frameCount: number | null, readonly frameDurationMs: number | null, readonly completionWindow: CompletionWindow | null } | null, readonly actual: { readonly model: string | null, readonly mainlineModel: string | null, readonly quality: ImageQuality | null, readonly size: string | null, readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null, readonly background: ImageBackground | null, readonly compression: number | null, readonly complexity: Complexity | null, readonly inputFidelity: InputFidelity | null, readonly moderation: Moderation | null, readonly frameCount: number | null, readonly frameDurationMs: number | null, readonly completionWindow: CompletionWindow | null } | null, readonly sources: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly purgesAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string, readonly title: string, readonly deletedAt: string | null } | null, readonly call: { readonly id: string, readonly count: number, readonly startedAt: string | null, readonly endedAt: string | null, readonly warnings: ReadonlyArray<{ readonly code: GenerationWarningCode, readonly message: string }> } | null } | null };

export type ImageCostQueryVariables = Exact<{
  id: string | number;
}>;


export type ImageCostQuery = { readonly image: { readonly id: string, readonly call: { readonly id: string, readonly count: number, readonly cost: { readonly amount: string, readonly currency: string, readonly basis: CostBasis, readonly complete: boolean } | null } | null } | null };

export type NeighboursQueryVariables = Exact<{
  at: string;
}>;


export type NeighboursQuery = { readonly newer: { readonly nodes: ReadonlyArray<{ readonly id: string }> }, readonly older: { readonly nodes: ReadonlyArray<{ readonly id: string }> } };

export type RelativeFragment = { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly deletedAt: string | null, readonly thumbnail: string };

export type LineageQueryVariables = Exact<{
  id: string | number;
}>;


export type LineageQuery = { readonly image: { readonly id: string, readonly deletedSourceIds: ReadonlyArray<string>, readonly lineage: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly deletedAt: string | null, readonly thumbnail: string, readonly refinements: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly deletedAt: string | null, readonly thumbnail: string }> } }>, readonly refinements: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly deletedAt: string | null, readonly thumbnail: string, readonly refinements: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly deletedAt: string | null, readonly thumbnail: string }> } }> } } | null };

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
export const ConversationHeadFragmentDoc = new TypedDocumentString(`
    fragment ConversationHead on Conversation {
  id
  title
  createdAt
  updatedAt
  deletedAt
  exportUrl
  images(first: 0) {
    totalCount
  }
}
    `, {"fragmentName":"ConversationHead"}) as unknown as TypedDocumentString<ConversationHeadFragment, unknown>;
export const ImageTileFragmentDoc = new TypedDocumentString(`
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}
    `, {"fragmentName":"ImageTile"}) as unknown as TypedDocumentString<ImageTileFragment, unknown>;
export const ConversationCardFragmentDoc = new TypedDocumentString(`
    fragment ConversationCard on Conversation {
  ...ConversationHead
  cover {
    ...ImageTile
  }
}
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}
fragment ConversationHead on Conversation {
  id
  title
  createdAt
  updatedAt
  deletedAt
  exportUrl
  images(first: 0) {
    totalCount
  }
}`, {"fragmentName":"ConversationCard"}) as unknown as TypedDocumentString<ConversationCardFragment, unknown>;
export const FailureWordsFragmentDoc = new TypedDocumentString(`
    fragment FailureWords on GenerationFailure {
  code
  message
  retryable
  retryAfter
}
    `, {"fragmentName":"FailureWords"}) as unknown as TypedDocumentString<FailureWordsFragment, unknown>;
export const PartialTileFragmentDoc = new TypedDocumentString(`
    fragment PartialTile on PartialImage {
  id
  imageIndex
  index
  url
  width
  height
  thumbhash
}
    `, {"fragmentName":"PartialTile"}) as unknown as TypedDocumentString<PartialTileFragment, unknown>;
export const CallStateFragmentDoc = new TypedDocumentString(`
    fragment CallState on GenerationCall {
  id
  status
  kind
  prompt
  count
  createdAt
  startedAt
  endedAt
  queuePosition
  expectedDuration {
    typicalMs
  }
  requested {
    width
    height
    format
  }
  failure {
    ...FailureWords
  }
  failures {
    imageIndex
    failure {
      ...FailureWords
    }
  }
  partialImages {
    ...PartialTile
  }
  images {
    ...ImageTile
  }
  conversation {
    id
  }
  sources {
    id
    width
    height
  }
  retries {
    id
  }
  retryOf {
    id
    retries {
      id
    }
  }
}
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}
fragment FailureWords on GenerationFailure {
  code
  message
  retryable
  retryAfter
}
fragment PartialTile on PartialImage {
  id
  imageIndex
  index
  url
  width
  height
  thumbhash
}`, {"fragmentName":"CallState"}) as unknown as TypedDocumentString<CallStateFragment, unknown>;
export const TimelineCallFragmentDoc = new TypedDocumentString(`
    fragment TimelineCall on GenerationCall {
  ...CallState
  sources {
    ...ImageTile
  }
  mask {
    ...ImageTile
  }
  markup {
    ...ImageTile
  }
}
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}
fragment FailureWords on GenerationFailure {
  code
  message
  retryable
  retryAfter
}
fragment CallState on GenerationCall {
  id
  status
  kind
  prompt
  count
  createdAt
  startedAt
  endedAt
  queuePosition
  expectedDuration {
    typicalMs
  }
  requested {
    width
    height
    format
  }
  failure {
    ...FailureWords
  }
  failures {
    imageIndex
    failure {
      ...FailureWords
    }
  }
  partialImages {
    ...PartialTile
  }
  images {
    ...ImageTile
  }
  conversation {
    id
  }
  sources {
    id
    width
    height
  }
  retries {
    id
  }
  retryOf {
    id
    retries {
      id
    }
  }
}
fragment PartialTile on PartialImage {
  id
  imageIndex
  index
  url
  width
  height
  thumbhash
}`, {"fragmentName":"TimelineCall"}) as unknown as TypedDocumentString<TimelineCallFragment, unknown>;
export const UploadTileFragmentDoc = new TypedDocumentString(`
    fragment UploadTile on Image {
  id
  url
  thumbnail: url(width: 480)
  width
  height
  thumbhash
  purpose
  createdAt
  deletedAt
}
    `, {"fragmentName":"UploadTile"}) as unknown as TypedDocumentString<UploadTileFragment, unknown>;
export const ModelRulesFragmentDoc = new TypedDocumentString(`
    fragment ModelRules on ImageModel {
  name
  snapshots
  status
  successor
  isDefault
  sizes
  sizeRules {
    edgeStep
    longestEdge
    leastPixels
    mostPixels
    mostRatio
  }
  qualities
  formats
  backgrounds
  complexities
  inputFidelities
  maxPartialImages
  maxCount
  takesMask
  takesMarkup
}
    `, {"fragmentName":"ModelRules"}) as unknown as TypedDocumentString<ModelRulesFragment, unknown>;
export const ProblemFragmentDoc = new TypedDocumentString(`
    fragment Problem on Error {
  __typename
  code
  message
  ... on InvalidInputError {
    fields {
      field
      message
    }
  }
  ... on NotFoundError {
    field
  }
  ... on InTrashError {
    field
  }
  ... on UnsupportedOptionError {
    option
    allowed
  }
  ... on RateLimitedError {
    retryAfter
  }
  ... on BudgetExceededError {
    resetsAt
  }
}
    `, {"fragmentName":"Problem"}) as unknown as TypedDocumentString<ProblemFragment, unknown>;
export const ChangedImageFragmentDoc = new TypedDocumentString(`
    fragment ChangedImage on ImageResult {
  imageId
  result {
    ... on ChangeImageSuccess {
      image {
        ...ImageTile
      }
    }
    ... on Error {
      message
    }
  }
}
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}`, {"fragmentName":"ChangedImage"}) as unknown as TypedDocumentString<ChangedImageFragment, unknown>;
export const TrashedConversationFragmentDoc = new TypedDocumentString(`
    fragment TrashedConversation on Conversation {
  id
  title
  deletedAt
  purgesAt
  cover {
    id
    smallest: url(width: 160)
    width
    height
    thumbhash
  }
}
    `, {"fragmentName":"TrashedConversation"}) as unknown as TypedDocumentString<TrashedConversationFragment, unknown>;
export const SettingsFragmentDoc = new TypedDocumentString(`
    fragment Settings on ImageSettings {
  model
  mainlineModel
  quality
  size
  width
  height
  format
  background
  compression
  complexity
  inputFidelity
  moderation
  frameCount
  frameDurationMs
  completionWindow
}
    `, {"fragmentName":"Settings"}) as unknown as TypedDocumentString<SettingsFragment, unknown>;
export const FullImageFragmentDoc = new TypedDocumentString(`
    fragment FullImage on Image {
  ...ImageTile
  format
  byteSize
  hasContentCredentials
  verbatim
  requested {
    ...Settings
  }
  actual {
    ...Settings
  }
  sources {
    ...ImageTile
  }
  deletedSourceIds
  conversation {
    id
    title
    deletedAt
  }
  call {
    id
    count
    startedAt
    endedAt
    warnings {
      code
      message
    }
  }
}
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}
fragment Settings on ImageSettings {
  model
  mainlineModel
  quality
  size
  width
  height
  format
  background
  compression
  complexity
  inputFidelity
  moderation
  frameCount
  frameDurationMs
  completionWindow
}`, {"fragmentName":"FullImage"}) as unknown as TypedDocumentString<FullImageFragment, unknown>;
export const RelativeFragmentDoc = new TypedDocumentString(`
    fragment Relative on Image {
  id
  thumbnail: url(width: 480)
  url
  width
  height
  thumbhash
  prompt
  deletedAt
}
    `, {"fragmentName":"Relative"}) as unknown as TypedDocumentString<RelativeFragment, unknown>;
export const AccountDocument = new TypedDocumentString(`
    query Account {
  viewer {
    id
    principal
    scopes
    upstream {
      kind
      model
    }
  }
}
    `) as unknown as TypedDocumentString<AccountQuery, AccountQueryVariables>;
export const SpendingDocument = new TypedDocumentString(`
    query Spending($from: Date!) {
  viewer {
    id
    month: spending {
      amount
      currency
      complete
    }
    recent: spending(from: $from) {
      currency
      days {
        date
        amount
        complete
      }
    }
    cost {
      amount
      currency
      complete
    }
    budgets {
      subject
      period
      limit
      spent
      reserved
      remaining
      resetsAt
      currency
      onExceed
    }
  }
}
    `) as unknown as TypedDocumentString<SpendingQuery, SpendingQueryVariables>;
export const ConversationCostDocument = new TypedDocumentString(`
    query ConversationCost($id: ID!) {
  conversation(id: $id) {
    id
    cost {
      amount
      currency
      complete
    }
  }
}
    `) as unknown as TypedDocumentString<ConversationCostQuery, ConversationCostQueryVariables>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    id
    principal
    scopes
    cursor
  }
}
    `) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const ActiveCallsDocument = new TypedDocumentString(`
    query ActiveCalls {
  generationCalls(
    first: 50
    filter: {statuses: [QUEUED, IN_PROGRESS, AWAITING_APPROVAL]}
  ) {
    nodes {
      ...CallState
    }
  }
  ended: generationCalls(first: 20, filter: {statuses: [FAILED, COMPLETED]}) {
    nodes {
      ...CallState
    }
  }
}
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}
fragment FailureWords on GenerationFailure {
  code
  message
  retryable
  retryAfter
}
fragment CallState on GenerationCall {
  id
  status
  kind
  prompt
  count
  createdAt
  startedAt
  endedAt
  queuePosition
  expectedDuration {
    typicalMs
  }
  requested {
    width
    height
    format
  }
  failure {
    ...FailureWords
  }
  failures {
    imageIndex
    failure {
      ...FailureWords
    }
  }
  partialImages {
    ...PartialTile
  }
  images {
    ...ImageTile
  }
  conversation {
    id
  }
  sources {
    id
    width
    height
  }
  retries {
    id
  }
  retryOf {
    id
    retries {
      id
    }
  }
}
fragment PartialTile on PartialImage {
  id
  imageIndex
  index
  url
  width
  height
  thumbhash
}`) as unknown as TypedDocumentString<ActiveCallsQuery, ActiveCallsQueryVariables>;
export const LiveDocument = new TypedDocumentString(`
    subscription Live($after: String) {
  viewerEvents(after: $after) {
    __typename
    cursor
    at
    ... on GenerationEvent {
      call {
        ...CallState
      }
      waitingCalls {
        id
        queuePosition
      }
    }
    ... on ImageCompleted {
      image {
        ...ImageTile
      }
    }
    ... on ImageUploaded {
      imageId
      current: image {
        ...ImageTile
      }
    }
    ... on ImageUpdated {
      imageId
      current: image {
        ...ImageTile
      }
    }
    ... on ImageDeleted {
      imageId
      current: image {
        id
        deletedAt
        purgesAt
      }
    }
    ... on ImageRestored {
      imageId
      current: image {
        ...ImageTile
      }
    }
    ... on ImagePurged {
      imageId
    }
    ... on ConversationCreated {
      conversation {
        id
        title
        updatedAt
      }
    }
    ... on ConversationUpdated {
      conversation {
        id
        title
        updatedAt
      }
    }
    ... on ConversationDeleted {
      conversation {
        id
        deletedAt
      }
    }
    ... on ConversationRestored {
      conversation {
        id
        deletedAt
      }
    }
  }
}
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}
fragment FailureWords on GenerationFailure {
  code
  message
  retryable
  retryAfter
}
fragment CallState on GenerationCall {
  id
  status
  kind
  prompt
  count
  createdAt
  startedAt
  endedAt
  queuePosition
  expectedDuration {
    typicalMs
  }
  requested {
    width
    height
    format
  }
  failure {
    ...FailureWords
  }
  failures {
    imageIndex
    failure {
      ...FailureWords
    }
  }
  partialImages {
    ...PartialTile
  }
  images {
    ...ImageTile
  }
  conversation {
    id
  }
  sources {
    id
    width
    height
  }
  retries {
    id
  }
  retryOf {
    id
    retries {
      id
    }
  }
}
fragment PartialTile on PartialImage {
  id
  imageIndex
  index
  url
  width
  height
  thumbhash
}`) as unknown as TypedDocumentString<LiveSubscription, LiveSubscriptionVariables>;
export const ConversationsDocument = new TypedDocumentString(`
    query Conversations($first: Int!, $after: String, $search: String) {
  conversations(first: $first, after: $after, filter: {search: $search}) {
    totalCount
    nodes {
      ...ConversationCard
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}
fragment ConversationHead on Conversation {
  id
  title
  createdAt
  updatedAt
  deletedAt
  exportUrl
  images(first: 0) {
    totalCount
  }
}
fragment ConversationCard on Conversation {
  ...ConversationHead
  cover {
    ...ImageTile
  }
}`) as unknown as TypedDocumentString<ConversationsQuery, ConversationsQueryVariables>;
export const ConversationHeaderDocument = new TypedDocumentString(`
    query ConversationHeader($id: ID!) {
  conversation(id: $id) {
    ...ConversationHead
  }
}
    fragment ConversationHead on Conversation {
  id
  title
  createdAt
  updatedAt
  deletedAt
  exportUrl
  images(first: 0) {
    totalCount
  }
}`) as unknown as TypedDocumentString<ConversationHeaderQuery, ConversationHeaderQueryVariables>;
export const TimelineDocument = new TypedDocumentString(`
    query Timeline($id: ID!, $last: Int!, $before: String) {
  conversation(id: $id) {
    id
    items(last: $last, before: $before) {
      nodes {
        __typename
        ... on GenerationCall {
          ...TimelineCall
        }
        ... on Image {
          ...UploadTile
        }
      }
      pageInfo {
        hasPreviousPage
        startCursor
      }
    }
  }
}
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}
fragment FailureWords on GenerationFailure {
  code
  message
  retryable
  retryAfter
}
fragment CallState on GenerationCall {
  id
  status
  kind
  prompt
  count
  createdAt
  startedAt
  endedAt
  queuePosition
  expectedDuration {
    typicalMs
  }
  requested {
    width
    height
    format
  }
  failure {
    ...FailureWords
  }
  failures {
    imageIndex
    failure {
      ...FailureWords
    }
  }
  partialImages {
    ...PartialTile
  }
  images {
    ...ImageTile
  }
  conversation {
    id
  }
  sources {
    id
    width
    height
  }
  retries {
    id
  }
  retryOf {
    id
    retries {
      id
    }
  }
}
fragment PartialTile on PartialImage {
  id
  imageIndex
  index
  url
  width
  height
  thumbhash
}
fragment TimelineCall on GenerationCall {
  ...CallState
  sources {
    ...ImageTile
  }
  mask {
    ...ImageTile
  }
  markup {
    ...ImageTile
  }
}
fragment UploadTile on Image {
  id
  url
  thumbnail: url(width: 480)
  width
  height
  thumbhash
  purpose
  createdAt
  deletedAt
}`) as unknown as TypedDocumentString<TimelineQuery, TimelineQueryVariables>;
export const RenameConversationDocument = new TypedDocumentString(`
    mutation RenameConversation($id: ID!, $title: String!) {
  updateConversation(input: {conversationId: $id, title: $title}) {
    __typename
    ... on UpdateConversationSuccess {
      conversation {
        id
        title
      }
    }
    ... on Error {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RenameConversationMutation, RenameConversationMutationVariables>;
export const DeleteConversationDocument = new TypedDocumentString(`
    mutation DeleteConversation($id: ID!) {
  deleteConversation(input: {conversationId: $id}) {
    __typename
    ... on DeleteConversationSuccess {
      conversation {
        id
        deletedAt
      }
    }
    ... on Error {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<DeleteConversationMutation, DeleteConversationMutationVariables>;
export const RestoreConversationDocument = new TypedDocumentString(`
    mutation RestoreConversation($id: ID!) {
  restoreConversation(input: {conversationId: $id}) {
    __typename
    ... on RestoreConversationSuccess {
      conversation {
        id
        deletedAt
      }
    }
    ... on Error {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RestoreConversationMutation, RestoreConversationMutationVariables>;
export const GalleryDocument = new TypedDocumentString(`
    query Gallery($first: Int!, $after: String, $filter: ImageFilter, $orderBy: ImageOrder) {
  images(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    totalCount
    nodes {
      ...ImageTile
    }
    pageInfo {
      endCursor
      hasNextPage
    }
  }
}
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}`) as unknown as TypedDocumentString<GalleryQuery, GalleryQueryVariables>;
export const FilterChoicesDocument = new TypedDocumentString(`
    query FilterChoices {
  models {
    name
  }
}
    `) as unknown as TypedDocumentString<FilterChoicesQuery, FilterChoicesQueryVariables>;
export const KnownTagsDocument = new TypedDocumentString(`
    query KnownTags($prefix: String!, $first: Int!) {
  tags(prefix: $prefix, first: $first) {
    name
    imageCount
  }
}
    `) as unknown as TypedDocumentString<KnownTagsQuery, KnownTagsQueryVariables>;
export const MakerDocument = new TypedDocumentString(`
    query Maker {
  viewer {
    id
    scopes
    upstream {
      kind
      model
    }
  }
  models {
    ...ModelRules
  }
}
    fragment ModelRules on ImageModel {
  name
  snapshots
  status
  successor
  isDefault
  sizes
  sizeRules {
    edgeStep
    longestEdge
    leastPixels
    mostPixels
    mostRatio
  }
  qualities
  formats
  backgrounds
  complexities
  inputFidelities
  maxPartialImages
  maxCount
  takesMask
  takesMarkup
}`) as unknown as TypedDocumentString<MakerQuery, MakerQueryVariables>;
export const EstimateDocument = new TypedDocumentString(`
    query Estimate($input: EstimateGenerationInput!) {
  estimateGeneration(input: $input) {
    __typename
    ... on EstimateGenerationSuccess {
      estimate {
        cost {
          amount
          currency
          complete
        }
        lowestAmount
        duration {
          typicalMs
          slowMs
          basis
        }
      }
    }
    ...Problem
  }
}
    fragment Problem on Error {
  __typename
  code
  message
  ... on InvalidInputError {
    fields {
      field
      message
    }
  }
  ... on NotFoundError {
    field
  }
  ... on InTrashError {
    field
  }
  ... on UnsupportedOptionError {
    option
    allowed
  }
  ... on RateLimitedError {
    retryAfter
  }
  ... on BudgetExceededError {
    resetsAt
  }
}`) as unknown as TypedDocumentString<EstimateQuery, EstimateQueryVariables>;
export const GenerateDocument = new TypedDocumentString(`
    mutation Generate($input: GenerateImageInput!) {
  generateImage(input: $input) {
    __typename
    ... on GenerateImageSuccess {
      call {
        ...CallState
      }
    }
    ...Problem
  }
}
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}
fragment FailureWords on GenerationFailure {
  code
  message
  retryable
  retryAfter
}
fragment CallState on GenerationCall {
  id
  status
  kind
  prompt
  count
  createdAt
  startedAt
  endedAt
  queuePosition
  expectedDuration {
    typicalMs
  }
  requested {
    width
    height
    format
  }
  failure {
    ...FailureWords
  }
  failures {
    imageIndex
    failure {
      ...FailureWords
    }
  }
  partialImages {
    ...PartialTile
  }
  images {
    ...ImageTile
  }
  conversation {
    id
  }
  sources {
    id
    width
    height
  }
  retries {
    id
  }
  retryOf {
    id
    retries {
      id
    }
  }
}
fragment PartialTile on PartialImage {
  id
  imageIndex
  index
  url
  width
  height
  thumbhash
}
fragment Problem on Error {
  __typename
  code
  message
  ... on InvalidInputError {
    fields {
      field
      message
    }
  }
  ... on NotFoundError {
    field
  }
  ... on InTrashError {
    field
  }
  ... on UnsupportedOptionError {
    option
    allowed
  }
  ... on RateLimitedError {
    retryAfter
  }
  ... on BudgetExceededError {
    resetsAt
  }
}`) as unknown as TypedDocumentString<GenerateMutation, GenerateMutationVariables>;
export const RefineDocument = new TypedDocumentString(`
    mutation Refine($input: RefineImageInput!) {
  refineImage(input: $input) {
    __typename
    ... on RefineImageSuccess {
      call {
        ...CallState
      }
    }
    ...Problem
  }
}
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}
fragment FailureWords on GenerationFailure {
  code
  message
  retryable
  retryAfter
}
fragment CallState on GenerationCall {
  id
  status
  kind
  prompt
  count
  createdAt
  startedAt
  endedAt
  queuePosition
  expectedDuration {
    typicalMs
  }
  requested {
    width
    height
    format
  }
  failure {
    ...FailureWords
  }
  failures {
    imageIndex
    failure {
      ...FailureWords
    }
  }
  partialImages {
    ...PartialTile
  }
  images {
    ...ImageTile
  }
  conversation {
    id
  }
  sources {
    id
    width
    height
  }
  retries {
    id
  }
  retryOf {
    id
    retries {
      id
    }
  }
}
fragment PartialTile on PartialImage {
  id
  imageIndex
  index
  url
  width
  height
  thumbhash
}
fragment Problem on Error {
  __typename
  code
  message
  ... on InvalidInputError {
    fields {
      field
      message
    }
  }
  ... on NotFoundError {
    field
  }
  ... on InTrashError {
    field
  }
  ... on UnsupportedOptionError {
    option
    allowed
  }
  ... on RateLimitedError {
    retryAfter
  }
  ... on BudgetExceededError {
    resetsAt
  }
}`) as unknown as TypedDocumentString<RefineMutation, RefineMutationVariables>;
export const UploadDocument = new TypedDocumentString(`
    mutation Upload($input: UploadImageInput!) {
  uploadImage(input: $input) {
    __typename
    ... on UploadImageSuccess {
      image {
        ...ImageTile
      }
    }
    ...Problem
  }
}
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}
fragment Problem on Error {
  __typename
  code
  message
  ... on InvalidInputError {
    fields {
      field
      message
    }
  }
  ... on NotFoundError {
    field
  }
  ... on InTrashError {
    field
  }
  ... on UnsupportedOptionError {
    option
    allowed
  }
  ... on RateLimitedError {
    retryAfter
  }
  ... on BudgetExceededError {
    resetsAt
  }
}`) as unknown as TypedDocumentString<UploadMutation, UploadMutationVariables>;
export const PictureDocument = new TypedDocumentString(`
    query Picture($id: ID!) {
  image(id: $id) {
    ...ImageTile
  }
}
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}`) as unknown as TypedDocumentString<PictureQuery, PictureQueryVariables>;
export const ContactSheetDocument = new TypedDocumentString(`
    query ContactSheet($first: Int!, $search: String) {
  images(first: $first, filter: {search: $search}) {
    nodes {
      ...ImageTile
    }
  }
}
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}`) as unknown as TypedDocumentString<ContactSheetQuery, ContactSheetQueryVariables>;
export const CancelCallDocument = new TypedDocumentString(`
    mutation CancelCall($callId: ID!) {
  cancelGeneration(input: {callId: $callId}) {
    __typename
    ... on CancelGenerationSuccess {
      call {
        ...CallState
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}
fragment FailureWords on GenerationFailure {
  code
  message
  retryable
  retryAfter
}
fragment CallState on GenerationCall {
  id
  status
  kind
  prompt
  count
  createdAt
  startedAt
  endedAt
  queuePosition
  expectedDuration {
    typicalMs
  }
  requested {
    width
    height
    format
  }
  failure {
    ...FailureWords
  }
  failures {
    imageIndex
    failure {
      ...FailureWords
    }
  }
  partialImages {
    ...PartialTile
  }
  images {
    ...ImageTile
  }
  conversation {
    id
  }
  sources {
    id
    width
    height
  }
  retries {
    id
  }
  retryOf {
    id
    retries {
      id
    }
  }
}
fragment PartialTile on PartialImage {
  id
  imageIndex
  index
  url
  width
  height
  thumbhash
}`) as unknown as TypedDocumentString<CancelCallMutation, CancelCallMutationVariables>;
export const RetryCallDocument = new TypedDocumentString(`
    mutation RetryCall($callId: ID!, $idempotencyKey: String!) {
  retryGeneration(input: {callId: $callId, idempotencyKey: $idempotencyKey}) {
    __typename
    ... on RetryGenerationSuccess {
      call {
        ...CallState
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}
fragment FailureWords on GenerationFailure {
  code
  message
  retryable
  retryAfter
}
fragment CallState on GenerationCall {
  id
  status
  kind
  prompt
  count
  createdAt
  startedAt
  endedAt
  queuePosition
  expectedDuration {
    typicalMs
  }
  requested {
    width
    height
    format
  }
  failure {
    ...FailureWords
  }
  failures {
    imageIndex
    failure {
      ...FailureWords
    }
  }
  partialImages {
    ...PartialTile
  }
  images {
    ...ImageTile
  }
  conversation {
    id
  }
  sources {
    id
    width
    height
  }
  retries {
    id
  }
  retryOf {
    id
    retries {
      id
    }
  }
}
fragment PartialTile on PartialImage {
  id
  imageIndex
  index
  url
  width
  height
  thumbhash
}`) as unknown as TypedDocumentString<RetryCallMutation, RetryCallMutationVariables>;
export const ChangeImagesDocument = new TypedDocumentString(`
    mutation ChangeImages($input: UpdateImagesInput!) {
  updateImages(input: $input) {
    ... on UpdateImagesSuccess {
      results {
        ...ChangedImage
      }
    }
    ... on Error {
      message
    }
  }
}
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}
fragment ChangedImage on ImageResult {
  imageId
  result {
    ... on ChangeImageSuccess {
      image {
        ...ImageTile
      }
    }
    ... on Error {
      message
    }
  }
}`) as unknown as TypedDocumentString<ChangeImagesMutation, ChangeImagesMutationVariables>;
export const DeleteImagesDocument = new TypedDocumentString(`
    mutation DeleteImages($input: DeleteImagesInput!) {
  deleteImages(input: $input) {
    ... on DeleteImagesSuccess {
      results {
        ...ChangedImage
      }
    }
    ... on Error {
      message
    }
  }
}
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}
fragment ChangedImage on ImageResult {
  imageId
  result {
    ... on ChangeImageSuccess {
      image {
        ...ImageTile
      }
    }
    ... on Error {
      message
    }
  }
}`) as unknown as TypedDocumentString<DeleteImagesMutation, DeleteImagesMutationVariables>;
export const RestoreImagesDocument = new TypedDocumentString(`
    mutation RestoreImages($input: RestoreImagesInput!) {
  restoreImages(input: $input) {
    ... on RestoreImagesSuccess {
      results {
        ...ChangedImage
      }
    }
    ... on Error {
      message
    }
  }
}
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}
fragment ChangedImage on ImageResult {
  imageId
  result {
    ... on ChangeImageSuccess {
      image {
        ...ImageTile
      }
    }
    ... on Error {
      message
    }
  }
}`) as unknown as TypedDocumentString<RestoreImagesMutation, RestoreImagesMutationVariables>;
export const ExportLinkDocument = new TypedDocumentString(`
    query ExportLink($ids: [ID!]!) {
  imagesExportUrl(ids: $ids)
}
    `) as unknown as TypedDocumentString<ExportLinkQuery, ExportLinkQueryVariables>;
export const TrashedConversationsDocument = new TypedDocumentString(`
    query TrashedConversations($first: Int!, $after: String) {
  conversations(first: $first, after: $after, filter: {deleted: true}) {
    nodes {
      ...TrashedConversation
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment TrashedConversation on Conversation {
  id
  title
  deletedAt
  purgesAt
  cover {
    id
    smallest: url(width: 160)
    width
    height
    thumbhash
  }
}`) as unknown as TypedDocumentString<TrashedConversationsQuery, TrashedConversationsQueryVariables>;
export const ViewImageDocument = new TypedDocumentString(`
    query ViewImage($id: ID!) {
  image(id: $id) {
    ...FullImage
  }
}
    fragment ImageTile on Image {
  id
  url
  thumbnail: url(width: 480)
  largeThumbnail: url(width: 960)
  width
  height
  thumbhash
  prompt
  revisedPrompt
  origin
  purpose
  favorite
  tags
  createdAt
  deletedAt
  purgesAt
  imageIndex
}
fragment Settings on ImageSettings {
  model
  mainlineModel
  quality
  size
  width
  height
  format
  background
  compression
  complexity
  inputFidelity
  moderation
  frameCount
  frameDurationMs
  completionWindow
}
fragment FullImage on Image {
  ...ImageTile
  format
  byteSize
  hasContentCredentials
  verbatim
  requested {
    ...Settings
  }
  actual {
    ...Settings
  }
  sources {
    ...ImageTile
  }
  deletedSourceIds
  conversation {
    id
    title
    deletedAt
  }
  call {
    id
    count
    startedAt
    endedAt
    warnings {
      code
      message
    }
  }
}`) as unknown as TypedDocumentString<ViewImageQuery, ViewImageQueryVariables>;
export const ImageCostDocument = new TypedDocumentString(`
    query ImageCost($id: ID!) {
  image(id: $id) {
    id
    call {
      id
      count
      cost {
        amount
        currency
        basis
        complete
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ImageCostQuery, ImageCostQueryVariables>;
export const NeighboursDocument = new TypedDocumentString(`
    query Neighbours($at: DateTime!) {
  newer: images(
    first: 1
    filter: {origin: GENERATED, createdAfter: $at}
    orderBy: {field: CREATED_AT, direction: ASC}
  ) {
    nodes {
      id
    }
  }
  older: images(first: 1, filter: {origin: GENERATED, createdBefore: $at}) {
    nodes {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<NeighboursQuery, NeighboursQueryVariables>;
export const LineageDocument = new TypedDocumentString(`
    query Lineage($id: ID!) {
  image(id: $id) {
    id
    deletedSourceIds
    lineage {
      ...Relative
      refinements(first: 20) {
        nodes {
          ...Relative
        }
      }
    }
    refinements(first: 20) {
      nodes {
        ...Relative
        refinements(first: 20) {
          nodes {
            ...Relative
          }
        }
      }
    }
  }
}
    fragment Relative on Image {
  id
  thumbnail: url(width: 480)
  url
  width
  height
  thumbhash
  prompt
  deletedAt
}`) as unknown as TypedDocumentString<LineageQuery, LineageQueryVariables>;