/** Image and PartialImage: their properties, and the URL of their bytes. */
import {
  IMAGE_ORIGINS,
  type ImageOrigin,
  UPLOAD_PURPOSES,
  type UploadPurpose,
} from '../../../src/domain/images/image.ts';
import { purgeTime } from '../../../src/domain/trash.ts';
import { builder } from '../../builder.ts';
import { BYTES_PRICE, pagePrice, QUERY_PRICE } from '../../prices.ts';
import {
  ConversationRef,
  GenerationCallRef,
  ImageConnectionRef,
  ImageRef,
  ImageSettingsRef,
  PartialImageRef,
} from '../../refs.ts';
import { connection } from '../../relay/connection.ts';
import { encodeGlobalId, lookUp } from '../../relay/global-id.ts';
import {
  DATA_URI_DESCRIPTION,
  DEFAULT_DATA_URI_BYTES,
  dataUri,
  MAX_BYTES_DESCRIPTION,
  URL_DESCRIPTION,
  variantOf,
  WIDTH_DESCRIPTION,
} from './image-bytes.ts';
import { enumOf, ImageFormatRef } from './image-settings.ts';

export const ImageOriginRef = enumOf<ImageOrigin>('ImageOrigin', 'The origin of an image.', IMAGE_ORIGINS, {
  GENERATED: 'Made by the upstream.',
  UPLOADED: 'Uploaded by a client.',
});

export const UploadPurposeRef = enumOf<UploadPurpose>('UploadPurpose', 'What an upload is for.', UPLOAD_PURPOSES, {
  SOURCE: 'An image to refine or to build on. It can become the cover and the newest image of its conversation.',
  MASK: 'A mask (`maskImageId`). It never becomes the cover or the newest image of a conversation.',
  MARKUP: 'A markup (`markupImageId`). It never becomes the cover or the newest image of a conversation.',
});

const BYTE_FIELD_DESCRIPTIONS = {
  width:
    'The width in pixels of the image as a browser shows it, with its EXIF orientation applied. In the file itself, ' +
    'width and height can be swapped.',
  height: 'The height in pixels of the image as a browser shows it. See `width`.',
  format: 'The file format, as read from the bytes.',
  byteSize: 'The size of the file in bytes.',
};

