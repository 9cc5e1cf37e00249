/** A hook that follows one call. */
import { useEffect, useReducer } from 'react';
import { type CallProgress, NO_PROGRESS, progressAfter } from './call-progress.ts';
import type { DarkroomClient } from './client.ts';

export type { CallProgress, ImageProgress } from './call-progress.ts';

/** What is known of a call that is followed. */
export interface FollowedCall extends CallProgress {
  /** Whether the connection is lost and being replaced. */
  readonly isReconnecting: boolean;
  /** Why the call is not followed any more; null otherwise, also when the call itself failed (`failure`). */
  readonly error: Error | null;
}

type Change =
  | { readonly type: 'start' }
  | { readonly type: 'event'; readonly event: Parameters<typeof progressAfter>[1] }
  | { readonly type: 'connection'; readonly isLost: boolean }
  | { readonly type: 'error'; readonly error: Error };

const NOTHING: FollowedCall = { ...NO_PROGRESS, isReconnecting: false, error: null };

function followed(state: FollowedCall, change: Change): FollowedCall {
  switch (change.type) {
    case 'start':
      return NOTHING;
    case 'event':
      return { ...state, ...progressAfter(state, change.event) };
    case 'connection':
      return state.isReconnecting === change.isLost ? state : { ...state, isReconnecting: change.isLost };
    case 'error':
      return { ...state, isReconnecting: false, error: change.error };
  }
}

/**
 * Follows a call until it ends or the component is gone.
 * @param client the same object at each render
 * @param callId null to follow nothing yet
 */
export function useGenerationCall(client: DarkroomClient, callId: string | null): FollowedCall {
  const [state, dispatch] = useReducer(followed, NOTHING);
  useEffect(() => {
    dispatch({ type: 'start' });
    if (callId === null) return undefined;
    const ending = new AbortController();
    const { signal } = ending;
    const onState = (_: unknown, lost: Error | null) => dispatch({ type: 'connection', isLost: lost !== null });
    const follow = async () => {
      for await (const event of client.watchCall(callId, { signal, onState })) dispatch({ type: 'event', event });
    };
    follow().catch((error: Error) => {
      if (!signal.aborted) dispatch({ type: 'error', error });
    });
    return () => ending.abort();
  }, [client, callId]);
  return state;
}
