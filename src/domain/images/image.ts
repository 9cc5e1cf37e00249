/** Finished images and partial images. */
import type { ImageFormat, ImageSettings } from '../generation/options.ts';

export const IMAGE_ORIGINS = ['GENERATED', 'UPLOADED'] as const;
export type ImageOrigin = (typeof IMAGE_ORIGINS)[number];

/** What an upload is for. Only a SOURCE is an image of its conversation that others follow from. */
export const UPLOAD_PURPOSES = ['SOURCE', 'MASK', 'MARKUP'] as const;
export type UploadPurpose = (typeof UPLOAD_PURPOSES)[number];

/** Image bytes in the blob store, and the properties that were read from them. */
export interface Picture {
  /** The SHA-256 of the bytes exactly as received, in lower-case hexadecimal digits. */
  readonly sha256: string;
  readonly byteSize: number;
  /** In pixels, as is the height. Both are those of the picture as it is shown: upright, by its EXIF orientation. */
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
}

export interface Image extends Picture {
  readonly id: string;
  readonly principal: string;
  readonly conversationId: string | null;
  readonly callId: string | null;
  /** The index of the image within its call, starting at 0. */
  readonly imageIndex: number;
  readonly origin: ImageOrigin;
  /** SOURCE for every generated image, too. */
  readonly purpose: UploadPurpose;
  readonly prompt: string | null;
  readonly revisedPrompt: string | null;
  readonly requested: ImageSettings | null;
  /** The settings that the upstream reported; null when it reported none. */
  readonly actual: ImageSettings | null;
  /** The upstream id of the output item that contained the image (`ig_…`). */
  readonly itemId: string | null;
  /** The upstream id of the response that contained the image (`resp_…`). */
  readonly responseId: string | null;
  /** Whether the prompt reached the image model unchanged; null when it is not known. */
  readonly verbatim: boolean | null;
  /** The ThumbHash in base64; null until it is computed. */
  readonly thumbhash: string | null;
  /** Null until somebody asks. */
  readonly hasContentCredentials: boolean | null;
  readonly favorite: boolean;
  /** Set while the image is in the trash: RFC 3339. */
  readonly deletedAt: string | null;
  readonly createdAt: string;
}

export interface PartialImage extends Picture {
  readonly id: string;
  /** The index of the partial image within its image, starting at 0. */
  readonly index: number;
  readonly imageIndex: number;
}
