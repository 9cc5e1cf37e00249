/**
 * Every error the upstream is known to report, and what each means to the person who asked. One table: by code, then
 * by type, then by HTTP status. The words are ours; the upstream's own may name keys, organisations or internals.
 * Source: the `code` of the Responses API's ResponseError (SDK 7.57.0) and of its HTTP error bodies.
 */
import type { GenerationFailureCode } from '../../../domain/failure.ts';

export interface ErrorMapping {
  readonly code: GenerationFailureCode;
  /** Whether asking again unchanged may succeed. */
  readonly retryable: boolean;
  readonly message: string;
}

const again = (code: GenerationFailureCode, message: string): ErrorMapping => ({ code, retryable: true, message });
const final = (code: GenerationFailureCode, message: string): ErrorMapping => ({ code, retryable: false, message });

const BLOCKED = final('MODERATION_BLOCKED', 'The upstream’s safety system blocked this picture. Change the prompt.');
const RATE_LIMITED = again('RATE_LIMITED', 'The upstream takes no more requests from this server for now.');
const NO_CREDIT = final('QUOTA_EXCEEDED', 'This server’s account with the upstream has no credit left.');
const FAILED = again('UPSTREAM_UNAVAILABLE', 'The upstream failed while it made the picture.');
const OVERLOADED = again('UPSTREAM_UNAVAILABLE', 'The upstream is overloaded or down.');
const BAD_REQUEST = final('INVALID_REQUEST', 'The upstream refused this request.');
const UNREADABLE_IMAGE = final('INVALID_REQUEST', 'The upstream could not read the picture it was given.');
/**
 * Not INVALID_REQUEST: the person who asked can change nothing about it. INTERNAL, because this server is set up
 * wrongly, and with words for its operator, who reads them in the same place.
 */
const KEY_REFUSED = final('INTERNAL', 'The upstream refused this server’s API key. Its operator has to check the key.');

const ACCESS_REFUSED = final(
  'INTERNAL',
  'The upstream does not let this server’s account do this. Its operator has to check the account and its rights.',
);

/** A response or item that the request builds on is gone; another way to refine can still work. */
export const CONTEXT_LOST = final(
  'INVALID_REQUEST',
  'The upstream no longer knows the earlier picture that this request builds on.',
);

/** A file that the request names is gone; its bytes can be sent instead. */
export const FILE_LOST = final('INVALID_REQUEST', 'The upstream does not have the picture it was pointed to.');

const NO_MODEL = final('INVALID_REQUEST', 'The upstream does not have this model, or not for this server.');

export const UNKNOWN_ERROR = again(
  'UPSTREAM_UNAVAILABLE',
  'The upstream reported an error that this server does not know.',
);

const BY_CODE: Readonly<Record<string, ErrorMapping>> = {
  server_error: FAILED,
  vector_store_timeout: again('UPSTREAM_UNAVAILABLE', 'The upstream waited too long for one of its own services.'),
  rate_limit_exceeded: RATE_LIMITED,
  invalid_prompt: final('INVALID_REQUEST', 'The upstream refused the prompt.'),
  data_residency_mismatch: final('INVALID_REQUEST', 'The upstream may not process this request in its data region.'),
  bio_policy: BLOCKED,
  misalignment_policy_violation: BLOCKED,
  image_content_policy_violation: BLOCKED,
  invalid_image: UNREADABLE_IMAGE,
  invalid_base64_image: UNREADABLE_IMAGE,
  image_parse_error: UNREADABLE_IMAGE,
  empty_image_file: final('INVALID_REQUEST', 'The picture that was given is empty.'),
  invalid_image_format: final('INVALID_REQUEST', 'The upstream does not take pictures of this format.'),
  unsupported_image_media_type: final('INVALID_REQUEST', 'The upstream does not take pictures of this media type.'),
  invalid_image_mode: final('INVALID_REQUEST', 'The upstream does not take pictures of this colour mode.'),
  invalid_image_url: final('INVALID_REQUEST', 'The upstream could not use the address of a picture.'),
  failed_to_download_image: again('INVALID_REQUEST', 'The upstream could not download a picture it was pointed to.'),
  image_file_not_found: FILE_LOST,
  image_too_large: final('INVALID_REQUEST', 'The picture that was given has too many pixels.'),
  image_too_small: final('INVALID_REQUEST', 'The picture that was given has too few pixels.'),
  image_file_too_large: final('INVALID_REQUEST', 'The picture that was given is too large a file.'),

  moderation_blocked: BLOCKED,
  content_policy_violation: BLOCKED,
  content_filter: BLOCKED,
  contentFilter: BLOCKED,
  insufficient_quota: NO_CREDIT,
  billing_hard_limit_reached: NO_CREDIT,
  billing_not_active: NO_CREDIT,
  previous_response_not_found: CONTEXT_LOST,
  model_not_found: NO_MODEL,
  // Azure's words for it, which has deployments for models.
  DeploymentNotFound: NO_MODEL,
  file_not_found: FILE_LOST,
  invalid_api_key: KEY_REFUSED,
  context_length_exceeded: final(
    'INVALID_REQUEST',
    'The prompt and the pictures before it are too long for the model.',
  ),
  slow_down: RATE_LIMITED,
  server_is_overloaded: OVERLOADED,
};

