/**
 * The composition root: opens storage and upstream, builds the services, serves them, and stops in the reverse order.
 * src/app is the only importer of the schema and of drivers.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Authenticate } from '../auth/authenticate.ts';
import { createClientTokenFormat } from '../auth/client-token-format.ts';
import type { Config } from '../config/config.ts';
import type { UpstreamInfo } from '../domain/upstream.ts';
import { listen, stopServing } from '../http/server.ts';
import { openAuthentication } from './access/authentication.ts';
import { openSigningKeys } from './access/signing.ts';
import { startHousekeeping } from './housekeeping.ts';
import { createServer, PAGE_FOLDER } from './serve.ts';
import { createServices } from './services.ts';
import { openStorage } from './storage.ts';
import { openUpstream } from './upstream.ts';

/** When to load code that the first responses do not need. */
const LOAD_PROVIDER_AFTER_MS = 500;

export interface App {
  /** The address of the server from this machine, without a trailing slash. */
  readonly url: string;
  readonly upstream: UpstreamInfo;
  /** Whether the page for people is built. */
  readonly hasPage: boolean;
  /** Aborts when another server has taken over the data; its reason is an Error with one line for the operator. */
  readonly lost: AbortSignal;
  /**
   * Starts no more work, leaves running calls to the next server or waits for them, and closes everything. Returns the
   * same promise when it is called again.
   */
  close(): Promise<void>;
}

/** What a deployment or a test adds to the server. */
export interface AppExtensions {
  /** Plugins of Yoga or Envelop (docs/plugins.md). */
  readonly plugins?: readonly Plugin[];
  /** In place of what AUTH says. */
  readonly authenticate?: Authenticate;
}

/**
 * Starts the server.
 * @throws {DatabaseOpenError} {DataInUseError} {BlobWriteError} {KeptSecretError} {ListenError} each with one line for the operator
 */
export async function startApp(config: Config, logger: Logger, extensions: AppExtensions = {}): Promise<App> {
  const { plugins = [] } = extensions;
  await using opened = new AsyncDisposableStack();
  const stopping = new AbortController();

  const storage = await openStorage(config, opened, logger);
  const { auth } = config;
  const signingKeys = openSigningKeys(config);
  const clientTokenFormat = createClientTokenFormat(signingKeys.deriveKeys('client-token'));
  const authenticate =
    extensions.authenticate ?? (await openAuthentication({ auth, db: storage.db, clientTokenFormat, logger }, opened));
  const upstream = await openUpstream(config, opened);
  const services = createServices({ config, storage, upstream, logger });
  const { engine } = services;
  opened.defer(() => engine.close());

  const { server, closeSockets } = createServer({
    config,
    storage,
    upstream,
    services,
    signing: { keys: signingKeys, clientTokenFormat },
    plugins,
    authenticate,
    stopping: stopping.signal,
    logger,
  });
  const url = await listen(server, config.host, config.port);
  opened.defer(async () => {
    await Promise.all([closeSockets(), stopServing(server)]);
  });
  opened.defer(() => {
    stopping.abort();
    engine.stopStarting();
  });
  await engine.start();
  const loading = setTimeout(() => upstream.provider.prepare(), LOAD_PROVIDER_AFTER_MS).unref();
  opened.defer(() => clearTimeout(loading));
  startHousekeeping({ config, storage, upstream, services, stopping: stopping.signal, logger });

  const everything = opened.move();
  let closing: Promise<void> | undefined;
  return {
    url,
    upstream: upstream.info,
    hasPage: existsSync(join(PAGE_FOLDER, 'index.html')),
    lost: storage.lease.lost,
    close() {
      closing ??= everything.disposeAsync();
      return closing;
    },
  };
}
