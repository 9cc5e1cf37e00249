/** Subscribers down to their sockets: they stop reading, read slowly, do not answer, or vanish. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { WebSocket } from 'ws';
import { collect, eventually, generate, largePicture, watchConversation, watchToEnd } from '../api/steps.ts';
import { startDevelopingUpstream, startProcessAt } from '../api/upstreams.ts';
import type { TestServer } from '../support/server.ts';

/** With pictures inside: megabytes an event. */
export const CONVERSATION_WITH_BYTES = `
  subscription ($conversationId: ID!, $after: String) {
    conversationEvents(conversationId: $conversationId, after: $after) {
      __typename
      cursor
      ... on PartialImageReceived { partial { dataUri } }
      ... on ImageCompleted { image { dataUri } }
    }
  }`;

/** The same for everything of the viewer. */
export const VIEWER_WITH_BYTES = CONVERSATION_WITH_BYTES.replace(
  /subscription .*\n.*\{\n/u,
  'subscription ($after: String) { viewerEvents(after: $after) {\n',
);

const PICTURE = { prompt: 'a boat on a lake', options: { partialImages: 3 } } as const;
/** Of one such call: queued, started, three partials, the image, completed. Some six megabytes as data URIs. */
export const EVENTS_A_CALL = 7;

/** A server whose upstream sends large pictures as fast as it can; both end together. */
export async function startServerOfLargePictures(env: Readonly<Record<string, string>>): Promise<TestServer> {
  const upstream = await startDevelopingUpstream({ partials: 3, draw: largePicture });
  const server = await startProcessAt(upstream, { env });
  return {
    ...server,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await upstream.close();
    },
  };
}

/** Makes so many pictures, one behind the other, in a conversation that may be there already; resolves with its id. */
export async function converse(url: string, calls: number, into?: string): Promise<string> {
  const call = await generate(url, { ...PICTURE, ...(into === undefined ? {} : { conversationId: into }) });
  await watchToEnd(url, call.id);
  return calls > 1 ? converse(url, calls - 1, call.conversation.id) : call.conversation.id;
}

/** The cursors of so many calls of a conversation, as a subscriber gets them who reads at once. */
export async function cursorsOf(url: string, conversationId: string, calls: number): Promise<string[]> {
  const events = await collect(watchConversation(url, conversationId), calls * EVENTS_A_CALL);
  return events.map(({ cursor }) => cursor);
}

export interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: {
    readonly data?: Readonly<Record<string, { readonly cursor: string } | undefined>> | null;
    readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
  };
}

export interface Reader extends Disposable {
  readonly socket: WebSocket;
  readonly messages: readonly Message[];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  send(message: object): void;
  subscribe(id: string, query: string, variables?: object): void;
  until(what: string, isThere: (messages: readonly Message[]) => boolean): Promise<void>;
  cursors(): string[];
}

/** Opens a WebSocket and says `connection_init`. */
export async function openReader(url: string, options: { readonly autoPong?: boolean } = {}): Promise<Reader> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', options);
  const messages: Message[] = [];
  // What this server sends are messages of the protocol.
  socket.on('message', (data) => messages.push(JSON.parse(String(data)) as Message));
  socket.on('error', () => undefined);
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  await once(socket, 'open');
  const send = (message: object) => socket.send(JSON.stringify(message));
  const until: Reader['until'] = async (what, isThere) => {
    await eventually(what, () => isThere(messages) || undefined);
  };
  send({ type: 'connection_init' });
  await until('connection_ack', ([first]) => first?.type === 'connection_ack');
  return {
    socket,
    messages,
    closed,
    send,
    subscribe: (id, query, variables = {}) => send({ id, type: 'subscribe', payload: { query, variables } }),
    until,
    cursors: () =>
      messages.flatMap(({ payload }) => Object.values(payload?.data ?? {}).flatMap((event) => event?.cursor ?? [])),
    [Symbol.dispose]: () => socket.terminate(),
  };
}

/** Lets a socket read a piece now and then: some megabytes a second. */
export function readSlowly({ socket }: Reader): void {
  const pause = () => {
    socket.pause();
    setTimeout(() => socket.resume(), 120);
  };
  socket.on('ping', pause);
  socket.on('message', pause);
}

export interface SseReader extends Disposable {
  readonly response: IncomingMessage;
  readonly ended: Promise<void>;
  text(): string;
  cursors(): string[];
}

/** Asks for server-sent events over a connection of its own. */
export async function openSse(url: string, query: string, variables: object): Promise<SseReader> {
  const outgoing = postSse(url, query, variables);
  const [response]: IncomingMessage[] = await once(outgoing, 'response');
  if (response === undefined) throw new Error('no response');
  const ended = new Promise<void>((resolve) => response.once('close', resolve));
  const chunks: string[] = [];
  const cursors: string[] = [];
  // The beginning of an event whose end has not come yet, in pieces: an event may have megabytes.
  let unfinished: string[] = [];
  response.setEncoding('utf8').on('data', (chunk: string) => {
    chunks.push(chunk);
    unfinished.push(chunk);
    if (!chunk.includes('\n')) return;
    const events = unfinished.join('').split('\n\n');
    unfinished = [events.pop() ?? ''];
    cursors.push(...events.flatMap((event) => /"cursor":"([^"]+)"/u.exec(event)?.[1] ?? []));
  });
  // A connection that was cut is an error to `http`; to the reader it is the end.
  response.on('error', () => undefined);
  const text = () => chunks.join('');
  return {
    response,
    ended,
    text,
    // An event that was cut in the middle was not received.
    cursors: () => [...cursors],
    [Symbol.dispose]: () => outgoing.destroy(),
  };
}

export function postSse(url: string, query: string, variables: object, accept = 'text/event-stream'): ClientRequest {
  const headers = { 'content-type': 'application/json', accept };
  const outgoing = request(`${url}/graphql`, { method: 'POST', agent: false, headers });
  outgoing.on('error', () => undefined);
  outgoing.end(JSON.stringify({ query, variables }));
  return outgoing;
}

/** The memory of the server's process, in MiB. */
export function memoryOf({ process }: TestServer): number {
  const status = readFileSync(`/proc/${process.pid}/status`, 'utf8');
  const [, kib] = /^VmRSS:\s+(\d+) kB$/mu.exec(status) ?? [];
  return Number(kib) / 1024;
}

/** The most that the server's process has, looked at for a while. */
export async function mostMemoryOf(server: TestServer, forMs: number): Promise<number> {
  let most = 0;
  for (const end = performance.now() + forMs; performance.now() < end; ) {
    most = Math.max(most, memoryOf(server));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return most;
}
