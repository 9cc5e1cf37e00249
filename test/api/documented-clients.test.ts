/** The clients that the documentation shows, over a network that cuts their connections, in Node. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServerHere } from '../support/app.ts';
import { data } from '../support/client.ts';
import { type ConnectionCutter, type Cut, type CutKind, startConnectionCutter } from '../support/connection-cutter.ts';
import { Gallery } from '../support/log-documents.ts';
import type { RunningServer } from '../support/server.ts';
import { DOCUMENTED_CLIENTS, type DocumentedClient } from '../support/snippets.ts';
import { callDetails, collect, generate, watchToEnd, watchViewer, within } from './steps.ts';

const ROOT = join(import.meta.dirname, '../..');
const PARTIALS = 3;

let server: RunningServer;
let cutter: ConnectionCutter;
beforeAll(async () => {
  server = await startServerHere({ env: { SIMULATOR_DURATION_MS: '400' } });
  cutter = await startConnectionCutter(server.url);
});
afterAll(async () => {
  await cutter?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

const WEB_SOCKETS = {
  'the WebSocket of Node': '',
  ws: "import { WebSocket as Ws } from 'ws';\nglobalThis.WebSocket = Ws as never;\n",
} as const;

/** What a module reports until it says that it has returned. It runs as its authors would: in a process of its own. */
async function reportsOf(code: string): Promise<readonly string[]> {
  const report = 'const report = (text: string) => void process.stdout.write(text + "\\n");\n';
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', report + code], { cwd: ROOT });
  let [out, errors] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  try {
    await within(25_000, 'the module to return', async () => {
      for await (const text of child.stdout.setEncoding('utf8')) {
        out += text;
        if (out.includes('returned\n')) return;
      }
      throw new Error(`the module ended early: ${out}\n${errors}`);
    });
  } finally {
    child.kill('SIGKILL');
  }
  return out.trim().split('\n').slice(0, -1);
}

const cuts = (...kinds: readonly CutKind[]): readonly Cut[] =>
  kinds.map((kind, index) => ({ afterEvents: 2 - (index % 2), kind }));

interface Played {
  readonly reported: readonly string[];
  readonly callId: string;
  readonly after: string;
}

/** Runs a documented client through the cuts. */
async function play(client: DocumentedClient, setUp: string, planned: readonly Cut[]): Promise<Played> {
  const { viewer } = await data(server.url, Gallery, {});
  const after = viewer.cursor ?? '';
  const options = { partialImages: PARTIALS };
  const { id: callId } = await generate(server.url, { prompt: `for ${client.name}`, options });
  cutter.cut(planned);
  const reported = await reportsOf(setUp + client.code(cutter.host, { callId, after }));
  expect(cutter.left(), 'cuts that did not happen').toBe(0);
  await watchToEnd(server.url, callId);
  return { reported, callId, after };
}

/** It has reported what there was to report: each once, and in order. */
async function checkReports({ name, reports }: DocumentedClient, { reported, callId, after }: Played): Promise<void> {
  expect(reported.length).toBeGreaterThan(0);
  if (reports === 'events') {
    const events = await collect(watchViewer(server.url, { after }), new Set(reported).size);
    expect(events.at(-1)?.__typename).toBe('GenerationCompleted');
    expect(reported).toEqual(events.map(({ cursor }) => cursor));
    return;
  }
  const { partialImages, images } = await callDetails(server.url, callId);
  const pathOf = (url: string) => new URL(url).pathname;
  // The gallery shows finished images only.
  const shown = name.includes('gallery') ? images : [...partialImages, ...images];
  expect(reported.map(pathOf)).toEqual(shown.map(({ url }) => pathOf(url)));
}

describe.each(Object.entries(WEB_SOCKETS))('with %s', (name, setUp) => {
  it.each(DOCUMENTED_CLIENTS.filter(({ transport }) => transport === 'WebSocket' || name === 'ws'))(
    'promise 2: $name shows everything once, in order, over connections that are cut',
    async (client) => {
      await checkReports(client, await play(client, setUp, cuts('reset', 'inside an event', 'end')));
    },
  );
});

it.each(DOCUMENTED_CLIENTS.filter(({ transport, name }) => transport === 'WebSocket' && !name.includes('credentials')))(
  'promise 2: $name shows everything once after an orderly close, behind which graphql-ws subscribes again by itself',
  async (client) => {
    await checkReports(client, await play(client, WEB_SOCKETS.ws, cuts('close frame')));
  },
);

it('a client that retries by itself gets its events again: the documented ones must not', async () => {
  const repeating: DocumentedClient = {
    name: 'graphql-ws as it is',
    reports: 'events',
    transport: 'WebSocket',
    code: (host, { after }) => `
import { createClient } from 'graphql-ws';
const client = createClient({ url: 'ws://${host}/graphql', retryWait: async () => {} });
const query = 'subscription ($after: String) { viewerEvents(after: $after) { __typename cursor } }';
for await (const { data } of client.iterate<any>({ query, variables: { after: ${JSON.stringify(after)} } })) {
  report(data.viewerEvents.cursor);
  if (data.viewerEvents.__typename === 'GenerationCompleted') break;
}
report('returned');`,
  };
  const { reported } = await play(repeating, WEB_SOCKETS.ws, cuts('reset'));
  expect(reported.length).toBeGreaterThan(new Set(reported).size);
});
