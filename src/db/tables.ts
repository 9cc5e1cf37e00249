/**
 * The tables, the same for every driver. Rows of users have an owner (`principal`). Times are RFC 3339 text in UTC with
 * milliseconds, so that they sort. Values that are never searched are JSON text. The files in src/db/queries convert rows
 * into domain values. Some columns keep an older name than the code: `lane` is the task, `pictures` are images.
 */

import type { Generated } from 'kysely';

export interface ConversationsTable {
  id: string;
  principal: string;
  title: string;
  /** The position of the newest event of all its calls. */
  last_position: number;
  created_at: string;
  updated_at: string;
  /** Set while the conversation is in the trash. */
  deleted_at: string | null;
  /** Set when deleting it for good has begun: from then on nobody finds it, and its rows are removed in small steps. */
  purge_started_at: Generated<string | null>;
}

export interface CallsTable {
  id: string;
  principal: string;
  conversation_id: string;
  kind: string;
  status: string;
  prompt: string;
  /** Whether the image model gets the prompt word for word. */
  verbatim: boolean;
  /** The number of requested images. */
  count: number;
  mask_image_id: string | null;
  markup_image_id: string | null;
  /** The call that this one retries. */
  retry_of: string | null;
  /** True until the first attempt decides which context it sends. */
  context_open: boolean;
  /** The source image that the server chose because the client named none. */
  context_image_id: string | null;
  revised_prompt: string | null;
  /** JSON of ImageSettings. */
  requested: string;
  /** JSON of GenerationFailure. */
  failure: string | null;
  /** JSON of ImageFailure[]: which images failed, and why. */
  picture_failures: string | null;
  route: string | null;
  attempts: number;
  response_id: string | null;
  upstream: string | null;
  last_sequence: number;
  last_position: number;
  /** The newest event. Null only before the first. */
  last_event_id: number | null;
  created_at: string;
  started_at: string | null;
  first_partial_at: string | null;
  completed_at: string | null;
  /** The instance that runs the call; only this one may append to its log (promise 7). */
  claimed_by: string | null;
  /** A queued call does not start before this time. */
  not_before: string | null;
  /** JSON of string[]: the options that the newest attempt leaves out, because the upstream does not know them. */
  left_out: string | null;
  /** Set when a client cancels. The instance that runs the call, or takes it over, ends it. */
  cancel_requested_at: string | null;
  /** Set while the conversation is in the trash. */
  deleted_at: string | null;
  /** Whether its mask or markup was deleted for good: the same call cannot be made again. */
  overlay_purged: boolean;
}

/** The source images of calls, in order: those that the client named, or else the implied one. */
export interface CallSourcesTable {
  call_id: string;
  ordinal: number;
  /** Null for an image that was deleted for good. */
  image_id: string | null;
  /** Its id; null for an image that exists. */
  deleted_image_id: string | null;
  principal: string;
  /** Whether the client did not name it: the image that the call goes on from in its conversation. */
  is_implied: boolean;
}

/**
 * Requests to create images, stored before they are sent (promise 6). An attempt that needs several requests has a row for
 * each: its tasks.
 */
export interface AttemptsTable {
  call_id: string;
  attempt: number;
  /** The task: the index of the first image that it requests, from 0. */
  lane: number;
  principal: string;
  /** The API of the upstream that gets the request. */
  api: string;
  /** The number of images in this request. */
  pictures: number;
  route: string | null;
  response_id: string | null;
  request_id: string | null;
  /** JSON of ImageSettings, as the upstream confirmed them at the start. */
  reported: string | null;
  /** JSON of ReportedUsage. */
  usage: string | null;
  /** JSON of how the request ended, when it ended without its image. */
  outcome: string | null;
  /** Whether the next attempt requests these images again. */
  again: boolean;
  started_at: string;
  ended_at: string | null;
  /** A state of state/machine.ts. */
  state: string;
  /** Whether the upstream continues without a connection, so that its result can be fetched later. */
  background: boolean;
  /** Everything up to this sequence number of the upstream is stored. */
  upstream_sequence: number | null;
}

/** The servers that use this database, and those that died without releasing their lease. */
export interface InstancesTable {
  id: string;
  hostname: string;
  pid: number;
  started_at: string;
  /** An instance whose heartbeat is older than a lease counts as dead. */
  heartbeat_at: string;
}

export interface IdempotencyKeysTable {
  principal: string;
  key: string;
  /** SHA-256 of the input of the first use. */
  input_hash: string;
  call_id: string;
  created_at: string;
}

export interface UploadKeysTable {
  principal: string;
  key: string;
  /** SHA-256 of the bytes and the input of the first use. */
  input_hash: string;
  image_id: string;
  created_at: string;
}

export interface ImagesTable {
  id: string;
  principal: string;
  conversation_id: string | null;
  call_id: string | null;
  image_index: number;
  origin: string;
  /** What an upload is for. Masks and markups are never the newest image of their conversation. */
  purpose: string;
  sha256: string;
  byte_size: number;
  width: number;
  height: number;
  format: string;
  thumbhash: string | null;
  prompt: string | null;
  revised_prompt: string | null;
  requested: string | null;
  actual: string | null;
  item_id: string | null;
  /** The upstream response that contained the image. */
  response_id: string | null;
  /** Whether the image model got the prompt word for word; null when unknown. */
  verbatim: boolean | null;
  favorite: boolean;
  /** The image model: as reported, else as requested; null when neither names one. */
  model: string | null;
  /** Set while the image is in the trash, alone or with its conversation, whose `deleted_at` is the same then. */
  deleted_at: string | null;
  /** Null until somebody asks. */
  has_content_credentials: boolean | null;
  created_at: string;
}

