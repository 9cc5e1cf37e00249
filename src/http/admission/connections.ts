/**
 * Limits for connections: how many there are, and how long they may be slow. node:http limits the time of headers. The rest
 * is here, because node:http has one time limit for every request, and uploads of large files take longer than others.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Refuse } from '../refuse.ts';
import { createAddressLimit } from './address-limit.ts';
import { networkOf } from './client-address.ts';

export interface ConnectionOptions {
  /** How long a request without a file may take to arrive, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** The least average speed of an upload, in bytes per second; 0 for none. */
  readonly minUploadBytesPerSecond: number;
  /** After how long without progress a client that takes nothing of its response is disconnected, in milliseconds. */
  readonly stalledTimeoutMs: number;
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  /** Whether the other end is a proxy, whose connections are those of many clients. */
  readonly isProxy: (remoteAddress: string) => boolean;
}

/** How long headers may take, in milliseconds; less when requests may take less. */
const HEADERS_TIMEOUT_MS = 10_000;
/** How long an unused connection is kept; longer than proxies keep theirs, which is usually a minute. In milliseconds. */
const IDLE_TIMEOUT_MS = 65_000;
/** Between two looks for what is slow; milliseconds. */
const MAX_CHECK_INTERVAL_MS = 1_000;
/** How long a refused connection may take to read why; milliseconds. */
const REFUSED_LINGER_MS = 1_000;
/** How long the rest of a body may take to arrive after its answer; milliseconds. */
const ANSWERED_LINGER_MS = 2_000;
/** Refused connections at once. Further ones are closed without a word. */
const MAX_REFUSED = 100;

/** For `createServer` of node:http. */
export function timeoutOptions({ requestTimeoutMs }: Pick<ConnectionOptions, 'requestTimeoutMs'>) {
  return {
    headersTimeout: Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs),
    // Bodies are watched here.
    requestTimeout: 0,
    keepAliveTimeout: IDLE_TIMEOUT_MS,
    connectionsCheckingInterval: checkIntervalOf(requestTimeoutMs),
  };
}

export interface ConnectionGuard {
  /** Whether the connection was refused. Nothing that arrives over it may do anything. */
  isRefused(socket: Socket): boolean;
  /** To be called for every request with a body, before anything waits for the body. */
  watchBody(request: IncomingMessage, response: ServerResponse): void;
}

export function guardConnections(server: Server, options: ConnectionOptions, refuse: Refuse): ConnectionGuard {
  const { maxConnections, stalledTimeoutMs } = options;
  const refused = limitConnections(server, options);
  server.maxConnections = maxConnections + MAX_REFUSED;
  // A silent connection may wait for an answer. One with unsent bytes has a client that does not read.
  server.setTimeout(stalledTimeoutMs, (socket) => {
    if (socket.writableLength > 0) socket.destroy();
  });
  const bodies = watchBodies(options, refuse);
  server.once('close', () => bodies.stop());
  return { isRefused: (socket) => refused.has(socket), watchBody: bodies.watch };
}

function limitConnections(server: Server, options: ConnectionOptions): WeakSet<Socket> {
  const { maxConnections, maxConnectionsPerAddress, isProxy } = options;
  const ofAddress = createAddressLimit(maxConnectionsPerAddress);
  const refused = new WeakSet<Socket>();
  let count = 0;

  function refuseSocket(socket: Socket, status: string, text: string): void {
    refused.add(socket);
    const headers = 'Connection: close\r\nRetry-After: 5\r\nContent-Type: text/plain; charset=utf-8';
    socket.end(`HTTP/1.1 ${status}\r\n${headers}\r\nContent-Length: ${text.length + 1}\r\n\r\n${text}\n`);
    setTimeout(() => socket.destroy(), REFUSED_LINGER_MS).unref();
  }

  server.on('connection', (socket) => {
    if (count >= maxConnections) {
      return refuseSocket(socket, '503 Service Unavailable', 'This server has too many connections. Try again later.');
    }
    const remote = socket.remoteAddress ?? '';
    const leave = isProxy(remote) ? NOTHING : ofAddress.enter(networkOf(remote));
    if (leave === null) {
      const text = `Your address has ${maxConnectionsPerAddress} connections to this server already. Close some first.`;
      return refuseSocket(socket, '429 Too Many Requests', text);
    }
    count += 1;
    socket.once('close', () => {
      count -= 1;
      leave();
    });
  });
  return refused;
}

