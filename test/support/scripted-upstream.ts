/**
 * An upstream scripted by a test: a plain HTTP server that answers with given bytes and records its requests. It shares
 * nothing with the simulator, so that both cannot have the same mistake. The event builders use the order of recorded
 * OpenAI streams.
 */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export type Json = Readonly<Record<string, unknown>>;

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The parsed body; the fields of a form; an empty object without a body. */
  readonly body: Json;
  /** Resolves when the connection of the answer has closed, for whatever reason. */
  readonly closed: Promise<void>;
}

/** Bytes to send, or a pause. */
export type Write = string | Uint8Array | { readonly delayMs: number };

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly writes?: Iterable<Write> | AsyncIterable<Write>;
  /** `end`, the default, finishes the answer; `destroy` cuts the connection; `hang` leaves it open and silent. */
  readonly ending?: 'end' | 'destroy' | 'hang';
  /** Cuts or hangs before the status line is sent. */
  readonly beforeHeaders?: 'destroy' | 'hang';
}

export interface ScriptedUpstream {
  /** The value for `OPENAI_BASE_URL`. */
  readonly baseURL: string;
  readonly requests: readonly RecordedRequest[];
  close(): Promise<void>;
}

/** @param handler decides the answer; `nth` counts the requests from 0 */
export async function startScriptedUpstream(
  handler: (request: RecordedRequest, nth: number) => Reply | Promise<Reply>,
): Promise<ScriptedUpstream> {
  const requests: RecordedRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const type = incoming.headers['content-type'] ?? '';
    const sent = new Response(Buffer.concat(chunks), { headers: { 'content-type': type } });
    const isForm = type.startsWith('multipart/');
    const request: RecordedRequest = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      headers: incoming.headers,
      body: chunks.length === 0 ? {} : isForm ? Object.fromEntries(await sent.formData()) : await sent.json(),
      closed: once(outgoing, 'close').then(() => undefined),
    };
    requests.push(request);
    await play(await handler(request, requests.length - 1), outgoing);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      if (server.listening) await once(server, 'close');
    },
  };
}

async function play(reply: Reply, outgoing: ServerResponse): Promise<void> {
  if (reply.beforeHeaders === 'destroy') outgoing.destroy();
  if (reply.beforeHeaders !== undefined) return;
  outgoing.writeHead(reply.status ?? 200, { 'content-type': 'text/event-stream; charset=utf-8', ...reply.headers });
  outgoing.flushHeaders();
  for await (const write of reply.writes ?? []) {
    if (outgoing.destroyed) return;
    if (typeof write === 'object' && 'delayMs' in write) await delay(write.delayMs);
    else if (!outgoing.write(write)) await writable(outgoing);
  }
  if (reply.ending === 'hang') return;
  if (reply.ending !== 'destroy') {
    outgoing.end();
    return;
  }
  // Destroying the socket at once would discard the bytes in its buffer.
  outgoing.write('', () => setTimeout(() => outgoing.destroy(), 10));
}

/** Resolves when more can be written, or the connection has closed. */
async function writable(outgoing: ServerResponse): Promise<void> {
  const settled = new AbortController();
  const heard = ['drain', 'close'].map((event) => once(outgoing, event, { signal: settled.signal }));
  if (!outgoing.destroyed) await Promise.race(heard);
  settled.abort();
  await Promise.allSettled(heard);
}

