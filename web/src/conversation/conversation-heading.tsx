/** The title of a conversation, what it cost, and what one does with all of it. */
import { useApi } from '../api/query.ts';
import { go } from '../app/router.ts';
import { ConversationCostDocument, type ConversationHeadFragment } from '../gql/graphql.ts';
import { money, pictures } from '../make/words.ts';
import { useConversationChanges } from './conversation-changes.ts';
import { TitleForm } from './title-form.tsx';

export function ConversationHeading({ conversation }: { readonly conversation: ConversationHeadFragment }) {
  const { id, title, images, exportUrl, deletedAt } = conversation;
  const { remove, restore } = useConversationChanges();
  if (deletedAt !== null) {
    return (
      <header className="timeline-head">
        <h1 dir="auto">{title}</h1>
        <p className="muted">This conversation is in the trash.</p>
        <button type="button" onClick={() => restore(id)}>
          Restore
        </button>
      </header>
    );
  }
  return (
    <header className="timeline-head">
      <TitleForm id={id} title={title}>
        <h1 dir="auto">{title}</h1>
      </TitleForm>
      <p className="muted timeline-sum">
        {images.totalCount > 0 && pictures(images.totalCount)}
        <CostWords id={id} count={images.totalCount} />
      </p>
      <div className="timeline-actions">
        {images.totalCount > 0 && (
          <a className="quiet small" href={exportUrl} download>
            Download all
          </a>
        )}
        <button
          type="button"
          className="quiet small"
          onClick={() => {
            remove(id);
            go('/conversations');
          }}
        >
          Delete
        </button>
      </div>
    </header>
  );
}

/** @param count of pictures: another one costs more */
function CostWords({ id, count }: { readonly id: string; readonly count: number }) {
  const [{ data }] = useApi(
    ConversationCostDocument,
    { id },
    { requestPolicy: count > 0 ? 'cache-and-network' : 'cache-first' },
  );
  const cost = data?.conversation?.cost;
  if (cost === undefined || Number(cost.amount) === 0) return null;
  return ` · ${cost.complete ? '' : 'at least '}${money(cost.amount, cost.currency)}`;
}
