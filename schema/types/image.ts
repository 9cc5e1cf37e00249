/** Image and PartialImage: what a picture says of itself, and where its bytes are. */
import { IMAGE_ORIGINS, type ImageOrigin } from '../../src/domain/image.ts';
import { FORMAT_EXTENSIONS, type ImageFormat } from '../../src/domain/options.ts';
import { builder } from '../builder.ts';
import { connection } from '../connection.ts';
import { idOf } from '../global-id.ts';
import {
  ConversationRef,
  GenerationCallRef,
  ImageConnectionRef,
  ImageRef,
  ImageSettingsRef,
  PartialImageRef,
} from '../refs.ts';
import { imagePropertiesFor } from './image-properties.ts';
import { enumOf, ImageFormatRef } from './image-settings.ts';

const ImageOriginRef = enumOf<ImageOrigin>('ImageOrigin', 'Where a picture came from.', IMAGE_ORIGINS, {
  GENERATED: 'The upstream made it.',
  UPLOADED: 'A client sent it.',
});

const DATA_URI_DESCRIPTION =
  'The bytes as `data:<media type>;base64,…`, for where a URL cannot be used. Not cached: select it only when needed.';

const URL_DESCRIPTION =
  'Where the bytes are, over HTTP. They never change, so they may be cached for ever. Ends in the extension of the format.';

const BYTE_FIELD_DESCRIPTIONS = {
  width: 'In pixels, as read from the bytes.',
  height: 'In pixels, as read from the bytes.',
  format: 'The file format, as read from the bytes.',
  byteSize: 'The number of bytes.',
};

function urlOf(origin: string, { id, format }: { id: string; format: ImageFormat }): string {
  return `${origin}/images/${id}.${FORMAT_EXTENSIONS[format]}`;
}

