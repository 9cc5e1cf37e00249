/** ImageOptionsInput and ImageSettings: the options of a request, and the settings stored with an image. */
import {
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
} from '../../src/domain/options.ts';
import { builder } from '../builder.ts';
import { ImageSettingsRef } from '../refs.ts';

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
    partialImages: t.int({ defaultValue: 2, description: `${WORDS.partialImages} Not supported with GIF.` }),
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
  }),
});

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
