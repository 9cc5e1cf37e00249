/** Uploads an image through the Files API, so that requests can name it by id. It buys nothing. */
import type OpenAI from 'openai';
import { FORMAT_EXTENSIONS, FORMAT_MEDIA_TYPES, IMAGE_FORMATS } from '../../../domain/generation/options.ts';
import type { Scrub } from '../../../lib/scrubber.ts';
import type { InputImage, UploadedFile } from '../../image-provider.ts';
import { readObject } from '../bounded-answer.ts';
import { withDeadline } from '../deadline.ts';
import { mapUploadError } from '../errors/http-errors.ts';
import { asIndex, asText } from '../json-values.ts';

export interface UploadOptions {
  readonly expirySeconds: number;
  /** Includes the time to send the bytes. */
  readonly timeoutMs: number;
  readonly now: () => number;
  readonly scrub: Scrub;
}

/** Rejects as ImageProvider.upload does, and with what reading the image rejects with. */
export async function uploadImage(
  client: OpenAI,
  image: InputImage,
  owner: AbortSignal,
  { expirySeconds, timeoutMs, now, scrub }: UploadOptions,
): Promise<UploadedFile> {
  owner.throwIfAborted();
  const { bytes, mediaType } = await image.read();
  try {
    const file = await withDeadline(owner, timeoutMs, async (signal) => {
      const sending = client.files.create(
        {
          // A copy: a File must not be made of shared memory, and `bytes` could be a view of it.
          file: new File([new Uint8Array(bytes)], nameOf(mediaType), { type: mediaType }),
          purpose: 'vision',
          expires_after: { anchor: 'created_at', seconds: expirySeconds },
        },
        { signal, timeout: timeoutMs, maxRetries: 0 },
      );
      return readObject(await sending.asResponse(), scrub);
    });
    const fileId = asText(file?.['id']);
    if (fileId === null) throw new Error('The upstream answered an upload without an id');
    return { fileId, expiresAt: timestampOf(asIndex(file?.['expires_at'])) };
  } catch (error) {
    owner.throwIfAborted();
    throw mapUploadError(error, now());
  }
}

/** The upstream recognises the format by the file extension. */
function nameOf(mediaType: string): string {
  const format = IMAGE_FORMATS.find((each) => FORMAT_MEDIA_TYPES[each] === mediaType);
  return format === undefined ? 'picture' : `picture.${FORMAT_EXTENSIONS[format]}`;
}

/** The largest value of a Date. */
const MAX_DATE_MS = 8.64e15;

function timestampOf(unixSeconds: number | null): string | null {
  if (unixSeconds === null || unixSeconds * 1000 > MAX_DATE_MS) return null;
  return new Date(unixSeconds * 1000).toISOString();
}
