/** What the picture belongs to: its conversation, what is being made from it, and its family. */
import { lazy, Suspense } from 'react';
import { hrefOf } from '../app/router.ts';
import type { FullImageFragment } from '../gql/graphql.ts';
import { useDevelopingItems } from '../pictures/developing-items.ts';
import { DevelopingTile } from '../pictures/developing-tile.tsx';

const Lineage = lazy(() => import('./lineage.tsx').then(({ Lineage: view }) => ({ default: view })));

/** Finished pictures stay among those that are made for a moment, since this view has no list that takes them over. */
const NONE_LISTED: ReadonlySet<string> = new Set();

export function Relations({ image }: { readonly image: FullImageFragment }) {
  const { conversation } = image;
  const items = useDevelopingItems(NONE_LISTED).filter(
    ({ call, index }) =>
      call.conversation.id === conversation?.id && call.images.every(({ id }) => id !== image.id) && index >= 0,
  );
  return (
    <>
      {items.length > 0 && (
        <section className="view-developing" aria-label="Being made in this conversation">
          {items.map(({ key, call, index }) => (
            <DevelopingTile key={key} call={call} index={index} />
          ))}
        </section>
      )}
      <Suspense fallback={<div className="lineage" />}>
        <Lineage imageId={image.id} key={image.id} />
      </Suspense>
      {conversation !== null && conversation.deletedAt === null && (
        <p className="view-conversation">
          <span className="muted">In the conversation </span>
          <a href={hrefOf(`/c/${conversation.id}`)} dir="auto">
            {conversation.title}
          </a>
        </p>
      )}
    </>
  );
}
