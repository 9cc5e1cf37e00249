/** What people do with a call: cancel it, make what is missing, put its failure away. */
import { useMemo } from 'react';
import { useChange } from '../api/query.ts';
import { notify, notifyError } from '../app/notices.tsx';
import { createStore } from '../app/store.ts';
import { CancelCallDocument, RetryCallDocument } from '../gql/graphql.ts';

const KEY = 'darkroom.dismissed';
const MAX_DISMISSED = 100;

const dismissed = createStore<ReadonlySet<string>>(readDismissed());

/** The calls whose failures were put away in this browser. */
export const useDismissed = dismissed.use;

export function dismiss(callId: string): void {
  dismissed.set((ids) => new Set([...ids, callId].slice(-MAX_DISMISSED)));
  try {
    localStorage.setItem(KEY, JSON.stringify([...dismissed.get()]));
  } catch {
    // A browser may forbid storage: then it is put away until the next reload.
  }
}

function readDismissed(): ReadonlySet<string> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return new Set(Array.isArray(stored) ? stored.filter((id) => typeof id === 'string') : []);
  } catch {
    return new Set();
  }
}

export interface CallChanges {
  cancel(callId: string): void;
  /** Makes the images that are missing. Pressed twice, it makes them once. */
  retry(callId: string): void;
}

export function useCallChanges(): CallChanges {
  const sendCancel = useChange(CancelCallDocument);
  const sendRetry = useChange(RetryCallDocument);
  return useMemo(() => {
    const retry = async (callId: string) => {
      const { retryGeneration } = await sendRetry({ callId, idempotencyKey: `retry-${callId}` });
      if ('message' in retryGeneration) throw new Error(retryGeneration.message);
    };
    const cancel = async (callId: string) => {
      const { cancelGeneration } = await sendCancel({ callId });
      if ('message' in cancelGeneration) throw new Error(cancelGeneration.message);
      notify({ text: 'Cancelled.', undo: () => retry(callId).catch(notifyError) });
    };
    return {
      cancel: (callId) => void cancel(callId).catch(notifyError),
      retry: (callId) => void retry(callId).catch(notifyError),
    };
  }, [sendCancel, sendRetry]);
}
