/** The upstream of the fault tests: the simulator behind a proxy, with a record of its requests and of what it sent. */
import { type Simulator, type SimulatorEvent, startSimulator } from '../../src/simulator/simulator.ts';
import { sha256 } from '../api/steps.ts';
import {
  type FaultProxy,
  type ProxiedEvent,
  type ProxiedRequest,
  type ProxyBehavior,
  startFaultProxy,
} from '../support/fault-proxy.ts';
import { type Hold, HoldQueue } from './holds.ts';

/** The hashes of what one response sent: images by item, partial images by item and index. */
export interface SentPictures {
  readonly images: ReadonlyMap<string, string>;
  readonly partials: ReadonlyMap<string, string>;
}

export interface FaultUpstream extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly proxy: FaultProxy;
  /** What was sent, by the id of the response. */
  readonly sent: ReadonlyMap<string, SentPictures>;
  /** The creates whose input contains these words. */
  createsOf(words: string): readonly ProxiedRequest[];
  /** Holds the first matching event until it is opened or its connection closes. */
  holdEvent(matches: (event: ProxiedEvent, request: ProxiedRequest) => boolean): Hold;
  /** Holds the first matching request in the same way, before the upstream receives it. */
  holdRequest(matches: (request: ProxiedRequest) => boolean): Hold;
  /** Replaces the behavior of the proxy. */
  setBehavior(behavior: ProxyBehavior): void;
}

export async function startFaultUpstream(options: { readonly durationMs?: number } = {}): Promise<FaultUpstream> {
  const sent = new Map<string, { images: Map<string, string>; partials: Map<string, string> }>();
  /** The response id of a create, by the simulator's id of the request. */
  const responses = new Map<string, string>();
  const events = new HoldQueue<(event: ProxiedEvent, request: ProxiedRequest) => boolean>();
  const requests = new HoldQueue<(request: ProxiedRequest) => boolean>();
  let behavior: ProxyBehavior = {};

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
    const partial = event['partial_image_b64'];
    if (typeof partial === 'string') {
      of.partials.set(`${event['item_id']}/${event['partial_image_index']}`, hashOf(partial));
    }
    const item = event['item'];
    if (typeof item === 'object' && item !== null && 'result' in item && typeof item.result === 'string') {
      of.images.set(String(idOf(item)), hashOf(item.result));
    }
  }

  const proxy = await startFaultProxy(simulator.url, {
    onRequest: async (request) => {
      await requests.pass((matches) => matches(request), request.closed);
      return behavior.onRequest?.(request) ?? null;
    },
    onEvent: async (event, request) => {
      await events.pass((matches) => matches(event, request), request.closed);
      return behavior.onEvent?.(event, request) ?? null;
    },
    cutAfter: (request) => behavior.cutAfter?.(request) ?? null,
  });

  return {
    simulator,
    proxy,
    sent,
    createsOf: (words) => proxy.requests.filter((request) => isCreate(request) && speaksOf(request, words)),
    holdEvent: (matches) => events.hold(matches),
    holdRequest: (matches) => requests.hold(matches),
    setBehavior(next) {
      behavior = next;
    },
    async [Symbol.asyncDispose]() {
      await proxy.close();
      await simulator.close();
    },
  };
}

export function isCreate({ method, path }: Pick<ProxiedRequest, 'method' | 'path'>): boolean {
  return method === 'POST' && path === '/v1/responses';
}

export function isResume({ method, path }: Pick<ProxiedRequest, 'method' | 'path'>): boolean {
  return method === 'GET' && path.includes('stream=true');
}

/** Whether it retrieves a response without its stream. */
export function isRetrieve({ method, path }: Pick<ProxiedRequest, 'method' | 'path'>): boolean {
  return method === 'GET' && path.startsWith('/v1/responses/') && !path.includes('stream=true');
}

export function isCancel({ method, path }: Pick<ProxiedRequest, 'method' | 'path'>): boolean {
  return method === 'POST' && path.endsWith('/cancel');
}

export function speaksOf({ body }: Pick<ProxiedRequest, 'body'>, words: string): boolean {
  return JSON.stringify(body['input'] ?? '').includes(words);
}

/** Whether the event contains the partial image with this index. */
export function isPartial(event: ProxiedEvent, index: number): boolean {
  return event.type.endsWith('.partial_image') && event.data['partial_image_index'] === index;
}

/** Whether the event contains the finished image. */
export function isFinal({ type, data }: ProxiedEvent): boolean {
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
