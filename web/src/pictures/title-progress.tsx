/** What is being made, in the title of the page and in words for screen readers. */
import { useEffect, useRef, useState } from 'react';
import { useApi } from '../api/query.ts';
import { announce } from '../app/notices.tsx';
import { ActiveCallsDocument, type ActiveCallsQuery, type CallStateFragment } from '../gql/graphql.ts';
import { failureAt, progressOf } from './developing-state.ts';
import { failureText } from './failure-words.ts';
import { useNow } from './now.ts';

const NAME = 'Darkroom';

/** Once for the page. Shows nothing itself. */
export function TitleProgress() {
  const [{ data }] = useApi(ActiveCallsDocument, {}, { requestPolicy: 'cache-first' });
  const active = data?.generationCalls.nodes ?? [];
  const now = useNow(active.length > 0);
  const unseen = useUnseen(data);
  const title = titleOf(active, unseen, now);
  useEffect(() => {
    document.title = title;
  }, [title]);
  return null;
}

function titleOf(active: readonly CallStateFragment[], unseen: number, nowMs: number): string {
  if (active.length > 0) {
    const percent = Math.round((active.reduce((sum, call) => sum + progressOf(call, nowMs), 0) / active.length) * 100);
    return `${percent} % · ${active.length === 1 ? '' : `${active.length} calls · `}${NAME}`;
  }
  if (unseen > 0) return `${unseen === 1 ? 'A new picture' : `${unseen} new pictures`} · ${NAME}`;
  return NAME;
}

/** How many pictures were finished while the page was hidden. Says each end once. */
function useUnseen(data: ActiveCallsQuery | undefined): number {
  const activeIds = useRef<ReadonlySet<string>>(new Set());
  const [unseen, setUnseen] = useState(0);
  useEffect(() => {
    if (data === undefined) return;
    for (const call of data.ended.nodes) {
      if (!activeIds.current.has(call.id)) continue;
      if (document.hidden) setUnseen((count) => count + call.images.length);
      announce(endWords(call));
    }
    activeIds.current = new Set(data.generationCalls.nodes.map(({ id }) => id));
  }, [data]);
  useEffect(() => {
    const look = () => {
      if (!document.hidden) setUnseen(0);
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return unseen;
}

function endWords(call: CallStateFragment): string {
  const failure = failureAt(call, 0) ?? call.failure;
  if (call.images.length === 0 && failure !== null) {
    const { title, advice } = failureText(failure);
    return `${title} ${advice}`;
  }
  return `${call.images.length === 1 ? 'A picture is' : `${call.images.length} pictures are`} finished: ${call.prompt}`;
}
