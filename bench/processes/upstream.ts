/**
 * The stand-in upstream: writes the events of OpenAI's streaming Responses API from prepared bytes as fast as they are
 * read, and records when each partial image was written to its socket. It draws nothing and checks nothing.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nowMs } from '../harness/clock.ts';
import { serveCalls } from '../harness/serve-calls.ts';
import { type Order, orderIn, type Stamp } from './order.ts';
import { type PreparedPicture, preparePicture } from './picture.ts';

/** A placeholder for the picture, to find its place in the serialized JSON. */
const PLACE = '@picture@';

const pictures = new Map<number, PreparedPicture>();
let pictureNumber = 0;
let responseNumber = 0;

class Stream {
  readonly order: Order;
  readonly #response: ServerResponse;
  readonly #picture: PreparedPicture;
  readonly #id: string;
  readonly stamps: Stamp[] = [];
  #sequence = 0;

  constructor(order: Order, response: ServerResponse) {
    this.order = order;
    this.#response = response;
    this.#picture = pictureOf(order.bytes);
    responseNumber += 1;
    this.#id = `bench${responseNumber}`;
  }

  begin(): void {
    this.#response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': this.#id });
    this.#event('response.created', { response: this.#body('in_progress', []) });
    this.#event('response.in_progress', { response: this.#body('in_progress', []) });
    this.#event('response.output_item.added', { output_index: 0, item: { ...this.#item(), status: 'in_progress' } });
    this.#event('response.image_generation_call.generating', { item_id: this.#itemId, output_index: 0 });
  }

  partial(): void {
    const index = this.stamps.length;
    this.stamps.push({ key: this.order.key, index, at: nowMs() });
    this.#event('response.image_generation_call.partial_image', {
      item_id: this.#itemId,
      output_index: 0,
      partial_image_index: index,
      partial_image_b64: PLACE,
      output_format: 'png',
      quality: 'high',
      size: '1024x1024',
      background: 'opaque',
    });
  }

  /** @returns when the writing of the image began */
  finish(): Stamp {
    const stamp = { key: this.order.key, index: 0, at: nowMs() };
    const item = { ...this.#item(), status: 'completed', result: PLACE, revised_prompt: 'A picture for the bench' };
    pictureNumber += 1;
    const tail = this.#picture.tail(pictureNumber);
    this.#event('response.output_item.done', { output_index: 0, item }, tail);
    // As in the real API, the end repeats the whole response, including its image.
    const response = { ...this.#body('completed', [item]), usage: { total_tokens: 2352 } };
    this.#event('response.completed', { response }, tail);
    this.#response.end();
    return stamp;
  }

  async flow(): Promise<void> {
    for (let index = 0; index < this.order.partials; index += 1) {
      this.partial();
      await writable(this.#response);
      if (this.#response.destroyed) return;
    }
    void this.finish();
  }

  get closed(): Promise<unknown> {
    return this.#response.destroyed ? Promise.resolve() : once(this.#response, 'close');
  }

  get #itemId(): string {
    return `ig_${this.#id}`;
  }

  #item() {
    return { id: this.#itemId, type: 'image_generation_call', output_format: 'png', size: '1024x1024' };
  }

  #body(status: string, output: readonly object[]) {
    return { id: `resp_${this.#id}`, object: 'response', status, model: 'bench', error: null, tools: [], output };
  }

  #event(type: string, fields: object, tail?: Buffer): void {
    const data = JSON.stringify({ type, sequence_number: this.#sequence, ...fields });
    this.#sequence += 1;
    const [before = '', after] = `event: ${type}\ndata: ${data}\n\n`.split(PLACE);
    this.#response.cork();
    this.#response.write(before);
    if (after !== undefined) {
      if (tail === undefined) pictureNumber += 1;
      this.#response.write(this.#picture.head);
      this.#response.write(tail ?? this.#picture.tail(pictureNumber));
      this.#response.write(after);
    }
    this.#response.uncork();
  }
}

/** Resolves when more can be written, or when the socket is closed. */
async function writable(response: ServerResponse): Promise<void> {
  if (!response.writableNeedDrain || response.destroyed) return;
  const settled = new AbortController();
  const heard = ['drain', 'close'].map((event) => once(response, event, { signal: settled.signal }));
  await Promise.race(heard);
  settled.abort();
  await Promise.allSettled(heard);
}

function pictureOf(bytes: number): PreparedPicture {
  const picture = pictures.get(bytes) ?? preparePicture(bytes);
  pictures.set(bytes, picture);
  return picture;
}

/** The streams that wait for the next wave. */
const held = new Set<Stream>();
let images: readonly Stamp[] = [];
let onHeld: () => void = () => undefined;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  response.on('error', () => response.destroy());
  const stream = new Stream(orderIn(Buffer.concat(chunks).toString('utf8')), response);
  stream.begin();
  if (stream.order.mode === 'flow') return stream.flow();
  held.add(stream);
  onHeld();
  await stream.closed;
  held.delete(stream);
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error('upstream:', error);
    response.destroy();
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
// The address of a server that listens on a port is an AddressInfo.
const { port } = server.address() as AddressInfo;

const api = {
  baseUrl: () => `http://127.0.0.1:${port}/v1`,
  /** Prepares pictures of this size in advance, so that no stream waits for them. */
  prepare: (bytes: number) => void pictureOf(bytes),
  /** Resolves when this many streams are held. */
  async held(count: number): Promise<void> {
    while (held.size < count) {
      await new Promise<void>((resolve) => {
        onHeld = resolve;
      });
    }
  },
  /** Writes the next partial image to every held stream. */
  wave(): void {
    for (const stream of held) stream.partial();
  },
  /** Ends every held stream with its image. Returns when each partial image was written. */
  finish(): readonly Stamp[] {
    const streams = [...held];
    held.clear();
    images = streams.map((stream) => stream.finish());
    return streams.flatMap(({ stamps }) => stamps);
  },
  /** When the images of the streams that ended last were written. */
  images: (): readonly Stamp[] => images,
};

export type UpstreamApi = typeof api;

serveCalls(api);
