/** Stores an image as its bytes arrive, and reads its size and format from the first of them meanwhile. */
import type { BlobStore } from '../blobs/blob-store.ts';
import type { Picture } from '../domain/images/image.ts';
import type { PictureSink } from '../provider/image-provider.ts';

/** What a probe finds in the bytes. */
export type PictureFacts = Pick<Picture, 'width' | 'height' | 'format'>;

/** How an image is probed; see ImageDecoder. */
export interface Probe {
  probe(picture: string | Uint8Array): Promise<PictureFacts>;
  isNotAPicture(error: unknown): boolean;
}

/** In nearly every image, this many bytes contain its size and format. */
const HEAD_BYTES = 64 * 1024;

/** @returns a sink whose receipt is null when the stored bytes are not an image. */
export function openImageSink(
  blobs: Pick<BlobStore, 'openWriter' | 'withLocalFile'>,
  decoder: Probe,
): PictureSink<Picture | null> {
  const writer = blobs.openWriter();
  const head = new ImageHead((bytes) => probe(bytes, decoder));
  let sha256: string | null = null;
  return {
    get sha256() {
      return sha256;
    },
    write(chunk) {
      head.append(chunk);
      return writer.write(chunk);
    },
    discard: () => writer.discard(),
    async finish(durability) {
      const [blob, fromHead] = await Promise.all([writer.finish(durability), head.probe()]);
      ({ sha256 } = blob);
      if (fromHead !== null) return { ...blob, ...fromHead };
      if (blob.byteSize <= HEAD_BYTES) return null;
      const fromFile = await blobs.withLocalFile(blob.sha256, (path) => probe(path, decoder));
      return fromFile === null ? null : { ...blob, ...fromFile };
    },
  };
}

/** Null when it is not an image. */
async function probe(picture: string | Uint8Array, decoder: Probe): Promise<PictureFacts | null> {
  try {
    const { width, height, format } = await decoder.probe(picture);
    return { width, height, format };
  } catch (error) {
    if (decoder.isNotAPicture(error)) return null;
    throw error;
  }
}

/** The first bytes of an image: probed as soon as there are enough of them, while the rest arrives and is stored. */
class ImageHead {
  readonly #probe: (bytes: Uint8Array) => Promise<PictureFacts | null>;
  readonly #chunks: Uint8Array[] = [];
  #byteLength = 0;
  #facts: Promise<PictureFacts | null> | undefined;

  constructor(probe: (bytes: Uint8Array) => Promise<PictureFacts | null>) {
    this.#probe = probe;
  }

  append(chunk: Uint8Array): void {
    if (this.#facts !== undefined) return;
    this.#chunks.push(Buffer.copyBytesFrom(chunk, 0, HEAD_BYTES - this.#byteLength));
    this.#byteLength += chunk.byteLength;
    if (this.#byteLength >= HEAD_BYTES) void this.probe();
  }

  /** Probes what there is and forgets it; later calls get the same answer. */
  probe(): Promise<PictureFacts | null> {
    if (this.#facts === undefined) {
      this.#facts = this.#probe(Buffer.concat(this.#chunks.splice(0)));
      // Nobody awaits it before `finish`, which reports the error.
      this.#facts.catch(() => undefined);
    }
    return this.#facts;
  }
}