const NOTHING = () => {};

/** A body that was not complete when it was looked for. Times are milliseconds, as `performance.now()`. */
interface SlowBody {
  readonly isUpload: boolean;
  since: number;
  /** What the connection had received at that time. */
  bytesRead: number;
  /** When the answer was found to be complete. */
  answeredAt?: number;
}

function watchBodies({ requestTimeoutMs, minUploadBytesPerSecond }: ConnectionOptions, refuse: Refuse) {
  /**
   * The newest request of each connection, by its response: only that one can be incomplete. Nothing more is done for a
   * request, because nearly all are complete when they are first looked at.
   */
  const newest = new Map<Socket, ServerResponse>();
  const slow = new WeakMap<IncomingMessage, SlowBody>();

  function look(): void {
    const now = performance.now();
    for (const [socket, response] of newest) {
      const { req: request } = response;
      if (request.complete || request.destroyed || socket.destroyed) newest.delete(socket);
      else lookAt(request, response, now);
    }
  }

  function lookAt(request: IncomingMessage, response: ServerResponse, now: number): void {
    const body = slow.get(request);
    if (body === undefined) {
      const isUpload = request.headers['content-type']?.startsWith('multipart/') === true;
      slow.set(request, { isUpload, since: now, bytesRead: request.socket.bytesRead });
    } else if (response.writableEnded) {
      if (!isLingering(body, now)) request.destroy();
    } else if (isOverdue(request, body, now)) cut(request, response, body);
  }

  /** Closing the connection at once would make some clients lose the answer. */
  function isLingering(body: SlowBody, now: number): boolean {
    body.answeredAt ??= now;
    return now - body.answeredAt < ANSWERED_LINGER_MS;
  }

  function isOverdue(request: IncomingMessage, body: SlowBody, now: number): boolean {
    const elapsedMs = now - body.since;
    if (elapsedMs < requestTimeoutMs) return false;
    if (!body.isUpload) return true;
    const { bytesRead } = request.socket;
    // Bytes that nobody has taken: the server is what is slow, for example because uploads take turns.
    const isServerSlow = request.readableLength > 0;
    const isTooSlow = bytesRead - body.bytesRead < (minUploadBytesPerSecond * elapsedMs) / 1000;
    body.since = now;
    body.bytesRead = bytesRead;
    return isTooSlow && !isServerSlow;
  }

  function cut(request: IncomingMessage, response: ServerResponse, { isUpload }: SlowBody): void {
    const message = isUpload
      ? `The upload is slower than ${minUploadBytesPerSecond} bytes per second.`
      : `The request did not arrive within ${requestTimeoutMs} ms.`;
    if (response.headersSent) {
      request.destroy();
      return;
    }
    response.setHeader('Connection', 'close');
    response.once('finish', () => request.destroy());
    refuse(response, 408, { message, code: 'REQUEST_TIMEOUT' });
  }

  const timer = setInterval(look, checkIntervalOf(requestTimeoutMs)).unref();
  return {
    watch(request: IncomingMessage, response: ServerResponse): void {
      newest.set(request.socket, response);
    },
    stop: () => clearInterval(timer),
  };
}

function checkIntervalOf(requestTimeoutMs: number): number {
  return Math.min(MAX_CHECK_INTERVAL_MS, Math.max(50, Math.floor(requestTimeoutMs / 4)));
}
