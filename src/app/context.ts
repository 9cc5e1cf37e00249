/** What resolvers reach, for each operation. */
import type { IncomingMessage } from 'node:http';
import type { Context } from '../../schema/context.ts';
import type { ClientTokenFormat } from '../auth/client-token-format.ts';
import { createClientTokens } from '../commands/client-tokens.ts';
import type { Config } from '../config/config.ts';
import { createReader } from '../db/database-reader.ts';
import { dataUriOf } from '../domain/images/data-uri.ts';
import { deliverOneAtATime } from '../events/one-at-a-time.ts';
import type { EventStreams } from '../events/streams.ts';
import { OperationMeter } from '../graphql/operation-meter.ts';
import type { ServerContext } from '../graphql/server-context.ts';
import { lastEventIdOf } from '../graphql/transports/last-event-id.ts';
import type { ExportUrls } from '../http/export/export-urls.ts';
import type { ImageUrlFor } from '../http/images/image-urls.ts';
import { timestamp } from '../runner/clock.ts';
import { restrictContext } from './access/restricted-context.ts';
import type { Services } from './services.ts';
import type { OpenStorage } from './storage.ts';
import type { OpenUpstream } from './upstream.ts';

export interface ContextOptions {
  readonly config: Config;
  readonly storage: OpenStorage;
  readonly upstream: OpenUpstream;
  readonly services: Services;
  readonly signing: { readonly clientTokenFormat: ClientTokenFormat };
  /** The origin under which a client reached this server. */
  readonly originOf: (request: IncomingMessage) => string;
  readonly urlFor: ImageUrlFor;
  readonly exportUrlFor: ExportUrls['urlFor'];
}

export function createContextFactory(options: ContextOptions): (context: ServerContext) => Context {
  const { config, storage, upstream, services, signing, originOf, urlFor, exportUrlFor } = options;
  const { engine, imageService, uploads, archive, estimates, limits, budgets, apiKeys } = services;
  const clientTokens = createClientTokens({ db: storage.db, write: signing.clientTokenFormat.write, nowMs: Date.now });
  // One for each connection: all operations of a WebSocket share the request that opened it.
  const streamsByConnection = new WeakMap<IncomingMessage, EventStreams>();

  function streamsOf(request: IncomingMessage): EventStreams {
    const streams = streamsByConnection.get(request) ?? deliverOneAtATime(engine.eventStreams);
    streamsByConnection.set(request, streams);
    return streams;
  }

  /** Looked up when a subscription begins: most operations are none. */
  function lateStreamsOf(request: IncomingMessage): EventStreams {
    return {
      ofCall: (...args) => streamsOf(request).ofCall(...args),
      ofConversation: (...args) => streamsOf(request).ofConversation(...args),
      ofViewer: (...args) => streamsOf(request).ofViewer(...args),
    };
  }

  return ({ req: request, res, identity }) => {
    const origin = originOf(request);
    const meter = new OperationMeter(config.limits.operation);
    const reader = createReader(storage.db, identity.id, meter);
    let place: Promise<number | null> | undefined;
    const context: Context = {
      principal: identity.id,
      identity,
      imageUrl: (image, variant) => urlFor(origin, identity.id, image, variant),
      exportUrl: (selection) => exportUrlFor(origin, identity, selection),
      reader,
      placeAtStart: () => {
        place ??= reader.place();
        return place;
      },
      meter,
      limits: config.limits.operation,
      trashDays: config.retention.trashDays,
      startCommands: engine.startCommands,
      cancellations: engine.cancellations,
      uploads,
      archive,
      clientTokens,
      queue: engine.queue,
      eventStreams: lateStreamsOf(request),
      lastEventId: lastEventIdOf({ req: request, ...(res !== undefined && { res }) }),
      imageService,
      dataUriOf,
      usageNow: () => limits.usageOf({ identity, req: request }),
      upstream: upstream.info,
      prices: config.prices,
      estimates,
      apiKeys,
      now: () => timestamp(Date.now()),
      budgetsNow: () => budgets.of(storage.db, identity, timestamp(Date.now())),
      approvals: engine.approvals,
    };
    return identity.only === null ? context : restrictContext(context, identity.only);
  };
}
