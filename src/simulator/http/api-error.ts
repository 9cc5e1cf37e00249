/**
 * An error answer in OpenAI's shape: `{ error: { message, type, param, code } }` with its HTTP status.
 * Messages follow the upstream's own wording where it is known, because clients are seen to match on it.
 */

export interface ApiErrorInit {
  readonly status: number;
  readonly message: string;
  readonly type?: string;
  readonly code?: string | null;
  readonly param?: string | null;
  /** More fields beside the four, such as `moderation_details`. */
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

/** A 400 for a value that the request may not have. */
export function invalid(message: string, param: string | null, code: string | null = null): ApiError {
  return new ApiError({ status: 400, message, param, code });
}

/** A 400 of the image generator itself, which fails again when it is repeated. */
export function imageUserError(message: string, param: string | null, code: string | null): ApiError {
  return new ApiError({ status: 400, type: 'image_generation_user_error', message, param, code });
}

/** A 404 for a response, an item or a path that is not there. */
export function notFound(message: string, param: string | null = null): ApiError {
  return new ApiError({ status: 404, message, param });
}

/** Any error as one that can be answered: what is none of ours is a fault of the simulator, a 500. */
export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError
    ? error
    : new ApiError({ status: 500, type: 'server_error', message: String(error) });
}
