/**
 * What clients of the recorded server were told, and when. The clock is that of the recording. A note carries the latest
 * time at which it can have been told, so that a cut before it never counts as later.
 */
import type { Event } from '../../api/steps.ts';

/** What was told. */
export type Fact =
  /** A mutation returned the call, with its conversation. */
  | { readonly kind: 'accepted'; readonly callId: string; readonly prompt: string; readonly conversationId: string }
  /** The upstream received a request to create. */
  | { readonly kind: 'asked'; readonly prompt: string }
  | { readonly kind: 'event'; readonly callId: string; readonly event: Event }
  /** An event of `viewerEvents`. */
  | { readonly kind: 'viewer'; readonly cursor: string; readonly identity: string }
  /** A URL answered with these bytes. */
  | { readonly kind: 'bytes'; readonly path: string; readonly sha256: string; readonly isPartial: boolean }
  /** A query showed the call so. */
  | {
      readonly kind: 'seen';
      readonly callId: string;
      readonly status: string;
      readonly responseId: string | null;
      readonly attempts: number;
      readonly imageIds: readonly string[];
      readonly cursor: string;
    }
  /** A ZIP file had the image. */
  | { readonly kind: 'exported'; readonly imageId: string }
  | { readonly kind: 'uploaded'; readonly imageId: string; readonly sha256: string }
  /** A client began to change an image or a conversation, or was told that it is changed. */
  | { readonly kind: 'changing'; readonly id: string; readonly change: Change }
  | { readonly kind: 'changed'; readonly id: string; readonly change: Change }
  | { readonly kind: 'cancelled'; readonly callId: string }
  /** A command for keys ended well. */
  | { readonly kind: 'key'; readonly name: string }
  /** The server has signed with what is in this file. */
  | { readonly kind: 'secret'; readonly file: string; readonly text: string }
  | { readonly kind: 'budget'; readonly subject: string; readonly picodollars: number };

export type Change = 'favorite' | 'delete' | 'restore';

export interface Note {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly fact: Fact;
}

export class Journal {
  readonly #notes: Note[] = [];

  get notes(): readonly Note[] {
    return this.#notes;
  }

  tell(fact: Fact): void {
    // The clock has whole milliseconds: the true time is up to one later.
    this.#notes.push({ atMs: Date.now() + 1, fact });
  }
}

/** The facts of one kind. */
export function factsOf<Kind extends Fact['kind']>(
  notes: readonly Note[],
  kind: Kind,
): Extract<Fact, { readonly kind: Kind }>[] {
  return notes
    .map(({ fact }) => fact)
    .filter((fact): fact is Extract<Fact, { readonly kind: Kind }> => fact.kind === kind);
}
