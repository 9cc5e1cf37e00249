/**
 * A minimal graphql-transport-ws client: one WebSocket with one subscription, so that the load uses little CPU time.
 * With a server that does not speak GraphQL it only listens.
 */
import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface SocketOptions {
  readonly url: string;
  /** Called for every event; `text` is the whole message. */
  readonly onNext: (text: string) => void;
  /** Called when the subscription completes or the socket closes, whichever comes first. */
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
    // Only the start is inspected: megabytes of an image can follow.
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
