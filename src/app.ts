/**
 * The composition root: opens every part, wires them, starts; and stops in the reverse order. The only importer of the
 * schema and of the drivers.
 */
import { mkdirSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { uuidv7 } from 'uuidv7';
import type { Context } from '../schema/context.ts';
import { encodeGlobalId } from '../schema/global-id.ts';
import { schema } from '../schema/index.ts';
import { openFileBlobs } from './blobs/file-blobs.ts';
import { inspectPicture, NotAPictureError, thumbhash, toPng } from './blobs/inspect.ts';
import { type Config, isLoopback } from './config.ts';
import { findPicture } from './db/pictures.ts';
import { createReader } from './db/reader.ts';
import { openSqlite } from './db/sqlite.ts';
import type { UpstreamInfo } from './domain/upstream.ts';
import { createGenerations } from './engine/generations.ts';
import { createPictures } from './engine/pictures.ts';
import { createTransitions } from './engine/transitions.ts';
import { createWorker } from './engine/worker.ts';
import { createEventStreams } from './events/event-streams.ts';
import { createWakeups } from './events/wakeup.ts';
import { graphiqlOptions } from './http/graphiql.ts';
import { createGraphqlServer } from './http/graphql.ts';
import { createImagesHandler } from './http/images.ts';
import { createOriginCheck } from './http/origins.ts';
import { createHttpServer, listen } from './http/server.ts';
import { serveWebSocket } from './http/websocket.ts';
import { createOpenAiProvider } from './provider/openai/openai-provider.ts';
import { createInProcessQueue } from './queue/in-process.ts';

/** The owner of everything until there is authentication. */
const LOCAL_PRINCIPAL = 'local';
/** How long a lost wake-up can go unnoticed. */
const POLL_MS = 5_000;
/** A base64 string of 48 MB of picture: far beyond what any model sends. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
/** Longer than any pause of a stream that is alive. */
const TEMPORARY_FILE_GRACE_MS = 60 * 60 * 1000;

export interface App {
  /** Reaches the server from this machine; no slash at the end. */
  readonly url: string;
  readonly upstream: UpstreamInfo;
  /** Takes no more work, waits for what runs, closes everything. The same promise when called again. */
  close(): Promise<void>;
}

/**
 * Starts the server.
 * @throws {DatabaseOpenError} {BlobWriteError} {ListenError} each with one line for the operator
 */
export async function startApp(config: Config, logger: Logger): Promise<App> {
  await using opened = new AsyncDisposableStack();
  const now = () => new Date().toISOString();
  const stopping = new AbortController();

  const dataDir = resolve(config.dataDir);
  mkdirSync(dataDir, { recursive: true });
  const blobs = await openFileBlobs({ directory: join(dataDir, 'blobs') });
  const db = await openSqlite(join(dataDir, 'darkroom.sqlite'));
  opened.defer(() => db.destroy());

  const { baseUrl, identity } = await openUpstream(config, opened);
  const { kind, model, imageModel, apiKey, idleTimeoutMs } = config.upstream;
  const upstream: UpstreamInfo = { kind, model, imageModel };

  const wakeups = createWakeups();
  const transitions = createTransitions({ db, wakeups, now });
  const inspect = {
    facts: inspectPicture,
    thumbhash,
    toPng,
    isNotAPicture: (error: unknown) => error instanceof NotAPictureError,
  };
  const pictures = createPictures({ db, blobs, inspect, logger });
  const worker = createWorker({
    db,
    transitions,
    pictures,
    provider: createOpenAiProvider({
      apiKey,
      baseURL: baseUrl,
      model,
      imageModel,
      idleTimeoutMs,
      firstByteTimeoutMs: idleTimeoutMs,
      maxLineBytes: MAX_LINE_BYTES,
    }),
    upstream: identity,
    signal: stopping.signal,
    now,
    newId: uuidv7,
    logger,
  });
  const queue = createInProcessQueue({ concurrency: config.concurrency, run: worker.run });
  opened.defer(async () => {
    const deadline = setTimeout(() => stopping.abort(new Error('the server is stopping')), config.drainTimeoutMs);
    await queue.drain();
    clearTimeout(deadline);
  });
  const generations = createGenerations({ db, transitions, queue, now, newId: uuidv7 });
  const eventStreams = createEventStreams({ db, wakeups, pollMs: POLL_MS });

  const contextFor = (request: IncomingMessage): Context => ({
    principal: LOCAL_PRINCIPAL,
    origin: config.publicUrl ?? `http://${request.headers.host ?? 'localhost'}`,
    reader: createReader(db, LOCAL_PRINCIPAL),
    generations,
    eventStreams,
    pictures,
    upstream,
  });
  const isAllowedOrigin = createOriginCheck({ allowed: config.allowedOrigins, onLoopback: isLoopback(config.host) });
  const graphql = createGraphqlServer({ schema, contextFor, graphiqlFor, isAllowedOrigin, logger });
  const images = createImagesHandler({
    blobs,
    find: (principal, id) => findPicture(db, principal, id),
    principalOf: () => LOCAL_PRINCIPAL,
    report: (error) => logger.error({ err: error }, 'an image could not be served'),
  });
  const readiness = {
    database: async () => void (await db.selectFrom('calls').select('id').limit(1).execute()),
    blobs: () => blobs.check(),
  };
  const server = createHttpServer({ graphql, images, readiness, isAllowedOrigin, logger });
  const closeSockets = serveWebSocket({ server, graphql, isAllowedOrigin });

  async function graphiqlFor(request: IncomingMessage) {
    const { reader } = contextFor(request);
    const newest = { limit: 1, inverted: false, direction: 'DESC' } as const;
    const [[call], [image]] = await Promise.all([reader.calls({}, newest), reader.images({}, newest)]);
    return graphiqlOptions({
      callId: call === undefined ? null : encodeGlobalId('GenerationCall', call.id),
      imageId: image === undefined ? null : encodeGlobalId('Image', image.id),
    });
  }

  const url = await listen(server, config.host, config.port);
  opened.defer(async () => {
    server.close();
    await closeSockets();
    server.closeAllConnections();
  });
  for (const callId of await worker.recover()) queue.enqueue(callId);
  blobs.sweepTemporary(TEMPORARY_FILE_GRACE_MS).catch((error: unknown) => {
    logger.warn({ err: error }, 'what an earlier process left half-written could not be removed');
  });

  const everything = opened.move();
  let closing: Promise<void> | undefined;
  return {
    url,
    upstream,
    close() {
      closing ??= everything.disposeAsync();
      return closing;
    },
  };
}

/** Where the upstream is, and the name under which its ids are kept; the simulator is started when it is meant. */
async function openUpstream(config: Config, opened: AsyncDisposableStack) {
  const { kind, baseUrl } = config.upstream;
  if (kind !== 'SIMULATOR') return { baseUrl, identity: baseUrl ?? 'openai' };
  const { startSimulator } = await import('./simulator/simulator.ts');
  const { port, durationMs, scenario } = config.simulator;
  const simulator = await startSimulator({ port, durationMs, ...(scenario === null ? {} : { scenario }) });
  opened.defer(() => simulator.close());
  return { baseUrl: simulator.url, identity: 'simulator' };
}
