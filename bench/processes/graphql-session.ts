/**
 * One graphql-transport-ws WebSocket on which subscriptions run one after the other, so that the subscription is timed
 * and not the connection.
 */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Subscription } from './graphql-socket.ts';

export interface Session {
  /** Resolves with the messages of all events when the server has completed the subscription. */
  follow(subscription: Subscription): Promise<readonly string[]>;
  close(): void;
}

export async function openSession(url: string): Promise<Session> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    perMessageDeflate: false,
  });
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  let lastId = 0;
  let events: string[] = [];
  let ended = Promise.withResolvers<readonly string[]>();

  socket.on('message', (data) => {
    const text = String(data);
    if (text.includes('"type":"next"')) events.push(text);
    else if (text.includes('"type":"complete"')) ended.resolve(events);
    else if (text.includes('"type":"error"')) ended.reject(new Error(text.slice(0, 1000)));
  });
  socket.on('close', (code) => ended.reject(new Error(`the server closed the socket with ${code}`)));

  return {
    follow(payload) {
      lastId += 1;
      events = [];
      ended = Promise.withResolvers();
      socket.send(JSON.stringify({ id: String(lastId), type: 'subscribe', payload }));
      return ended.promise;
    },
    close: () => socket.removeAllListeners('close').close(),
  };
}
