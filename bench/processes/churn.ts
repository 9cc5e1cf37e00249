/**
 * Subscribers that come and go. Each call has five: over WebSocket and over server-sent events, one stays until the end
 * and one leaves at the first partial image. Over WebSocket, one more drops its connection there and resumes after its
 * cursor.
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
/** Close to the maximum prompt length, so that a prompt kept by mistake shows, and the database grows fast. */
const MORE_WORDS = ' A river made of white owl feathers at dusk, seen from above.'.repeat(320);
/** The number of subscribers of a call that stay until its end. */
const STAYING = 3;

/** The traffic since the start of the process. */
export interface Traffic {
  readonly calls: number;
  readonly webSockets: number;
  readonly eventStreams: number;
  /** The number of these subscriptions that did not last until the end. */
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

/** The event in a message: a result of EVENTS, over WebSocket in an envelope. */
function eventIn(text: string) {
  const message = JSON.parse(text) as Payload & { readonly payload?: Payload };
  const event = (message.payload ?? message).data?.generationEvents;
  if (event === undefined || event.__typename === 'GenerationFailed') failure = new Error(text.slice(0, 1000));
  return event;
}

/** @param guest what a subscriber does, given a function to leave with or without a close */
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

/** A subscriber that stays until the end. */
function staying(url: string, go: () => void): SocketOptions {
  let isOver = false;
  return {
    url,
    onNext(text) {
      if (eventIn(text)?.__typename === 'PartialImageReceived') partials += 1;
      onNews();
    },
    onEnd() {
      // The connection ends after its subscription; it is not counted twice.
      if (isOver) return;
      isOver = true;
      ended += 1;
      go();
      onNews();
    },
  };
}

/** A subscriber that leaves at the first partial image. */
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
  /** Starts a call for each order, with its subscribers. */
  async begin(url: string, orders: readonly Order[]): Promise<void> {
    callIds = await Promise.all(
      orders.map(async (order) => (await generate(url, promptOf(order) + MORE_WORDS)).callId),
    );
    traffic.calls += callIds.length;
    partials = 0;
    ended = 0;
    await Promise.all(callIds.map((callId) => beFollowed(url, callId)));
  },
  /**
   * Resolves when all remaining subscribers have this partial image (the first is 1). A resumed one already had the
   * first.
   */
  received: (partial: number) => until(() => partials >= callIds.length * (STAYING * partial - 1)),
  /** Resolves with the total traffic when all subscribers have left. Also queries the results of the calls. */
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
