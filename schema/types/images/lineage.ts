/** What images and calls were made from: ancestors over all conversations, and what is missing of them. */
import { builder } from '../../builder.ts';
import { pagePrice, QUERY_PRICE } from '../../prices.ts';
import { GenerationCallRef, ImageConnectionRef, ImageRef } from '../../refs.ts';
import { connection } from '../../relay/connection.ts';
import { encodeGlobalId } from '../../relay/global-id.ts';

builder.objectFields(ImageRef, (t) => ({
  deletedSourceIds: t.idList({
    description: 'The ids of the images that this image was made from and that were deleted for good since.',
    resolve: async ({ callId }, _, { reader }) =>
      callId === null ? [] : (await reader.deletedSourcesOfCall(callId)).map((id) => encodeGlobalId('Image', id)),
  }),
  ancestors: t.connection(
    {
      type: ImageRef,
      description:
        'The ancestors of this image, the nearest first: the first source of its call, the first source of that one, and ' +
        'so on, in any conversation. They end at a source that was deleted for good (see `deletedSourceIds` of the last).',
      complexity: pagePrice,
      resolve: ({ id }, args, { reader, principal }) => {
        const list = { principal, key: ['Image.ancestors', id], direction: 'DESC' } as const;
        return connection(args, list, {
          page: (window) => reader.ancestors(id, window),
          count: () => reader.countAncestors(id),
        });
      },
    },
    ImageConnectionRef,
  ),
  lineage: t.field({
    type: [ImageRef],
    description:
      'The ancestors of this image, oldest first, ending with the image itself: each was made from the first source of the ' +
      'next, in any conversation. It starts after a source that was deleted for good, which is then in the ' +
      '`deletedSourceIds` of its first image. Page through `ancestors` where it can be long.',
    // Its length is not known.
    complexity: { field: QUERY_PRICE, multiplier: 5 },
    resolve: (image, _, { reader }) => reader.lineage(image),
  }),
}));

builder.objectFields(GenerationCallRef, (t) => ({
  basedOn: t.field({
    type: ImageRef,
    nullable: true,
    description:
      'The image that a call goes on from without naming it: the newest one of its conversation at its first attempt, ' +
      'until which it is null. Null for a call that names its sources or starts a conversation.',
    resolve: ({ context: { imageId } }, _, { reader }) => (imageId === null ? null : reader.image(imageId)),
  }),
  deletedSourceIds: t.idList({
    description: 'The ids of source images of the call that were deleted for good since.',
    resolve: async ({ id }, _, { reader }) =>
      (await reader.deletedSourcesOfCall(id)).map((imageId) => encodeGlobalId('Image', imageId)),
  }),
}));
