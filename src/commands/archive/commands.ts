/** The commands that change the archive of a principal. */
import type { ConversationCommands } from './conversations.ts';
import type { ImageCommands } from './images.ts';

export interface ArchiveCommands {
  readonly images: ImageCommands;
  readonly conversations: ConversationCommands;
}
