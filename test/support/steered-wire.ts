/**
 * A proxy to an upstream. A test decides for every request and every event of an answer whether it is delayed, changed,
 * cut in the middle or rejected. It runs in the test's process, so it outlives the server.
 */
import { once } from 'node:events';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from './scripted-upstream.ts';

export interface WireRequest {
  /** Counts all requests from 0. */
  readonly nth: number;
  readonly method: string;
  /** Includes the query. */
  readonly path: string;
  /** The parsed body; an empty object when there was none. */
  readonly body: Json;
  /** Resolves when the connection of its answer has closed, from either side. */
  readonly closed: Promise<void>;
}

/** The answer in place of the upstream's; `reset` ends the connection with an RST. */
export type WireAnswer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: Json }
  | 'reset';

export interface WireEvent {
  readonly type: string;
  readonly data: Json;
  /** The event as it is sent, including its empty line. */
  readonly text: string;
}

/** What is sent in place of an event, and what happens to the connection afterwards. */
export interface WireVerdict {
  readonly writes: readonly string[];
  readonly afterwards?: 'reset' | 'end';
}

export interface WireSteering {
  /** Null passes the request on. */
  readonly onRequest?: (request: WireRequest) => Promise<WireAnswer | null> | WireAnswer | null;
  /** Null passes the event on. Later events wait for the result. */
  readonly onEvent?: (event: WireEvent, request: WireRequest) => Promise<WireVerdict | null> | WireVerdict | null;
  /** Number of bytes of a streamed answer after which its connection is reset; null does not reset it. */
  readonly cutAfter?: (request: WireRequest) => number | null;
}

export interface SteeredWire {
  readonly baseURL: string;
  /** All requests, in order. */
  readonly requests: readonly WireRequest[];
  /** Refuses new connections from now on, and closes the open ones. */
  refuse(): Promise<void>;
  /** Accepts connections again, at the same address. */
  accept(): Promise<void>;
  close(): Promise<void>;
}

/** Time for written bytes to be sent before an RST discards the rest. */
const FLUSH_MS = 15;

export async function startSteeredWire(upstreamURL: string, steering: WireSteering = {}): Promise<SteeredWire> {
  const upstream = new URL(upstreamURL);
  const requests: WireRequest[] = [];
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
    const request: WireRequest = { nth: requests.length, method, path, body, closed };
    requests.push(request);
    const instead = await steering.onRequest?.(request);
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
    // A client that disconnects from the proxy disconnects from the upstream.
    outgoing.on('close', () => asked.destroy());
    asked.on('error', () => outgoing.destroy());
    asked.end(bytes);
    const [answer]: IncomingMessage[] = await once(asked, 'response');
    if (answer === undefined || outgoing.destroyed) return;
    await passAnswer(answer, outgoing, request);
  }

  async function passAnswer(answer: IncomingMessage, outgoing: ServerResponse, request: WireRequest): Promise<void> {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    outgoing.flushHeaders();
    if (!(answer.headers['content-type'] ?? '').startsWith('text/event-stream')) {
      for await (const chunk of answer) outgoing.write(chunk);
      outgoing.end();
      return;
    }
    let left = steering.cutAfter?.(request) ?? Number.POSITIVE_INFINITY;
    for await (const event of eventsOf(answer)) {
      const verdict = (await steering.onEvent?.(event, request)) ?? { writes: [event.text] };
      if (outgoing.destroyed) return;
      for (const text of verdict.writes) {
        const piece = Buffer.from(text).subarray(0, left);
        left -= piece.length;
        outgoing.write(piece);
      }
      if (verdict.afterwards === 'end') break;
      if (verdict.afterwards === 'reset' || left === 0) {
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
    // A server that listens on a TCP port has an AddressInfo.
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

async function* eventsOf(answer: IncomingMessage): AsyncGenerator<WireEvent, void, void> {
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