/** Source images that were uploaded to the upstream before the requests that refer to them. */
export interface UpstreamFilesTable {
  /** Nobody else's requests name the file, even for the same bytes. */
  principal: string;
  upstream: string;
  /** Which bytes it holds: in which form an image was sent, and the hash of the stored image. */
  content: string;
  file_id: string;
  expires_at: string | null;
  created_at: string;
}

export interface PartialImagesTable {
  id: string;
  principal: string;
  call_id: string;
  image_index: number;
  partial_index: number;
  /** The upstream id of the output item that it belongs to. */
  item_id: string | null;
  sha256: string;
  byte_size: number;
  width: number;
  height: number;
  format: string;
  /** Null until it is computed. */
  thumbhash: string | null;
  created_at: string;
}

/** Smaller or converted images that the server made. They can be made again, so a backup does not have them. */
export interface VariantsTable {
  id: string;
  principal: string;
  /** The bytes that it was made from: those of an image or a partial image of the principal. */
  source_sha256: string;
  /** In pixels, as it was made. */
  width: number;
  format: string;
  /** In the store of the variants. */
  sha256: string;
  byte_size: number;
  created_at: string;
  /** Written once an hour while it is in use. */
  used_at: string;
}

export interface ImageTagsTable {
  principal: string;
  image_id: string;
  tag: string;
}

/**
 * The log of each principal. Its places are counted for each principal alone, so that a cursor does not tell how much
 * others do. A place is never given twice, even when the newest events were deleted with what they were about.
 */
export interface ViewerLogsTable {
  principal: string;
  /** The place of the newest event. */
  last_id: number;
}

/** One log for each principal, in the order of the ids. Calls and conversations have logs of their own in it. */
export interface EventsTable {
  /** The place in the log of the principal, from 1. With the principal it is the key. */
  id: number;
  /** Null for an event that is not about a call, as is the sequence. */
  call_id: string | null;
  sequence: number | null;
  conversation_id: string | null;
  /** Null for what only the log of the principal has. */
  position: number | null;
  principal: string;
  type: string;
  at: string;
  /** JSON of the fields that have no column. */
  payload: string;
}

/** Costs. The lines of a request are replaced together, never changed. */
export interface CostLinesTable {
  call_id: string;
  attempt: number;
  lane: number;
  /** The index within the request, from 0. */
  line: number;
  principal: string;
  conversation_id: string;
  basis: string;
  /** False when the tokens are a lower bound: more may have been used. */
  is_counted: boolean;
  kind: string;
  model: string | null;
  tokens: number;
  /** US dollars per million tokens, decimal. */
  price: string | null;
  /** Picodollars (1e-12 USD): whole numbers, which the database sums exactly. */
  amount: number | bigint | null;
}

/**
 * The sums of the cost lines of calls that were deleted for good. An unknown model or price is empty text, because the
 * columns are a key.
 */
export interface PurgedCostsTable {
  principal: string;
  basis: string;
  is_counted: boolean;
  kind: string;
  model: string;
  price: string;
  tokens: number | bigint;
  /** Picodollars, as in cost lines. */
  amount: number | bigint | null;
}

/** What is to be deleted at the upstream, because its rows here were deleted for good. */
export interface UpstreamDeletionsTable {
  principal: string;
  upstream: string;
  /** `RESPONSE` or `FILE`. */
  kind: string;
  upstream_id: string;
  created_at: string;
}

/** API keys. The secret itself is not stored. */
export interface ApiKeysTable {
  id: string;
  principal: string;
  name: string | null;
  /** JSON of Scope[]. */
  scopes: string;
  /** SHA-256 of the secret, in hex. */
  secret_hash: string;
  /** The same of the secret before the last rotation, which works until `previous_secret_ends_at`. */
  previous_secret_hash: string | null;
  previous_secret_ends_at: string | null;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
  /** Written every few minutes while the key is in use. */
  last_used_at: string | null;
  /** When the key was created, rotated or revoked, whichever came last. */
  changed_at: string;
}

/** The budgets that an operator has set. Amounts here and below are picodollars, like those of cost lines. */
export interface BudgetsTable {
  /** `principal:<id>` or `key:<id>`. */
  subject: string;
  period: string;
  amount: number | bigint;
  on_exceed: string;
  updated_at: string;
}

/** What each call counts for in budgets. */
export interface ReservationsTable {
  call_id: string;
  principal: string;
  /** The credentials that were used; only `key:<id>` has budgets of its own. */
  credential: string | null;
  /** The call counts in the periods of this time. */
  at: string;
  reserved: number | bigint;
  /** The sum of its cost lines; what was reserved where their sum is not complete. */
  cost: number | bigint;
  /** Whether the call holds its reservation: it was accepted or approved, and has not ended. */
  is_open: boolean;
}

/** The sums of the reservations by subject and period. */
export interface SpendingTable {
  subject: string;
  /** `2026-11-28` for a day, `2026-11` for a month, in UTC. */
  period: string;
  spent: number | bigint;
  reserved: number | bigint;
}

/** How many rows a principal has in a list, without those in the trash. Kept by triggers. */
export interface ListCountsTable {
  principal: string;
  /** `conversations`, `calls` with a status, or `images` with an origin: `images UPLOADED`. */
  list: string;
  count: number;
}

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
