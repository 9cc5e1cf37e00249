/**
 * One WebSocket for all subscriptions, open while there are any.
 * @see the protocol graphql-transport-ws, https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
 */
import { ConnectionLostError, CredentialsRefusedError, type ResultError } from '../errors.ts';
import { createQueue, type Queue } from './queue.ts';
import {
  authorizationOf,
  type SubscriptionRequest,
  type SubscriptionResult,
  type Token,
  type Transport,
} from './transport.ts';

export interface WebSocketOptions {
  /** The address of the API, as `ws`, `wss`, `http` or `https`. */
  readonly url: string | URL;
  readonly token?: Token;
  /** How long the connection may be silent, in milliseconds. Half of it after the last message, the server is asked for one. */
  readonly silenceMs?: number;
  /** Another WebSocket than that of the platform. */
  readonly WebSocket?: typeof WebSocket;
}

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** What the server says by closing (docs/authentication.md, and the protocol). */
const FORBIDDEN = 4403;
const NORMAL = 1000;

export function webSocket(options: WebSocketOptions): Transport {
  let open: Promise<Connection> | null = null;

  function connect(): Promise<Connection> {
    const opening = openConnection(options, () => {
      if (open === opening) open = null;
    });
    open = opening;
    return opening;
  }

  return {
    async *subscribe(request, signal, onOpen) {
      signal.throwIfAborted();
      const queue = createQueue<SubscriptionResult>();
      const stop = () => queue.end(signal.reason);
      signal.addEventListener('abort', stop);
      let leave: (() => void) | undefined;
      try {
        // Opened beside, so that an aborted signal does not wait for it.
        (open ?? connect()).then(
          (connection) => {
            if (queue.isEnded) connection.closeWhenUnused();
            else {
              onOpen();
              leave = connection.subscribe(request, queue);
            }
          },
          (error: unknown) => queue.end(error),
        );
        yield* queue.values();
      } finally {
        signal.removeEventListener('abort', stop);
        queue.end();
        leave?.();
      }
    },
  };
}

interface Connection {
  /** @returns a function that ends it */
  subscribe(request: SubscriptionRequest, queue: Queue<SubscriptionResult>): () => void;
  closeWhenUnused(): void;
}

/** @param onClose called once; a connection that is closed is not used again */
async function openConnection(options: WebSocketOptions, onClose: () => void): Promise<Connection> {
  const { silenceMs = 20_000 } = options;
  const authorization = await authorizationOf(options.token ?? null).catch((error: unknown) => {
    onClose();
    throw error;
  });
  const url = String(options.url).replace(/^http/, 'ws');
  const socket = new (options.WebSocket ?? WebSocket)(url, 'graphql-transport-ws');
  const subscriptions = new Map<string, Queue<SubscriptionResult>>();
  let lastId = 0;
  let isClosed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const { promise, resolve, reject } = Promise.withResolvers<Connection>();

  const send = (message: Message) => socket.send(JSON.stringify(message));

  function end(error: Error): void {
    if (isClosed) return;
    isClosed = true;
    clearTimeout(timer);
    onClose();
    reject(error);
    for (const queue of subscriptions.values()) queue.end(error);
    subscriptions.clear();
    socket.close(NORMAL);
  }

  /** A connection through which nothing comes may be dead without anybody saying so. */
  function expectMessage(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (socket.readyState === socket.OPEN) send({ type: 'ping' });
      timer = setTimeout(() => end(new ConnectionLostError('The connection is silent.')), silenceMs / 2);
    }, silenceMs / 2);
  }

  const connection: Connection = {
    subscribe(request, queue) {
      // Closed since it was waited for.
      if (isClosed) {
        queue.end(new ConnectionLostError('The connection was closed.'));
        return () => {};
      }
      lastId += 1;
      const id = `${lastId}`;
      subscriptions.set(id, queue);
      send({ id, type: 'subscribe', payload: request });
      return () => {
        if (subscriptions.delete(id)) send({ id, type: 'complete' });
        connection.closeWhenUnused();
      };
    },
    closeWhenUnused() {
      // Later: what is followed next in the place of this one uses the same connection.
      setTimeout(() => {
        if (subscriptions.size === 0) end(new ConnectionLostError('The connection was closed.'));
      });
    },
  };

  socket.onopen = () => send({ type: 'connection_init', payload: { authorization } });
  socket.onclose = ({ code, reason }) => end(closedBy(code, reason));
  socket.onmessage = ({ data }) => {
    if (isClosed) return;
    expectMessage();
    const { type, id = '', payload }: Message = JSON.parse(data);
    if (type === 'connection_ack') resolve(connection);
    if (type === 'ping') send({ type: 'pong' });
    // The payloads are those of the protocol.
    if (type === 'next') subscriptions.get(id)?.push(payload as SubscriptionResult);
    if (type !== 'error' && type !== 'complete') return;
    const queue = subscriptions.get(id);
    subscriptions.delete(id);
    if (type === 'error') queue?.push({ errors: payload as readonly ResultError[] });
    queue?.end();
  };
  expectMessage();
  return promise;
}

function closedBy(code: number, reason: string): Error {
  const message = `The connection was closed (${code}${reason && `: ${reason}`}).`;
  return code === FORBIDDEN ? new CredentialsRefusedError(message) : new ConnectionLostError(message);
}
