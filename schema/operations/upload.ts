/** The mutation that stores an image of the client. */
import {
  type FieldError,
  ForbiddenError,
  IdempotencyConflictError,
  InTrashError,
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
} from '../../src/domain/errors.ts';
import { builder } from '../builder.ts';
import { ImageRef } from '../refs.ts';
import { readId } from '../relay/global-id.ts';
import { UploadPurposeRef } from '../types/images/image.ts';

const UploadImageInput = builder.inputType('UploadImageInput', {
  description: 'An image file to upload.',
  fields: (t) => ({
    file: t.field({
      type: 'Upload',
      required: true,
      description:
        'The file: a PNG, WEBP, JPEG or GIF, detected by its content and not by its name. Limits: 64 megapixels in ' +
        'all frames together, 16,383 pixels per edge, and 50 MB unless the operator sets another limit. Bytes may ' +
        'follow the image, such as the film of a motion photo. A truncated image is rejected.',
    }),
    conversationId: t.id({
      description:
        'The conversation to add the image to, as its newest image unless it is a mask or a markup. If omitted, the ' +
        'image belongs to no conversation.',
    }),
    purpose: t.field({
      type: UploadPurposeRef,
      defaultValue: 'SOURCE',
      description: 'What the image is for. It does not limit how the image can be used.',
    }),
    idempotencyKey: t.string({
      description:
        'A key of your choice: 1 to 255 characters. Sending the same key with the same file, conversation and purpose again ' +
        'returns the same image, so an upload whose response was lost can be repeated safely: nothing is stored twice. Keys of ' +
        'uploads and keys of calls are apart.',
    }),
  }),
});

builder.mutationField('uploadImage', (t) =>
  t.field({
    type: ImageRef,
    authScopes: { UPLOAD: true },
    description:
      'Stores an image that can be refined, or used as a source, a mask or a markup. Its bytes are kept unchanged. The ' +
      'upstream gets it without metadata, such as the place where a photo was taken, unless it is configured otherwise. ' +
      'Send the file with a GraphQL multipart request.',
    args: { input: t.arg({ type: UploadImageInput, required: true, description: 'The image to store.' }) },
    errors: {
      types: [
        InvalidInputError,
        NotFoundError,
        InTrashError,
        IdempotencyConflictError,
        ForbiddenError,
        RateLimitedError,
      ],
      union: { name: 'UploadImageResult', description: 'The result of `uploadImage`.' },
      result: { name: 'UploadImageSuccess', description: 'The image was stored.' },
      dataField: { name: 'image', description: 'The stored image. Its size and format were read from its bytes.' },
    },
    resolve: (_, { input }, { uploads, identity }) => {
      const errors: FieldError[] = [];
      const { file, conversationId, purpose, idempotencyKey } = input;
      return uploads.upload(identity, {
        file,
        conversationId:
          conversationId == null ? null : readId('Conversation', conversationId, 'conversationId', errors),
        purpose: purpose ?? 'SOURCE',
        idempotencyKey: idempotencyKey ?? null,
        errors,
      });
    },
  }),
);
