/**
 * Source images as files of the upstream: each is uploaded once and then named by its id, instead of being sent with
 * every request that needs it (docs/decisions/2026-11-24-source-pictures.md). Files are not shared between principals
 * (docs/decisions/2026-11-28-owners-in-the-database.md).
 */
import type { Logger } from 'pino';
import type { Database } from '../../db/database.ts';
import { findUpstreamFile, forgetUpstreamFiles, putUpstreamFile } from '../../db/queries/images/upstream-files.ts';
import { type ImageProvider, type InputImage, ProviderError } from '../../provider/image-provider.ts';
import { type Clock, timestamp } from '../clock.ts';
import type { Upstream } from '../options.ts';

/** A file that expires within this time is not used any more. */
const EXPIRY_MARGIN_MS = 5 * 60_000;

export interface UpstreamFilesOptions {
  readonly db: Database;
  readonly upstream: Pick<Upstream, 'identity' | 'files'> & { readonly provider: Pick<ImageProvider, 'upload'> };
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly logger: Logger;
}

/** Whose picture it is, and which bytes it has. */
export interface PictureKey {
  readonly principal: string;
  readonly content: string;
}

interface PendingUpload {
  /** Null when it failed. */
  readonly fileId: Promise<string | null>;
  /** Of the request that started the upload. */
  readonly signal: AbortSignal;
}

export class UpstreamFiles {
  readonly #options: UpstreamFilesOptions;
  /** By principal and content: tasks that run at the same time need the same image. */
  readonly #pendingUploads = new Map<string, PendingUpload>();
  /** Ids of new files that no successful request has named yet. */
  readonly #unconfirmed = new Set<string>();
  #enabled: boolean;

  constructor(options: UpstreamFilesOptions) {
    this.#options = options;
    this.#enabled = options.upstream.files;
  }

  /**
   * The picture with the id of its file at the upstream, uploaded now unless it was before. Without an id when files are
   * off, or when the upload failed: then its bytes are sent with the request.
   * @throws what reading the picture throws, and `signal.reason` when it was aborted
   */
  async uploadOnce(picture: InputImage, { principal, content }: PictureKey, signal: AbortSignal): Promise<InputImage> {
    if (!this.#enabled) return picture;
    const { db, upstream, clock } = this.#options;
    const at = timestamp(clock.nowMs() + EXPIRY_MARGIN_MS);
    const known = await findUpstreamFile(db, principal, { upstream: upstream.identity, content, at });
    return { ...picture, fileId: known ?? (await this.#joinUpload(picture, { principal, content }, signal)) };
  }

  /** A request that named these files succeeded. */
  confirm(pictures: readonly InputImage[]): void {
    for (const id of fileIdsOf(pictures)) this.#unconfirmed.delete(id);
  }

  /** The upstream says that it does not have these files. One that does not have a new file gets no more files. */
  async forget(principal: string, pictures: readonly InputImage[]): Promise<void> {
    const { db, upstream, logger } = this.#options;
    const ids = fileIdsOf(pictures);
    if (ids.some((id) => this.#unconfirmed.delete(id))) {
      this.#enabled = false;
      logger.warn('the upstream does not find a file that was just uploaded; from now on image bytes are sent instead');
    }
    await forgetUpstreamFiles(db, principal, upstream.identity, ids);
  }

  /** Waits for the upload of the same content if there is one, and starts one otherwise. */
  async #joinUpload(picture: InputImage, of: PictureKey, signal: AbortSignal): Promise<string | null> {
    const key = JSON.stringify([of.principal, of.content]);
    for (;;) {
      const other = this.#pendingUploads.get(key);
      if (other === undefined) break;
      try {
        return await other.fileId;
      } catch (error) {
        // The request that started the upload may have been aborted. This one still needs the file.
        signal.throwIfAborted();
        if (!other.signal.aborted) throw error;
      }
    }
    const fileId = this.#upload(picture, of, signal).finally(() => this.#pendingUploads.delete(key));
    this.#pendingUploads.set(key, { fileId, signal });
    return fileId;
  }

  async #upload(picture: InputImage, { principal, content }: PictureKey, signal: AbortSignal): Promise<string | null> {
    const { db, upstream, clock, logger } = this.#options;
    try {
      const { fileId, expiresAt } = await upstream.provider.upload(picture, signal);
      const createdAt = timestamp(clock.nowMs());
      const row = { principal, upstream: upstream.identity, content, file_id: fileId };
      await putUpstreamFile(db, { ...row, expires_at: expiresAt, created_at: createdAt });
      this.#unconfirmed.add(fileId);
      return fileId;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      logger.warn(
        { failure: error.failure },
        'an image could not be uploaded to the upstream; its bytes are sent instead',
      );
      return null;
    }
  }
}

function fileIdsOf(pictures: readonly InputImage[]): readonly string[] {
  return pictures.flatMap(({ fileId }) => (fileId === null ? [] : [fileId]));
}
