/**
 * Pictures that lie at the upstream, so that they go up once and not with every request that needs them: branches from
 * one upload, a mask that is used again, several pictures at once.
 */
import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { findUpstreamFile, forgetUpstreamFiles, putUpstreamFile } from '../db/queries/upstream-files.ts';
import { type ImageProvider, type InputImage, ProviderError } from '../provider/image-provider.ts';

/** A file is not relied upon in the last moments before it expires. */
const EXPIRY_MARGIN_MS = 5 * 60_000;

export interface UpstreamFiles {
  /**
   * The picture as a file of the upstream, laid up there if it was not before; as it is, where that cannot be done.
   * @param content what the picture holds: the same for the same bytes
   */
  lay(picture: InputImage, content: string, signal: AbortSignal): Promise<InputImage>;
  /** A request that named these went through. */
  proved(pictures: readonly InputImage[]): void;
  /** The upstream does not have these. */
  forget(pictures: readonly InputImage[]): Promise<void>;
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
  const rising = new Map<string, { readonly fileId: Promise<string | null>; readonly signal: AbortSignal }>();
  /** What went up and was not named in a request yet that went through. */
  const unproved = new Set<string>();
  let works = enabled;

  async function upload(picture: InputImage, content: string, signal: AbortSignal): Promise<string | null> {
    try {
      const { fileId, expiresAt } = await provider.upload(picture, signal);
      const row = { upstream, content, file_id: fileId, expires_at: expiresAt, created_at: moment(nowMs()) };
      await putUpstreamFile(db, row);
      unproved.add(fileId);
      return fileId;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      logger.warn({ failure: error.failure }, 'a picture could not be laid up at the upstream; it is sent along');
      return null;
    }
  }

  async function raise(picture: InputImage, content: string, signal: AbortSignal): Promise<string | null> {
    for (;;) {
      const other = rising.get(content);
      if (other === undefined) break;
      try {
        return await other.fileId;
      } catch (error) {
        // Whoever laid it up has given up; that is no reason for who still needs it.
        signal.throwIfAborted();
        if (!other.signal.aborted) throw error;
      }
    }
    const own = { fileId: upload(picture, content, signal).finally(() => rising.delete(content)), signal };
    rising.set(content, own);
    return own.fileId;
  }

  return {
    async lay(picture, content, signal) {
      if (!works) return picture;
      const at = moment(nowMs() + EXPIRY_MARGIN_MS);
      const known = await findUpstreamFile(db, { upstream, content, at });
      return { ...picture, fileId: known ?? (await raise(picture, content, signal)) };
    },

    proved(pictures) {
      for (const id of idsOf(pictures)) unproved.delete(id);
    },

    async forget(pictures) {
      const ids = idsOf(pictures);
      if (ids.some((id) => unproved.delete(id))) {
        works = false;
        logger.warn(
          'the upstream does not know a picture that it has just taken; from now on the bytes are sent along',
        );
      }
      await forgetUpstreamFiles(db, upstream, ids);
    },
  };
}

function idsOf(pictures: readonly InputImage[]): readonly string[] {
  return pictures.flatMap(({ fileId }) => (fileId === null ? [] : [fileId]));
}