/** One event as OpenAI writes it: the `event` field repeats the type. */
export function sse(event: Json): string {
  return `event: ${event['type']}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** One event without the `event` field, like several compatible services. */
export function sseUnnamed(event: Json): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}

export function streamReply(events: Iterable<Json>, rest: Omit<Reply, 'writes'> = {}): Reply {
  return { ...rest, headers: { 'x-request-id': 'req_scripted', ...rest.headers }, writes: [...events].map(sse) };
}

/** Sends only the first bytes of an answer, then cuts the connection or ends it normally. */
export function cutReply(reply: { writes: Iterable<string> }, byteLength: number, ending: 'end' | 'destroy'): Reply {
  const bytes = Buffer.from([...reply.writes].join(''));
  return { headers: { 'x-request-id': 'req_scripted' }, writes: [bytes.subarray(0, byteLength)], ending };
}

/** An HTTP error with a body in the API's format. */
export function errorReply(status: number, error: Json, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-request-id': 'req_scripted', ...headers },
    writes: [JSON.stringify({ error })],
  };
}

export interface ScriptedPicture {
  readonly bytes: Uint8Array;
  readonly partials?: readonly Uint8Array[];
  readonly itemId?: string;
  readonly revisedPrompt?: string;
  /** Additional or different fields of the item. */
  readonly item?: Json;
}

export interface ScriptedResponse {
  readonly responseId?: string;
  readonly pictures: readonly ScriptedPicture[];
  /** The message of the mainline model; empty in recorded streams with an image. */
  readonly text?: string;
}

export const SCRIPTED_USAGE = { input_tokens: 2302, output_tokens: 50, total_tokens: 2352 };
export const SCRIPTED_TOOL_USAGE = {
  image_gen: {
    input_tokens: 15,
    output_tokens: 272,
    total_tokens: 287,
    output_tokens_details: { image_tokens: 272, text_tokens: 0 },
  },
};

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function imageItem(picture: ScriptedPicture, index: number): Json {
  return {
    id: picture.itemId ?? `ig_${index}`,
    type: 'image_generation_call',
    status: 'completed',
    background: 'opaque',
    output_format: 'png',
    quality: 'low',
    result: base64(picture.bytes),
    revised_prompt: picture.revisedPrompt ?? 'A cat, drawn in ink',
    size: '1024x1024',
    ...picture.item,
  };
}

function messageItem(text: string): Json {
  const content = [{ type: 'output_text', annotations: [], text }];
  return { id: 'msg_0', type: 'message', status: 'completed', role: 'assistant', content };
}

function responseBody(id: string, status: string, output: readonly Json[]): Json {
  const finished = status === 'completed';
  return {
    id,
    object: 'response',
    status,
    error: null,
    incomplete_details: null,
    model: 'gpt-5.6',
    output,
    tools: [{ type: 'image_generation', model: 'gpt-image-2', moderation: 'auto', output_compression: 100 }],
    usage: finished ? SCRIPTED_USAGE : null,
    ...(finished && { tool_usage: SCRIPTED_TOOL_USAGE }),
  };
}

/** The events of one response, in the order of recorded OpenAI streams. */
export function recordedEvents(response: ScriptedResponse): Json[] {
  const id = response.responseId ?? 'resp_scripted';
  const reasoning = { id: 'rs_0', type: 'reasoning', summary: [] };
  const items = response.pictures.map(imageItem);
  const message = messageItem(response.text ?? '');
  const events: Json[] = [
    { type: 'response.created', response: responseBody(id, 'in_progress', []) },
    { type: 'response.in_progress', response: responseBody(id, 'in_progress', []) },
    { type: 'response.output_item.added', output_index: 0, item: reasoning },
    { type: 'response.output_item.done', output_index: 0, item: reasoning },
  ];
  for (const [index, picture] of response.pictures.entries()) {
    const item = items[index] ?? {};
    const place = { item_id: item['id'], output_index: index + 1 };
    const { result: _, ...announced } = item;
    events.push(
      { type: 'response.output_item.added', output_index: index + 1, item: { ...announced, status: 'in_progress' } },
      { type: 'response.image_generation_call.in_progress', ...place },
      { type: 'response.image_generation_call.generating', ...place },
      ...(picture.partials ?? []).map((bytes, partialIndex) => ({
        type: 'response.image_generation_call.partial_image',
        ...place,
        background: 'opaque',
        output_format: 'png',
        quality: 'low',
        size: '1024x1024',
        partial_image_b64: base64(bytes),
        partial_image_index: partialIndex,
      })),
      { type: 'response.image_generation_call.completed', ...place },
      { type: 'response.output_item.done', output_index: index + 1, item },
    );
  }
  const last = response.pictures.length + 1;
  const output = [reasoning, ...items, message];
  events.push(
    { type: 'response.output_item.added', output_index: last, item: { ...message, content: [] } },
    { type: 'response.output_item.done', output_index: last, item: message },
    { type: 'response.completed', response: responseBody(id, 'completed', output) },
  );
  return numbered(events);
}

/** The same from a compatible service: no `completed` event for images, status still `generating`, an empty output. */
export function compatibleEvents(response: ScriptedResponse): Json[] {
  const id = response.responseId ?? 'resp_scripted';
  const events = recordedEvents(response)
    .filter((event) => event['type'] !== 'response.image_generation_call.completed')
    .map((event) => {
      if (event['type'] === 'response.completed') return { ...event, response: responseBody(id, 'completed', []) };
      const item = event['item'];
      const isPicture =
        typeof item === 'object' && item !== null && 'type' in item && item.type === 'image_generation_call';
      return isPicture ? { ...event, item: { ...item, status: 'generating' } } : event;
    });
  return numbered(events);
}

/** Numbers the events with `sequence_number`. */
export function numbered(events: readonly Json[]): Json[] {
  return events.map((event, index) => ({ ...event, sequence_number: index }));
}

/** A stored background response, and what happens to its streams. */
export interface KeptResponse {
  readonly events: readonly Json[];
  /** The number of bytes after which the first stream is cut, the second, …. Later streams are complete. */
  readonly cuts?: readonly number[];
  readonly ending?: 'end' | 'destroy';
  /** Whether a resumed stream contains the partial images after `starting_after`. */
  readonly replaysPartials?: boolean;
}

/** Streams all events for a create, and those after `starting_after` for a resume. */
export function keptStream({ events, cuts = [], ending = 'destroy', replaysPartials = true }: KeptResponse) {
  let nth = 0;
  return ({ method, path }: Pick<RecordedRequest, 'method' | 'path'>): Reply => {
    const query = new URL(path, 'http://upstream').searchParams;
    const isResume = method === 'GET';
    const after = Number(query.get('starting_after') ?? -1);
    const behind = events.filter(
      (event) =>
        !isResume ||
        (Number(event['sequence_number']) > after &&
          (replaysPartials || !String(event['type']).endsWith('partial_image'))),
    );
    const cut = cuts[nth];
    nth += 1;
    return cut === undefined ? streamReply(behind) : cutReply({ writes: behind.map(sse) }, cut, ending);
  };
}

/** One JSON document, the answer to a retrieve or a cancel. */
export function jsonReply(body: Json, rest: Omit<Reply, 'writes'> = {}): Reply {
  const headers = { 'content-type': 'application/json', 'x-request-id': 'req_scripted', ...rest.headers };
  return { ...rest, headers, writes: [JSON.stringify(body)] };
}
