/** A conversation: a thread of calls in which each call can build on earlier images. */

export interface Conversation {
  readonly id: string;
  readonly principal: string;
  readonly title: string;
  /** RFC 3339 in UTC, like every timestamp in the domain. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Set while the conversation is in the trash. */
  readonly deletedAt: string | null;
  /** The position of its newest event; 0 before the first one. */
  readonly lastPosition: number;
}

/** A conversation without events. */
export type NewConversation = Omit<Conversation, 'lastPosition'>;

const TITLE_LENGTH = 80;

/** The title of a conversation, from its first prompt: one line, cut at a word boundary. */
export function titleFromPrompt(prompt: string): string {
  const line = prompt.trim().replace(/\s+/gu, ' ');
  if (line.length <= TITLE_LENGTH) return line;
  const cut = line.slice(0, TITLE_LENGTH - 1);
  const lastSpace = cut.lastIndexOf(' ');
  const whole = (lastSpace > TITLE_LENGTH / 2 ? cut.slice(0, lastSpace) : cut).replace(/[\uD800-\uDBFF]$/u, '');
  return `${whole}…`;
}
