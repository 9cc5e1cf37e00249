/** A variant service over a real database and real files, with what it waits for in the hands of the test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import sharp from 'sharp';
import { uuidv7 } from 'uuidv7';
import type { BlobStore } from '../../src/blobs/blob-store.ts';
import { openFileBlobStore } from '../../src/blobs/drivers/fs/blob-store.ts';
import type { Database } from '../../src/db/database.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { insertImage } from '../../src/db/queries/images/images.ts';
import type { Image } from '../../src/domain/images/image.ts';
import { NotAPictureError } from '../../src/images/probe.ts';
import { renderVariant } from '../../src/images/variants/render.ts';
import { createVariantService, type VariantServiceOptions } from '../../src/images/variants/variant-service.ts';
import { createVariantStore } from '../../src/images/variants/variant-store.ts';
import { createFairLimiter } from '../../src/lib/fair-limiter.ts';
import { createVariantSpace } from '../../src/maintenance/variant-space.ts';
import { imageOf } from '../contract/database-rows.ts';

export interface VariantWorld extends AsyncDisposable {
  readonly db: Database;
  readonly originals: BlobStore;
  readonly blobs: BlobStore;
  readonly directory: string;
  readonly space: ReturnType<typeof createVariantSpace>;
  readonly service: ReturnType<typeof createVariantService>;
  /** The pictures that were drawn, by the first value of their first pixel. */
  readonly rendered: number[];
  readonly log: string[];
  /** Stores a picture of one colour as an image. */
  addImage(principal: string, red: number, size?: { readonly width: number; readonly height: number }): Promise<Image>;
}

export interface WorldOptions {
  readonly maxBytes?: number;
  readonly nowMs?: () => number;
  /** Runs before each picture is drawn. */
  readonly beforeRender?: () => Promise<void>;
  readonly countVariant?: VariantServiceOptions['countVariant'];
  readonly changeBlobs?: (blobs: BlobStore) => BlobStore;
}

export async function openVariantWorld(options: WorldOptions = {}): Promise<VariantWorld> {
  const { maxBytes = 1_000_000, nowMs = Date.now, beforeRender, countVariant = async () => {} } = options;
  const directory = await mkdtemp(join(tmpdir(), 'darkroom-variants-'));
  const db = await openSqlite(join(directory, 'darkroom.sqlite'), { patienceMs: 100 });
  const originals = await openFileBlobStore({ directory: join(directory, 'blobs') });
  const files = await openFileBlobStore({ directory: join(directory, 'variants') });
  const blobs = options.changeBlobs?.(files) ?? files;
  const log: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void log.push(line) });
  const space = createVariantSpace({ db, blobs, maxBytes, logger });
  const rendered: number[] = [];
  const service = createVariantService({
    originals,
    store: createVariantStore({ db, blobs, onStored: space.add, nowMs, newId: uuidv7 }),
    blobs,
    async render(bytes, wanted) {
      await beforeRender?.();
      const made = await renderVariant(bytes, wanted);
      rendered.push((await sharp(bytes).raw().toBuffer())[0] ?? 0);
      return made;
    },
    isNotAPicture: (error) => error instanceof NotAPictureError,
    limiters: { small: createFairLimiter(), large: createFairLimiter() },
    countVariant,
    nowMs,
    logger,
  });
  return {
    db,
    originals,
    blobs,
    directory,
    space,
    service,
    rendered,
    log,
    async addImage(principal, red, size = { width: 400, height: 200 }) {
      const bytes = await sharp({ create: { ...size, channels: 3, background: { r: red, g: 0, b: 0 } } })
        .png()
        .toBuffer();
      const image = imageOf(uuidv7(), { principal, ...size, ...(await originals.put(bytes)) });
      await insertImage(db, image);
      return image;
    },
    async [Symbol.asyncDispose]() {
      await space.settled();
      await db.destroy();
      await Promise.all([originals.close(), files.close()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** What a client asks for that stays. */
export function asked(image: Image, width: number | null = 320, signal = new AbortController().signal) {
  return { principal: image.principal, picture: image, variant: { width, format: 'WEBP' as const }, signal };
}

/** The names of the files in the store of the variants. */
export async function storedVariants(blobs: Pick<BlobStore, 'list'>): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for await (const { sha256 } of blobs.list()) names.add(sha256);
  return names;
}
