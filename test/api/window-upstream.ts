/**
 * An upstream that takes hours: a request with a completion window is answered with a document that says that it is
 * queued, and stays so until the test finishes it. Other requests are streamed at once.
 */
import {
  errorReply,
  type Json,
  jsonReply,
  type RecordedRequest,
  type Reply,
  recordedEvents,
  type ScriptedUpstream,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import { picture } from './steps.ts';

const BYTES = await picture('teal');

export interface WindowUpstream extends ScriptedUpstream {
  /** The responses so far, in the order in which they were created. */
  readonly responseIds: readonly string[];
  /** The requests for the status of a response with a window. */
  looks(): readonly RecordedRequest[];
  cancels(): readonly RecordedRequest[];
  creates(): readonly RecordedRequest[];
  /** From now on every response has ended with its image. */
  finish(): void;
}

export interface WindowUpstreamOptions {
  /** Answers a create request in place of the upstream; null leaves it to the upstream. `nth` counts them from 0. */
  readonly answer?: (request: RecordedRequest, nth: number) => Reply | null;
  /** Answers a look in place of the upstream; null leaves it to the upstream. `nth` counts them from 0. */
  readonly look?: (nth: number) => Reply | null;
}

export async function startWindowUpstream({
  answer = () => null,
  look = () => null,
}: WindowUpstreamOptions = {}): Promise<WindowUpstream> {
  const responseIds: string[] = [];
  const cancelled = new Set<string>();
  let isFinished = false;
  let creates = 0;
  let looks = 0;

  function replyToCreate(request: RecordedRequest): Reply {
    const own = answer(request, creates);
    creates += 1;
    if (own !== null) return own;
    const id = `resp_${responseIds.length}`;
    responseIds.push(id);
    if (request.body['background_options'] === undefined) return streamReply(eventsOf(id));
    return jsonReply(documentOf(id, 'queued'));
  }

  const upstream = await startScriptedUpstream((request) => {
    if (isCreate(request)) return replyToCreate(request);
    const [, id = '', action] = /^\/v1\/responses\/([^/?]+)(?:\/(\w+))?/u.exec(request.path) ?? [];
    if (!responseIds.includes(id)) return errorReply(404, { message: `Response with id '${id}' not found.` });
    if (action === 'cancel') {
      cancelled.add(id);
      return jsonReply(documentOf(id, 'cancelled'));
    }
    const own = look(looks);
    looks += 1;
    if (own !== null) return own;
    if (cancelled.has(id)) return jsonReply(documentOf(id, 'cancelled'));
    return jsonReply(isFinished ? documentOf(id, 'completed') : documentOf(id, 'queued'));
  });
  return {
    ...upstream,
    responseIds,
    looks: () => upstream.requests.filter(({ method }) => method === 'GET'),
    cancels: () => upstream.requests.filter(({ path }) => path.endsWith('/cancel')),
    creates: () => upstream.requests.filter(isCreate),
    finish() {
      isFinished = true;
    },
  };
}

function isCreate({ method, path }: RecordedRequest): boolean {
  return method === 'POST' && path === '/v1/responses';
}

function eventsOf(responseId: string): readonly Json[] {
  return recordedEvents({ responseId, pictures: [{ bytes: BYTES, itemId: `ig_${responseId}` }] });
}

/** The response as a document. */
export function documentOf(id: string, status: 'queued' | 'completed' | 'cancelled'): Json {
  const events = eventsOf(id);
  const response = (status === 'completed' ? events.at(-1) : events[0])?.['response'];
  return { ...(typeof response === 'object' ? response : {}), status, background: true };
}
