/** A conversation: a thread of calls in which each call can build on earlier images. */
import type { FieldError } from './errors.ts';
import { ILL_FORMED } from './generation/generation-input.ts';
import { isLine, oneLine } from './one-line.ts';

export interface Conversation {
  readonly id: string;
  readonly principal: string;
  readonly title: string;
  /** RFC 3339 in UTC, like every timestamp in the domain. */
  readonly createdAt: string;
  /** The time of the newest call event or upload. Other changes do not move a conversation to the top. */
  readonly updatedAt: string;
  /** Set while the conversation is in the trash. */
  readonly deletedAt: string | null;
  /** The position of its newest event, or the last one that was skipped; 0 before the first one. */
  readonly lastPosition: number;
}

/** A conversation without events. */
export type NewConversation = Omit<Conversation, 'lastPosition'>;

const TITLE_LENGTH = 80;

/** The title of a conversation, from its first prompt: one line, cut at a word boundary. */
export function titleFromPrompt(prompt: string): string {
  const line = oneLine(prompt);
  if (line.length <= TITLE_LENGTH) return line;
  const cut = line.slice(0, TITLE_LENGTH - 1);
  const lastSpace = cut.lastIndexOf(' ');
  const whole = (lastSpace > TITLE_LENGTH / 2 ? cut.slice(0, lastSpace) : cut).replace(/[\uD800-\uDBFF]$/u, '');
  return `${whole}…`;
}

/** In characters (Unicode code points) of the title as it is stored. */
export const TITLE_MAX_LENGTH = 200;

/** The problems of a title that a client sent. */
export function titleErrors(field: string, title: string): readonly FieldError[] {
  if (!title.isWellFormed()) return [{ field, message: ILL_FORMED }];
  if (isLine(oneLine(title), TITLE_MAX_LENGTH)) return [];
  const message = `must have 1 to ${TITLE_MAX_LENGTH} characters, without control characters, and must not be blank.`;
  return [{ field, message }];
}
