/** ImageOptionsInput and ImageSettings: the options of a request, and the settings stored with an image. */

import {
  COMPLETION_WINDOWS,
  COMPLEXITIES,
  type CompletionWindow,
  type Complexity,
  IMAGE_BACKGROUNDS,
  IMAGE_FORMATS,
  IMAGE_QUALITIES,
  type ImageBackground,
  type ImageFormat,
  type ImageQuality,
  INPUT_FIDELITIES,
  type InputFidelity,
  MODERATIONS,
  type Moderation,
  REASONING_EFFORTS,
  type ReasoningEffort,
  type SvgOptions,
} from '../../../src/domain/generation/options.ts';
import { parseSize } from '../../../src/domain/models/sizes.ts';
import { builder } from '../../builder.ts';
import { ImageSettingsRef } from '../../refs.ts';

export const ImageFormatRef = enumOf<ImageFormat>('ImageFormat', 'An image file format.', IMAGE_FORMATS, {
  PNG: 'Lossless; supports transparency. The default.',
  WEBP: 'Small; supports transparency and compression.',
  JPEG: 'Small; supports compression.',
  GIF: 'No partial images and no compression. Only some models support it.',
  SVG: 'A vector drawing. Only some models support it.',
});

export const ImageQualityRef = enumOf<ImageQuality>('ImageQuality', 'The quality of an image.', IMAGE_QUALITIES, {
  AUTO: 'Chosen by the model.',
  LOW: 'Fast and cheap, for drafts.',
  MEDIUM: 'Between LOW and HIGH.',
  HIGH: 'Slow and expensive, for final images.',
  XHIGH: 'Higher than HIGH. Supported by gpt-image-2.5 and later.',
  MAX: 'The highest quality. Supported by gpt-image-2.5 and later.',
});

export const ImageBackgroundRef = enumOf<ImageBackground>(
  'ImageBackground',
  'The background of an image.',
  IMAGE_BACKGROUNDS,
  {
    AUTO: 'Chosen by the model.',
    TRANSPARENT: 'A transparent background. Requires the format PNG or WEBP.',
    OPAQUE: 'An opaque background.',
  },
);

const ModerationRef = enumOf<Moderation>('Moderation', 'The strictness of the upstream content filter.', MODERATIONS, {
  AUTO: 'The standard filter.',
  LOW: 'A less restrictive filter.',
});

export const InputFidelityRef = enumOf<InputFidelity>(
  'InputFidelity',
  'How closely details of the source images, especially faces, are preserved.',
  INPUT_FIDELITIES,
  {
    LOW: 'Details are preserved loosely.',
    HIGH: 'Details are preserved closely. Uses more input tokens. Not supported by gpt-image-2.',
  },
);

export const ComplexityRef = enumOf<Complexity>(
  'Complexity',
  'How much the image model plans before it draws. Independent of the quality.',
  COMPLEXITIES,
  {
    LOW: 'Little planning: fast and cheap.',
    MEDIUM: 'Between LOW and HIGH.',
    HIGH: 'Much planning, for pictures with many parts or much text.',
  },
);

const ReasoningEffortRef = enumOf<ReasoningEffort>(
  'ReasoningEffort',
  'How much a language model reasons before it answers. Each model supports some of the values; the upstream rejects others.',
  REASONING_EFFORTS,
  {
    NONE: 'No reasoning.',
    MINIMAL: 'The least reasoning.',
    LOW: 'Little reasoning.',
    MEDIUM: 'Between LOW and HIGH.',
    HIGH: 'Much reasoning.',
    XHIGH: 'More than HIGH.',
    MAX: 'The most reasoning.',
  },
);

const CompletionWindowRef = enumOf<CompletionWindow>(
  'CompletionWindow',
  'How soon the image is needed. A longer window costs less where the upstream offers it.',
  COMPLETION_WINDOWS,
  {
    SOONEST: 'As soon as possible. The default.',
    WITHIN_2_HOURS: 'Within two hours. There are no partial images.',
    WITHIN_8_HOURS: 'Within eight hours. There are no partial images.',
  },
);

const SVG_MODEL = 'The language model that writes the SVG.';
const SVG_EFFORT = 'How much that model reasons.';

const SvgOptionsInput = builder.inputType('SvgOptionsInput', {
  description: 'Options for the model that writes an SVG.',
  fields: (t) => ({
    model: t.string({ description: `${SVG_MODEL} If omitted, the upstream decides.` }),
    reasoningEffort: t.field({
      type: ReasoningEffortRef,
      description: `${SVG_EFFORT} If omitted, the default of the model. Through the Image API, it requires \`model\`.`,
    }),
  }),
});

const SvgOptionsRef = builder.objectRef<SvgOptions>('SvgOptions').implement({
  description: 'The model that writes an SVG, and how much it reasons.',
  fields: (t) => ({
    model: t.exposeString('model', { nullable: true, description: SVG_MODEL }),
    reasoningEffort: t.expose('reasoningEffort', {
      type: ReasoningEffortRef,
      nullable: true,
      description: SVG_EFFORT,
    }),
  }),
});

