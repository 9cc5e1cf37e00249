/** The OpenAI provider keeps the contract of every image provider, against an upstream that is scripted. */
import {
  describeImageProvider,
  IMAGE,
  type OpenedProvider,
  PARTIALS,
  RESPONSE_ID,
  type UpstreamBehaviour,
} from '../contract/image-provider.ts';
import {
  errorReply,
  type Json,
  jsonReply,
  keptStream,
  type RecordedRequest,
  type Reply,
  recordedEvents,
  sse,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import { providerFor } from './run.ts';

const EVENTS = recordedEvents({ responseId: RESPONSE_ID, pictures: [{ bytes: IMAGE, partials: PARTIALS }] });
const FINAL_IMAGE = EVENTS.findIndex(({ type }) => type === 'response.image_generation_call.completed');
const UNTIL_PARTIALS = EVENTS.slice(0, FINAL_IMAGE);

const COMPLETED = documentOf(EVENTS.at(-1));
const IN_PROGRESS = documentOf(EVENTS[0]);

function documentOf(event: Json | undefined): Json {
  const response = event?.['response'];
  return typeof response === 'object' && response !== null ? { ...response } : {};
}

interface Behaviour {
  /** Null where the whole response is streamed. */
  readonly create: Reply | null;
  /** In turn; the last one is repeated. */
  readonly retrieve: Reply | readonly Reply[];
  readonly cancel: Reply;
}

const UNKNOWN = errorReply(404, { message: `Response with id '${RESPONSE_ID}' not found.` });
const REJECTED = errorReply(400, { type: 'invalid_request_error', message: 'Invalid size.', param: 'size' });

const FINISHED: Behaviour = {
  create: null,
  retrieve: jsonReply(COMPLETED),
  cancel: jsonReply(COMPLETED),
};

const BEHAVIOURS: Readonly<Record<UpstreamBehaviour, Behaviour>> = {
  completes: FINISHED,
  'loses-connection': FINISHED,
  hangs: {
    create: streamReply(UNTIL_PARTIALS, { ending: 'hang' }),
    retrieve: jsonReply(IN_PROGRESS),
    cancel: jsonReply({ ...IN_PROGRESS, status: 'cancelled' }),
  },
  rejects: { create: REJECTED, retrieve: UNKNOWN, cancel: UNKNOWN },
  forgets: { create: REJECTED, retrieve: UNKNOWN, cancel: UNKNOWN },
  'takes-its-time': {
    create: jsonReply({ ...IN_PROGRESS, status: 'queued' }),
    retrieve: [jsonReply({ ...IN_PROGRESS, status: 'queued' }), jsonReply(COMPLETED)],
    cancel: UNKNOWN,
  },
};

function isCreate({ method, path }: RecordedRequest): boolean {
  return method === 'POST' && path === '/v1/responses';
}

async function open(behaviour: UpstreamBehaviour): Promise<OpenedProvider> {
  const replies = BEHAVIOURS[behaviour];
  const cuts = behaviour === 'loses-connection' ? [Buffer.byteLength(UNTIL_PARTIALS.map(sse).join(''))] : [];
  const stream = keptStream({ events: EVENTS, cuts });
  const looks = [replies.retrieve].flat();
  const nextLook = () => (looks.length > 1 ? looks.shift() : looks[0]) ?? UNKNOWN;
  const upstream = await startScriptedUpstream((request) => {
    if (request.path.endsWith('/cancel')) return replies.cancel;
    const isStreamed = isCreate(request) || request.path.includes('stream=true');
    if (!isStreamed) return nextLook();
    if (replies.create === null) return stream(request);
    return isCreate(request) ? replies.create : nextLook();
  });
  return {
    provider: providerFor(upstream.baseURL),
    creates: () => upstream.requests.filter(isCreate).length,
    close: () => upstream.close(),
  };
}

describeImageProvider('the OpenAI provider', open);
