/** What credentials give access to when that is less than everything of their principal: one conversation, or one call. */
export interface Restriction {
  readonly type: 'Conversation' | 'GenerationCall';
  /** The id of the row. */
  readonly id: string;
}
