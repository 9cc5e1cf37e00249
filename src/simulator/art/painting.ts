/**
 * How an image comes to be. There are two styles: `detailed` draws what the words say (detailed.ts); `plain` fills the
 * image with coloured squares in a few milliseconds (plain.ts), for tests that do not look at what is drawn.
 */
import type { DrawingOrder } from './order.ts';

export const ART_STYLES = ['detailed', 'plain'] as const;
export type ArtStyle = (typeof ART_STYLES)[number];

/** One image in the making, encoded as its order says. */
export interface Painting {
  /** @param progress how far the image is, between 0 and 1 */
  partial(progress: number): Promise<Buffer>;
  final(): Promise<Buffer>;
}

/** Starts an image. Equal orders give equal bytes. */
export type Painter = (order: DrawingOrder) => Painting;