const WORDS = {
  model: 'The image model, for example `gpt-image-2`.',
  mainlineModel: 'The mainline model, which reads the prompt and calls the image model, for example `gpt-5.4-mini`.',
  size: 'The size of the image.',
  quality: 'The quality of the image.',
  format: 'The file format of the image.',
  compression:
    'The compression quality for WEBP and JPEG: 0 to 100. Higher values give better quality and larger files.',
  background: 'The background of the image.',
  moderation: 'The strictness of the upstream content filter.',
  inputFidelity: 'How closely details of the source images are preserved.',
  partialImages: 'The number of partial images: 0 to 3. Each costs 100 image output tokens.',
  complexity: 'How much the image model plans before it draws.',
  frameCount: 'The number of frames of a GIF: 2 to 16.',
  frameDurationMs:
    'How long each frame of a GIF is shown, in milliseconds: 10 to 655,350. The upstream rounds it to a multiple of 10.',
  svg: 'The model that writes an SVG, and how much it reasons.',
  completionWindow: 'How soon the image is needed.',
} as const;

export const ImageOptionsInput = builder.inputType('ImageOptionsInput', {
  description: 'Options for making an image. The upstream decides about omitted options.',
  fields: (t) => ({
    model: t.string({ description: `${WORDS.model} If omitted, the default of this server.` }),
    mainlineModel: t.string({ description: `${WORDS.mainlineModel} If omitted, the default of this server.` }),
    size: t.field({ type: 'ImageSize', description: WORDS.size }),
    quality: t.field({ type: ImageQualityRef, description: WORDS.quality }),
    format: t.field({ type: ImageFormatRef, description: WORDS.format }),
    compression: t.int({ description: WORDS.compression }),
    background: t.field({ type: ImageBackgroundRef, description: WORDS.background }),
    moderation: t.field({ type: ModerationRef, description: WORDS.moderation }),
    inputFidelity: t.field({ type: InputFidelityRef, description: WORDS.inputFidelity }),
    partialImages: t.int({
      defaultValue: 2,
      description:
        `${WORDS.partialImages} There are none with GIF, with SVG through the Image API, or with a completion window ` +
        'of hours: the default is 0 there. Null is the same as 0.',
    }),
    complexity: t.field({
      type: ComplexityRef,
      description: `${WORDS.complexity} Supported by gpt-image-2.6 and later. Independent of the quality.`,
    }),
    frameCount: t.int({ description: `${WORDS.frameCount} If omitted, the upstream makes 9.` }),
    frameDurationMs: t.int({ description: `${WORDS.frameDurationMs} If omitted, the upstream uses 200.` }),
    svg: t.field({ type: SvgOptionsInput, description: `${WORDS.svg} Only with the format SVG.` }),
    completionWindow: t.field({
      type: CompletionWindowRef,
      description: `${WORDS.completionWindow} Windows of hours require the Responses API, and an upstream that may keep responses.`,
    }),
  }),
});

ImageSettingsRef.implement({
  description:
    'The image settings that were requested, or that the upstream reports it used. Null fields were not requested, ' +
    'or not reported.',
  fields: (t) => ({
    model: t.exposeString('model', { nullable: true, description: WORDS.model }),
    mainlineModel: t.exposeString('mainlineModel', { nullable: true, description: WORDS.mainlineModel }),
    size: t.expose('size', { type: 'ImageSize', nullable: true, description: WORDS.size }),
    width: t.int({
      nullable: true,
      description:
        'The width in pixels that `size` says, so that a placeholder has its shape before the first bytes arrive. Null ' +
        'when the upstream decides.',
      resolve: ({ size }) => pixelsOf(size)?.width ?? null,
    }),
    height: t.int({
      nullable: true,
      description: 'The height in pixels that `size` says. Null when the upstream decides.',
      resolve: ({ size }) => pixelsOf(size)?.height ?? null,
    }),
    quality: t.expose('quality', { type: ImageQualityRef, nullable: true, description: WORDS.quality }),
    format: t.expose('format', { type: ImageFormatRef, nullable: true, description: WORDS.format }),
    compression: t.exposeInt('compression', { nullable: true, description: WORDS.compression }),
    background: t.expose('background', { type: ImageBackgroundRef, nullable: true, description: WORDS.background }),
    moderation: t.expose('moderation', { type: ModerationRef, nullable: true, description: WORDS.moderation }),
    inputFidelity: t.expose('inputFidelity', {
      type: InputFidelityRef,
      nullable: true,
      description: WORDS.inputFidelity,
    }),
    partialImages: t.exposeInt('partialImages', { nullable: true, description: WORDS.partialImages }),
    complexity: t.expose('complexity', { type: ComplexityRef, nullable: true, description: WORDS.complexity }),
    frameCount: t.exposeInt('frameCount', { nullable: true, description: WORDS.frameCount }),
    frameDurationMs: t.exposeInt('frameDurationMs', { nullable: true, description: WORDS.frameDurationMs }),
    svg: t.expose('svg', { type: SvgOptionsRef, nullable: true, description: WORDS.svg }),
    completionWindow: t.expose('completionWindow', {
      type: CompletionWindowRef,
      nullable: true,
      description: WORDS.completionWindow,
    }),
  }),
});

const pixelsOf = (size: string | null) => (size === null ? null : parseSize(size));

/** Defines an enum whose values are the values of the domain, each with its description. */
export function enumOf<Word extends string>(
  name: string,
  description: string,
  words: readonly Word[],
  descriptions: Readonly<Record<Word, string>>,
) {
  const values = words.map((word) => [word, { value: word, description: descriptions[word] }]);
  // Object.fromEntries loses the type of the keys, which are exactly `words`.
  return builder.enumType(name, {
    description,
    values: Object.fromEntries(values) as Record<Word, { value: Word; description: string }>,
  });
}
