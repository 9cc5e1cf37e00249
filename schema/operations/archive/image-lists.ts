/** The mutations that change images by a list of ids. Each image has a result of its own. */
import {
  type FieldError,
  ForbiddenError,
  InTrashError,
  InvalidInputError,
  NotFoundError,
} from '../../../src/domain/errors.ts';
import { FIXED_LIMITS } from '../../../src/domain/limits/operation-limits.ts';
import { builder } from '../../builder.ts';
import type { Context, ImageOutcome } from '../../context.ts';
import { imagesPrice } from '../../prices.ts';
import { ImageRef } from '../../refs.ts';
import { readId } from '../../relay/global-id.ts';
import { CHANGE_SCOPES, readUpdate, TAGS_DESCRIPTION } from './images.ts';

const IDS_DESCRIPTION = `The ids of the images: at most ${FIXED_LIMITS.maxListLength}. An id that is named twice is changed once.`;

interface ImageResult {
  /** As the client sent it. */
  readonly imageId: string;
  readonly outcome: ImageOutcome;
}

const ImageResultRef = builder.objectRef<ImageResult>('ImageResult').implement({
  description: 'What became of one image of a list.',
  fields: (t) => ({
    imageId: t.exposeID('imageId', { description: 'The id as it was sent.' }),
    result: t.field({
      type: ImageRef,
      description: 'The changed image, or why it was not changed while others were.',
      errors: {
        types: [InvalidInputError, NotFoundError, InTrashError],
        union: { name: 'ChangeImageResult', description: 'The result for one image of a list.' },
        result: { name: 'ChangeImageSuccess', description: 'The image was changed, or was as it should be.' },
        dataField: { name: 'image', description: 'The image after the change.' },
      },
      resolve: ({ outcome: { image, error } }) => {
        if (error !== null) throw error;
        return image;
      },
    }),
  }),
});

function resultsOf(name: string, description: string) {
  return builder.objectRef<readonly ImageResult[]>(name).implement({
    description,
    fields: (t) => ({
      results: t.field({
        type: [ImageResultRef],
        // Paid for by the number of ids, as is the mutation.
        complexity: { field: 0, multiplier: 1 },
        description: 'One result for each id, in the order of the ids.',
        resolve: (results) => [...results],
      }),
    }),
  });
}

type Commands = Context['archive']['images'];
type NamedImages = Parameters<Commands['delete']>[1];

/** Runs a command for those of the ids that are well-formed. */
async function changeAll(
  imageIds: readonly string[],
  change: (images: NamedImages) => Promise<ReadonlyMap<string, ImageOutcome>>,
): Promise<readonly ImageResult[]> {
  const named = imageIds.map((imageId, index) => {
    const errors: FieldError[] = [];
    const field = `imageIds.${index}`;
    return { imageId, field, id: readId('Image', imageId, field, errors), errors };
  });
  const outcomes = await change(named.filter(({ errors }) => errors.length === 0));
  return named.map(({ imageId, id, errors }) => {
    if (errors.length > 0) return { imageId, outcome: { image: null, error: new InvalidInputError(errors) } };
    const outcome = outcomes.get(id);
    if (outcome === undefined) throw new Error(`nothing became of the image ${id}`);
    return { imageId, outcome };
  });
}

const UpdateImagesInput = builder.inputType('UpdateImagesInput', {
  description: 'What to change of several images. Omitted fields stay as they are.',
  fields: (t) => ({
    imageIds: t.idList({ required: true, description: IDS_DESCRIPTION }),
    favorite: t.boolean({ description: 'Whether the images are favourites.' }),
    tags: t.stringList({ description: `The tags of each image; they replace those that it has. ${TAGS_DESCRIPTION}` }),
    addTags: t.stringList({ description: 'Tags to add to each image.' }),
    removeTags: t.stringList({ description: 'Tags to remove, also from those that `tags` and `addTags` name.' }),
  }),
});

builder.mutationField('updateImages', (t) =>
  t.field({
    type: resultsOf('UpdateImagesSuccess', 'The images were changed, except those with an error.'),
    authScopes: CHANGE_SCOPES,
    complexity: imagesPrice,
    description:
      'Marks images as favourites, or changes their tags, together. Images that cannot be changed do not keep the others ' +
      'from it. Requires the scope GENERATE or UPLOAD.',
    args: { input: t.arg({ type: UpdateImagesInput, required: true, description: 'The images and the changes.' }) },
    errors: {
      types: [InvalidInputError, ForbiddenError],
      union: { name: 'UpdateImagesResult', description: 'The result of `updateImages`.' },
      directResult: true,
    },
    resolve: (_, { input: { imageIds, ...update } }, { archive, principal }) =>
      changeAll(imageIds, (images) => archive.images.update(principal, images, readUpdate(update))),
  }),
);

const DeleteImagesInput = builder.inputType('DeleteImagesInput', {
  description: 'The images to delete.',
  fields: (t) => ({ imageIds: t.idList({ required: true, description: IDS_DESCRIPTION }) }),
});

builder.mutationField('deleteImages', (t) =>
  t.field({
    type: resultsOf('DeleteImagesSuccess', 'The images are in the trash, except those with an error.'),
    authScopes: { DELETE: true },
    complexity: imagesPrice,
    description: 'Moves images to the trash, as `deleteImage` does.',
    args: { input: t.arg({ type: DeleteImagesInput, required: true, description: 'The images to delete.' }) },
    errors: {
      types: [InvalidInputError, ForbiddenError],
      union: { name: 'DeleteImagesResult', description: 'The result of `deleteImages`.' },
      directResult: true,
    },
    resolve: (_, { input }, { archive, principal }) =>
      changeAll(input.imageIds, (images) => archive.images.delete(principal, images)),
  }),
);

const RestoreImagesInput = builder.inputType('RestoreImagesInput', {
  description: 'The images to restore.',
  fields: (t) => ({ imageIds: t.idList({ required: true, description: IDS_DESCRIPTION }) }),
});

builder.mutationField('restoreImages', (t) =>
  t.field({
    type: resultsOf('RestoreImagesSuccess', 'The images are not in the trash, except those with an error.'),
    authScopes: { DELETE: true },
    complexity: imagesPrice,
    description: 'Takes images out of the trash, as `restoreImage` does.',
    args: { input: t.arg({ type: RestoreImagesInput, required: true, description: 'The images to restore.' }) },
    errors: {
      types: [InvalidInputError, ForbiddenError],
      union: { name: 'RestoreImagesResult', description: 'The result of `restoreImages`.' },
      directResult: true,
    },
    resolve: (_, { input }, { archive, principal }) =>
      changeAll(input.imageIds, (images) => archive.images.restore(principal, images)),
  }),
);
