/** Exports of selected images. Those of conversations are `Conversation.exportUrl`. */
import { InvalidInputError, NotFoundError } from '../../src/domain/errors.ts';
import { builder } from '../builder.ts';
import { encodeGlobalId, idOf } from '../relay/global-id.ts';

/** As many as `nodes` takes. Import rules keep the schema from the constant of src/http/export/selection.ts. */
const MAX_IDS = 100;

builder.queryField('imagesExportUrl', (t) =>
  t.field({
    type: 'URL',
    // One wrong id must not take the rest of the answer with it.
    nullable: true,
    authScopes: { READ: true },
    description:
      'A URL that returns these images as one ZIP file, with a JSON file beside each. Where the server has authentication, ' +
      'it works for an hour without credentials, so that a link in a page can use it. Null with the error `NOT_FOUND` ' +
      'when an image does not exist or is not yours.',
    args: {
      ids: t.arg.idList({ required: true, description: `The ids of 1 to ${MAX_IDS} objects of type \`Image\`.` }),
    },
    complexity: ({ ids }) => ids.length,
    async resolve(_, { ids }, { reader, exportUrl }) {
      if (ids.length === 0 || ids.length > MAX_IDS) {
        throw new InvalidInputError([{ field: 'ids', message: `must have 1 to ${MAX_IDS} ids.` }]);
      }
      const images = await Promise.all(ids.map((id) => reader.image(idOf('Image', id, 'ids'))));
      const found = images.filter((image) => image !== null);
      if (found.length < images.length) throw new NotFoundError('ids', 'image');
      return exportUrl({ type: 'Images', ids: [...new Set(found.map(({ id }) => encodeGlobalId('Image', id)))] });
    },
  }),
);
