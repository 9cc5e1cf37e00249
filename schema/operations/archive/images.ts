/** The mutations that change one image: favourite and tags, into the trash and back. */
import {
  type FieldError,
  ForbiddenError,
  InTrashError,
  InvalidInputError,
  NotFoundError,
} from '../../../src/domain/errors.ts';
import { refuseIfAny } from '../../../src/domain/generation/generation-input.ts';
import type { Image } from '../../../src/domain/images/image.ts';
import { MAX_TAGS, TAG_MAX_LENGTH } from '../../../src/domain/images/image-tags.ts';
import { builder } from '../../builder.ts';
import type { Context, ImageOutcome } from '../../context.ts';
import { ImageRef } from '../../refs.ts';
import { encodeGlobalId, readId } from '../../relay/global-id.ts';

/** Whoever can add to the archive can arrange it. Deleting and restoring have a scope of their own. */
export const CHANGE_SCOPES = { $any: { GENERATE: true, UPLOAD: true } } as const;

export const TAGS_DESCRIPTION =
  `At most ${MAX_TAGS} tags for an image, of 1 to ${TAG_MAX_LENGTH} characters each. A tag is the same in any letter case, ` +
  'and is stored in lower case, without spaces at its ends.';

const UpdateImageInput = builder.inputType('UpdateImageInput', {
  description: 'What to change of an image. Omitted fields stay as they are.',
  fields: (t) => ({
    imageId: t.id({ required: true, description: 'The id of the `Image`.' }),
    favorite: t.boolean({ description: 'Whether the image is a favourite.' }),
    tags: t.stringList({
      description: `The tags of the image; they replace those that it has. ${TAGS_DESCRIPTION}`,
    }),
    addTags: t.stringList({
      description: 'Tags to add. Unlike `tags`, they keep what another tab has added meanwhile.',
    }),
    removeTags: t.stringList({ description: 'Tags to remove, also from those that `tags` and `addTags` name.' }),
  }),
});

interface UpdateInput {
  readonly favorite?: boolean | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
  readonly addTags?: readonly string[] | null | undefined;
  readonly removeTags?: readonly string[] | null | undefined;
}

/** The change, with what is omitted in its neutral form. */
export function readUpdate({ favorite, tags, addTags, removeTags }: UpdateInput) {
  return { favorite: favorite ?? null, tags: tags ?? null, addTags: addTags ?? [], removeTags: removeTags ?? [] };
}

type Commands = Context['archive']['images'];
type NamedImages = Parameters<Commands['delete']>[1];

/** Runs a command for one image. @throws {DomainError} what went wrong with it */
async function changeOne(
  imageId: string,
  change: (images: NamedImages) => Promise<ReadonlyMap<string, ImageOutcome>>,
): Promise<Image> {
  const errors: FieldError[] = [];
  const id = readId('Image', imageId, 'imageId', errors);
  refuseIfAny(errors);
  const outcome = (await change([{ id, field: 'imageId' }])).get(id);
  if (outcome === undefined) throw new Error(`nothing became of the image ${id}`);
  if (outcome.error !== null) throw outcome.error;
  return outcome.image;
}

builder.mutationField('updateImage', (t) =>
  t.field({
    type: ImageRef,
    authScopes: CHANGE_SCOPES,
    description:
      'Marks an image as a favourite, or changes its tags. Requires the scope GENERATE or UPLOAD. Repeating it has no effect.',
    args: { input: t.arg({ type: UpdateImageInput, required: true, description: 'The image and the changes.' }) },
    errors: {
      types: [InvalidInputError, NotFoundError, InTrashError, ForbiddenError],
      union: { name: 'UpdateImageResult', description: 'The result of `updateImage`.' },
      result: { name: 'UpdateImageSuccess', description: 'The changes were stored.' },
      dataField: { name: 'image', description: 'The image after the change.' },
    },
    resolve: (_, { input: { imageId, ...update } }, { archive, principal }) =>
      changeOne(imageId, (images) => archive.images.update(principal, images, readUpdate(update))),
  }),
);

const DeleteImageInput = builder.inputType('DeleteImageInput', {
  description: 'The image to delete.',
  fields: (t) => ({ imageId: t.id({ required: true, description: 'The id of the `Image`.' }) }),
});

const DeleteImageSuccess = builder.objectRef<Image>('DeleteImageSuccess').implement({
  description: 'The image is in the trash.',
  fields: (t) => ({
    deletedId: t.id({
      description: 'The id of the image, to remove it from lists.',
      resolve: ({ id }) => encodeGlobalId('Image', id),
    }),
    image: t.field({ type: ImageRef, description: 'The image in the trash.', resolve: (image) => image }),
  }),
});

builder.mutationField('deleteImage', (t) =>
  t.field({
    type: DeleteImageSuccess,
    authScopes: { DELETE: true },
    description:
      'Moves an image to the trash: it is in no list, and nothing can be made from it. Its URL keeps working, and it can be ' +
      'restored, until it is deleted for good. Deleting an image in the trash has no effect.',
    args: { input: t.arg({ type: DeleteImageInput, required: true, description: 'The image to delete.' }) },
    errors: {
      types: [InvalidInputError, NotFoundError, ForbiddenError],
      union: { name: 'DeleteImageResult', description: 'The result of `deleteImage`.' },
      directResult: true,
    },
    resolve: (_, { input }, { archive, principal }) =>
      changeOne(input.imageId, (images) => archive.images.delete(principal, images)),
  }),
);

const RestoreImageInput = builder.inputType('RestoreImageInput', {
  description: 'The image to restore.',
  fields: (t) => ({ imageId: t.id({ required: true, description: 'The id of the `Image`.' }) }),
});

builder.mutationField('restoreImage', (t) =>
  t.field({
    type: ImageRef,
    authScopes: { DELETE: true },
    description:
      'Takes an image out of the trash. If its conversation is in the trash, the result is an `InTrashError`: restore the ' +
      'conversation. Restoring an image that is not in the trash has no effect.',
    args: { input: t.arg({ type: RestoreImageInput, required: true, description: 'The image to restore.' }) },
    errors: {
      types: [InvalidInputError, NotFoundError, InTrashError, ForbiddenError],
      union: { name: 'RestoreImageResult', description: 'The result of `restoreImage`.' },
      result: { name: 'RestoreImageSuccess', description: 'The image is not in the trash.' },
      dataField: { name: 'image', description: 'The image.' },
    },
    resolve: (_, { input }, { archive, principal }) =>
      changeOne(input.imageId, (images) => archive.images.restore(principal, images)),
  }),
);
