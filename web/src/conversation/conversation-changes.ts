/** What one does with a conversation: rename it, delete it, take it back. */
import { useMemo } from 'react';
import { useChange } from '../api/query.ts';
import { notify, notifyError } from '../app/notices.tsx';
import { DeleteConversationDocument, RenameConversationDocument, RestoreConversationDocument } from '../gql/graphql.ts';
import { tellImageChange } from '../pictures/image-changes.ts';

export interface ConversationChanges {
  rename(id: string, title: string): void;
  /** Moves it to the trash with everything in it, and offers to undo that. */
  remove(id: string): void;
  restore(id: string): void;
}

export function useConversationChanges(): ConversationChanges {
  const sendTitle = useChange(RenameConversationDocument);
  const sendDelete = useChange(DeleteConversationDocument);
  const sendRestore = useChange(RestoreConversationDocument);
  return useMemo(() => {
    const restore = async (id: string) => {
      const { restoreConversation } = await sendRestore({ id });
      if ('message' in restoreConversation) throw new Error(restoreConversation.message);
      tellImageChange({ kind: 'many' });
      notify({ text: 'The conversation is back.' });
    };
    const remove = async (id: string) => {
      const { deleteConversation } = await sendDelete({ id });
      if ('message' in deleteConversation) throw new Error(deleteConversation.message);
      tellImageChange({ kind: 'many' });
      notify({ text: 'The conversation is in the trash.', undo: () => restore(id).catch(notifyError) });
    };
    const rename = async (id: string, title: string) => {
      const { updateConversation } = await sendTitle({ id, title });
      if ('message' in updateConversation) throw new Error(updateConversation.message);
    };
    return {
      rename: (id, title) => void rename(id, title).catch(notifyError),
      remove: (id) => void remove(id).catch(notifyError),
      restore: (id) => void restore(id).catch(notifyError),
    };
  }, [sendTitle, sendDelete, sendRestore]);
}
