/** One conversation: what was asked for and what came of it, the newest at the bottom, beside the composer. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useApi, wordsOf } from '../api/query.ts';
import { Nothing } from '../app/nothing.tsx';
import {
  ActiveCallsDocument,
  ConversationHeaderDocument,
  TimelineDocument,
  type TimelineQuery,
} from '../gql/graphql.ts';
import { onImageChange } from '../pictures/image-changes.ts';
import { shownOrder } from '../pictures/order.ts';
import { CallItem } from './call-item.tsx';
import { ConversationHeading } from './conversation-heading.tsx';
import { UploadItem } from './upload-item.tsx';
import './timeline.css';

const PAGE = 30;

/** The view at `/c/<id>`. */
export function ConversationView({ id }: { readonly id: string }) {
  const [{ data, error, fetching }] = useApi(
    ConversationHeaderDocument,
    { id },
    { requestPolicy: 'cache-and-network' },
  );
  const conversation = data?.conversation;
  if (conversation) {
    return (
      <article className="timeline">
        <ConversationHeading conversation={conversation} />
        {conversation.deletedAt === null && <Page id={id} before={null} />}
      </article>
    );
  }
  if (fetching) return <div className="timeline" aria-busy="true" />;
  return (
    <Nothing
      title={error === undefined ? 'There is no such conversation.' : 'The conversation could not be loaded.'}
      advice={error === undefined ? 'It may have been deleted for good.' : wordsOf(error)}
      path="/conversations"
      way="All conversations"
    />
  );
}

interface PageProps {
  readonly id: string;
  /** Null for the newest. */
  readonly before: string | null;
}

/** A page of the timeline, below those before it. */
function Page({ id, before }: PageProps) {
  const [isMoreWanted, setMoreWanted] = useState(false);
  const variables = { id, last: PAGE, before };
  const [{ data }, reload] = useApi(TimelineDocument, variables, { requestPolicy: 'cache-and-network' });
  const items = data?.conversation?.items;
  useEffect(() => {
    return onImageChange(({ kind }) => {
      if (kind !== 'updated') reload({ requestPolicy: 'network-only' });
    });
  }, [reload]);
  const known = useMemo(() => new Set(items?.nodes.map((node) => node.id)), [items]);
  useNewCalls(before === null && items !== undefined ? id : null, known, () =>
    reload({ requestPolicy: 'network-only' }),
  );
  const list = useRef<HTMLOListElement>(null);
  const count = items?.nodes.length ?? 0;
  useLayoutEffect(() => {
    if (before === null && count > 0) list.current?.scrollIntoView({ block: 'end' });
  }, [before, count]);
  if (items === undefined) return null;
  const { hasPreviousPage, startCursor } = items.pageInfo;
  return (
    <>
      {hasPreviousPage && !isMoreWanted && (
        <button type="button" className="timeline-more" onClick={() => setMoreWanted(true)}>
          Earlier
        </button>
      )}
      {hasPreviousPage && isMoreWanted && <Page id={id} before={startCursor ?? null} />}
      {/* Whoever opens a picture goes on from there in the order of the conversation. */}
      <ol ref={list} className="timeline-items" onClickCapture={() => shownOrder.set(() => imageIdsOf(items.nodes))}>
        {items.nodes.map((node) => (
          <li key={node.id}>
            {node.__typename === 'GenerationCall' ? <CallItem call={node} /> : <UploadItem image={node} />}
          </li>
        ))}
      </ol>
    </>
  );
}

/** A call that was started meanwhile, here or in another tab, belongs at the end. */
function useNewCalls(id: string | null, known: ReadonlySet<string>, reload: () => void): void {
  const [{ data }] = useApi(ActiveCallsDocument, {}, { requestPolicy: 'cache-first' });
  const latest = useRef(reload);
  useEffect(() => {
    latest.current = reload;
  });
  const calls = [...(data?.generationCalls.nodes ?? []), ...(data?.ended.nodes ?? [])];
  const missing = id !== null && calls.find((call) => call.conversation.id === id && !known.has(call.id))?.id;
  useEffect(() => {
    if (missing) latest.current();
  }, [missing]);
}

type Node = NonNullable<TimelineQuery['conversation']>['items']['nodes'][number];

function imageIdsOf(nodes: readonly Node[]): readonly string[] {
  return nodes.flatMap((node) =>
    node.__typename === 'GenerationCall' ? node.images.filter(isPresent).map(({ id }) => id) : [node.id],
  );
}

function isPresent({ deletedAt }: { readonly deletedAt: string | null }): boolean {
  return deletedAt === null;
}
