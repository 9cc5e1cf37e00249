/**
 * Many idle subscribers, each over its own WebSocket, to our server or another one that speaks graphql-transport-ws.
 */
import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { serveCalls } from '../harness/serve-calls.ts';
import { type Subscription, subscribe } from './graphql-socket.ts';

let sockets: WebSocket[] = [];

/** Resolves when a subscriber has received this many events. */
async function arrive(url: string, subscription: Subscription, events: number): Promise<void> {
  const here = Promise.withResolvers<void>();
  let left = events;
  const onNext = () => {
    left -= 1;
    if (left === 0) here.resolve();
  };
  const onEnd = () => here.reject(new Error('a subscription ended'));
  sockets.push(await subscribe({ url, onNext, onEnd }, subscription));
  await here.promise;
}

const api = {
  /** Adds subscribers, one after the other. Resolves when the last one has received this many events. */
  async come(url: string, subscription: Subscription, count: number, events: number): Promise<void> {
    for (let number = 0; number < count; number += 1) await arrive(url, subscription, events);
  },
  /** Resolves when all sockets are closed. */
  async leave(): Promise<void> {
    const leaving = sockets;
    sockets = [];
    await Promise.all(
      leaving.map((socket) => {
        const closed = once(socket, 'close');
        socket.close();
        return closed;
      }),
    );
  },
};

export type CrowdApi = typeof api;

serveCalls(api);
