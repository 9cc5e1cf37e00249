/** What an upstream keeps of images that were deleted for good here. */

export const UPSTREAM_DELETION_KINDS = ['RESPONSE', 'FILE'] as const;
export type UpstreamDeletionKind = (typeof UPSTREAM_DELETION_KINDS)[number];

export interface UpstreamDeletion {
  readonly principal: string;
  /** Identifies the upstream that has it. */
  readonly upstream: string;
  readonly kind: UpstreamDeletionKind;
  /** The upstream's id of it (`resp_…`, `file-…`). */
  readonly upstreamId: string;
}

/** - `DELETED`: it is gone, now or before. - `REFUSED`: asking again will not help. - `FAILED`: it may. */
export type UpstreamDeletionOutcome = 'DELETED' | 'REFUSED' | 'FAILED';

/**
 * The forms in which an image is uploaded to an upstream (src/images/service.ts, src/images/overlay.ts), each as the
 * content of its file is named.
 */
export function uploadedContentsOf(sha256: string): readonly string[] {
  return ['bare', 'with-metadata'].flatMap((form) =>
    ['', 'mask:', 'markup:'].map((overlay) => `${overlay}${form}:${sha256}`),
  );
}
