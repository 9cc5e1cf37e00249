/** Calls, the requests that they become, and the logs of what happens. */
import type { Generated } from 'kysely';

export interface ConversationsTable {
  id: string;
  principal: string;
  title: string;
  /** The position of its newest event, or the last one that a start has skipped; 0 before the first one. */
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
  task: number;
  principal: string;
  /** The API of the upstream that gets the request. */
  api: string;
  /** The number of images in this request. */
  image_count: number;
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

/**
 * The log of each principal. Its places are counted for each principal alone, so that a cursor does not tell how much
 * others do. A place is never given twice, even when the newest events were deleted with what they were about.
 */
export interface ViewerLogsTable {
  principal: string;
  /** The place of the newest event, or the last one that a start has skipped. */
  last_id: number;
  /** No event had a place behind this one before the newest transaction that survives a power cut. */
  reserved_id: number;
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
