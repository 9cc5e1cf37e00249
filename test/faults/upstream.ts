/** The upstream of the faults: the simulator behind a wire that a test steers, with a record of what it was asked and sent. */
import { type Simulator, type SimulatorEvent, startSimulator } from '../../src/simulator/simulator.ts';
import { sha256, within } from '../api/steps.ts';
import {
  type SteeredWire,
  startSteeredWire,
  type WireEvent,
  type WireRequest,
  type WireSteering,
} from '../support/steered-wire.ts';

/** The hashes of what one response sent: pictures by item, stages by item and number. */
export interface SentPictures {
  readonly images: ReadonlyMap<string, string>;
  readonly partials: ReadonlyMap<string, string>;
}

/** Something on the wire that waits for the test. */
export interface Hold {
  /** Resolves when it has come; fails when it does not come in time. */
  reached(): Promise<void>;
  /** Lets it go on. */
  open(): void;
}

export interface FaultUpstream extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly wire: SteeredWire;
  /** What was sent, by the id of the response. */
  readonly sent: ReadonlyMap<string, SentPictures>;
  /** The creates that came over the wire whose input has these words. */
  createsOf(words: string): readonly WireRequest[];
  /** Holds the first event that matches until it is opened, or its connection is gone. */
  holdEvent(matches: (event: WireEvent, request: WireRequest) => boolean): Hold;
  /** Holds the first request that matches in the same way, before the upstream sees it. */
  holdRequest(matches: (request: WireRequest) => boolean): Hold;
  /** How the wire behaves besides; what was set before no longer counts. */
  steer(steering: WireSteering): void;
}

const REACH_TIMEOUT_MS = 30_000;

interface Held<T> {
  readonly matches: T;
  readonly reach: () => void;
  readonly opened: Promise<void>;
}

export async function startFaultUpstream(options: { readonly durationMs?: number } = {}): Promise<FaultUpstream> {
  const sent = new Map<string, { images: Map<string, string>; partials: Map<string, string> }>();
  /** The response that a create was answered with, by the simulator's id of the request. */
  const responses = new Map<string, string>();
  const heldEvents: Held<(event: WireEvent, request: WireRequest) => boolean>[] = [];
  const heldRequests: Held<(request: WireRequest) => boolean>[] = [];
  let steering: WireSteering = {};

  const simulator = await startSimulator({
    art: 'plain',
    durationMs: options.durationMs ?? 0,
    onEvent: (event, { requestId }) => {
      const created = event.type === 'response.created' ? idOf(event['response']) : undefined;
      if (created !== undefined) responses.set(requestId, created);
      keep(event, responses.get(requestId) ?? '');
    },
  });

  function keep(event: SimulatorEvent, responseId: string): void {
    const of = sent.get(responseId) ?? { images: new Map(), partials: new Map() };
    sent.set(responseId, of);
    const stage = event['partial_image_b64'];
    if (typeof stage === 'string') {
      of.partials.set(`${event['item_id']}/${event['partial_image_index']}`, hashOf(stage));
    }
    const item = event['item'];
    if (typeof item === 'object' && item !== null && 'result' in item && typeof item.result === 'string') {
      of.images.set(String(idOf(item)), hashOf(item.result));
    }
  }

  async function wait<T>(held: Held<T>[], isIt: (matches: T) => boolean, closed: Promise<void>): Promise<void> {
    const index = held.findIndex(({ matches }) => isIt(matches));
    if (index === -1) return;
    const [it] = held.splice(index, 1);
    it?.reach();
    await Promise.race([it?.opened, closed]);
  }

  const wire = await startSteeredWire(simulator.url, {
    onRequest: async (request) => {
      await wait(heldRequests, (matches) => matches(request), request.closed);
      return steering.onRequest?.(request) ?? null;
    },
    onEvent: async (event, request) => {
      await wait(heldEvents, (matches) => matches(event, request), request.closed);
      return steering.onEvent?.(event, request) ?? null;
    },
    cutAfter: (request) => steering.cutAfter?.(request) ?? null,
  });

  function hold<T>(held: Held<T>[], matches: T): Hold {
    const reached = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<void>();
    const it = { matches, reach: reached.resolve, opened: opened.promise };
    held.push(it);
    const arrived = () => within(REACH_TIMEOUT_MS, 'what the test holds to come', () => reached.promise);
    const open = () => {
      opened.resolve();
      // What never came shall not take what another one waits for.
      const index = held.indexOf(it);
      if (index !== -1) held.splice(index, 1);
    };
    return { reached: arrived, open };
  }

  return {
    simulator,
    wire,
    sent,
    createsOf: (words) => wire.requests.filter((request) => isCreate(request) && speaksOf(request, words)),
    holdEvent: (matches) => hold(heldEvents, matches),
    holdRequest: (matches) => hold(heldRequests, matches),
    steer(next) {
      steering = next;
    },
    async [Symbol.asyncDispose]() {
      await wire.close();
      await simulator.close();
    },
  };
}

export function isCreate({ method, path }: Pick<WireRequest, 'method' | 'path'>): boolean {
  return method === 'POST' && path === '/v1/responses';
}

export function isResume({ method, path }: Pick<WireRequest, 'method' | 'path'>): boolean {
  return method === 'GET' && path.includes('stream=true');
}

/** Whether it asks how a response stands, and not for its stream. */
export function isRetrieve({ method, path }: Pick<WireRequest, 'method' | 'path'>): boolean {
  return method === 'GET' && path.startsWith('/v1/responses/') && !path.includes('stream=true');
}

export function isCancel({ method, path }: Pick<WireRequest, 'method' | 'path'>): boolean {
  return method === 'POST' && path.endsWith('/cancel');
}

export function speaksOf({ body }: Pick<WireRequest, 'body'>, words: string): boolean {
  return JSON.stringify(body['input'] ?? '').includes(words);
}

/** Whether the event carries the stage of this number. */
export function isPartial(event: WireEvent, index: number): boolean {
  return event.type.endsWith('.partial_image') && event.data['partial_image_index'] === index;
}

/** Whether the event carries the finished picture. */
export function isFinal({ type, data }: WireEvent): boolean {
  const item = data['item'];
  const result = typeof item === 'object' && item !== null && 'result' in item ? item.result : null;
  return type === 'response.output_item.done' && typeof result === 'string';
}

function idOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : undefined;
}

function hashOf(base64: string): string {
  return sha256(Buffer.from(base64, 'base64'));
}
