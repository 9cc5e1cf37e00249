/**
 * A stand-in for OpenAI's image generation API, over real HTTP and server-sent events. This file is its only entry:
 * everything else in this folder is internal. README.md describes what it simulates.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ArtStyle, Painter } from './art/painting.ts';
import { asApiError } from './http/api-error.ts';
import type { SimulatorEvent } from './http/event-log.ts';
import { type Answer, type Exchange, type RecordedRequest, readBody } from './http/exchange.ts';
import { route } from './http/routes.ts';
import { writeEvents } from './http/sse.ts';
import { newId } from './ids.ts';
import { findScenario, SCENARIOS } from './scenarios/scenarios.ts';
import { type Counters, Upstream } from './upstream.ts';

export type { ArtStyle } from './art/painting.ts';
export type { SimulatorEvent } from './http/event-log.ts';
export type { RecordedRequest } from './http/exchange.ts';
export type { Counters } from './upstream.ts';

export interface SimulatorOptions {
  /** The address to listen on; 127.0.0.1 by default. */
  readonly host?: string;
  /** 0, the default, picks a free port. */
  readonly port?: number;
  /**
   * Milliseconds from a request to its finished image; 4000 by default. Partial images come at fractions of it.
   * 0 is as fast as it can draw. A marker in the prompt, `[sim:duration=800]`, overrides it.
   */
  readonly durationMs?: number;
  /** A scenario for every request; see scenarios/scenarios.ts. A marker in the prompt, `[sim:quota]`, overrides it. */
  readonly scenario?: string;
  /** `detailed`, the default, draws what the prompt says; `plain` draws coloured squares, forty times faster. */
  readonly art?: ArtStyle;
  /** Called with each request after its body was read. */
  readonly onRequest?: (request: RecordedRequest) => void;
  /** Called with each event as it happens, before faults of the connection change it. */
  readonly onEvent?: (event: SimulatorEvent, request: RecordedRequest) => void;
}

export interface Simulator {
  /** The base URL for a client; ends in `/v1`. Azure's endpoint is the same without it. */
  readonly url: string;
  /** Live counters. */
  readonly requests: Readonly<Counters>;
  /** Stops listening, stops all work and closes the remaining connections. */
  close(): Promise<void>;
}

/** The scenarios by name, each with a sentence on what it does. */
export function listScenarios(): readonly { readonly name: string; readonly description: string }[] {
  return Object.entries(SCENARIOS).map(([name, { description }]) => ({ name, description }));
}

/**
 * Starts a simulator.
 * @throws {Error} when the address is in use, or the scenario is unknown
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0, durationMs = 4000, scenario = null, art = 'detailed', onRequest } = options;
  if (scenario !== null) findScenario([scenario]);
  const paint = await loadPainter(art);
  const upstream = new Upstream({ durationMs, scenario, paint, onEvent: options.onEvent ?? (() => undefined) });
  const server = createServer((req, res) => {
    // If this rejects, no answer can be sent any more; only the connection is left to close.
    serve(upstream, req, res, onRequest).catch(() => res.destroy());
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}/v1`,
    requests: upstream.counters,
    async close() {
      const closed = once(server, 'close');
      server.close();
      upstream.store.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Loads only what the style needs: the fonts of `detailed` take a while to read. */
async function loadPainter(art: ArtStyle): Promise<Painter> {
  if (art === 'plain') return (await import('./art/rendering/plain.ts')).plainPainter();
  return (await import('./art/rendering/detailed.ts')).detailedPainter();
}

async function serve(
  upstream: Upstream,
  req: IncomingMessage,
  res: ServerResponse,
  onRequest: ((request: RecordedRequest) => void) | undefined,
): Promise<void> {
  const startedAt = performance.now();
  const requestId = newId('req');
  res.setHeader('x-request-id', requestId);
  res.setHeader('openai-version', '2020-10-01');
  const gone = new AbortController();
  res.on('close', () => {
    if (!res.writableFinished) gone.abort();
  });
  try {
    const path = req.url ?? '/';
    const exchange: Exchange = {
      requestId,
      method: req.method ?? 'GET',
      path,
      headers: req.headers,
      body: await readBody(req),
      url: new URL(path, 'http://simulator'),
      gone: gone.signal,
    };
    onRequest?.(exchange);
    const answer = await route(upstream, exchange);
    res.setHeader('openai-processing-ms', Math.round(performance.now() - startedAt));
    await send(res, answer);
  } catch (error) {
    if (res.destroyed) return;
    const known = asApiError(error);
    for (const [name, value] of Object.entries(known.headers)) res.setHeader(name, value);
    res.writeHead(known.status, { 'content-type': 'application/json' }).end(JSON.stringify(known.body));
  }
}

async function send(res: ServerResponse, answer: Answer): Promise<void> {
  switch (answer.kind) {
    case 'json': {
      const text = JSON.stringify(answer.body);
      res.writeHead(answer.status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
      if (!answer.wire?.cut) res.end(text);
      else res.write(text.slice(0, text.length / 2), () => res.destroy());
      return;
    }
    case 'events':
      res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
      res.flushHeaders();
      return writeEvents(res, answer.events, answer.wire);
    case 'page':
      res.writeHead(answer.status, { 'content-type': 'text/html' }).end(answer.html);
      return;
    case 'silence':
      res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      res.flushHeaders();
      return;
    case 'cut':
      res.destroy();
  }
}
