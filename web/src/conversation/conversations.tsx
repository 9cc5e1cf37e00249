/** All conversations, by their covers. */
import { useDeferredValue, useState } from 'react';
import { useApi, wordsOf } from '../api/query.ts';
import { hrefOf, replace, usePlace } from '../app/router.ts';
import { type ConversationCardFragment, ConversationsDocument } from '../gql/graphql.ts';
import { pictures } from '../make/words.ts';
import { SearchIcon } from '../pictures/icons.tsx';
import { Thumbhash } from '../pictures/thumbhash.tsx';
import { useConversationChanges } from './conversation-changes.ts';
import { timeAgo } from './time-ago.ts';
import { TitleForm } from './title-form.tsx';
import './conversations.css';

const PAGE = 24;

export function Conversations() {
  const { path, query } = usePlace();
  const search = query.get('q') ?? '';
  const shown = useDeferredValue(search.trim());
  return (
    <section className="conversations">
      <h1 className="visually-hidden">Conversations</h1>
      <label className="conversations-search">
        <SearchIcon />
        <input
          type="search"
          aria-label="Search conversations"
          placeholder="Search conversations"
          dir="auto"
          value={search}
          onChange={({ target: { value } }) =>
            replace(path, value === '' ? undefined : new URLSearchParams({ q: value }))
          }
        />
      </label>
      <div className="covers">
        {/* Other words, other pages. */}
        <Page key={shown} search={shown} after={null} />
      </div>
    </section>
  );
}

interface PageProps {
  readonly search: string;
  readonly after: string | null;
}

/** A page, and those behind it: each is loaded again on its own when something changes. */
function Page({ search, after }: PageProps) {
  const [isMoreWanted, setMoreWanted] = useState(false);
  const [{ data, error, fetching }] = useApi(
    ConversationsDocument,
    { first: PAGE, after, search: search === '' ? null : search },
    { requestPolicy: 'cache-and-network' },
  );
  if (data === undefined) return fetching ? null : <p className="covers-note">{wordsOf(error)}</p>;
  const { nodes, pageInfo, totalCount } = data.conversations;
  const present = nodes.filter(({ deletedAt }) => deletedAt === null);
  if (totalCount === 0) return <Empty isSearch={search !== ''} />;
  return (
    <>
      {present.map((conversation) => (
        <Card key={conversation.id} conversation={conversation} />
      ))}
      {pageInfo.hasNextPage && !isMoreWanted && (
        <button type="button" className="covers-more" onClick={() => setMoreWanted(true)}>
          Older conversations
        </button>
      )}
      {pageInfo.hasNextPage && isMoreWanted && <Page search={search} after={pageInfo.endCursor ?? null} />}
    </>
  );
}

function Empty({ isSearch }: { readonly isSearch: boolean }) {
  return (
    <p className="covers-note">
      {isSearch
        ? 'No conversation has these words in its title.'
        : 'Each picture begins a conversation: describe one below, and refine it as often as you like.'}
    </p>
  );
}

function Card({ conversation }: { readonly conversation: ConversationCardFragment }) {
  const { id, title, cover, updatedAt, images } = conversation;
  const { remove } = useConversationChanges();
  return (
    <article className="card">
      <a className="cover" data-empty={cover === null || undefined} href={hrefOf(`/c/${id}`)} aria-label={title}>
        {cover?.thumbhash && <Thumbhash hash={cover.thumbhash} />}
        {cover && <img src={cover.thumbnail} alt="" loading="lazy" />}
      </a>
      <TitleForm id={id} title={title}>
        <h2 dir="auto">
          <a href={hrefOf(`/c/${id}`)}>{title}</a>
        </h2>
        <p className="muted">
          {images.totalCount === 0 ? 'No picture' : pictures(images.totalCount)}, {timeAgo(updatedAt)}
        </p>
      </TitleForm>
      <button type="button" className="quiet small" aria-label={`Delete: ${title}`} onClick={() => remove(id)}>
        Delete
      </button>
    </article>
  );
}
