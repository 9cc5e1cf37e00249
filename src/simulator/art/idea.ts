/**
 * What an image shows: its first prompt, the changes since, and the given image it starts from. Ideas are values: the
 * same idea at the same size gives the same image, byte for byte.
 */
import type { Hash } from 'node:crypto';

export interface Idea {
  /** The first prompt. It decides the scene, the palette and the title. */
  readonly subject: string;
  /** The changes requested since, oldest first. */
  readonly changes: readonly string[];
  /** A given image, in place of a drawn scene. */
  readonly base: Buffer | null;
  /** The number among several images of the same words, from 0. */
  readonly variant: number;
}

/** An idea from words only. */
export function newIdea(subject: string, variant = 0): Idea {
  return { subject, changes: [], base: null, variant };
}

/** The same image with another change. */
export function changedIdea(idea: Idea, change: string, variant = 0): Idea {
  return { ...idea, changes: [...idea.changes, change], variant: idea.variant + variant };
}

/** A given image with a change. */
export function ideaOver(base: Buffer, change: string, variant = 0): Idea {
  return { subject: change, changes: [change], base, variant };
}

/** Adds the idea to a hash, with everything that distinguishes it from others. */
export function hashIdea(hash: Hash, { base, ...words }: Idea): void {
  hash
    .update(JSON.stringify(words))
    .update('\u0000')
    .update(base ?? '');
}