const BY_TYPE: Readonly<Record<string, ErrorMapping>> = {
  // Unchanged, such a request fails again: the upstream says so of this type.
  image_generation_user_error: final('INVALID_REQUEST', 'The upstream could not make a picture from this request.'),
  insufficient_quota: NO_CREDIT,
  invalid_request_error: BAD_REQUEST,
  authentication_error: KEY_REFUSED,
  permission_error: ACCESS_REFUSED,
  rate_limit_error: RATE_LIMITED,
  requests: RATE_LIMITED,
  tokens: RATE_LIMITED,
  server_error: FAILED,
};

const BY_STATUS: Readonly<Record<number, ErrorMapping>> = {
  400: BAD_REQUEST,
  401: KEY_REFUSED,
  403: ACCESS_REFUSED,
  404: final('INVALID_REQUEST', 'The upstream does not have the model or the address that was asked for.'),
  408: again('TIMED_OUT', 'The upstream waited too long for the request.'),
  413: final('INVALID_REQUEST', 'The request is too large for the upstream.'),
  422: BAD_REQUEST,
  429: RATE_LIMITED,
  503: OVERLOADED,
};

export interface UpstreamErrorFields {
  readonly status: number | null;
  readonly code: string | null;
  readonly type: string | null;
}

/** The most telling mark decides: the code, then a status that says the key is at fault, then the type, then any status. */
export function mapError({ status, code, type }: UpstreamErrorFields): ErrorMapping {
  const byCode = code === null ? undefined : lookUp(BY_CODE, code);
  if (byCode !== undefined) return byCode;
  if (status === 401 || status === 403) return BY_STATUS[status] ?? KEY_REFUSED;
  const byType = type === null ? undefined : lookUp(BY_TYPE, type);
  if (byType !== undefined) return byType;
  if (status === null) return UNKNOWN_ERROR;
  return BY_STATUS[status] ?? (status >= 500 ? FAILED : status >= 400 ? BAD_REQUEST : UNKNOWN_ERROR);
}

const INCOMPLETE_REASONS: Readonly<Record<string, ErrorMapping>> = {
  content_filter: BLOCKED,
  max_output_tokens: final('INCOMPLETE', 'The upstream stopped early: its limit of output tokens was reached.'),
  max_messages: final('INCOMPLETE', 'The upstream stopped early: its limit of messages was reached.'),
  steered: again('INCOMPLETE', 'The upstream stopped early: other input had taken over.'),
};

/** What a response that ended `incomplete` says about itself in `incomplete_details.reason`. */
export function mapIncompleteReason(reason: string | null): ErrorMapping {
  const known = reason === null ? undefined : lookUp(INCOMPLETE_REASONS, reason);
  return known ?? again('INCOMPLETE', 'The upstream stopped early and did not say why.');
}

/** The upstream chooses the key, so `constructor` and its like must not find anything. */
function lookUp(table: Readonly<Record<string, ErrorMapping>>, key: string): ErrorMapping | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
