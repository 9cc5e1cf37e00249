/** Resumed subscriptions for libraries that take an observer: urql, Apollo Client, Relay. */
import { type ResumeOptions, resume } from './resume.ts';
import type { SubscriptionRequest, SubscriptionResult, Transport } from './transports/transport.ts';

export interface Observer {
  next(result: SubscriptionResult): void;
  error(error: unknown): void;
  complete(): void;
}

/**
 * Subscribes, and resumes behind the last event whenever the connection is lost. The document must have a variable `$after` and
 * select `cursor` of its event.
 * @returns a function that ends it; nothing is called after it
 */
export function subscribe(
  transport: Transport,
  { query, variables }: SubscriptionRequest,
  observer: Observer,
  onState?: ResumeOptions['onState'],
): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const follow = async () => {
    for await (const result of resume({ transport, query, variables, signal, onState })) {
      if (signal.aborted) return;
      observer.next(result);
    }
    if (!signal.aborted) observer.complete();
  };
  follow().catch((error: unknown) => {
    if (!signal.aborted) observer.error(error);
  });
  return () => ending.abort();
}
