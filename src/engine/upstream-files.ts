/**
 * Pictures that lie at the upstream, so that they go up once and not with every request that needs them: branches from
 * one upload, a mask that is used again, several pictures at once.
 */
import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { findUpstreamFile, forgetUpstreamFiles, putUpstreamFile } from '../db/upstream-files.ts';
import { type ImageProvider, ProviderError, type ProviderPicture } from '../provider/image-provider.ts';

/** A file is not relied upon in the last moments before it expires. */
const EXPIRY_MARGIN_MS = 5 * 60_000;

export interface UpstreamFiles {
  /**
   * The picture as a file of the upstream, laid up there if it was not before; as it is, where that cannot be done.
   * @param content what the picture holds: the same for the same bytes
   */
  lay(picture: ProviderPicture, content: string, signal: AbortSignal): Promise<ProviderPicture>;
  /** The upstream no longer has these. */
  forget(pictures: readonly ProviderPicture[]): Promise<void>;
}

export interface UpstreamFilesOptions {
  readonly db: Database;
  readonly provider: Pick<ImageProvider, 'upload'>;
  /** Names the upstream, so that its ids are never shown to another one. */
  readonly upstream: string;
  /** Whether pictures may be laid up there at all. */
  readonly enabled: boolean;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

export function createUpstreamFiles(options: UpstreamFilesOptions): UpstreamFiles {
  const { db, provider, upstream, enabled, nowMs, logger } = options;
  const moment = (ms: number) => new Date(ms).toISOString();
  /** What goes up at this moment: requests side by side need the same picture. */
  const rising = new Map<string, Promise<string | null>>();

  async function upload(picture: ProviderPicture, content: string, signal: AbortSignal): Promise<string | null> {
    try {
      const { fileId, expiresAt } = await provider.upload(picture, signal);
      const row = { upstream, content, file_id: fileId, expires_at: expiresAt, created_at: moment(nowMs()) };
      await putUpstreamFile(db, row);
      return fileId;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      logger.warn({ failure: error.failure }, 'a picture could not be laid up at the upstream; it is sent along');
      return null;
    }
  }

  return {
    async lay(picture, content, signal) {
      if (!enabled) return picture;
      const at = moment(nowMs() + EXPIRY_MARGIN_MS);
      const known = await findUpstreamFile(db, { upstream, content, at });
      if (known !== null) return { ...picture, fileId: known };
      const running = rising.get(content) ?? upload(picture, content, signal).finally(() => rising.delete(content));
      rising.set(content, running);
      return { ...picture, fileId: await running };
    },

    async forget(pictures) {
      const ids = pictures.flatMap(({ fileId }) => (fileId === null ? [] : [fileId]));
      await forgetUpstreamFiles(db, upstream, ids);
    },
  };
}