builder.node(ImageRef, {
  description: 'A finished or uploaded image. Its bytes are stored exactly as received.',
  id: { resolve: ({ id }) => id, description: 'The globally unique, opaque id of the image.' },
  loadManyWithoutCache: (ids, { reader }) => Promise.all(ids.map((id) => reader.image(id))),
  fields: (t) => ({
    url: t.field({
      type: 'URL',
      description: URL_DESCRIPTION,
      args: {
        width: t.arg.int({ description: WIDTH_DESCRIPTION }),
        format: t.arg({
          type: ImageFormatRef,
          description:
            'The format to convert the image to: WEBP, PNG or JPEG. WEBP if there is a width and no format. An animation ' +
            'stays one in WEBP, and becomes its first frame in PNG and JPEG. JPEG has a white background.',
        }),
      },
      resolve: (image, { width, format }, { imageUrl }) => imageUrl(image, variantOf(width, format)),
    }),
    dataUri: t.string({
      nullable: true,
      complexity: BYTES_PRICE,
      description: `${DATA_URI_DESCRIPTION} Null when the file is larger than \`maxBytes\`.`,
      args: {
        maxBytes: t.arg.int({
          defaultValue: DEFAULT_DATA_URI_BYTES,
          description: MAX_BYTES_DESCRIPTION,
        }),
      },
      resolve: (image, { maxBytes }, context) => dataUri(image, maxBytes, context),
    }),
    width: t.exposeInt('width', { description: BYTE_FIELD_DESCRIPTIONS.width }),
    height: t.exposeInt('height', { description: BYTE_FIELD_DESCRIPTIONS.height }),
    format: t.expose('format', { type: ImageFormatRef, description: BYTE_FIELD_DESCRIPTIONS.format }),
    byteSize: t.exposeInt('byteSize', { description: BYTE_FIELD_DESCRIPTIONS.byteSize }),
    sha256: t.exposeString('sha256', {
      description: 'The SHA-256 hash of the bytes as received, in lower-case hexadecimal digits.',
    }),
    thumbhash: t.string({
      nullable: true,
      description:
        'A placeholder to show while the image loads: its ThumbHash in base64, about 25 bytes; null when it cannot ' +
        'be computed.',
      resolve: (image, _, { imageService }) => imageService.thumbhash(image),
    }),
    hasContentCredentials: t.boolean({
      complexity: QUERY_PRICE,
      description:
        'Whether the file has content credentials (C2PA), which say how it was made. Only that they are there: they are ' +
        'not verified. Variants have none.',
      resolve: (image, _, { imageService, meter }) => meter.read(() => imageService.hasContentCredentials(image)),
    }),
    imageIndex: t.int({
      nullable: true,
      description: 'The index of the image within its call, starting at 0; null for an upload.',
      resolve: ({ callId, imageIndex }) => (callId === null ? null : imageIndex),
    }),
    origin: t.expose('origin', { type: ImageOriginRef, description: 'Whether the image was generated or uploaded.' }),
    purpose: t.field({
      type: UploadPurposeRef,
      nullable: true,
      description: 'What the upload is for; null for a generated image.',
      resolve: ({ origin, purpose }) => (origin === 'UPLOADED' ? purpose : null),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'The time the image was stored.' }),
    favorite: t.exposeBoolean('favorite', { description: 'Whether the image is marked as a favourite.' }),
    tags: t.field({
      type: ['String'],
      description: 'The tags of the image in lower case, in alphabetical order.',
      resolve: async ({ id }, _, { reader }) => [...(await reader.tagsOfImage(id))],
    }),
    deletedAt: t.expose('deletedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'The time the image was moved to the trash, alone or with its conversation; null while it is not there. Its URL ' +
        'works until the image is deleted for good.',
    }),
    purgesAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'The time from which the image is deleted for good, within an hour; null while it is not in the trash, and where ' +
        'the server keeps the trash for ever.',
      resolve: ({ deletedAt }, _, { trashDays }) => purgeTime(deletedAt, trashDays),
    }),
  }),
});

/** How the image was made, and its relations to other images. */
builder.objectFields(ImageRef, (t) => ({
  prompt: t.string({
    nullable: true,
    resolve: ({ prompt }, _, { meter }) => meter.text(prompt),
    description: 'The prompt exactly as the client sent it; null for an upload.',
  }),
  revisedPrompt: t.string({
    nullable: true,
    resolve: ({ revisedPrompt }, _, { meter }) => meter.text(revisedPrompt),
    description:
      'The prompt as the mainline model passed it to the image model; null for an upload, or when it was not ' +
      'reported.',
  }),
  verbatim: t.exposeBoolean('verbatim', {
    nullable: true,
    description:
      'Whether the prompt reached the image model unchanged (see the `verbatim` input); null for an upload, or ' +
      'when the upstream does not report it.',
  }),
  requested: t.expose('requested', {
    type: ImageSettingsRef,
    nullable: true,
    description: 'The requested image options; null for an upload.',
  }),
  actual: t.expose('actual', {
    type: ImageSettingsRef,
    nullable: true,
    description: 'The settings that the upstream reports it used; null for an upload, or when it reports none.',
  }),
  call: t.field({
    type: GenerationCallRef,
    nullable: true,
    description: 'The call that made the image; null for an upload.',
    resolve: ({ callId }, _, { reader }) => (callId === null ? null : reader.call(callId)),
  }),
  conversation: t.field({
    type: ConversationRef,
    nullable: true,
    description: 'The conversation of the image; null for an upload that belongs to none.',
    resolve: ({ conversationId }, _, { reader }) =>
      conversationId === null ? null : reader.conversation(conversationId),
  }),
  sources: t.field({
    type: [ImageRef],
    description:
      'The images that this image was made from: those that its call named, or else the one that it went on from ' +
      '(`GenerationCall.basedOn`). Without those that were deleted for good (`deletedSourceIds`).',
    resolve: ({ callId }, _, { reader }) => (callId === null ? [] : reader.sourcesOfCall(callId)),
  }),
  refinements: t.connection(
    {
      type: ImageRef,
      description: 'The images that were made from this image, oldest first.',
      complexity: pagePrice,
      resolve: ({ id }, args, { reader, principal }) => {
        const list = { principal, key: ['Image.refinements', id], direction: 'ASC' } as const;
        return connection(args, list, {
          page: (window) => reader.refinements(id, window),
          count: () => reader.countRefinements(id),
        });
      },
    },
    ImageConnectionRef,
  ),
}));

