/** Lays a picture up through the Files API, so that requests can name it by id. Nothing is bought by it. */
import type OpenAI from 'openai';
import { FORMAT_EXTENSIONS, FORMAT_MEDIA_TYPES, IMAGE_FORMATS } from '../../../domain/options.ts';
import type { InputImage, UploadedFile } from '../../image-provider.ts';
import { withDeadline } from '../deadline.ts';
import { mapUploadError } from '../errors/http-errors.ts';
import { asIndex, asText } from '../json-values.ts';

export interface UploadOptions {
  readonly expirySeconds: number;
  /** For all of it: the bytes have to get there, too. */
  readonly timeoutMs: number;
  readonly now: () => number;
}

/** Rejects with what reading the picture rejects with, and as ImageProvider.upload says. */
export async function uploadPicture(
  client: OpenAI,
  picture: InputImage,
  owner: AbortSignal,
  { expirySeconds, timeoutMs, now }: UploadOptions,
): Promise<UploadedFile> {
  owner.throwIfAborted();
  const bytes = await picture.read();
  try {
    const file = await withDeadline(owner, timeoutMs, (signal) =>
      client.files.create(
        {
          // A copy: what a File is made of may not lie in shared memory, and a view of bytes could.
          file: new File([new Uint8Array(bytes)], nameOf(picture.mediaType), { type: picture.mediaType }),
          purpose: 'vision',
          expires_after: { anchor: 'created_at', seconds: expirySeconds },
        },
        { signal, timeout: timeoutMs, maxRetries: 0 },
      ),
    );
    // The SDK does not look at what it was answered.
    const fileId = asText(file?.id);
    if (fileId === null) throw new Error('The upstream answered an upload without an id');
    return { fileId, expiresAt: momentOf(asIndex(file.expires_at)) };
  } catch (error) {
    owner.throwIfAborted();
    throw mapUploadError(error, now());
  }
}

/** The upstream goes by the extension. */
function nameOf(mediaType: string): string {
  const format = IMAGE_FORMATS.find((each) => FORMAT_MEDIA_TYPES[each] === mediaType);
  return format === undefined ? 'picture' : `picture.${FORMAT_EXTENSIONS[format]}`;
}

const LATEST_DATE_MS = 8.64e15;

function momentOf(unixSeconds: number | null): string | null {
  if (unixSeconds === null || unixSeconds * 1000 > LATEST_DATE_MS) return null;
  return new Date(unixSeconds * 1000).toISOString();
}
