/** A subscriber that follows a call through everything: it drops at random moments, outlives servers, and resumes. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Event, TERMINAL_TYPES, type Transport, watch } from '../api/steps.ts';
import { TRANSPORTS } from '../support/client.ts';
import type { Random } from './rounds.ts';

export interface Subscriber {
  /** The events it received, in order, over all its connections. */
  readonly events: readonly Event[];
  readonly reconnects: number;
  /** Resolves when the server has completed the subscription after the terminal event. */
  readonly done: Promise<void>;
}

export interface SubscriberOptions {
  readonly callId: string;
  /** The address of the current server; waits while there is none. */
  readonly url: () => Promise<string>;
  /** Whether the server at this address was not disturbed, so that nothing excuses a broken connection. */
  readonly isUp: (url: string) => boolean;
  /** Aborts when the connection to the current server is lost. */
  readonly left: () => AbortSignal;
  /** Random drops; null never drops. */
  readonly drops: Random | null;
  readonly over: Transport;
  readonly onEvent: (event: Event) => void;
}

export function subscribe(options: SubscriberOptions): Subscriber {
  const { callId, url, isUp, left: networkOf, drops, over, onEvent } = options;
  const events: Event[] = [];
  let reconnects = -1;

  const isOver = () => TERMINAL_TYPES.includes(events.at(-1)?.__typename ?? '');

  /** One connection; true when the server completed it. */
  async function connect(at: string): Promise<boolean> {
    reconnects += 1;
    const drop = new AbortController();
    const lost = AbortSignal.any([drop.signal, networkOf()]);
    const after = events.at(-1)?.cursor ?? null;
    let left = drops === null ? Number.POSITIVE_INFINITY : drops.integer(0, 3);
    const timer = drops === null ? null : setTimeout(() => drop.abort(), drops.integer(5, 400));
    try {
      for await (const event of watch(at, callId, { after, over, signal: lost })) {
        events.push(event);
        onEvent(event);
        left -= 1;
        // After the terminal event it stays, to see the subscription complete.
        if (left < 0 && !isOver()) drop.abort();
        if (lost.aborted) return false;
      }
      return !lost.aborted;
    } catch (error) {
      if (isUp(at) && !lost.aborted) throw error;
      return false;
    } finally {
      if (timer !== null) clearTimeout(timer);
    }
  }

  async function follow(): Promise<void> {
    for (;;) {
      const at = await url();
      const completed = await connect(at);
      if (isOver()) return;
      if (completed && isUp(at)) throw new Error(`the subscription to ${callId} completed before its end`);
      await delay(drops === null ? 5 : drops.integer(0, 60));
    }
  }

  return {
    events,
    get reconnects() {
      return reconnects;
    },
    done: follow(),
  };
}

/** Alternates between WebSocket and server-sent events. */
export function transportOf(number: number): Transport {
  return number % 2 === 0 ? TRANSPORTS.WebSocket : TRANSPORTS.SSE;
}
