/**
 * The tables, the same for every driver. Rows of users have an owner (`principal`). Times are RFC 3339 text in UTC with
 * milliseconds, so that they sort. Values that are never searched are JSON text. The files in src/db/queries convert rows
 * into domain values.
 */
import type {
  AttemptsTable,
  CallSourcesTable,
  CallsTable,
  ConversationsTable,
  EventsTable,
  IdempotencyKeysTable,
  InstancesTable,
  ViewerLogsTable,
} from './tables/generations.ts';
import type {
  ImagesTable,
  ImageTagsTable,
  ListCountsTable,
  PartialImagesTable,
  UploadKeysTable,
  UpstreamDeletionsTable,
  UpstreamFilesTable,
  VariantsTable,
} from './tables/images.ts';
import type {
  ApiKeysTable,
  BudgetsTable,
  CostLinesTable,
  PurgedCostsTable,
  ReservationsTable,
  SpendingTable,
} from './tables/money-and-access.ts';

export interface Tables {
  conversations: ConversationsTable;
  calls: CallsTable;
  call_sources: CallSourcesTable;
  attempts: AttemptsTable;
  images: ImagesTable;
  partial_images: PartialImagesTable;
  viewer_logs: ViewerLogsTable;
  events: EventsTable;
  image_tags: ImageTagsTable;
  list_counts: ListCountsTable;
  variants: VariantsTable;
  instances: InstancesTable;
  idempotency_keys: IdempotencyKeysTable;
  upload_keys: UploadKeysTable;
  upstream_files: UpstreamFilesTable;
  cost_lines: CostLinesTable;
  purged_costs: PurgedCostsTable;
  upstream_deletions: UpstreamDeletionsTable;
  api_keys: ApiKeysTable;
  budgets: BudgetsTable;
  reservations: ReservationsTable;
  spending: SpendingTable;
}
