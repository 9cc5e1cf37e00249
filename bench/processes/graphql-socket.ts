/**
 * A client of graphql-transport-ws as thin as it can be: one WebSocket with one subscription, so that the load costs
 * little beside what it measures. Against a server that speaks no GraphQL it just listens.
 */
import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface SocketOptions {
  readonly url: string;
  /** Is told of every event; `text` is the whole message. */
  readonly onNext: (text: string) => void;
  /** Is told when the subscription has completed or the socket is closed, whichever comes first. */
  readonly onEnd?: () => void;
}

export interface Subscription {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const NEXT = '"type":"next"';
const COMPLETE = '"type":"complete"';

/** Resolves when the subscription was sent. */
export async function subscribe(options: SocketOptions, subscription: Subscription): Promise<WebSocket> {
  const { url, onNext, onEnd } = options;
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    perMessageDeflate: false,
  });
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  socket.on('message', (data) => {
    const text = String(data);
    // Only the beginning is looked at: behind it can be megabytes of picture.
    const head = text.slice(0, 100);
    if (head.includes(NEXT)) onNext(text);
    else if (head.includes(COMPLETE)) onEnd?.();
    else if (head.includes('"error"')) throw new Error(text.slice(0, 1000));
  });
  socket.on('close', () => onEnd?.());
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: subscription }));
  return socket;
}

/** Listens to a bare WebSocket server. */
export async function listen({ url, onNext }: SocketOptions): Promise<WebSocket> {
  const socket = new WebSocket(url.replace('http', 'ws'), { perMessageDeflate: false });
  socket.on('message', (data) => onNext(String(data)));
  await once(socket, 'open');
  return socket;
}
