/** What was deleted, until it is deleted for good: looked at, and taken back. */
import { useEffect, useMemo, useState } from 'react';
import { useClient } from 'urql';
import { useApi } from '../api/query.ts';
import { useConversationChanges } from '../conversation/conversation-changes.ts';
import { Grid } from '../gallery/grid/grid.tsx';
import { imageListOf, type Tile } from '../gallery/image-list.ts';
import { createSelection } from '../gallery/selection/selection.ts';
import { SelectionBar, SelectionButton } from '../gallery/selection/selection-bar.tsx';
import { type TrashedConversationFragment, TrashedConversationsDocument } from '../gql/graphql.ts';
import { RestoreIcon } from '../pictures/icons.tsx';
import { useImageActions } from '../pictures/image-actions.ts';
import { Thumbhash } from '../pictures/thumbhash.tsx';
import { isUrgent, timeLeft } from './time-left.ts';
import './trash.css';

const selection = createSelection();
/** Of conversations. */
const PAGE = 50;

export function Trash() {
  const client = useClient();
  const list = useMemo(
    () => imageListOf(client, { filter: { deleted: true }, orderBy: { field: 'CREATED_AT', direction: 'DESC' } }),
    [client],
  );
  const state = list.state.use();
  const actions = useImageActions();
  const { conversations } = useTrashedConversations(null);
  useEffect(() => list.more(), [list]);
  useEffect(() => selection.clear, []);

  const restore = (images: readonly Tile[]) => {
    selection.clear();
    void actions.restore(images.map(({ id }) => id));
  };
  const isEmpty = state.isComplete && state.images.length === 0 && conversations.length === 0;
  return (
    <section className="trash" aria-labelledby="trash-title">
      <header>
        <h1 id="trash-title">Trash</h1>
        <p className="muted">{isEmpty ? '' : 'Select pictures to take them back.'}</p>
      </header>
      {conversations.length > 0 && (
        <ul className="trash-conversations" aria-label="Conversations in the trash">
          <TrashedConversations after={null} />
        </ul>
      )}
      <Grid
        list={list}
        state={state}
        selection={selection}
        label="Pictures in the trash"
        hasDates={false}
        noteOf={noteOf}
        isUrgent={({ purgesAt }) => isUrgent(purgesAt ?? null, Date.now())}
      />
      <SelectionBar selection={selection} images={state.images}>
        {(chosen) => <SelectionButton text="Restore" icon={<RestoreIcon />} press={() => restore(chosen)} />}
      </SelectionBar>
      {isEmpty && (
        <div className="empty">
          <h2>The trash is empty.</h2>
          <p>What you delete waits here for a while before it is gone for good.</p>
        </div>
      )}
      {state.error !== null && (
        <div className="empty" role="alert">
          <p>{state.error}</p>
          <button type="button" onClick={list.retry}>
            Try again
          </button>
        </div>
      )}
    </section>
  );
}

function noteOf({ purgesAt }: Tile): string {
  return timeLeft(purgesAt ?? null, Date.now());
}

function useTrashedConversations(after: string | null) {
  const [{ data }] = useApi(
    TrashedConversationsDocument,
    { first: PAGE, after },
    { requestPolicy: 'cache-and-network' },
  );
  const { nodes = [], pageInfo } = data?.conversations ?? {};
  // One that was restored is still on the page that was loaded before.
  return { conversations: nodes.filter(({ deletedAt }) => deletedAt !== null), pageInfo };
}

/** A page of them, and those behind it. */
function TrashedConversations({ after }: { readonly after: string | null }) {
  const { conversations, pageInfo } = useTrashedConversations(after);
  const [isMoreWanted, setMoreWanted] = useState(false);
  const { restore } = useConversationChanges();
  return (
    <>
      {conversations.map((conversation) => (
        <li key={conversation.id}>
          <Cover conversation={conversation} />
          <span className="trash-words">
            <bdi>{conversation.title}</bdi>
            <span className="muted">{timeLeft(conversation.purgesAt ?? null, Date.now())}</span>
          </span>
          <button type="button" className="quiet" onClick={() => restore(conversation.id)}>
            Restore
            <span className="visually-hidden"> {conversation.title}</span>
          </button>
        </li>
      ))}
      {pageInfo?.hasNextPage && !isMoreWanted && (
        <li>
          <button type="button" className="quiet" onClick={() => setMoreWanted(true)}>
            More conversations
          </button>
        </li>
      )}
      {pageInfo?.hasNextPage && isMoreWanted && <TrashedConversations after={pageInfo.endCursor ?? null} />}
    </>
  );
}

function Cover({ conversation: { cover } }: { readonly conversation: TrashedConversationFragment }) {
  return (
    <span className="trash-cover">
      {cover?.thumbhash != null && <Thumbhash hash={cover.thumbhash} />}
      {cover != null && <img src={cover.smallest} alt="" width={56} height={56} />}
    </span>
  );
}
