/**
 * People who come and go. Each call is followed by five: over WebSocket and over server-sent events one each stays until
 * the end and one leaves at the first partial; over WebSocket one more breaks off there without a word, and comes back
 * behind its cursor.
 */
import { serveCalls } from '../harness/serve-calls.ts';
import { ask, EVENTS, generate } from './documents.ts';
import { followEvents } from './event-stream.ts';
import { type SocketOptions, subscribe } from './graphql-socket.ts';
import { type Order, promptOf } from './order.ts';

const PAGE = '{ images(first: 20) { edges { node { id url width height call { status } } } } }';
const CALL = `query ($callId: ID!) {
  generationCall(id: $callId) { status images { url thumbhash } partialImages { index url } conversation { title } }
}`;
/** Not far from the longest prompt that is taken: should it be kept by mistake, that shows; and the database grows fast. */
const MORE_WORDS = ' A river made of white owl feathers at dusk, seen from above.'.repeat(320);
/** How many of those who follow a call are there at its end. */
const STAYING = 3;

/** What has gone through since the process began. */
export interface Traffic {
  readonly calls: number;
  readonly webSockets: number;
  readonly eventStreams: number;
  /** How many of these subscriptions did not last until the end. */
  readonly cutShort: number;
  readonly queries: number;
}

interface Payload {
  readonly data?: { readonly generationEvents: { readonly __typename: string; readonly cursor: string } };
}

const traffic = { calls: 0, webSockets: 0, eventStreams: 0, cutShort: 0, queries: 0 };
let callIds: readonly string[] = [];
let partials = 0;
let ended = 0;
let failure: Error | null = null;
let onNews: () => void = () => undefined;

async function until(isThere: () => boolean): Promise<void> {
  while (!isThere()) {
    if (failure !== null) throw failure;
    await new Promise<void>((resolve) => {
      onNews = resolve;
    });
  }
}

/** The event in a message: the server's answer to EVENTS, over a WebSocket in an envelope. */
function eventIn(text: string) {
  const message = JSON.parse(text) as Payload & { readonly payload?: Payload };
  const event = (message.payload ?? message).data?.generationEvents;
  if (event === undefined || event.__typename === 'GenerationFailed') failure = new Error(text.slice(0, 1000));
  return event;
}

/** @param guest what one does, given the way to go: with a close, or without a word */
async function overWebSocket(
  guest: (go: (how: 'close' | 'terminate') => void) => SocketOptions,
  callId: string,
  after: string | null = null,
): Promise<void> {
  traffic.webSockets += 1;
  const options = guest((how) => socket[how]());
  const socket = await subscribe(options, { query: EVENTS.event, variables: { callId, after } });
}

function overEventStream(guest: (go: () => void) => SocketOptions, callId: string): void {
  traffic.eventStreams += 1;
  const options = guest(() => request.destroy());
  const request = followEvents(options, { query: EVENTS.event, variables: { callId } });
}

/** One who is there until the end, and then goes. */
function staying(url: string, go: () => void): SocketOptions {
  let isOver = false;
  return {
    url,
    onNext(text) {
      if (eventIn(text)?.__typename === 'PartialImageReceived') partials += 1;
      onNews();
    },
    onEnd() {
      // The connection ends behind its subscription, and is no second one.
      if (isOver) return;
      isOver = true;
      ended += 1;
      go();
      onNews();
    },
  };
}

/** One who goes at the first partial. */
function leaving(url: string, go: (cursor: string) => void): SocketOptions {
  let isGone = false;
  return {
    url,
    onNext(text) {
      const event = eventIn(text);
      if (isGone || event?.__typename !== 'PartialImageReceived') return;
      isGone = true;
      traffic.cutShort += 1;
      go(event.cursor);
    },
  };
}

async function beFollowed(url: string, callId: string): Promise<void> {
  const stay = (go: (how: 'close') => void) => staying(url, () => go('close'));
  const leave = (go: (how: 'close') => void) => leaving(url, () => go('close'));
  const breakOff = (go: (how: 'terminate') => void) =>
    leaving(url, (cursor) => {
      go('terminate');
      void overWebSocket(stay, callId, cursor);
    });
  overEventStream(stay, callId);
  overEventStream(leave, callId);
  for (const guest of [stay, leave, breakOff]) await overWebSocket(guest, callId);
}

const api = {
  /** Begins a call for each order, and lets it be followed. */
  async begin(url: string, orders: readonly Order[]): Promise<void> {
    callIds = await Promise.all(
      orders.map(async (order) => (await generate(url, promptOf(order) + MORE_WORDS)).callId),
    );
    traffic.calls += callIds.length;
    partials = 0;
    ended = 0;
    await Promise.all(callIds.map((callId) => beFollowed(url, callId)));
  },
  /** Resolves when all who stay have this partial (the first is 1). Who comes back has had the first one before. */
  received: (partial: number) => until(() => partials >= callIds.length * (STAYING * partial - 1)),
  /** Resolves when nobody is left, with all that has gone through so far; asks for what has come of it on the way. */
  async finish(url: string): Promise<Traffic> {
    await until(() => ended >= callIds.length * STAYING);
    await ask(url, PAGE, {});
    for (const callId of callIds) await ask(url, CALL, { callId });
    traffic.queries += 1 + callIds.length;
    return traffic;
  },
};

export type ChurnApi = typeof api;

serveCalls(api);
