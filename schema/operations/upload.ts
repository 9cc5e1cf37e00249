/** The mutation that takes in a picture. */
import { type FieldError, InvalidInputError, NotFoundError } from '../../src/domain/errors.ts';
import { builder } from '../builder.ts';
import { readId } from '../global-id.ts';
import { ImageRef } from '../refs.ts';

const UploadImageInput = builder.inputType('UploadImageInput', {
  description: 'A picture of your own.',
  fields: (t) => ({
    file: t.field({
      type: 'Upload',
      required: true,
      description:
        'A PNG, WEBP, JPEG or GIF, whatever its name: at most 64 megapixels in all frames, no edge longer than 16,383 ' +
        'pixels, and 50 MB unless the operator allows another number of bytes.',
    }),
    conversationId: t.id({
      description: 'The conversation to put it into, as its newest picture. Left out, it stands by itself.',
    }),
  }),
});

builder.mutationField('uploadImage', (t) =>
  t.field({
    type: ImageRef,
    description:
      'Stores a picture, to be refined, to be given as a source, or to be a mask. Its bytes are kept as they are. Sent ' +
      'as the GraphQL multipart request specification says.',
    args: { input: t.arg({ type: UploadImageInput, required: true, description: 'What to store.' }) },
    errors: {
      types: [InvalidInputError, NotFoundError],
      union: { name: 'UploadImageResult', description: 'What comes of `uploadImage`.' },
      result: { name: 'UploadImageSuccess', description: 'The picture is stored.' },
      dataField: { name: 'image', description: 'The picture, with its size and format as read from its bytes.' },
    },
    resolve: (_, { input }, { uploads, principal }) => {
      const errors: FieldError[] = [];
      const { file, conversationId } = input;
      return uploads.upload(principal, {
        file,
        conversationId:
          conversationId == null ? null : readId('Conversation', conversationId, 'conversationId', errors),
        errors,
      });
    },
  }),
);
