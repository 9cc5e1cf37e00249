/** Pictures: the finished ones, and the stages that are seen on the way there. */
import type { ImageFormat, ImageSettings } from './options.ts';

export const IMAGE_ORIGINS = ['GENERATED', 'UPLOADED'] as const;
export type ImageOrigin = (typeof IMAGE_ORIGINS)[number];

/** Bytes that are stored under their hash, and what they say of themselves. */
export interface Picture {
  /** Lower-case hexadecimal SHA-256 of the bytes exactly as they came, from the upstream or in an upload. */
  readonly sha256: string;
  readonly byteSize: number;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
}

export interface Image extends Picture {
  readonly id: string;
  readonly principal: string;
  readonly conversationId: string | null;
  readonly callId: string | null;
  /** Which picture of its call, from 0. */
  readonly imageIndex: number;
  readonly origin: ImageOrigin;
  readonly prompt: string | null;
  readonly revisedPrompt: string | null;
  readonly requested: ImageSettings | null;
  /** What the upstream says it did; null where it said nothing. */
  readonly actual: ImageSettings | null;
  /** The upstream's id of the item that carried the picture (`ig_…`). */
  readonly itemId: string | null;
  /** The upstream's id of the response that carried it (`resp_…`). */
  readonly responseId: string | null;
  /** Whether the prompt reached the image model word for word; null when that is not known. */
  readonly verbatim: boolean | null;
  /** Base64 of a ThumbHash, once it was computed. */
  readonly thumbhash: string | null;
  readonly createdAt: string;
}

export interface PartialImage extends Picture {
  readonly id: string;
  /** Which stage of its picture, from 0. */
  readonly index: number;
  readonly imageIndex: number;
}