PartialImageRef.implement({
  description:
    'A preview of an image while it is being made. It shows the whole image with less detail. Its bytes stay ' +
    'available afterwards.',
  fields: (t) => ({
    // No Node: a partial image is kept for a while only, and is read with its call.
    id: t.id({
      description: 'The globally unique, opaque id of the partial image, for caches. It cannot be fetched by `node`.',
      resolve: ({ id }) => encodeGlobalId('PartialImage', id),
    }),
    index: t.exposeInt('index', { description: 'The index of the partial image within its image, starting at 0.' }),
    imageIndex: t.exposeInt('imageIndex', { description: 'The index of the image within its call, starting at 0.' }),
    url: t.field({
      type: 'URL',
      description: URL_DESCRIPTION,
      args: { width: t.arg.int({ description: WIDTH_DESCRIPTION }) },
      resolve: (partial, { width }, { imageUrl }) => imageUrl(partial, variantOf(width, null)),
    }),
    dataUri: t.string({
      nullable: true,
      complexity: BYTES_PRICE,
      description: `${DATA_URI_DESCRIPTION} Null when the file is larger than \`maxBytes\`, or was lost in a power cut.`,
      args: {
        maxBytes: t.arg.int({ defaultValue: DEFAULT_DATA_URI_BYTES, description: MAX_BYTES_DESCRIPTION }),
      },
      resolve: (partial, { maxBytes }, context) => dataUri(partial, maxBytes, context),
    }),
    thumbhash: t.string({
      nullable: true,
      description:
        'A placeholder as in `Image.thumbhash`. An event never waits for it: in a subscription it is null until it is ' +
        'computed, which the first selection begins. A query waits for it.',
      async resolve(partial, _, { imageService, reader, principal }, { operation }) {
        const thumbhash = await reader.thumbhashOfPartial(partial.id);
        if (thumbhash !== null) return thumbhash;
        if (operation.operation !== 'subscription') return imageService.partialThumbhash(principal, partial);
        imageService.beginPartialThumbhash(principal, partial);
        return null;
      },
    }),
    width: t.exposeInt('width', { nullable: true, description: BYTE_FIELD_DESCRIPTIONS.width }),
    height: t.exposeInt('height', { nullable: true, description: BYTE_FIELD_DESCRIPTIONS.height }),
    format: t.expose('format', { type: ImageFormatRef, description: BYTE_FIELD_DESCRIPTIONS.format }),
    byteSize: t.exposeInt('byteSize', { description: BYTE_FIELD_DESCRIPTIONS.byteSize }),
  }),
});

builder.queryField('image', (t) =>
  t.field({
    type: ImageRef,
    nullable: true,
    authScopes: { READ: true },
    description: 'An image by its id; null when it does not exist or is not yours.',
    args: { id: t.arg.id({ required: true, description: 'The id of the `Image`.' }) },
    resolve: (_, { id }, { reader }) => lookUp('Image', id, (known) => reader.image(known)),
  }),
);
