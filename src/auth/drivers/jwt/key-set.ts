/**
 * The public keys of the identity provider (JWKS), read over HTTP and cached by jose. An unknown key id is looked for
 * again, but not too often: anybody can make one up.
 */
import { createRemoteJWKSet, customFetch, type FetchImplementation, type JWTVerifyGetKey } from 'jose';
import type { Logger } from 'pino';
import { AuthenticationUnavailableError } from '../../authenticate.ts';

/** How long a request waits for the keys. */
const TIMEOUT_MS = 3_000;
/** After a successful read, how long an unknown key id does not cause another; after a failed one, how long nothing does. */
const COOLDOWN_MS = 5_000;
/** How long a key works that the identity provider has removed. */
const MAX_AGE_MS = 600_000;
/** Key sets have a few kilobytes. */
const MAX_BYTES = 256 * 1024;

const UNAVAILABLE = 'Tokens cannot be checked at the moment: the keys of their issuer cannot be read. Try again soon.';

export interface KeySetOptions {
  readonly url: string;
  readonly nowMs: () => number;
  readonly logger: Logger;
  readonly timeoutMs?: number;
}

export interface KeySet {
  /** @throws {AuthenticationUnavailableError} when the keys are not there and cannot be read */
  readonly getKey: JWTVerifyGetKey;
  /** Reads the keys before the first token comes. Never rejects: a failure is logged. */
  prepare(): Promise<void>;
}

export function createKeySet({ url, nowMs, logger, timeoutMs = TIMEOUT_MS }: KeySetOptions): KeySet {
  // Without the query, which may hold a secret.
  const { origin, pathname } = new URL(url);
  const where = { url: origin + pathname };
  let failedAtMs = Number.NEGATIVE_INFINITY;
  let isFailing = false;

  const fetchKeys: FetchImplementation = async (address, options) => {
    if (nowMs() - failedAtMs < COOLDOWN_MS) throw new AuthenticationUnavailableError(UNAVAILABLE);
    try {
      const text = await read(await fetch(address, options));
      if (isFailing) logger.info(where, 'the keys of AUTH_JWKS_URL can be read again');
      isFailing = false;
      return new Response(text);
    } catch (cause) {
      failedAtMs = nowMs();
      const advice = 'the keys of AUTH_JWKS_URL cannot be read; tokens that need them get 503';
      if (!isFailing) logger.error({ err: cause, ...where }, advice);
      isFailing = true;
      throw new AuthenticationUnavailableError(UNAVAILABLE, { cause });
    }
  };
  const keys = createRemoteJWKSet(new URL(url), {
    timeoutDuration: timeoutMs,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: MAX_AGE_MS,
    [customFetch]: fetchKeys,
  });
  return { getKey: keys, prepare: () => keys.reload().catch(() => undefined) };
}

/** @throws {Error} when the answer is no key set */
async function read(response: Response): Promise<string> {
  // Redirects are not followed: the keys decide who gets in, so they come from the configured address only.
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`the answer has status ${response.status}, not 200`);
  }
  const chunks: Uint8Array[] = [];
  let byteSize = 0;
  for await (const chunk of response.body ?? []) {
    byteSize += chunk.byteLength;
    if (byteSize > MAX_BYTES) throw new Error(`the answer is larger than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  const { keys }: { readonly keys?: unknown } = JSON.parse(text) ?? {};
  if (!Array.isArray(keys)) throw new Error('the answer is no JSON Web Key Set: it has no list of keys');
  return text;
}
