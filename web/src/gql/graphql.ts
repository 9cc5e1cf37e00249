/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** The images to delete. */
export type DeleteImagesInput = {
  /** The ids of the images: at most 100. An id that is named twice is changed once. */
  readonly imageIds: ReadonlyArray<string | number>;
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

/** What an upload is for. */
export type UploadPurpose =
  /** A markup (`markupImageId`). It never becomes the cover or the newest image of a conversation. */
  | 'MARKUP'
  /** A mask (`maskImageId`). It never becomes the cover or the newest image of a conversation. */
  | 'MASK'
  /** An image to refine or to build on. It can become the cover and the newest image of its conversation. */
  | 'SOURCE';

export type ImageTileFragment = { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string };

export type FailureWordsFragment = { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null };

export type CallStateFragment = { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string } };

export type PartialTileFragment = { readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { readonly viewer: { readonly id: string, readonly principal: string, readonly scopes: ReadonlyArray<Scope>, readonly cursor: string | null } };

export type ActiveCallsQueryVariables = Exact<{ [key: string]: never; }>;


export type ActiveCallsQuery = { readonly generationCalls: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string } }> } };

export type LiveSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type LiveSubscription = { readonly viewerEvents:
    | { readonly __typename: 'ConversationCreated', readonly cursor: string, readonly at: string, readonly conversation: { readonly id: string, readonly title: string, readonly updatedAt: string } | null }
    | { readonly __typename: 'ConversationDeleted', readonly cursor: string, readonly at: string, readonly conversation: { readonly id: string, readonly deletedAt: string | null } | null }
    | { readonly __typename: 'ConversationPurged', readonly cursor: string, readonly at: string }
    | { readonly __typename: 'ConversationRestored', readonly cursor: string, readonly at: string, readonly conversation: { readonly id: string, readonly deletedAt: string | null } | null }
    | { readonly __typename: 'ConversationUpdated', readonly cursor: string, readonly at: string, readonly conversation: { readonly id: string, readonly title: string, readonly updatedAt: string } | null }
    | { readonly __typename: 'GenerationApproved', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string } } }
    | { readonly __typename: 'GenerationAwaitingApproval', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string } } }
    | { readonly __typename: 'GenerationCancelled', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string } } }
    | { readonly __typename: 'GenerationCompleted', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string } } }
    | { readonly __typename: 'GenerationFailed', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string } } }
    | { readonly __typename: 'GenerationQueued', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string } } }
    | { readonly __typename: 'GenerationRetrying', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string } } }
    | { readonly __typename: 'GenerationStarted', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string } } }
    | { readonly __typename: 'ImageCompleted', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string } }, readonly image: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } }
    | { readonly __typename: 'ImageDeleted', readonly imageId: string, readonly cursor: string, readonly at: string }
    | { readonly __typename: 'ImageFailed', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string } } }
    | { readonly __typename: 'ImagePurged', readonly imageId: string, readonly cursor: string, readonly at: string }
    | { readonly __typename: 'ImageRemoved', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string } } }
    | { readonly __typename: 'ImageRestored', readonly imageId: string, readonly cursor: string, readonly at: string, readonly current: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } | null }
    | { readonly __typename: 'ImageUpdated', readonly imageId: string, readonly cursor: string, readonly at: string, readonly current: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } | null }
    | { readonly __typename: 'ImageUploaded', readonly imageId: string, readonly cursor: string, readonly at: string, readonly current: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } | null }
    | { readonly __typename: 'PartialImageReceived', readonly cursor: string, readonly at: string, readonly call: { readonly id: string, readonly status: GenerationStatus, readonly kind: GenerationKind, readonly prompt: string, readonly count: number, readonly createdAt: string, readonly startedAt: string | null, readonly endedAt: string | null, readonly queuePosition: number | null, readonly expectedDuration: { readonly typicalMs: number } | null, readonly requested: { readonly width: number | null, readonly height: number | null, readonly format: ImageFormat | null }, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } | null, readonly failures: ReadonlyArray<{ readonly imageIndex: number, readonly failure: { readonly code: GenerationFailureCode, readonly message: string, readonly retryable: boolean, readonly retryAfter: string | null } }>, readonly partialImages: ReadonlyArray<{ readonly id: string, readonly imageIndex: number, readonly index: number, readonly url: string, readonly width: number | null, readonly height: number | null, readonly thumbhash: string | null }>, readonly images: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly conversation: { readonly id: string } } }
   };

export type GalleryQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: ImageFilter | null | undefined;
  orderBy?: ImageOrder | null | undefined;
}>;


export type GalleryQuery = { readonly images: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean } } };

export type FilterChoicesQueryVariables = Exact<{ [key: string]: never; }>;


export type FilterChoicesQuery = { readonly models: ReadonlyArray<{ readonly name: string }> };

export type ChangeImagesMutationVariables = Exact<{
  input: UpdateImagesInput;
}>;


export type ChangeImagesMutation = { readonly updateImages:
    | { readonly message: string }
    | { readonly message: string }
    | { readonly results: ReadonlyArray<{ readonly imageId: string, readonly result:
          | { readonly image: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } }
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
          | { readonly image: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } }
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
          | { readonly image: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } }
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
    | { readonly image: { readonly id: string, readonly url: string, readonly width: number, readonly height: number, readonly thumbhash: string | null, readonly prompt: string | null, readonly revisedPrompt: string | null, readonly origin: ImageOrigin, readonly purpose: UploadPurpose | null, readonly favorite: boolean, readonly tags: ReadonlyArray<string>, readonly createdAt: string, readonly deletedAt: string | null, readonly imageIndex: number | null, readonly thumbnail: string, readonly largeThumbnail: string } }
    | { readonly message: string }
    | { readonly message: string }
    | { readonly message: string }
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
  imageIndex
}
    `, {"fragmentName":"ImageTile"}) as unknown as TypedDocumentString<ImageTileFragment, unknown>;
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
  imageIndex
}`, {"fragmentName":"ChangedImage"}) as unknown as TypedDocumentString<ChangedImageFragment, unknown>;
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
  imageIndex
}`) as unknown as TypedDocumentString<GalleryQuery, GalleryQueryVariables>;
export const FilterChoicesDocument = new TypedDocumentString(`
    query FilterChoices {
  models {
    name
  }
}
    `) as unknown as TypedDocumentString<FilterChoicesQuery, FilterChoicesQueryVariables>;
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