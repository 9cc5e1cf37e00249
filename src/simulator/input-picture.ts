/** Images in a request: decodes data URLs, bare base64 and uploaded files, and checks that they are images. */
import sharp from 'sharp';
import type { FileStore } from './files/store.ts';
import { invalid } from './http/api-error.ts';
import { type JsonObject, optionalText } from './http/json.ts';
import type { Size } from './image-options.ts';

/** An image with its size as it is shown: after its orientation. */
export interface InputPicture extends Size {
  readonly bytes: Buffer;
}

/** How a request refers to an image. */
export type PictureReference =
  /** A data URL, or bare base64. */
  ({ readonly text: string } | { readonly fileId: string }) & {
    /** The path of the field in the request, for errors. */
    readonly param: string;
  };

const LONGEST_INPUT_EDGE = 8192;

/** @throws {ApiError} a 400 when the file does not exist or is not an image. */
export async function pictureOf(reference: PictureReference, files: FileStore): Promise<InputPicture> {
  const { param } = reference;
  if ('text' in reference) return pictureFromText(reference.text, param);
  return pictureFromBytes(files.getNamed(reference.fileId, param).bytes, param);
}

/** The reference in `image_url` or `file_id`; null when there is neither. */
export function readReference(holder: JsonObject, param: string): PictureReference | null {
  const fileId = optionalText(holder['file_id'], `${param}.file_id`);
  if (fileId !== null) return { fileId, param: `${param}.file_id` };
  const text = optionalText(holder['image_url'], `${param}.image_url`);
  return text === null ? null : { text, param: `${param}.image_url` };
}

/** @throws {ApiError} a 400 when the text is not the data URL of an image. */
async function pictureFromText(text: string, param: string): Promise<InputPicture> {
  if (/^https?:/i.test(text)) {
    throw invalid(
      `Error while downloading ${text.slice(0, 200)}. The simulator downloads nothing.`,
      param,
      'invalid_image_url',
    );
  }
  const comma = text.startsWith('data:') ? text.indexOf(',') : -1;
  return pictureFromBytes(Buffer.from(text.slice(comma + 1), 'base64'), param);
}

/** @throws {ApiError} a 400 when the bytes are not an image. */
export async function pictureFromBytes(bytes: Buffer, param: string): Promise<InputPicture> {
  try {
    const { width, height } = (await sharp(bytes).metadata()).autoOrient;
    if (Math.max(width, height) <= LONGEST_INPUT_EDGE) return { bytes, width, height };
  } catch {
    // sharp's message would not help a client; the error below is the upstream's.
  }
  throw invalid(
    'The image data you provided does not represent a valid image. Please check your input and try again with one of the supported image formats.',
    param,
    'invalid_image_format',
  );
}
