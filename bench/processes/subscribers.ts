/** The clients: starts calls, follows them over WebSockets, and records when each partial image arrived. */
import { Agent, get } from 'node:http';
import type { WebSocket } from 'ws';
import { nowMs } from '../harness/clock.ts';
import { serveCalls } from '../harness/serve-calls.ts';
import { EVENTS, type EventMessage, generate, type Taking } from './documents.ts';
import { listen, subscribe } from './graphql-socket.ts';
import { type Order, promptOf, type Stamp } from './order.ts';

const agent = new Agent({ keepAlive: true, maxSockets: 1000 });
let sockets: WebSocket[] = [];
let stamps: Stamp[] = [];
let images: Stamp[] = [];
let begun = 0;
let ended = 0;
let failure: Error | null = null;
let onNews: () => void = () => undefined;

/** Resolves when `isThere` returns true; checked whenever something arrives. */
async function until(isThere: () => boolean): Promise<void> {
  while (!isThere()) {
    if (failure !== null) throw failure;
    await new Promise<void>((resolve) => {
      onNews = resolve;
    });
  }
}

function note(key: string, index: number): void {
  stamps.push({ key, index, at: nowMs() });
  onNews();
}

function fail(error: unknown): void {
  failure = error instanceof Error ? error : new Error(String(error));
  onNews();
}

async function follow(url: string, callId: string, key: string, taking: Taking, bytes: number): Promise<void> {
  sockets.push(
    await subscribe(
      {
        url,
        onNext: (text) => {
          // A result of EVENTS.
          const { payload } = JSON.parse(text) as EventMessage;
          const event = payload.data?.generationEvents;
          if (event === undefined || event.__typename === 'GenerationFailed') return fail(text.slice(0, 1000));
          if (event.__typename === 'GenerationStarted') begun += 1;
          if (event.image !== undefined) images.push({ key, index: 0, at: nowMs() });
          if (event.partial !== undefined) take(event.partial, key, bytes).catch(fail);
          onNews();
        },
        onEnd: () => {
          ended += 1;
          onNews();
        },
      },
      { query: EVENTS[taking], variables: { callId } },
    ),
  );
}

/** Records a partial image when the requested part of it has arrived. */
async function take(
  partial: { readonly index: number; readonly url?: string; readonly dataUri?: string },
  key: string,
  bytes: number,
): Promise<void> {
  if (partial.dataUri !== undefined) {
    const picture = Buffer.from(partial.dataUri.slice(partial.dataUri.indexOf(',') + 1), 'base64');
    if (picture.length !== bytes) throw new Error(`${picture.length} bytes arrived`);
  } else if (takesBytes && partial.url !== undefined) {
    const size = await download(partial.url);
    if (size !== bytes) throw new Error(`${size} bytes arrived`);
  }
  note(key, partial.index);
}

let takesBytes = false;

/** Resolves with the size of the body when all of it has arrived. */
function download(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).length));
      response.on('error', reject);
    }).on('error', reject);
  });
}

function reset(taking: Taking): void {
  stamps = [];
  images = [];
  begun = 0;
  ended = 0;
  failure = null;
  takesBytes = taking === 'bytes';
}

const api = {
  /** Starts a call for each order, with its own subscriber. Resolves when all have started. */
  async begin(url: string, orders: readonly Order[], taking: Taking): Promise<void> {
    reset(taking);
    await Promise.all(
      orders.map(async (order) => {
        const { callId } = await generate(url, promptOf(order));
        await follow(url, callId, order.key, taking, order.bytes);
      }),
    );
    await until(() => begun === orders.length);
  },
  /** Starts one call with many subscribers. Resolves when all are subscribed. */
  async gather(url: string, order: Order, count: number, taking: Taking): Promise<void> {
    reset(taking);
    const { callId } = await generate(url, promptOf(order));
    for (let number = 0; number < count; number += 1) await follow(url, callId, order.key, taking, order.bytes);
    await until(() => begun === count);
  },
  /** Listens to a bare WebSocket server that sends the same messages as ours. */
  async listen(url: string, key: string, count: number, bytes: number): Promise<void> {
    reset('event');
    for (let number = 0; number < count; number += 1) {
      const onNext = (text: string) => {
        const { payload } = JSON.parse(text) as EventMessage;
        const partial = payload.data?.generationEvents.partial;
        if (partial !== undefined) take(partial, key, bytes).catch(fail);
      };
      sockets.push(await listen({ url, onNext }));
    }
  },
  /** Resolves when this many partial images have arrived in total. */
  received: (count: number) => until(() => stamps.length >= count),
  /** Resolves with the arrival times when every subscription has ended, and closes the sockets. */
  async finish(): Promise<readonly Stamp[]> {
    await until(() => ended >= sockets.length);
    return api.leave();
  },
  /** When each finished image arrived. */
  images: (): readonly Stamp[] => images,
  /** The same as `finish`, without waiting for the end. */
  leave(): readonly Stamp[] {
    for (const socket of sockets) socket.removeAllListeners('close').close();
    sockets = [];
    return stamps;
  },
};

export type SubscribersApi = typeof api;

serveCalls(api);
