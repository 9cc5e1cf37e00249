/**
 * An error response in OpenAI's format: `{ error: { message, type, param, code } }` with its HTTP status.
 * Messages use the upstream's own wording where it is known, because some clients match on it.
 */

export interface ApiErrorInit {
  readonly status: number;
  readonly message: string;
  readonly type?: string;
  readonly code?: string | null;
  readonly param?: string | null;
  /** Fields added to the four, such as `moderation_details`. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Response headers, such as `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
}

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly error: Readonly<Record<string, unknown>> };

  constructor(init: ApiErrorInit) {
    super(init.message);
    this.status = init.status;
    this.headers = init.headers ?? {};
    this.body = {
      error: {
        message: init.message,
        type: init.type ?? 'invalid_request_error',
        param: init.param ?? null,
        code: init.code ?? null,
        ...init.details,
      },
    };
  }
}

/** A 400 for an invalid value in the request. */
export function invalid(message: string, param: string | null, code: string | null = null): ApiError {
  return new ApiError({ status: 400, message, param, code });
}

/** A 400 of the image generator itself. Repeating the request does not help. */
export function imageUserError(message: string, param: string | null, code: string | null): ApiError {
  return new ApiError({ status: 400, type: 'image_generation_user_error', message, param, code });
}

/** A 404 for a response, an item or a path that does not exist. */
export function notFound(message: string, param: string | null = null): ApiError {
  return new ApiError({ status: 404, message, param });
}

/** Turns any error into one that can be sent. Anything but an ApiError is a bug of the simulator: a 500. */
export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError
    ? error
    : new ApiError({ status: 500, type: 'server_error', message: String(error) });
}
