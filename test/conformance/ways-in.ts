/** The eight ways in which an operation reaches the server, each over a real connection. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { picture, within } from '../api/steps.ts';
import { UPLOAD_HEADERS } from '../support/upload.ts';

export interface Operation {
  /** Left out: a known document, named in the extensions. */
  readonly query?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface Credentials {
  readonly headers?: Readonly<Record<string, string>>;
  readonly connectionParams?: Readonly<Record<string, string>>;
}

/** A result as it arrived. */
export interface Payload {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[];
}

export interface Outcome {
  /** Of HTTP; null over WebSocket. */
  readonly status: number | null;
  /** One for a query or a mutation, one per event for a subscription; one with errors for what was refused. */
  readonly payloads: readonly Payload[];
}

export interface WayIn {
  readonly name: string;
  readonly transport: 'HTTP' | 'WebSocket';
  readonly type: 'query' | 'mutation' | 'subscription';
  /** The document of an operation that succeeds; `selection` is added to what it selects. */
  document(selection?: string): string;
  send(url: string, operation: Operation, credentials?: Credentials): Promise<Outcome>;
}

/** The data of the only payload, in the shape that its document asks for. */
export function dataOf<Data>(outcome: Outcome | undefined): Data {
  const [payload, ...more] = outcome?.payloads ?? [];
  if (payload?.data == null || more.length > 0) throw new Error(`this is no one result: ${JSON.stringify(outcome)}`);
  // The caller names the shape.
  return payload.data as Data;
}

const DOCUMENTS = {
  query: (selection = '') => `query { viewer { principal ${selection} } }`,
  // It finds no such call, which is an expected error and changes nothing.
  mutation: (selection = '') => `mutation { cancelGeneration(input: { callId: "none" }) { __typename ${selection} } }`,
  upload: (selection = '') =>
    `mutation ($file: Upload!) { uploadImage(input: { file: $file }) { __typename ${selection} } }`,
  subscription: (selection = '') =>
    `subscription ($callId: ID!) { generationEvents(callId: $callId) { sequence ${selection} } }`,
};

/** More than a small body has. */
const PADDING = 'x'.repeat(120_000);
const LIMIT_MS = 15_000;

export const WAYS_IN: readonly WayIn[] = [
  { name: 'small JSON POST', transport: 'HTTP', type: 'query', document: DOCUMENTS.query, send: postJson },
  {
    name: 'large POST',
    transport: 'HTTP',
    type: 'query',
    document: DOCUMENTS.query,
    send: (url, operation, credentials) =>
      postJson(url, { ...operation, extensions: { ...operation.extensions, PADDING } }, credentials),
  },
  { name: 'GET', transport: 'HTTP', type: 'query', document: DOCUMENTS.query, send: get },
  { name: 'multipart', transport: 'HTTP', type: 'mutation', document: DOCUMENTS.upload, send: postMultipart },
  { name: 'SSE', transport: 'HTTP', type: 'subscription', document: DOCUMENTS.subscription, send: subscribeSse },
  {
    name: 'WebSocket query',
    transport: 'WebSocket',
    type: 'query',
    document: DOCUMENTS.query,
    send: overWebSocket,
  },
  {
    name: 'WebSocket mutation',
    transport: 'WebSocket',
    type: 'mutation',
    document: DOCUMENTS.mutation,
    send: overWebSocket,
  },
  {
    name: 'WebSocket subscription',
    transport: 'WebSocket',
    type: 'subscription',
    document: DOCUMENTS.subscription,
    send: overWebSocket,
  },
];

const ACCEPT = 'application/graphql-response+json';

async function postJson(url: string, operation: Operation, { headers = {} }: Credentials = {}): Promise<Outcome> {
  return outcomeOf(
    await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: ACCEPT, ...headers },
      body: JSON.stringify(operation),
    }),
  );
}

async function get(url: string, operation: Operation, { headers = {} }: Credentials = {}): Promise<Outcome> {
  const address = new URL(`${url}/graphql`);
  for (const [name, value] of Object.entries(operation)) {
    address.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return outcomeOf(await fetch(address, { headers: { accept: ACCEPT, ...headers } }));
}

async function postMultipart(url: string, operation: Operation, { headers = {} }: Credentials = {}): Promise<Outcome> {
  const form = new FormData();
  form.append('operations', JSON.stringify({ ...operation, variables: { ...operation.variables, file: null } }));
  form.append('map', JSON.stringify({ 0: ['variables.file'] }));
  form.append('0', new Blob([new Uint8Array(await picture('#336699'))]), 'picture.png');
  return outcomeOf(
    await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { accept: ACCEPT, ...UPLOAD_HEADERS, ...headers },
      body: form,
    }),
  );
}

async function subscribeSse(url: string, operation: Operation, { headers = {} }: Credentials = {}): Promise<Outcome> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(operation),
  });
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return outcomeOf(response);
  const payloads = (await response.text()).split('\n\n').flatMap((event) => {
    const [, json] = /^(?:id: .+\n)?event: next\ndata: (.+)$/u.exec(event) ?? [];
    return json === undefined ? [] : [JSON.parse(json)];
  });
  return { status: response.status, payloads };
}

async function outcomeOf(response: Response): Promise<Outcome> {
  const text = await response.text();
  return { status: response.status, payloads: text === '' ? [] : [JSON.parse(text)] };
}

function overWebSocket(
  url: string,
  { query = '', ...rest }: Operation,
  credentials: Credentials = {},
): Promise<Outcome> {
  const { headers = {}, connectionParams } = credentials;
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
  return within(LIMIT_MS, 'the end of an operation over WebSocket', async () => {
    try {
      const payloads: Payload[] = [];
      await new Promise<void>((resolve, reject) => {
        socket.on('error', reject);
        socket.on('close', (code, reason) => reject(new Error(`closed with ${code} ${reason}`)));
        socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: connectionParams })));
        socket.on('message', (data) => {
          const { type, payload } = JSON.parse(String(data));
          if (type === 'connection_ack') {
            socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, ...rest } }));
          } else if (type === 'next') payloads.push(payload);
          else if (type === 'error') resolve(void payloads.push({ errors: payload }));
          else if (type === 'complete') resolve();
        });
      });
      return { status: null, payloads };
    } finally {
      socket.removeAllListeners('close').terminate();
      if (socket.readyState !== WebSocket.CLOSED) await once(socket, 'close');
    }
  });
}
