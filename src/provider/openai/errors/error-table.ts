/**
 * Every error that the upstream is known to report, and the failure that it becomes: by code, then by type, then by
 * HTTP status. The messages are written here because the upstream's own may name keys, organisations or internals.
 * Source: the `code` of ResponseError in the SDK (7.59.0), and OpenAI's guide to error codes.
 */
import type { GenerationFailureCode } from '../../../domain/generation/failure.ts';

/** What an upstream error means to the person who made the request. */
export interface ErrorMapping {
  readonly code: GenerationFailureCode;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  readonly message: string;
}

const retryable = (code: GenerationFailureCode, message: string): ErrorMapping => ({ code, retryable: true, message });
const final = (code: GenerationFailureCode, message: string): ErrorMapping => ({ code, retryable: false, message });

export const BLOCKED = final(
  'MODERATION_BLOCKED',
  'The upstream’s safety system blocked this image. Change the prompt.',
);
const RATE_LIMITED = retryable('RATE_LIMITED', 'The upstream’s rate limit for this server is reached.');
const NO_CREDIT = final('QUOTA_EXCEEDED', 'This server’s account with the upstream has no credit left.');
const FAILED = retryable('UPSTREAM_UNAVAILABLE', 'The upstream failed while it made the image.');
const OVERLOADED = retryable('UPSTREAM_UNAVAILABLE', 'The upstream is overloaded or down.');
const BAD_REQUEST = final('INVALID_REQUEST', 'The upstream rejected this request.');
const UNREADABLE_IMAGE = final('INVALID_REQUEST', 'The upstream could not read a source image.');
/**
 * INTERNAL and not INVALID_REQUEST, because the person who made the request cannot fix it. The message is for the
 * server's operator, who reads it in the same place.
 */
const KEY_REJECTED = final('INTERNAL', 'The upstream rejected this server’s API key. Its operator must check the key.');

const ACCESS_DENIED = final(
  'INTERNAL',
  'The upstream does not allow this for this server’s account. Its operator must check the account’s permissions.',
);

/** The response or item that the request builds on is gone. Another context can still work. */
export const CONTEXT_LOST = final(
  'INVALID_REQUEST',
  'The upstream no longer has the earlier image that this request builds on.',
);

/** A file that the request names is gone. Its bytes can be sent instead. */
export const FILE_LOST = final('INVALID_REQUEST', 'The upstream does not have a file that this request names.');

/** The request is not sent again without its window: the client asked for that price. */
export const WINDOW_REFUSED = final(
  'INVALID_REQUEST',
  'The upstream does not offer the completion window here, so nothing was bought. Without options.completionWindow, or ' +
    'with SOONEST, the image is made at once and at the usual price.',
);

const NO_MODEL = final('INVALID_REQUEST', 'The upstream does not have this model, or not for this server’s account.');

export const UNKNOWN_ERROR = retryable(
  'UPSTREAM_UNAVAILABLE',
  'The upstream reported an error that this server does not recognise.',
);

const BY_CODE: Readonly<Record<string, ErrorMapping>> = {
  server_error: FAILED,
  vector_store_timeout: retryable('UPSTREAM_UNAVAILABLE', 'One of the upstream’s own services timed out.'),
  rate_limit_exceeded: RATE_LIMITED,
  unknown_parameter: BAD_REQUEST,
  unsupported_parameter: BAD_REQUEST,
  unsupported_value: BAD_REQUEST,
  invalid_value: BAD_REQUEST,
  invalid_prompt: final('INVALID_REQUEST', 'The upstream rejected the prompt.'),
  data_residency_mismatch: final('INVALID_REQUEST', 'The upstream may not process this request in its data region.'),
  bio_policy: BLOCKED,
  misalignment_policy_violation: BLOCKED,
  image_content_policy_violation: BLOCKED,
  invalid_image: UNREADABLE_IMAGE,
  invalid_base64_image: UNREADABLE_IMAGE,
  image_parse_error: UNREADABLE_IMAGE,
  empty_image_file: final('INVALID_REQUEST', 'A source image is empty.'),
  invalid_image_format: final('INVALID_REQUEST', 'The upstream does not support the format of a source image.'),
  unsupported_image_media_type: final(
    'INVALID_REQUEST',
    'The upstream does not support the media type of a source image.',
  ),
  invalid_image_mode: final('INVALID_REQUEST', 'The upstream does not support the colour mode of a source image.'),
  invalid_image_url: final('INVALID_REQUEST', 'The upstream could not use the URL of a source image.'),
  failed_to_download_image: retryable('INVALID_REQUEST', 'The upstream could not download a source image.'),
  image_file_not_found: FILE_LOST,
  image_too_large: final('INVALID_REQUEST', 'A source image has too many pixels.'),
  image_too_small: final('INVALID_REQUEST', 'A source image has too few pixels.'),
  image_file_too_large: final('INVALID_REQUEST', 'The file of a source image is too large.'),

  moderation_blocked: BLOCKED,
  content_policy_violation: BLOCKED,
  content_filter: BLOCKED,
  contentFilter: BLOCKED,
  insufficient_quota: NO_CREDIT,
  billing_hard_limit_reached: NO_CREDIT,
  billing_not_active: NO_CREDIT,
  previous_response_not_found: CONTEXT_LOST,
  model_not_found: NO_MODEL,
  // Azure's code for the same: it has deployments in place of models.
  DeploymentNotFound: NO_MODEL,
  file_not_found: FILE_LOST,
  invalid_api_key: KEY_REJECTED,
  context_length_exceeded: final(
    'INVALID_REQUEST',
    'The prompt, with the images that it builds on, is too long for the model.',
  ),
  slow_down: RATE_LIMITED,
  server_is_overloaded: OVERLOADED,
};

