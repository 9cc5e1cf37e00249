import type { InputImage } from '../provider/image-provider.ts';

/** An image, a mask or a markup in the form that the upstream accepts. */
export interface UpstreamPicture extends InputImage {
  /** Identifies what `read` returns, so that an uploaded picture can be used again. It is not the hash of the stored bytes. */
  readonly key: string;
}

/** The start of the key: what was sent with metadata must not be used again when it has to be sent without. */
export function keyPrefix(keepsMetadata: boolean): string {
  return keepsMetadata ? 'with-metadata' : 'bare';
}
