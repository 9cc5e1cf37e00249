/**
 * Stores an image that a client uploads. The bytes are streamed from the connection into the blob store and validated there
 * before they are kept: a rejected upload leaves nothing behind.
 */
import { createHash, hash } from 'node:crypto';
import type { BlobStore } from '../blobs/blob-store.ts';
import type { Database } from '../db/database.ts';
import { findImages, insertImage } from '../db/queries/images/images.ts';
import { findUploadKey, insertUploadKey, type UploadKey } from '../db/queries/images/upload-keys.ts';
import { type FieldError, IdempotencyConflictError, InvalidInputError } from '../domain/errors.ts';
import { refuseIfAny } from '../domain/generation/generation-input.ts';
import type { Image, Picture, UploadPurpose } from '../domain/images/image.ts';
import type { IncomingFile } from '../domain/images/incoming-file.ts';
import type { Spender } from '../domain/limits/budget.ts';
import type { ImageService } from '../images/service.ts';
import { formatFromSignature, SIGNATURE_BYTES, signatureProblem } from '../images/signature.ts';
import { StructureCheck } from '../images/structure/structure-check.ts';
import type { FairLimiter } from '../lib/fair-limiter.ts';
import type { Archive } from '../state/archive.ts';
import { lockOpenConversation, requireOpenConversation } from './references.ts';
import { KeyTakenError } from './start/accept-call.ts';
import { keyErrors } from './start/field-errors.ts';

/** By how much `announcedBytes` may exceed the size of the file: it also counts the other parts of the request. */
const ANNOUNCED_SLACK_BYTES = 128 * 1024;

export interface UploadInput {
  readonly file: IncomingFile;
  /** Null stores the image outside any conversation. */
  readonly conversationId: string | null;
  readonly purpose: UploadPurpose;
  readonly idempotencyKey: string | null;
  /** Invalid fields found while the input was read. */
  readonly errors: readonly FieldError[];
}

export interface Uploads {
  /**
   * Resolves when the image is durable. The same key with the same bytes and input resolves with the image that it stored.
   * @throws {InvalidInputError} the file is not an image that is accepted · {NotFoundError} no such conversation ·
   * {InTrashError} it is in the trash · {RateLimitedError} too many uploads in the last minute · {IdempotencyConflictError} the
   * key was used before with another file or input · the error of the file when the client aborts the request
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
  const { db, countUpload } = options;
  return {
    async upload(client, input) {
      const { id: principal } = client;
      const { file, conversationId, idempotencyKey: key, errors } = input;
      refuseIfAny([...errors, ...keyErrors(key)]);
      const used = key === null ? null : await findUploadKey(db, principal, key);
      // A repeated upload counts, too: its bytes are received again.
      if (used !== null) {
        await countUpload(client);
        return repeatedUpload(options, used, { ...input, sha256: await hashOfFile(file, options.maxBytes) });
      }
      // Checked before the bytes are received, and again below in the transaction, since it may be deleted in between.
      await requireOpenConversation(db, principal, conversationId);
      await countUpload(client);
      return storeUpload(options, principal, input);
    },
  };
}

async function storeUpload(options: UploadsOptions, principal: string, input: UploadInput): Promise<Image> {
  const { db, archive, imageService, now, newId } = options;
  const { file, conversationId, purpose, idempotencyKey: key } = input;
  const picture = await storePicture(options, principal, file);
  const image = uploadedImage(picture, { id: newId(), principal, conversationId, purpose, createdAt: now() });
  const inputHash = hashOfUpload({ ...input, sha256: picture.sha256 });
  try {
    await insertUpload(archive, image, key === null ? null : { principal, key, inputHash, imageId: image.id });
  } catch (error) {
    // The same request arrived twice, and the other one was stored first. The blob is that of its image.
    const used = error instanceof KeyTakenError && key !== null ? await findUploadKey(db, principal, key) : null;
    if (used === null) throw error;
    return repeatedUpload(options, used, { ...input, sha256: picture.sha256 });
  }
  void imageService.thumbhash(image);
  return image;
}

/** What tells an upload from another one. */
type UploadIdentity = Pick<UploadInput, 'conversationId' | 'purpose'> & { readonly sha256: string };

function hashOfUpload({ sha256, conversationId, purpose }: UploadIdentity): string {
  return hash('sha256', JSON.stringify([sha256, conversationId, purpose]));
}

/** @throws {IdempotencyConflictError} the key stands for another upload */
async function repeatedUpload(
  { db }: Pick<UploadsOptions, 'db'>,
  { principal, inputHash, imageId }: UploadKey,
  upload: UploadIdentity,
): Promise<Image> {
  const [image] = await findImages(db, principal, [imageId]);
  if (image === undefined || inputHash !== hashOfUpload(upload)) throw new IdempotencyConflictError();
  return image;
}

/** The SHA-256 of a file that need not be stored. */
async function hashOfFile(file: IncomingFile, maxBytes: number): Promise<string> {
  const sum = createHash('sha256');
  await receive(file, async (chunk) => void sum.update(chunk), maxBytes);
  return sum.digest('hex');
}

async function storePicture(
  { blobs, validate, decodeLimiter, maxBytes }: UploadsOptions,
  principal: string,
  file: IncomingFile,
): Promise<Picture> {
  const writer = blobs.openWriter();
  try {
    await receive(file, (chunk) => writer.write(chunk), maxBytes);
    const { facts, problem } = await writer.withLocalFile((path) => decodeLimiter(principal, () => validate(path)));
    if (facts === null) throw invalidFile(problem);
    return { ...(await writer.finish()), ...facts };
  } finally {
    // Does nothing after `finish`.
    await writer.discard();
  }
}

/** Hands on the bytes as they arrive. Stops reading at the first sign that the file cannot be accepted. */
async function receive(
  file: IncomingFile,
  take: (chunk: Uint8Array) => Promise<void>,
  maxBytes: number,
): Promise<void> {
  const { announcedBytes } = file;
  if (announcedBytes !== null && announcedBytes > maxBytes + ANNOUNCED_SLACK_BYTES) throw tooLarge(maxBytes);
  let byteSize = 0;
  const inspect = createInspection();
  for await (const chunk of file) {
    byteSize += chunk.byteLength;
    if (byteSize > maxBytes) throw tooLarge(maxBytes);
    inspect(chunk);
    await take(chunk);
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

/** The image and its key in one transaction: both are stored, or neither. @throws {KeyTakenError} */
async function insertUpload(archive: Archive, image: Image, key: UploadKey | null): Promise<void> {
  const { principal, conversationId, createdAt } = image;
  await archive.change(principal, async ({ transaction, append }) => {
    if (conversationId !== null) await lockOpenConversation(transaction, principal, conversationId);
    await insertImage(transaction, image);
    if (key !== null && !(await insertUploadKey(transaction, key, createdAt))) throw new KeyTakenError();
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
