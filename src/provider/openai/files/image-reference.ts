/** How a request names a picture: by the upstream's own id of it, or with its bytes in a data URL. */
import { constants } from 'node:buffer';
import type { GenerationFailure } from '../../../domain/failure.ts';
import { type InputImage, ProviderError, type ProviderRequest } from '../../image-provider.ts';

export type ImageReference = { readonly file_id: string } | { readonly image_url: string };

/** V8 has no longer strings; 16 MiB of it are for the mask, for the prompt and for what is around them. */
const LONGEST_TOGETHER = constants.MAX_STRING_LENGTH - 16 * 1024 * 1024;

const TOO_LARGE: GenerationFailure = {
  code: 'INVALID_REQUEST',
  message:
    'The pictures to work from are too large to be sent along with one request, so nothing was asked of the upstream.',
  retryable: false,
  retryAfter: null,
  moderation: null,
  requestId: null,
  text: null,
};

/** Reads the bytes only where there is no id, and rejects with what reading rejects with. */
export async function referenceTo(picture: InputImage): Promise<ImageReference> {
  const [reference] = await referencesTo([picture]);
  if (reference === undefined) throw new Error('a picture has no reference');
  return reference;
}

/**
 * One after the other: reading them all at once would hold every picture twice, as bytes and as base64.
 * @throws {ProviderError} when they are too large for one request together
 */
export async function referencesTo(pictures: readonly InputImage[]): Promise<ImageReference[]> {
  const references: ImageReference[] = [];
  let length = 0;
  for (const picture of pictures) {
    if (picture.fileId !== null) {
      references.push({ file_id: picture.fileId });
      continue;
    }
    const bytes = await picture.read();
    length += Math.ceil(bytes.byteLength / 3) * 4;
    if (length > LONGEST_TOGETHER) throw new ProviderError(TOO_LARGE, 'NOTHING_BOUGHT');
    const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    references.push({ image_url: `data:${picture.mediaType};base64,${base64}` });
  }
  return references;
}

/** Whether the request names any picture by the upstream's id of it. */
export function usesFiles({ context, mask }: ProviderRequest): boolean {
  const pictures = context.route === 'IMAGE_BYTES' ? context.pictures : [];
  return [...pictures, ...(mask === null ? [] : [mask])].some((picture) => picture.fileId !== null);
}
