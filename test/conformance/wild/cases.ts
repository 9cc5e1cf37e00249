/** What a case of the table is: how an upstream behaves, and what the call has to tell then. */
import type { Reply } from '../../support/scripted-upstream.ts';

export interface WildCase {
  /** The answers to the requests of one call, in their order; the last one again for more of them. */
  readonly replies: readonly Reply[];
  /** How many images are asked for. Default 1. */
  readonly count?: number;
  /** How many of the sent pictures have to be there at the end. */
  readonly images: number;
  /** The failure of the call, or of its missing images; null when there is none. */
  readonly code: string | null;
}

export type Wild = Readonly<Record<string, WildCase>>;

/** All of the images, which is one unless the case says more. */
export function gives(reply: Reply, images = 1, rest: Partial<WildCase> = {}): WildCase {
  return { replies: [reply], count: images, images, code: null, ...rest };
}

export function fails(reply: Reply, code: string, rest: Partial<WildCase> = {}): WildCase {
  return { replies: [reply], images: 0, code, ...rest };
}

/** Any answer, without a label unless it has one. */
export function raw(text: string | Uint8Array, rest: Omit<Reply, 'writes'> = {}): Reply {
  return { ...rest, writes: [text] };
}
