/**
 * The options of an image, named as in the image generation tool of OpenAI's Responses API. Clients see the values in
 * upper case, as they are here. The upstream uses lower case; src/provider/openai/lower-case.ts converts them.
 */

export const IMAGE_QUALITIES = ['AUTO', 'LOW', 'MEDIUM', 'HIGH', 'XHIGH', 'MAX'] as const;
export type ImageQuality = (typeof IMAGE_QUALITIES)[number];

export const IMAGE_FORMATS = ['PNG', 'WEBP', 'JPEG', 'GIF', 'SVG'] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

export const IMAGE_BACKGROUNDS = ['AUTO', 'TRANSPARENT', 'OPAQUE'] as const;
export type ImageBackground = (typeof IMAGE_BACKGROUNDS)[number];

export const MODERATIONS = ['AUTO', 'LOW'] as const;
export type Moderation = (typeof MODERATIONS)[number];

export const INPUT_FIDELITIES = ['LOW', 'HIGH'] as const;
export type InputFidelity = (typeof INPUT_FIDELITIES)[number];

/** How much the image model plans before it draws, whatever the quality. */
export const COMPLEXITIES = ['LOW', 'MEDIUM', 'HIGH'] as const;
export type Complexity = (typeof COMPLEXITIES)[number];

export const REASONING_EFFORTS = ['NONE', 'MINIMAL', 'LOW', 'MEDIUM', 'HIGH', 'XHIGH', 'MAX'] as const;
export type ReasoningEffort = (typeof REASONING_EFFORTS)[number];

/** How soon the image is needed. A longer window costs less where the upstream offers it. */
export const COMPLETION_WINDOWS = ['SOONEST', 'WITHIN_2_HOURS', 'WITHIN_8_HOURS'] as const;
export type CompletionWindow = (typeof COMPLETION_WINDOWS)[number];

/** Whether the image may arrive hours later, which the upstream makes in the background and without partial images. */
export function isDeferred(window: CompletionWindow | null | undefined): boolean {
  return window != null && window !== 'SOONEST';
}

/** The model that writes an SVG. It is not the image model, which makes a picture that the SVG is written after. */
export interface SvgOptions {
  readonly model: string | null;
  readonly reasoningEffort: ReasoningEffort | null;
}

/** The settings of one image. Null means not requested (the upstream uses its default), or not reported. */
export interface ImageSettings {
  /** The image model. */
  readonly model: string | null;
  /** The mainline model, which reads the prompt and calls the image model. The Image API uses none. */
  readonly mainlineModel: string | null;
  /** `auto` or `<width>x<height>` in pixels. */
  readonly size: string | null;
  readonly quality: ImageQuality | null;
  readonly format: ImageFormat | null;
  /** 0 to 100; only for WEBP and JPEG. */
  readonly compression: number | null;
  readonly background: ImageBackground | null;
  readonly moderation: Moderation | null;
  readonly inputFidelity: InputFidelity | null;
  /** The number of requested partial images, 0 to 3. */
  readonly partialImages: number | null;
  readonly complexity: Complexity | null;
  /** Frames of a GIF, 2 to 16. */
  readonly frameCount: number | null;
  /** How long each frame of a GIF is shown, in milliseconds. The upstream rounds it to a multiple of 10. */
  readonly frameDurationMs: number | null;
  /** Only for SVG. */
  readonly svg: SvgOptions | null;
  readonly completionWindow: CompletionWindow | null;
}

export const NO_SETTINGS: ImageSettings = {
  model: null,
  mainlineModel: null,
  size: null,
  quality: null,
  format: null,
  compression: null,
  background: null,
  moderation: null,
  inputFidelity: null,
  partialImages: null,
  complexity: null,
  frameCount: null,
  frameDurationMs: null,
  svg: null,
  completionWindow: null,
};

/** The file name extension of a format, without the dot, as used in `GET /images/{id}.{ext}`. */
export const FORMAT_EXTENSIONS: Readonly<Record<ImageFormat, string>> = {
  PNG: 'png',
  WEBP: 'webp',
  JPEG: 'jpg',
  GIF: 'gif',
  SVG: 'svg',
};

/** The media type of a format (IANA registry). */
export const FORMAT_MEDIA_TYPES: Readonly<Record<ImageFormat, string>> = {
  PNG: 'image/png',
  WEBP: 'image/webp',
  JPEG: 'image/jpeg',
  GIF: 'image/gif',
  SVG: 'image/svg+xml',
};
