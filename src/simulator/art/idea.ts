/**
 * What a picture is of: the words it began with, the changes asked since, and what it was drawn over.
 * Ideas are values: the same idea at the same size is the same picture, byte for byte.
 */
import type { Hash } from 'node:crypto';

export interface Idea {
  /** The words of the first turn; they choose the scene, its palette and its title. */
  readonly subject: string;
  /** The changes asked since, oldest first. */
  readonly changes: readonly string[];
  /** A picture that is the ground instead of a drawn scene: when only bytes were given. */
  readonly base: Buffer | null;
  /** Which of several pictures of the same words, from 0. */
  readonly variant: number;
}

/** An idea of words alone. */
export function newIdea(subject: string, variant = 0): Idea {
  return { subject, changes: [], base: null, variant };
}

/** The same picture with one more change. */
export function changedIdea(idea: Idea, change: string, variant = 0): Idea {
  return { ...idea, changes: [...idea.changes, change], variant: idea.variant + variant };
}

/** A given picture with a change. */
export function ideaOver(base: Buffer, change: string, variant = 0): Idea {
  return { subject: change, changes: [change], base, variant };
}

/** Adds everything that tells the idea from others to a hash. */
export function hashIdea(hash: Hash, { base, ...words }: Idea): void {
  hash
    .update(JSON.stringify(words))
    .update('\u0000')
    .update(base ?? '');
}
