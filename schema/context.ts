/**
 * What a resolver can reach. The only place where the schema names the server's other rooms, and by their types alone:
 * printing the schema opens nothing.
 */

import type { Cancellations } from '../src/commands/cancel.ts';
import type { DurationEstimate, Estimates, GenerationEstimate } from '../src/commands/estimate.ts';
import type { StartCommands } from '../src/commands/start.ts';
import type { Uploads } from '../src/commands/upload.ts';
import type { RequestValidator } from '../src/commands/validate.ts';
import type { Page } from '../src/db/page.ts';
import type { Reader } from '../src/db/reader.ts';
import type { PriceTable } from '../src/domain/cost/prices.ts';
import type { dataUriOf } from '../src/domain/data-uri.ts';
import type { UpstreamInfo } from '../src/domain/upstream.ts';
import type { EventStreams } from '../src/events/streams.ts';
import type { Pictures } from '../src/images/service.ts';
import type { WorkQueue } from '../src/queue/work-queue.ts';

export type { DurationEstimate, GenerationEstimate, Page };

export interface Context {
  readonly principal: string;
  /** Where this server is reached by the client who asks, without a slash at the end. */
  readonly origin: string;
  readonly reader: Reader;
  readonly generations: StartCommands;
  readonly cancellations: Cancellations;
  readonly uploads: Uploads;
  readonly queue: Pick<WorkQueue, 'position'>;
  readonly eventStreams: EventStreams;
  readonly pictures: Pictures;
  /** How data URIs are written; where many get the same answer, in another way (graphql/result-bytes.ts). */
  readonly dataUriOf: typeof dataUriOf;
  readonly upstream: UpstreamInfo;
  readonly prices: PriceTable;
  readonly checks: Pick<RequestValidator, 'generate'>;
  readonly estimates: Estimates;
}
