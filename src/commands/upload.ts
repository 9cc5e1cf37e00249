/**
 * Takes in a picture that a client sends. Its bytes go from the connection into the blob store's hands as they come, and
 * are looked at there before they are kept: what is refused leaves nothing behind.
 */
import type { BlobStore, BlobWriter } from '../blobs/blob-store.ts';
import type { Database } from '../db/database.ts';
import { findConversations, touchConversation } from '../db/queries/conversations.ts';
import { insertImage } from '../db/queries/images.ts';
import { type FieldError, InvalidInputError, NotFoundError } from '../domain/errors.ts';
import { refuseIfAny } from '../domain/generation-input.ts';
import type { Image, Picture } from '../domain/image.ts';
import type { IncomingFile } from '../domain/incoming-file.ts';
import type { ImageService } from '../images/service.ts';
import { formatFromSignature, SIGNATURE_BYTES, signatureProblem } from '../images/signature.ts';
import type { Limiter } from '../lib/limiter.ts';

/** What may come behind a file in its request, and what of the file may have come before it was announced. */
const ANNOUNCEMENT_SLACK_BYTES = 128 * 1024;

export interface UploadInput {
  readonly file: IncomingFile;
  /** Null stores it in no conversation. */
  readonly conversationId: string | null;
  /** What was found wrong with it already. */
  readonly errors: readonly FieldError[];
}

export interface Uploads {
  /**
   * Resolves when the picture is durable.
   * @throws {InvalidInputError} it is no picture that we take · {NotFoundError} no such conversation · whatever the file
   * throws when the client breaks off
   */
  upload(principal: string, input: UploadInput): Promise<Image>;
}

export interface UploadsOptions {
  readonly db: Database;
  readonly blobs: Pick<BlobStore, 'openWriter'>;
  readonly imageService: Pick<ImageService, 'thumbhash'>;
  /** Looks through the picture in this file, whose first bytes have been looked at. */
  readonly validate: (path: string) => Promise<ValidatedUpload>;
  /** Decodes one picture at a time. */
  readonly decodeLimiter: Limiter;
  /** Of one picture. */
  readonly maxBytes: number;
  readonly now: () => string;
  readonly newId: () => string;
}

/** What a picture is, or what is wrong with it. */
export type ValidatedUpload =
  | { readonly facts: Pick<Picture, 'width' | 'height' | 'format'>; readonly problem: null }
  | { readonly facts: null; readonly problem: string };

export function createUploads(options: UploadsOptions): Uploads {
  const { db, blobs, imageService, validate, decodeLimiter, maxBytes, now, newId } = options;

  /** Writes the bytes as they come, and leaves the rest of the file at the first that is wrong. */
  async function receive(file: IncomingFile, writer: BlobWriter): Promise<void> {
    const { announcedBytes } = file;
    if (announcedBytes !== null && announcedBytes > maxBytes + ANNOUNCEMENT_SLACK_BYTES) throw tooLarge(maxBytes);
    let byteSize = 0;
    let head = Buffer.alloc(0);
    for await (const chunk of file) {
      byteSize += chunk.byteLength;
      if (byteSize > maxBytes) throw tooLarge(maxBytes);
      if (head.byteLength < SIGNATURE_BYTES) {
        head = Buffer.concat([head, chunk.subarray(0, SIGNATURE_BYTES)]);
        if (head.byteLength >= SIGNATURE_BYTES) checkSignature(head);
      }
      await writer.write(chunk);
    }
    if (byteSize === 0) throw unfit('is empty: it has no bytes at all.');
    if (head.byteLength < SIGNATURE_BYTES) checkSignature(head);
  }

  async function store(file: IncomingFile): Promise<Picture> {
    const writer = blobs.openWriter();
    try {
      await receive(file, writer);
      const { facts, problem } = await writer.withLocalFile((path) => decodeLimiter(() => validate(path)));
      if (facts === null) throw unfit(problem);
      return { ...(await writer.finish()), ...facts };
    } finally {
      // Harmless when it is finished.
      await writer.discard();
    }
  }

  return {
    async upload(principal, { file, conversationId, errors }) {
      refuseIfAny(errors);
      // Asked before the bytes are taken, and again where nobody can remove it in between.
      if (conversationId !== null) {
        const [conversation] = await findConversations(db, principal, [conversationId]);
        if (conversation === undefined) throw noConversation();
      }
      const picture = await store(file);
      const image = uploadedImage(picture, { id: newId(), principal, conversationId, createdAt: now() });
      await db.transaction().execute(async (transaction) => {
        if (
          conversationId !== null &&
          !(await touchConversation(transaction, principal, conversationId, image.createdAt))
        ) {
          throw noConversation();
        }
        await insertImage(transaction, image);
      });
      void imageService.thumbhash(image);
      return image;
    },
  };
}

function uploadedImage(picture: Picture, row: Pick<Image, 'id' | 'principal' | 'conversationId' | 'createdAt'>): Image {
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
  };
}

function checkSignature(head: Uint8Array): void {
  if (formatFromSignature(head) === null) throw unfit(signatureProblem(head));
}

function tooLarge(maxBytes: number): InvalidInputError {
  return unfit(`must have at most ${maxBytes} bytes; it has more. Send it smaller, or as WEBP or JPEG.`);
}

function unfit(message: string): InvalidInputError {
  return new InvalidInputError([{ field: 'file', message }]);
}

function noConversation(): NotFoundError {
  return new NotFoundError('conversationId', 'conversation');
}
