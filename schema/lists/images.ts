/** The list of images: its filter and its orders. */
import { tagSet } from '../../src/domain/images/image-tags.ts';
import { builder } from '../builder.ts';
import { pagePrice } from '../prices.ts';
import { ImageConnectionRef, ImageRef } from '../refs.ts';
import { connection } from '../relay/connection.ts';
import { idOf } from '../relay/global-id.ts';
import { ImageOriginRef } from '../types/images/image.ts';
import { imagePropertiesFor } from '../types/images/image-properties.ts';
import { ImageFormatRef } from '../types/images/image-settings.ts';
import {
  checkFilter,
  orderInput,
  RELEVANCE_DESCRIPTION,
  SEARCH_DESCRIPTION,
  sortedByCreation,
  withoutNulls,
} from './order.ts';

const ImageOrder = orderInput('ImageOrder', 'images', ['CREATED_AT', 'RELEVANCE'], {
  CREATED_AT: 'The time the image was stored.',
  RELEVANCE: RELEVANCE_DESCRIPTION,
});

const ImageFilter = builder.inputType('ImageFilter', {
  description: 'A filter for a list of images. Omitted fields do not restrict the list.',
  fields: (t) => ({
    conversationId: t.id({ description: 'Returns only images of this conversation.' }),
    search: t.string({
      description: `Returns only images with these words in the prompt, the revised prompt and the tags. ${SEARCH_DESCRIPTION}`,
    }),
    origin: t.field({ type: ImageOriginRef, description: 'Returns only images of this origin.' }),
    favorite: t.boolean({ description: 'Returns only favourites, or only images that are none.' }),
    tags: t.stringList({ description: 'Returns only images with all of these tags, in any letter case.' }),
    formats: t.field({ type: [ImageFormatRef], description: 'Returns only images in one of these formats.' }),
    models: t.stringList({
      description:
        'Returns only images that one of these image models made: as the upstream reported it, else as requested.',
    }),
    createdAfter: t.field({ type: 'DateTime', description: 'Returns only images that were stored after this time.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Returns only images that were stored before this time.' }),
    deleted: t.boolean({ description: 'True returns the images in the trash instead of the others.' }),
  }),
});

builder.queryField('images', (t) =>
  t.connection(
    {
      type: ImageRef,
      authScopes: { READ: true },
      description: 'All images that are not in the trash, newest first unless `orderBy` says otherwise.',
      complexity: pagePrice,
      args: {
        filter: t.arg({ type: ImageFilter, description: 'Restricts the list.' }),
        orderBy: t.arg({ type: ImageOrder, description: 'The order of the list. Defaults to newest first.' }),
      },
      resolve: (_, { filter, orderBy, ...args }, { reader, principal }, info) => {
        checkFilter(filter);
        const { conversationId: id, tags, ...given } = withoutNulls(filter);
        const conversationId = id === undefined ? undefined : idOf('Conversation', id, 'filter.conversationId');
        const only = { ...given, tags: tags === undefined ? undefined : tagSet(tags), conversationId };
        const list = {
          principal,
          key: ['images', only],
          direction: orderBy?.direction ?? 'DESC',
          sortedBy: sortedByCreation(only, orderBy?.field),
        };
        return connection(args, list, {
          page: (window) => reader.images(only, window, imagePropertiesFor(info)),
          count: () => reader.countImages(only),
        });
      },
    },
    ImageConnectionRef,
  ),
);
