/**
 * Everything a resolver can reach. The only file in which the schema refers to the rest of the server, and by types
 * only, so that printing the schema opens no database.
 */

import type { Principal } from '../src/auth/authenticate.ts';
import type { ApiKeyCommands, IssuedApiKey } from '../src/commands/api-keys.ts';
import type { Approvals } from '../src/commands/approvals.ts';
import type { ArchiveCommands } from '../src/commands/archive/commands.ts';
import type { ImageOutcome } from '../src/commands/archive/images.ts';
import type { Cancellations } from '../src/commands/cancel.ts';
import type { ClientTokens, IssuedClientToken } from '../src/commands/client-tokens.ts';
import type { Estimates, GenerationEstimate } from '../src/commands/estimate.ts';
import type { StartCommands } from '../src/commands/start/start.ts';
import type { Uploads } from '../src/commands/upload.ts';
import type { Page, SortedBy } from '../src/db/lists/page.ts';
import type { Reader } from '../src/db/reader.ts';
import type { PriceTable } from '../src/domain/cost/prices.ts';
import type { dataUriOf } from '../src/domain/images/data-uri.ts';
import type { Variant } from '../src/domain/images/variant.ts';
import type { BudgetState } from '../src/domain/limits/budget.ts';
import type { ClientUsage } from '../src/domain/limits/client-limits.ts';
import type { OperationLimits } from '../src/domain/limits/operation-limits.ts';
import type { UpstreamInfo } from '../src/domain/upstream.ts';
import type { EventStreams } from '../src/events/streams.ts';
import type { OperationMeter } from '../src/graphql/operation-meter.ts';
import type { ExportSelection } from '../src/http/export/selection.ts';
import type { AddressedImage } from '../src/http/images/image-urls.ts';
import type { ImageService } from '../src/images/service.ts';
import type { WorkQueue } from '../src/queue/work-queue.ts';

export type { GenerationEstimate, ImageOutcome, IssuedApiKey, IssuedClientToken, Page, SortedBy };

export interface Context {
  /** The id of the owner. */
  readonly principal: string;
  /** The owner with the scopes and restrictions of the presented credentials. */
  readonly identity: Principal;
  /** The absolute URL of the bytes of an image or a partial image, or of a variant of it. */
  readonly imageUrl: (image: AddressedImage, variant?: Variant | null) => string;
  /** The absolute URL of an export, for what the credentials may read. */
  readonly exportUrl: (selection: ExportSelection) => string;
  readonly reader: Reader;
  /** The place in the log of the principal before the operation read anything else; null for credentials that cannot follow it. */
  readonly placeAtStart: () => Promise<number | null>;
  /** Counts what the operation takes, and ends it when that is too much. */
  readonly meter: OperationMeter;
  readonly limits: OperationLimits;
  /** How many days things stay in the trash; null for ever. */
  readonly trashDays: number | null;
  readonly startCommands: StartCommands;
  readonly cancellations: Cancellations;
  readonly uploads: Uploads;
  readonly archive: ArchiveCommands;
  readonly clientTokens: ClientTokens;
  readonly queue: Pick<WorkQueue, 'position' | 'waiting'>;
  readonly eventStreams: EventStreams;
  /** What a client that reconnects over server-sent events received last, in place of `after`; null for any other. */
  readonly lastEventId: string | null;
  readonly imageService: ImageService;
  /** Builds data URIs. Shared events use a different implementation (src/graphql/result-bytes.ts). */
  readonly dataUriOf: typeof dataUriOf;
  /** What the client has left of its rates, and what it has open. */
  readonly usageNow: () => Promise<ClientUsage>;
  readonly upstream: UpstreamInfo;
  readonly prices: PriceTable;
  readonly estimates: Estimates;
  readonly apiKeys: Pick<ApiKeyCommands, 'create' | 'revoke' | 'page' | 'count'>;
  /** The time, RFC 3339 in UTC. */
  readonly now: () => string;
  /** The budgets of the principal and its key, as they are now. */
  readonly budgetsNow: () => Promise<readonly BudgetState[]>;
  readonly approvals: Approvals;
}
