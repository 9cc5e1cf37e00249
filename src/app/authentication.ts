/** Who may use the server, as AUTH says. A driver is loaded only when it is used, to keep the start fast. */
import type { Logger } from 'pino';
import type { Authenticate } from '../auth/authenticate.ts';
import { type BearerDriver, createBearerAuthenticate } from '../auth/bearer.ts';
import { authenticateNobody } from '../auth/drivers/none/authenticate.ts';
import type { AuthConfig, JwtConfig } from '../config/auth.ts';
import type { Database } from '../db/database.ts';
import { apiKeysChangedSince, findApiKeys, setApiKeysUsed } from '../db/queries/api-keys.ts';

export interface AuthenticationOptions {
  readonly auth: AuthConfig;
  readonly db: Database;
  readonly logger: Logger;
}

/** @param opened receives what stops the parts */
export async function openAuthentication(
  options: AuthenticationOptions,
  opened: AsyncDisposableStack,
): Promise<Authenticate> {
  const { modes, jwt } = options.auth;
  const drivers: BearerDriver[] = [];
  if (modes.includes('keys')) drivers.push(await openApiKeys(options, opened));
  if (jwt !== null) drivers.push(await openTokens(jwt, options.logger));
  return drivers.length === 0 ? authenticateNobody : createBearerAuthenticate(drivers);
}

async function openApiKeys({ db, logger }: AuthenticationOptions, opened: AsyncDisposableStack): Promise<BearerDriver> {
  const { ApiKeys, REFRESH_INTERVAL_MS } = await import('../auth/drivers/keys/api-keys.ts');
  const keys = new ApiKeys({
    store: {
      find: (ids) => findApiKeys(db, ids),
      changedSince: (at) => apiKeysChangedSince(db, at),
      markUsed: (ids, at) => setApiKeysUsed(db, ids, at),
    },
    nowMs: Date.now,
    logger,
  });
  await keys.refresh();
  const interval = setInterval(() => void keys.refresh(), REFRESH_INTERVAL_MS);
  opened.defer(async () => {
    clearInterval(interval);
    // One may be running, and another one stores what was used since it began.
    await keys.refresh();
    await keys.refresh();
  });
  return keys.driver;
}

async function openTokens({ jwksUrl, ...rules }: JwtConfig, logger: Logger): Promise<BearerDriver> {
  const [{ createKeySet }, { createJwtDriver }] = await Promise.all([
    import('../auth/drivers/jwt/key-set.ts'),
    import('../auth/drivers/jwt/tokens.ts'),
  ]);
  const keySet = createKeySet({ url: jwksUrl, nowMs: Date.now, logger });
  // Problems show in the log at the start, not only with the first token.
  void keySet.prepare();
  return createJwtDriver({ rules, getKey: keySet.getKey, nowMs: Date.now });
}
