/** How a request names a source image: by the upstream's file id, or with its bytes in a data URL. */
import { constants } from 'node:buffer';
import type { GenerationFailure } from '../../../domain/generation/failure.ts';
import { type InputImage, ProviderError, type ProviderRequest } from '../../image-provider.ts';

export type ImageReference = { readonly file_id: string } | { readonly image_url: string };

/** The longest string of V8, less 16 MiB for the mask, the prompt and the rest of the request. */
const MAX_TOTAL_LENGTH = constants.MAX_STRING_LENGTH - 16 * 1024 * 1024;

const TOO_LARGE: GenerationFailure = {
  code: 'INVALID_REQUEST',
  message: 'The source images are together too large for one request, so nothing was sent to the upstream.',
  retryable: false,
  retryAfter: null,
  moderation: null,
  requestId: null,
  text: null,
};

/** Reads the bytes only where there is no file id. Rejects with what reading rejects with. */
export async function referenceTo(image: InputImage): Promise<ImageReference> {
  const [reference] = await referencesTo([image]);
  if (reference === undefined) throw new Error('An image has no reference');
  return reference;
}

/**
 * Reads one image after the other: reading all at once would hold each of them twice, as bytes and as base64.
 * @throws {ProviderError} when they are together too large for one request
 */
export async function referencesTo(images: readonly InputImage[]): Promise<ImageReference[]> {
  const references: ImageReference[] = [];
  let length = 0;
  for (const image of images) {
    if (image.fileId !== null) {
      references.push({ file_id: image.fileId });
      continue;
    }
    const { bytes, mediaType } = await image.read();
    length += Math.ceil(bytes.byteLength / 3) * 4;
    if (length > MAX_TOTAL_LENGTH) throw new ProviderError(TOO_LARGE, 'NOTHING_BOUGHT');
    const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    references.push({ image_url: `data:${mediaType};base64,${base64}` });
  }
  return references;
}

/** Whether the request names any image by the upstream's file id. */
export function usesFiles({ context, mask, markup }: ProviderRequest): boolean {
  const images = context.route === 'IMAGE_BYTES' ? context.pictures : [];
  return [...images, mask, markup].some((image) => image !== null && image.fileId !== null);
}
