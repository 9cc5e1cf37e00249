/**
 * The composition root: opens every part, wires them, starts; and stops in the reverse order. The only importer of the
 * schema and of the drivers.
 */
import { mkdirSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import { uuidv7 } from 'uuidv7';
import type { Context } from '../../schema/context.ts';
import { encodeGlobalId } from '../../schema/global-id.ts';
import { schema } from '../../schema/index.ts';
import type { Authenticate } from '../auth/authenticate.ts';
import { authenticateNobody } from '../auth/drivers/none.ts';
import { createLedger } from '../billing/ledger.ts';
import { openFileBlobStore } from '../blobs/drivers/fs/blob-store.ts';
import { checkFreeSpace } from '../blobs/drivers/fs/free-space.ts';
import { withRecentCache } from '../blobs/recent-cache.ts';
import { createEstimates } from '../commands/estimate.ts';
import { createUploads } from '../commands/upload.ts';
import { createRequestValidator } from '../commands/validate.ts';
import { type Config, isLoopback } from '../config/config.ts';
import type { UpstreamConfig } from '../config/upstream.ts';
import type { Database } from '../db/database.ts';
import { openDurableLog } from '../db/drivers/sqlite/durable-log.ts';
import { openSqlite } from '../db/drivers/sqlite/open.ts';
import { findPicture } from '../db/queries/image-files.ts';
import { createReader } from '../db/reader.ts';
import { dataUriOf } from '../domain/data-uri.ts';
import { modelFor } from '../domain/models/catalogue.ts';
import type { UpstreamInfo } from '../domain/upstream.ts';
import { createInProcessNotifier } from '../events/drivers/in-process/notifier.ts';
import { deliverOneAtATime } from '../events/one-at-a-time.ts';
import type { EventStreams } from '../events/streams.ts';
import { graphiqlOptions } from '../graphql/graphiql.ts';
import { createGraphqlServer } from '../graphql/server.ts';
import type { ServerContext } from '../graphql/server-context.ts';
import { serveWebSocket } from '../graphql/transports/ws/server.ts';
import { createImagesHandler } from '../http/images.ts';
import { createOriginCheck } from '../http/origins.ts';
import { createHttpServer, listen, stopServing } from '../http/server.ts';
import { toAlphaMask } from '../images/mask.ts';
import { createMaskService } from '../images/mask-service.ts';
import { NotAPictureError, probeImage, thumbhash, toPng } from '../images/probe.ts';
import { createImageService } from '../images/service.ts';
import { validateUpload } from '../images/validate.ts';
import { createLimiter } from '../lib/limiter.ts';
import { createBlobGarbageCollector } from '../maintenance/blob-garbage.ts';
import { acquireLease, assertNotInUse, type Lease } from '../maintenance/lease.ts';
import { createLazyProvider } from '../provider/lazy-provider.ts';
import { createInProcessQueue } from '../queue/drivers/in-process/work-queue.ts';
import { createEngine } from './engine.ts';

/** A base64 string of 48 MB of picture: far beyond what any model sends. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
/** How long a lost notification can go unnoticed. */
const NOTIFIER_POLL_MS = 5_000;
/** What is not needed for the first answers is loaded behind them. */
const FIRST_REQUESTS_MS = 500;

export interface App {
  /** Reaches the server from this machine; no slash at the end. */
  readonly url: string;
  readonly upstream: UpstreamInfo;
  /** Aborts when another server has taken this one's place; its reason is an Error with one line for the operator. */
  readonly lost: AbortSignal;
  /** Takes no more work, leaves or waits for what runs, closes everything. The same promise when called again. */
  close(): Promise<void>;
}

/** What a deployment or a test adds to the server. */
export interface AppExtensions {
  /** Plugins of Yoga or Envelop; docs/plugins.md says what they can rely on. */
  readonly plugins?: readonly Plugin[];
  /** Left out: no authentication, one principal owns everything. */
  readonly authenticate?: Authenticate;
}

/**
 * Starts the server.
 * @throws {DatabaseOpenError} {DataInUseError} {BlobWriteError} {ListenError} each with one line for the operator
 */
export async function startApp(config: Config, logger: Logger, extensions: AppExtensions = {}): Promise<App> {
  const { plugins = [], authenticate = authenticateNobody } = extensions;
  await using opened = new AsyncDisposableStack();
  const nowMs = Date.now;
  const stopping = new AbortController();

  const dataDir = resolve(config.dataDir);
  mkdirSync(dataDir, { recursive: true });
  const storage = storageIn(dataDir);
  const blobs = withRecentCache(await storage.openBlobs());
  opened.defer(() => blobs.close());
  const log = openDurableLog(storage.database, config.sqliteSync);
  const db = await openSqlite(storage.database, {
    log,
    patienceMs: config.databaseBusyTimeoutMs,
    beforeMigration: (database) => assertNotInUse({ db: database, ...livenessOptions(config.leaseMs) }),
  });
  opened.defer(() => db.destroy());

  const { baseUrl, identity } = await openUpstream(config, opened);
  const { kind, model, imageModel, api: policy, background, files, store: retainsResponses } = config.upstream;
  const upstream: UpstreamInfo = { kind, model, imageModel };
  const { prices } = config;
  // As it is asked for, a snapshot by its date: an answer that names no model is billed by this.
  const models = { mainline: model, image: imageModel ?? modelFor(upstream, null)?.name ?? null };

  const lease = await acquireDataLease(db, config.leaseMs, logger);
  opened.defer(() => lease.release());

  const placeholders = createLimiter();
  const decoder = {
    probe: probeImage,
    // One at a time: placeholders are in no hurry, and what decodes them is what stores the next stages.
    thumbhash: (path: string) => placeholders(() => thumbhash(path)),
    toPng,
    isNotAPicture: (error: unknown) => error instanceof NotAPictureError,
  };
  const imageService = createImageService({ db, blobs, decoder, logger });
  const now = () => new Date(nowMs()).toISOString();
  const { maxUploadBytes: maxBytes } = config;
  const decodeLimiter = createLimiter();
  const uploads = createUploads({
    db,
    blobs,
    imageService,
    validate: validateUpload,
    decodeLimiter,
    maxBytes,
    now,
    newId: uuidv7,
  });
  const { isNotAPicture } = decoder;
  const masks = createMaskService({ blobs, decoder: { toAlphaMask, isNotAPicture }, decodeLimiter });
  const upstreamTraits = { upstream: identity, retainsResponses, policy };
  const validator = createRequestValidator({
    db,
    masks,
    modelFor: (name) => modelFor(upstream, name),
    upstreamTraits,
    files,
    now,
  });
  const { concurrency, perMinute, retry, timeoutMs, drainTimeoutMs } = config;
  const provider = createLazyProvider(() => loadProvider(config.upstream, baseUrl, models.image));
  const engine = createEngine({
    storage: { db, imageService, masks },
    upstream: { provider, identity, background, retainsResponses, files, apiPolicy: policy },
    services: {
      validator,
      ledger: createLedger({ prices, models }),
      notifier: createInProcessNotifier({ pollMs: NOTIFIER_POLL_MS }),
    },
    createQueue: (run) => createInProcessQueue({ concurrency, perMinute, run, nowMs }),
    limits: { timeoutMs, retry, adoptIntervalMs: config.leaseMs, drainTimeoutMs },
    clock: { nowMs, newId: uuidv7, random: Math.random },
    instanceId: lease.id,
    logger,
  });
  opened.defer(() => engine.close());
  const estimates = createEstimates({ db, prices, models, policy });
  // The request stands for the connection: a WebSocket has one for all of its operations.
  const streamsInTurn = new WeakMap<IncomingMessage, EventStreams>();

  const originOf = ({ headers }: IncomingMessage) => config.publicUrl ?? `http://${headers.host ?? 'localhost'}`;
  const contextFor = ({ req: request, identity: principal }: ServerContext): Context => ({
    principal: principal.id,
    origin: originOf(request),
    reader: createReader(db, principal.id),
    startCommands: engine.startCommands,
    cancellations: engine.cancellations,
    uploads,
    queue: engine.queue,
    eventStreams: streamsOf(request),
    imageService,
    dataUriOf,
    upstream,
    prices,
    validator,
    estimates,
  });
  function streamsOf(request: IncomingMessage): EventStreams {
    const streams = streamsInTurn.get(request) ?? deliverOneAtATime(engine.eventStreams);
    streamsInTurn.set(request, streams);
    return streams;
  }
  const isAllowedOrigin = createOriginCheck({ allowed: config.allowedOrigins, onLoopback: isLoopback(config.host) });
  const limits = config.subscribers;
  const graphql = createGraphqlServer({
    schema,
    plugins,
    contextFor,
    audienceOf: ({ req, identity }) => `${identity.id} ${originOf(req)}`,
    graphiqlFor,
    isAllowedOrigin,
    eventStream: { keepAliveMs: limits.keepAliveMs, stopping: stopping.signal },
    settled: log.settled,
    logger,
  });
  const images = createImagesHandler({
    blobs,
    find: (principal, id) => findPicture(db, principal, id),
    authenticate,
    report: (error) => logger.error({ err: error }, 'an image could not be served'),
  });
  const readiness = {
    serving: async () => stopping.signal.throwIfAborted(),
    database: async () => {
      await checkFreeSpace(dataDir);
      await db.selectFrom('calls').select('id').limit(1).execute();
      await log.settled();
    },
    blobs: () => blobs.check(),
  };
  const server = createHttpServer({ graphql, images, authenticate, readiness, isAllowedOrigin, logger });
  const closeSockets = serveWebSocket({ server, graphql, authenticate, isAllowedOrigin, limits, logger });

  async function graphiqlFor(context: ServerContext) {
    const { reader } = contextFor(context);
    const newest = { limit: 1, inverted: false, direction: 'DESC' } as const;
    const [[call], [image]] = await Promise.all([reader.calls({}, newest), reader.images({}, newest)]);
    return graphiqlOptions({
      callId: call === undefined ? null : encodeGlobalId('GenerationCall', call.id),
      imageId: image === undefined ? null : encodeGlobalId('Image', image.id),
    });
  }

  const url = await listen(server, config.host, config.port);
  opened.defer(async () => {
    await Promise.all([closeSockets(), stopServing(server)]);
  });
  opened.defer(() => {
    stopping.abort();
    engine.stopStarting();
  });
  await engine.start();
  const idle = setTimeout(() => provider.prepare(), FIRST_REQUESTS_MS).unref();
  opened.defer(() => clearTimeout(idle));
  const { orphanGraceMs: graceMs } = config;
  void createBlobGarbageCollector({ db, blobs, graceMs, nowMs, signal: stopping.signal, logger }).run();

  const everything = opened.move();
  let closing: Promise<void> | undefined;
  return {
    url,
    upstream,
    lost: lease.lost,
    close() {
      closing ??= everything.disposeAsync();
      return closing;
    },
  };
}

/** Where a data folder keeps what; a backup is laid out alike. */
export function storageIn(dataDir: string) {
  return {
    database: join(dataDir, 'darkroom.sqlite'),
    openBlobs: () => openFileBlobStore({ directory: join(dataDir, 'blobs') }),
  };
}

/**
 * Makes this process the only server that may work on this database.
 * @throws {DataInUseError} while another one is alive
 */
export function acquireDataLease(db: Database, leaseMs: number, logger: Logger): Promise<Lease> {
  return acquireLease({ db, newId: uuidv7, ...livenessOptions(leaseMs), logger });
}

/** How servers of the same data tell whether another one is alive. */
function livenessOptions(leaseMs: number) {
  return { nowMs: Date.now, leaseMs, hostname: hostname(), pid: process.pid, isAlive };
}

/** @param imageApiModel the image model for the Image API, which has no default of its own */
async function loadProvider(upstream: UpstreamConfig, baseURL: string | null, imageApiModel: string | null) {
  const { createOpenAiProvider } = await import('../provider/openai/openai-provider.ts');
  const { apiKey, organization, project, headers, azure, model, imageModel } = upstream;
  const { idleTimeoutMs, store, boundsToolCalls } = upstream;
  return createOpenAiProvider({
    apiKey,
    baseURL,
    organization,
    project,
    headers,
    azure: azure === null ? null : { ...azure, deployment: null },
    model,
    imageModel,
    imageApiModel,
    store,
    boundsToolCalls,
    idleTimeoutMs,
    firstByteTimeoutMs: idleTimeoutMs,
    maxLineBytes: MAX_LINE_BYTES,
  });
}

/** Where the upstream is, and the name under which its ids are kept; the simulator is started when it is meant. */
async function openUpstream(config: Config, opened: AsyncDisposableStack) {
  const { kind, baseUrl, azure } = config.upstream;
  if (kind !== 'SIMULATOR') return { baseUrl, identity: azure?.endpoint ?? baseUrl ?? 'openai' };
  const { startSimulator } = await import('../simulator/simulator.ts');
  const { port, durationMs, scenario, art } = config.simulator;
  const simulator = await startSimulator({ port, durationMs, art, ...(scenario === null ? {} : { scenario }) });
  opened.defer(() => simulator.close());
  return { baseUrl: simulator.url, identity: 'simulator' };
}

/** Whether a process of this machine is alive; one that we may not signal is. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
