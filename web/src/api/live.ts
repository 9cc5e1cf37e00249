/** Everything that happens to the viewer, as it happens: it goes into the cache. Resumes by itself. */
import type { Client } from '@urql/core';
import { useEffect } from 'react';
import { useClient } from 'urql';
import { createStore } from '../app/store.ts';
import { ActiveCallsDocument, LiveDocument, type LiveSubscription, ViewerDocument } from '../gql/graphql.ts';
import { tellEvent, tellImageChange } from '../pictures/image-changes.ts';
import { ask } from './query.ts';
import { isRefused } from './session.ts';

/** Whether events arrive. */
export type Connection = 'connecting' | 'open' | 'lost';

const connection = createStore<Connection>('connecting');

export const useConnection = connection.use;

export function setConnection(next: Connection): void {
  connection.set(() => next);
}

const RETRY_MS = 2_000;
const CALLS_DELAY_MS = 200;

/** Follows the viewer for as long as the page is shown. */
export function useLive(): void {
  const client = useClient();
  useEffect(() => follow(client), [client]);
}

function follow(client: Client): () => void {
  let end = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  let callsTimer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  let hasFailed = false;

  async function start(): Promise<void> {
    try {
      // What is loaded after the cursor was read is followed from there: nothing falls between.
      const { viewer } = await ask(client, 'query', ViewerDocument, {});
      if (isOver) return;
      // The types of urql want a document of its own.
      const source = client.subscription(LiveDocument.toString(), { after: viewer.cursor });
      const { unsubscribe } = source.subscribe(({ data, error }) => {
        if (data != null) tell((data as LiveSubscription).viewerEvents);
        if (error !== undefined) again();
      });
      // What happened while nobody listened, nobody told.
      if (hasFailed) tellImageChange({ kind: 'many' });
      hasFailed = false;
      end = unsubscribe;
      await ask(client, 'query', ActiveCallsDocument, {});
    } catch {
      again();
    }
  }

  function tell(event: LiveSubscription['viewerEvents']): void {
    tellEvent(event);
    // While the calls are loaded, the cache has no list for the event, and the answer may be older than it.
    if ('call' in event && client.readQuery(ActiveCallsDocument.toString(), {})?.data == null) loadCallsSoon();
  }

  function loadCallsSoon(): void {
    clearTimeout(callsTimer);
    callsTimer = setTimeout(() => void ask(client, 'query', ActiveCallsDocument, {}).catch(again), CALLS_DELAY_MS);
  }

  function again(): void {
    end();
    if (isOver) return;
    hasFailed = true;
    setConnection('lost');
    clearTimeout(timer);
    // Whoever signs in follows with another client. Until then each try would count as a wrong credential.
    if (isRefused()) return;
    timer = setTimeout(() => void start(), RETRY_MS);
  }

  void start();
  return () => {
    isOver = true;
    clearTimeout(timer);
    clearTimeout(callsTimer);
    end();
  };
}
