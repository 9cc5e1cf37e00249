/**
 * A proxy in front of an upstream. A test decides what happens to every request and to every event of an answer: it is
 * delayed, replaced, cut in the middle, or rejected. It runs in the test's process, so it outlives the server.
 */
import { once } from 'node:events';
import {
  createServer,
  request as forward,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from './scripted-upstream.ts';

export interface ProxiedRequest {
  /** The number of the request, from 0. */
  readonly nth: number;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The parsed body; an empty object when there was none. */
  readonly body: Json;
  /** Resolves when the connection of its answer has closed, for whatever reason. */
  readonly closed: Promise<void>;
}

/** The answer instead of forwarding the request; `reset` ends the connection with an RST. */
export type ProxyAnswer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: Json }
  | 'reset';

export interface ProxiedEvent {
  readonly type: string;
  readonly data: Json;
  /** The event as received, including its empty line. */
  readonly text: string;
}

/** What is sent instead of an event, and what happens to the connection afterwards. */
export interface EventReplacement {
  readonly writes: readonly string[];
  readonly afterwards?: 'reset' | 'end';
}

export interface ProxyBehavior {
  /** Null forwards the request. */
  readonly onRequest?: (request: ProxiedRequest) => Promise<ProxyAnswer | null> | ProxyAnswer | null;
  /** Null forwards the event. Later events wait. */
  readonly onEvent?: (
    event: ProxiedEvent,
    request: ProxiedRequest,
  ) => Promise<EventReplacement | null> | EventReplacement | null;
  /** The number of bytes of a streamed answer after which its connection is reset; null never resets it. */
  readonly cutAfter?: (request: ProxiedRequest) => number | null;
}

export interface FaultProxy {
  readonly baseURL: string;
  /** All requests, in order. */
  readonly requests: readonly ProxiedRequest[];
  /** Refuses connections from now on, and closes the open ones. */
  refuse(): Promise<void>;
  /** Accepts connections again, at the same address. */
  accept(): Promise<void>;
  close(): Promise<void>;
}

/** Time for written bytes to leave before an RST discards the rest. */
const FLUSH_MS = 15;

export async function startFaultProxy(upstreamURL: string, behavior: ProxyBehavior = {}): Promise<FaultProxy> {
  const upstream = new URL(upstreamURL);
  const requests: ProxiedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = incoming;
    const closed = once(outgoing, 'close').then(() => undefined);
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const body = bytes.length === 0 ? {} : JSON.parse(bytes.toString('utf8'));
    const request: ProxiedRequest = { nth: requests.length, method, path, headers, body, closed };
    requests.push(request);
    const instead = await behavior.onRequest?.(request);
    if (outgoing.destroyed) return;
    if (instead === 'reset') {
      outgoing.socket?.resetAndDestroy();
      return;
    }
    if (instead != null) {
      outgoing.writeHead(instead.status, { 'content-type': 'application/json', ...instead.headers });
      outgoing.end(JSON.stringify(instead.body));
      return;
    }
    const asked = forward(new URL(path, upstream.origin), { method, headers, agent: false });
    // When the client leaves, the upstream sees that its client has left.
    outgoing.on('close', () => asked.destroy());
    asked.on('error', () => outgoing.destroy());
    asked.end(bytes);
    const [answer]: IncomingMessage[] = await once(asked, 'response');
    if (answer === undefined || outgoing.destroyed) return;
    await passAnswer(answer, outgoing, request);
  }

  async function passAnswer(answer: IncomingMessage, outgoing: ServerResponse, request: ProxiedRequest): Promise<void> {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    outgoing.flushHeaders();
    if (!(answer.headers['content-type'] ?? '').startsWith('text/event-stream')) {
      for await (const chunk of answer) outgoing.write(chunk);
      outgoing.end();
      return;
    }
    let left = behavior.cutAfter?.(request) ?? Number.POSITIVE_INFINITY;
    for await (const event of eventsOf(answer)) {
      const replacement = (await behavior.onEvent?.(event, request)) ?? { writes: [event.text] };
      if (outgoing.destroyed) return;
      for (const text of replacement.writes) {
        const piece = Buffer.from(text).subarray(0, left);
        left -= piece.length;
        outgoing.write(piece);
      }
      if (replacement.afterwards === 'end') break;
      if (replacement.afterwards === 'reset' || left === 0) {
        await delay(FLUSH_MS);
        outgoing.socket?.resetAndDestroy();
        return;
      }
    }
    outgoing.end();
  }

  const listening = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    // A server that listens on a port has an address with a port.
    return (server.address() as AddressInfo).port;
  };
  const stopListening = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  const port = await listening(0);
  return {
    baseURL: `http://127.0.0.1:${port}${upstream.pathname}`,
    requests,
    refuse: stopListening,
    accept: async () => void (await listening(port)),
    close: stopListening,
  };
}

async function* eventsOf(answer: IncomingMessage): AsyncGenerator<ProxiedEvent, void, void> {
  let rest = '';
  let searched = 0;
  answer.setEncoding('utf8');
  for await (const chunk of answer) {
    rest += chunk;
    for (let end = rest.indexOf('\n\n', searched); end !== -1; end = rest.indexOf('\n\n', searched)) {
      const text = rest.slice(0, end + 2);
      rest = rest.slice(end + 2);
      searched = 0;
      const line = text.split('\n').find((each) => each.startsWith('data: '));
      const data: Json = line === undefined ? {} : JSON.parse(line.slice('data: '.length));
      yield { type: String(data['type'] ?? ''), data, text };
    }
    searched = Math.max(0, rest.length - 1);
  }
}