const BY_TYPE: Readonly<Record<string, ErrorMapping>> = {
  // OpenAI's documentation says that such a request fails again unless it is changed.
  image_generation_user_error: final('INVALID_REQUEST', 'The upstream could not make an image from this request.'),
  insufficient_quota: NO_CREDIT,
  invalid_request_error: BAD_REQUEST,
  authentication_error: KEY_REJECTED,
  permission_error: ACCESS_DENIED,
  rate_limit_error: RATE_LIMITED,
  requests: RATE_LIMITED,
  tokens: RATE_LIMITED,
  server_error: FAILED,
};

const BY_STATUS: Readonly<Record<number, ErrorMapping>> = {
  400: BAD_REQUEST,
  401: KEY_REJECTED,
  403: ACCESS_DENIED,
  404: final('INVALID_REQUEST', 'The upstream does not have the requested model or URL.'),
  408: retryable('TIMED_OUT', 'The upstream timed out while it waited for the request.'),
  413: final('INVALID_REQUEST', 'The request is too large for the upstream.'),
  422: BAD_REQUEST,
  429: RATE_LIMITED,
  503: OVERLOADED,
};

/** The fields of an upstream error that decide its mapping. */
export interface UpstreamErrorFields {
  /** Of the HTTP answer; null for an error inside a stream. */
  readonly status: number | null;
  readonly code: string | null;
  readonly type: string | null;
}

/**
 * The most specific field decides: the code, then a status of 401 or 403 (the key is at fault), then the type, then any
 * other status.
 */
export function mapError({ status, code, type }: UpstreamErrorFields): ErrorMapping {
  const byCode = code === null ? undefined : lookUp(BY_CODE, code);
  if (byCode !== undefined) return byCode;
  if (status === 401 || status === 403) return BY_STATUS[status] ?? KEY_REJECTED;
  const byType = type === null ? undefined : lookUp(BY_TYPE, type);
  if (byType !== undefined) return byType;
  if (status === null) return UNKNOWN_ERROR;
  return BY_STATUS[status] ?? (status >= 500 ? FAILED : status >= 400 ? BAD_REQUEST : UNKNOWN_ERROR);
}

const INCOMPLETE_REASONS: Readonly<Record<string, ErrorMapping>> = {
  content_filter: BLOCKED,
  max_output_tokens: final('INCOMPLETE', 'The upstream stopped early: its limit of output tokens was reached.'),
  max_messages: final('INCOMPLETE', 'The upstream stopped early: its limit of messages was reached.'),
  steered: retryable('INCOMPLETE', 'The upstream stopped early: other input took over.'),
};

/** @param reason `incomplete_details.reason` of a response that ended `incomplete` */
export function mapIncompleteReason(reason: string | null): ErrorMapping {
  const known = reason === null ? undefined : lookUp(INCOMPLETE_REASONS, reason);
  return known ?? retryable('INCOMPLETE', 'The upstream stopped early and did not say why.');
}

/** The upstream chooses the key, so `constructor` and other inherited names must find nothing. */
function lookUp(table: Readonly<Record<string, ErrorMapping>>, key: string): ErrorMapping | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
