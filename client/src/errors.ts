/** What can go wrong with a subscription. */

/** An error of GraphQL, as the server sends it. */
export interface ResultError {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** The connection ended early, or could not be opened. Subscriptions go on by themselves; nobody else meets it. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
  /** How long the server asks to wait, in milliseconds; 0 when it did not say. */
  readonly retryAfterMs: number;

  constructor(message: string, { retryAfterMs = 0, cause }: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, { cause });
    this.retryAfterMs = retryAfterMs;
  }
}

/** The server did not accept the credentials, or they have ended. */
export class CredentialsRefusedError extends Error {
  override readonly name = 'CredentialsRefusedError';
}

/** The server will not carry out the subscription: it is invalid, or its object does not exist. */
export class SubscriptionRefusedError extends Error {
  override readonly name = 'SubscriptionRefusedError';
  readonly errors: readonly ResultError[];

  constructor(errors: readonly ResultError[]) {
    super(errors.map(({ message }) => message).join('\n'));
    this.errors = errors;
  }

  /** `extensions.code` of the first error, such as `NOT_FOUND`. */
  get code(): string | undefined {
    const code = this.errors[0]?.extensions?.['code'];
    return typeof code === 'string' ? code : undefined;
  }
}
