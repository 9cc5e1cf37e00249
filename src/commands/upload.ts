/**
 * Stores an image that a client uploads. The bytes are streamed from the connection into the blob store and validated there
 * before they are kept: a rejected upload leaves nothing behind.
 */
import type { BlobStore, BlobWriter } from '../blobs/blob-store.ts';
import type { Database } from '../db/database.ts';
import { insertImage } from '../db/queries/images.ts';
import { type FieldError, InvalidInputError } from '../domain/errors.ts';
import { refuseIfAny } from '../domain/generation-input.ts';
import type { Image, Picture, UploadPurpose } from '../domain/image.ts';
import type { IncomingFile } from '../domain/incoming-file.ts';
import type { Spender } from '../domain/limits/budget.ts';
import type { ImageService } from '../images/service.ts';
import { formatFromSignature, SIGNATURE_BYTES, signatureProblem } from '../images/signature.ts';
import { StructureCheck } from '../images/structure/structure-check.ts';
import type { FairLimiter } from '../lib/fair-limiter.ts';
import type { Archive } from '../state/archive.ts';
import { lockOpenConversation, requireOpenConversation } from './references.ts';

/** By how much `announcedBytes` may exceed the size of the file: it also counts the other parts of the request. */
const ANNOUNCED_SLACK_BYTES = 128 * 1024;

export interface UploadInput {
  readonly file: IncomingFile;
  /** Null stores the image outside any conversation. */
  readonly conversationId: string | null;
  readonly purpose: UploadPurpose;
  /** Invalid fields found while the input was read. */
  readonly errors: readonly FieldError[];
}

export interface Uploads {
  /**
   * Resolves when the image is durable.
   * @throws {InvalidInputError} the file is not an image that is accepted · {NotFoundError} no such conversation ·
   * {InTrashError} it is in the trash · {RateLimitedError} too many uploads in the last minute · the error of the file when the client aborts the request
   */
  upload(client: Spender, input: UploadInput): Promise<Image>;
}

export interface UploadsOptions {
  readonly db: Database;
  readonly archive: Archive;
  readonly blobs: Pick<BlobStore, 'openWriter'>;
  readonly imageService: Pick<ImageService, 'thumbhash'>;
  /** Validates the picture in this file. Its first bytes are known to be the signature of an accepted format. */
  readonly validate: (path: string) => Promise<ValidatedUpload>;
  /** Decodes one picture at a time, which bounds memory, in turns of the principals. */
  readonly decodeLimiter: FairLimiter;
  /** The size limit of one file. */
  readonly maxBytes: number;
  /** Counts an upload for its minute, before its bytes are received. @throws {RateLimitedError} */
  readonly countUpload: (client: Spender) => Promise<void>;
  readonly now: () => string;
  readonly newId: () => string;
}

/** The properties of a picture, or the reason why it is rejected. */
export type ValidatedUpload =
  | { readonly facts: Pick<Picture, 'width' | 'height' | 'format'>; readonly problem: null }
  | { readonly facts: null; readonly problem: string };

export function createUploads(options: UploadsOptions): Uploads {
  const { db, archive, imageService, countUpload, now, newId } = options;
  return {
    async upload(client, { file, conversationId, purpose, errors }) {
      const { id: principal } = client;
      refuseIfAny(errors);
      // Checked before the bytes are received, and again below in the transaction, since it may be deleted in between.
      await requireOpenConversation(db, principal, conversationId);
      await countUpload(client);
      const picture = await storePicture(options, principal, file);
      const image = uploadedImage(picture, { id: newId(), principal, conversationId, purpose, createdAt: now() });
      await insertUpload(archive, image);
      void imageService.thumbhash(image);
      return image;
    },
  };
}

async function storePicture(
  { blobs, validate, decodeLimiter, maxBytes }: UploadsOptions,
  principal: string,
  file: IncomingFile,
): Promise<Picture> {
  const writer = blobs.openWriter();
  try {
    await receive(file, writer, maxBytes);
    const { facts, problem } = await writer.withLocalFile((path) => decodeLimiter(principal, () => validate(path)));
    if (facts === null) throw invalidFile(problem);
    return { ...(await writer.finish()), ...facts };
  } finally {
    // Does nothing after `finish`.
    await writer.discard();
  }
}

/** Writes the bytes as they arrive. Stops reading at the first sign that the file cannot be accepted. */
async function receive(file: IncomingFile, writer: BlobWriter, maxBytes: number): Promise<void> {
  const { announcedBytes } = file;
  if (announcedBytes !== null && announcedBytes > maxBytes + ANNOUNCED_SLACK_BYTES) throw tooLarge(maxBytes);
  let byteSize = 0;
  const inspect = createInspection();
  for await (const chunk of file) {
    byteSize += chunk.byteLength;
    if (byteSize > maxBytes) throw tooLarge(maxBytes);
    inspect(chunk);
    await writer.write(chunk);
  }
  if (byteSize === 0) throw invalidFile('is empty: it has no bytes.');
  inspect(null);
}

/** Looks at the chunks of a file in their order, and at null behind the last. @throws {InvalidInputError} */
function createInspection(): (chunk: Uint8Array | null) => void {
  let head = Buffer.alloc(0);
  let structure: StructureCheck | null = null;
  return (chunk) => {
    if (structure === null) {
      head = Buffer.concat([head, chunk ?? Buffer.alloc(0)]);
      if (chunk !== null && head.byteLength < SIGNATURE_BYTES) return;
      const format = formatFromSignature(head);
      if (format === null) throw invalidFile(signatureProblem(head));
      structure = new StructureCheck(format);
    }
    const soFar = structure.push(head.byteLength > 0 ? head : (chunk ?? head));
    const problem = chunk === null ? structure.problemAtEnd() : soFar;
    head = Buffer.alloc(0);
    if (problem !== null) throw invalidFile(problem);
  };
}

async function insertUpload(archive: Archive, image: Image): Promise<void> {
  const { principal, conversationId } = image;
  await archive.change(principal, async ({ transaction, append }) => {
    if (conversationId !== null) await lockOpenConversation(transaction, principal, conversationId);
    await insertImage(transaction, image);
    await append(conversationId, { type: 'ImageUploaded', imageId: image.id });
  });
}

function uploadedImage(
  picture: Picture,
  row: Pick<Image, 'id' | 'principal' | 'conversationId' | 'purpose' | 'createdAt'>,
): Image {
  return {
    ...picture,
    ...row,
    callId: null,
    imageIndex: 0,
    origin: 'UPLOADED',
    prompt: null,
    revisedPrompt: null,
    requested: null,
    actual: null,
    itemId: null,
    responseId: null,
    verbatim: null,
    thumbhash: null,
    hasContentCredentials: null,
    favorite: false,
    deletedAt: null,
  };
}

function tooLarge(maxBytes: number): InvalidInputError {
  return invalidFile(`must have at most ${maxBytes} bytes; it has more. Reduce its size, or save it as WEBP or JPEG.`);
}

function invalidFile(message: string): InvalidInputError {
  return new InvalidInputError([{ field: 'file', message }]);
}
