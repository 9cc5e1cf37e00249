/**
 * The tables as they are stored. Every row carries its owner (`principal`). Moments are RFC 3339 text in UTC with
 * milliseconds, so that they sort; what is never searched is kept as JSON text. Rows become domain values in the file
 * of their table (calls.ts, images.ts …).
 */

export interface ConversationsTable {
  id: string;
  principal: string;
  title: string;
  /** The position of the newest event of all its calls. */
  last_position: number;
  created_at: string;
  updated_at: string;
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
  /** How many pictures are asked for. */
  count: number;
  mask_image_id: string | null;
  /** The call that this one is made again of. */
  retry_of: string | null;
  /** True until the first attempt decides which context it sends. */
  context_open: boolean;
  /** The picture that is built upon without having been named. */
  context_image_id: string | null;
  revised_prompt: string | null;
  /** JSON of ImageSettings. */
  requested: string;
  /** JSON of GenerationFailure. */
  failure: string | null;
  /** JSON of ImageFailure[]: which of several pictures did not come, and why. */
  picture_failures: string | null;
  route: string | null;
  attempts: number;
  response_id: string | null;
  upstream: string | null;
  last_sequence: number;
  last_position: number;
  created_at: string;
  started_at: string | null;
  first_partial_at: string | null;
  completed_at: string | null;
  /** The instance that works on it; only that one may append to its log (promise 7). */
  claimed_by: string | null;
  /** A queued call is not to be tried before this moment. */
  not_before: string | null;
  /** Somebody wants it to end: whoever works on it, or takes it over, sees to that. */
  cancel_requested_at: string | null;
}

/** The pictures that a call builds upon, in order. */
export interface CallSourcesTable {
  call_id: string;
  ordinal: number;
  image_id: string;
  principal: string;
}

/**
 * Every time the upstream was asked to create, written before it was asked. Pictures that cannot be asked for in one
 * request are asked for side by side: then an attempt has a row for each of its lanes.
 */
export interface AttemptsTable {
  call_id: string;
  attempt: number;
  /** From 0; also the number of the (first) picture that is asked for in it. */
  lane: number;
  principal: string;
  /** Which API was asked. */
  api: string;
  /** How many pictures were asked for in this one request. */
  pictures: number;
  route: string | null;
  response_id: string | null;
  request_id: string | null;
  /** JSON of ImageSettings: the settings as the upstream repeated them at the start. */
  reported: string | null;
  /** JSON of ReportedUsage. */
  usage: string | null;
  /** JSON of how it ended, when it ended without its picture. */
  outcome: string | null;
  /** Whether the next attempt requests these images again. */
  again: boolean;
  started_at: string;
  ended_at: string | null;
  /** A state of state/machine.ts. */
  state: string;
  /** Whether the upstream continues without a connection, so that its result can be fetched later. */
  background: boolean;
  /** The upstream's sequence number up to which everything is stored here. */
  upstream_sequence: number | null;
}

/** The servers that are, or were, at work on this database. */
export interface InstancesTable {
  id: string;
  hostname: string;
  pid: number;
  started_at: string;
  /** Not renewed for the length of a lease: it is dead, or as good as dead. */
  heartbeat_at: string;
}

export interface IdempotencyKeysTable {
  principal: string;
  key: string;
  /** SHA-256 of the input that the key was first used with. */
  input_hash: string;
  call_id: string;
  created_at: string;
}

export interface ImagesTable {
  id: string;
  principal: string;
  conversation_id: string | null;
  call_id: string | null;
  image_index: number;
  origin: string;
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
  /** The upstream's response that carried it. */
  response_id: string | null;
  /** Whether the image model got the prompt word for word; null when unknown. */
  verbatim: boolean | null;
  created_at: string;
}

/** Pictures that went up to the upstream ahead of the requests that name them. */
export interface UpstreamFilesTable {
  upstream: string;
  /** What the file holds: the hash of a picture, or of what was made of it. */
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
  /** The upstream's id of the item whose stage it is. */
  item_id: string | null;
  sha256: string;
  byte_size: number;
  width: number;
  height: number;
  format: string;
  created_at: string;
}

export interface EventsTable {
  call_id: string;
  sequence: number;
  conversation_id: string;
  position: number;
  principal: string;
  type: string;
  at: string;
  /** JSON of what the event carries besides its place and time. */
  payload: string;
}

/** What was paid for what. Lines of a request are replaced together, never changed. */
export interface CostLinesTable {
  call_id: string;
  attempt: number;
  lane: number;
  /** From 0, within the request. */
  line: number;
  principal: string;
  conversation_id: string;
  basis: string;
  /** False when the tokens are a lower bound: more may have been used. */
  is_counted: boolean;
  kind: string;
  model: string | null;
  tokens: number;
  /** Decimal of US dollars for a million tokens. */
  price: string | null;
  /** Picodollars (1e-12 USD): whole numbers that the database sums exactly. */
  amount: number | bigint | null;
}

export interface Tables {
  conversations: ConversationsTable;
  calls: CallsTable;
  call_sources: CallSourcesTable;
  attempts: AttemptsTable;
  images: ImagesTable;
  partial_images: PartialImagesTable;
  events: EventsTable;
  instances: InstancesTable;
  idempotency_keys: IdempotencyKeysTable;
  upstream_files: UpstreamFilesTable;
  cost_lines: CostLinesTable;
}
