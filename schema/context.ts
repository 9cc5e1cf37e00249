/**
 * What a resolver can reach. The only place where the schema names the server's other rooms, and by their types alone:
 * printing the schema opens nothing.
 */

import type { Page } from '../src/db/page.ts';
import type { Reader } from '../src/db/reader.ts';
import type { UpstreamInfo } from '../src/domain/upstream.ts';
import type { Cancellations } from '../src/engine/cancellations.ts';
import type { Generations } from '../src/engine/generations.ts';
import type { Pictures } from '../src/engine/pictures.ts';
import type { WorkQueue } from '../src/engine/work-queue.ts';
import type { EventStreams } from '../src/events/event-streams.ts';

export type { Page };

export interface Context {
  readonly principal: string;
  /** Where this server is reached by the client who asks, without a slash at the end. */
  readonly origin: string;
  readonly reader: Reader;
  readonly generations: Generations;
  readonly cancellations: Cancellations;
  readonly queue: Pick<WorkQueue, 'position'>;
  readonly eventStreams: EventStreams;
  readonly pictures: Pictures;
  readonly upstream: UpstreamInfo;
}