builder.node(ImageRef, {
  description: 'A finished picture. Its bytes are kept exactly as they came, from the upstream or in an upload.',
  id: { resolve: ({ id }) => id, description: 'Unique among everything in this API, and opaque.' },
  loadManyWithoutCache: (ids, { reader }) => Promise.all(ids.map((id) => reader.image(id))),
  fields: (t) => ({
    url: t.field({
      type: 'URL',
      description: URL_DESCRIPTION,
      resolve: (image, _, { origin }) => urlOf(origin, image),
    }),
    dataUri: t.string({
      nullable: true,
      description: `${DATA_URI_DESCRIPTION} Null when there are more bytes than \`maxBytes\`.`,
      args: { maxBytes: t.arg.int({ defaultValue: 4_000_000, description: 'The most bytes to send this way.' }) },
      resolve: (image, { maxBytes }, { pictures, dataUriOf }) =>
        pictures.dataUri(image, maxBytes ?? Number.POSITIVE_INFINITY, dataUriOf),
    }),
    width: t.exposeInt('width', { description: BYTE_FIELD_DESCRIPTIONS.width }),
    height: t.exposeInt('height', { description: BYTE_FIELD_DESCRIPTIONS.height }),
    format: t.expose('format', { type: ImageFormatRef, description: BYTE_FIELD_DESCRIPTIONS.format }),
    byteSize: t.exposeInt('byteSize', { description: BYTE_FIELD_DESCRIPTIONS.byteSize }),
    sha256: t.exposeString('sha256', {
      description: 'The SHA-256 of the bytes as they came, in lower-case hexadecimal digits.',
    }),
    thumbhash: t.string({
      nullable: true,
      description: 'A placeholder to show while the picture loads: the base64 of its ThumbHash, some 25 bytes.',
      resolve: (image, _, { pictures }) => pictures.thumbhash(image),
    }),
    origin: t.expose('origin', { type: ImageOriginRef, description: 'Where it came from.' }),
    prompt: t.exposeString('prompt', {
      nullable: true,
      description: 'What was asked for, word for word; null when it was uploaded.',
    }),
    revisedPrompt: t.exposeString('revisedPrompt', {
      nullable: true,
      description: 'What the mainline model made of the prompt, and the image model was given.',
    }),
    verbatim: t.exposeBoolean('verbatim', {
      nullable: true,
      description:
        'Whether the prompt reached the image model word for word, as `verbatim` asks for; null when the upstream does ' +
        'not tell.',
    }),
    requested: t.expose('requested', {
      type: ImageSettingsRef,
      nullable: true,
      description: 'The settings that were asked for; null when it was uploaded.',
    }),
    actual: t.expose('actual', {
      type: ImageSettingsRef,
      nullable: true,
      description: 'The settings that the upstream says it used.',
    }),
    call: t.field({
      type: GenerationCallRef,
      nullable: true,
      description: 'The call that made it; null when it was uploaded.',
      resolve: ({ callId }, _, { reader }) => (callId === null ? null : reader.call(callId)),
    }),
    conversation: t.field({
      type: ConversationRef,
      nullable: true,
      description: 'The conversation that it belongs to; null for an upload into none.',
      resolve: ({ conversationId }, _, { reader }) =>
        conversationId === null ? null : reader.conversation(conversationId),
    }),
    sources: t.field({
      type: [ImageRef],
      description: 'The pictures that it was made from: its parents.',
      resolve: ({ callId }, _, { reader }) => (callId === null ? [] : reader.sourcesOfCall(callId)),
    }),
    refinements: t.connection(
      {
        type: ImageRef,
        description: 'The pictures that were made from it: its children, the oldest first.',
        resolve: ({ id }, args, { reader }) => connection(args, 'ASC', (window) => reader.refinements(id, window)),
      },
      ImageConnectionRef,
    ),
    lineage: t.field({
      type: [ImageRef],
      description: 'From the oldest ancestor to this picture itself.',
      resolve: (image, _, { reader }) => reader.lineage(image),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was stored.' }),
  }),
});

PartialImageRef.implement({
  description: 'A stage of a picture on its way: the whole of it, still coarse. The bytes stay available afterwards.',
  fields: (t) => ({
    index: t.exposeInt('index', { description: 'Which stage of its picture, from 0.' }),
    imageIndex: t.exposeInt('imageIndex', { description: 'Which picture of its call, from 0.' }),
    url: t.field({
      type: 'URL',
      description: URL_DESCRIPTION,
      resolve: (partial, _, { origin }) => urlOf(origin, partial),
    }),
    dataUri: t.string({
      nullable: true,
      description: DATA_URI_DESCRIPTION,
      resolve: (partial, _, { pictures, dataUriOf }) => pictures.dataUri(partial, Number.POSITIVE_INFINITY, dataUriOf),
    }),
    width: t.exposeInt('width', { nullable: true, description: BYTE_FIELD_DESCRIPTIONS.width }),
    height: t.exposeInt('height', { nullable: true, description: BYTE_FIELD_DESCRIPTIONS.height }),
    format: t.expose('format', { type: ImageFormatRef, description: BYTE_FIELD_DESCRIPTIONS.format }),
    byteSize: t.exposeInt('byteSize', { description: BYTE_FIELD_DESCRIPTIONS.byteSize }),
  }),
});

const SORT_DIRECTIONS = ['ASC', 'DESC'] as const;
const SortDirectionRef = enumOf('SortDirection', 'Which end of an order comes first.', SORT_DIRECTIONS, {
  ASC: 'The least first: the oldest.',
  DESC: 'The greatest first: the newest.',
});

const IMAGE_ORDER_FIELDS = ['CREATED_AT'] as const;
const ImageOrderFieldRef = enumOf('ImageOrderField', 'What images can be ordered by.', IMAGE_ORDER_FIELDS, {
  CREATED_AT: 'When they were stored.',
});

const ImageOrder = builder.inputType('ImageOrder', {
  description: 'The order of a list of images.',
  fields: (t) => ({
    field: t.field({ type: ImageOrderFieldRef, required: true, description: 'What to order by.' }),
    direction: t.field({ type: SortDirectionRef, required: true, description: 'Which end comes first.' }),
  }),
});

const ImageFilter = builder.inputType('ImageFilter', {
  description: 'Which images to list. What is left out does not matter.',
  fields: (t) => ({
    conversationId: t.id({ description: 'Only those of this conversation.' }),
  }),
});

builder.queryField('image', (t) =>
  t.field({
    type: ImageRef,
    nullable: true,
    description: 'One image; null when there is none.',
    args: { id: t.arg.id({ required: true, description: 'The `id` of an Image.' }) },
    resolve: (_, { id }, { reader }) => reader.image(idOf('Image', id, 'id')),
  }),
);

builder.queryField('images', (t) =>
  t.connection(
    {
      type: ImageRef,
      description: 'All images, the newest first if no order is given.',
      args: {
        filter: t.arg({ type: ImageFilter, description: 'Which ones.' }),
        orderBy: t.arg({ type: ImageOrder, description: 'In which order.' }),
      },
      resolve: (_, { filter, orderBy, ...args }, { reader }, info) => {
        const conversationId =
          filter?.conversationId == null
            ? undefined
            : idOf('Conversation', filter.conversationId, 'filter.conversationId');
        return connection(args, orderBy?.direction ?? 'DESC', (window) =>
          reader.images({ conversationId }, window, imagePropertiesFor(info)),
        );
      },
    },
    ImageConnectionRef,
  ),
);
