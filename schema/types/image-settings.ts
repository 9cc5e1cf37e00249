/** What can be asked of a picture: the options of an input, and the settings that a picture keeps. */
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

export const ImageFormatRef = enumOf<ImageFormat>('ImageFormat', 'A file format.', IMAGE_FORMATS, {
  PNG: 'Lossless; may be transparent. The default.',
  WEBP: 'Small; may be transparent; takes a compression.',
  JPEG: 'Small; takes a compression.',
  GIF: 'Takes no partial images and no compression. Only with the models that make it.',
  SVG: 'A drawing instead of pixels. Only with the models that make it.',
});

export const ImageQualityRef = enumOf<ImageQuality>(
  'ImageQuality',
  'How much work goes into a picture.',
  IMAGE_QUALITIES,
  {
    AUTO: "The model's choice.",
    LOW: 'Fast and cheap: for drafts.',
    MEDIUM: 'In between.',
    HIGH: 'Slow and dear: for finished pictures.',
    XHIGH: 'Beyond HIGH; gpt-image-2.5 and later.',
    MAX: 'The most there is; gpt-image-2.5 and later.',
  },
);

export const ImageBackgroundRef = enumOf<ImageBackground>('ImageBackground', 'What stands behind.', IMAGE_BACKGROUNDS, {
  AUTO: "The model's choice.",
  TRANSPARENT: 'Nothing: an alpha channel. With the formats PNG and WEBP.',
  OPAQUE: 'A painted background.',
});

const ModerationRef = enumOf<Moderation>('Moderation', 'How strict the upstream filters.', MODERATIONS, {
  AUTO: 'The standard filter.',
  LOW: 'A less restrictive filter.',
});

export const InputFidelityRef = enumOf<InputFidelity>(
  'InputFidelity',
  'How closely details of an input picture, faces above all, are kept.',
  INPUT_FIDELITIES,
  { LOW: 'Loosely.', HIGH: 'Closely; costs more input tokens. Not taken by gpt-image-2.' },
);

const WORDS = {
  model: 'The image model, for example `gpt-image-2`.',
  mainlineModel: 'The mainline model, which reads the prompt and calls the image model, for example `gpt-5.4-mini`.',
  size: 'Width and height in pixels.',
  quality: 'How much work goes into it.',
  format: 'The file format.',
  compression: 'From 0 to 100, for WEBP and JPEG: the higher, the finer and the larger.',
  background: 'What stands behind.',
  moderation: 'How strict the upstream filters.',
  inputFidelity: 'How closely details of an input picture are kept.',
  partialImages: 'How many stages are shown on the way, 0 to 3. Each costs 100 image output tokens.',
} as const;

export const ImageOptionsInput = builder.inputType('ImageOptionsInput', {
  description: "How the picture shall be made. What is left out is the upstream's choice.",
  fields: (t) => ({
    model: t.string({ description: `${WORDS.model} Left out, the server's default.` }),
    mainlineModel: t.string({ description: `${WORDS.mainlineModel} Left out, the server's default.` }),
    size: t.field({ type: 'ImageSize', description: WORDS.size }),
    quality: t.field({ type: ImageQualityRef, description: WORDS.quality }),
    format: t.field({ type: ImageFormatRef, description: WORDS.format }),
    compression: t.int({ description: WORDS.compression }),
    background: t.field({ type: ImageBackgroundRef, description: WORDS.background }),
    moderation: t.field({ type: ModerationRef, description: WORDS.moderation }),
    inputFidelity: t.field({ type: InputFidelityRef, description: WORDS.inputFidelity }),
    partialImages: t.int({ defaultValue: 2, description: `${WORDS.partialImages} GIF has none.` }),
  }),
});

ImageSettingsRef.implement({
  description: 'How a picture was asked for, or how the upstream says it was made. A null was not asked, or not told.',
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

/** An enum whose values are the domain's own words, each with its description. */
export function enumOf<Word extends string>(
  name: string,
  description: string,
  words: readonly Word[],
  descriptions: Readonly<Record<Word, string>>,
) {
  const values = words.map((word) => [word, { value: word, description: descriptions[word] }]);
  // Object.fromEntries forgets the keys' type: they are exactly `words`.
  return builder.enumType(name, {
    description,
    values: Object.fromEntries(values) as Record<Word, { value: Word; description: string }>,
  });
}
