/** Who may use the server, as AUTH says. A driver is loaded only when it is used, to keep the start fast. */
import type { Logger } from 'pino';
import { type Authenticate, type Principal, unlimitedPrincipal } from '../../auth/authenticate.ts';
import { type BearerDriver, createBearerAuthenticate } from '../../auth/bearer.ts';
import type { ClientTokenFormat } from '../../auth/client-token-format.ts';
import { createClientTokenDriver } from '../../auth/drivers/client-token/tokens.ts';
import type { ApiKeys } from '../../auth/drivers/keys/api-keys.ts';
import { authenticateNobody } from '../../auth/drivers/none/authenticate.ts';
import type { AuthConfig, JwtConfig } from '../../config/auth.ts';
import type { Database } from '../../db/database.ts';
import { apiKeysChangedSince, findApiKeys, setApiKeysUsed } from '../../db/queries/api-keys.ts';
import { apiKeyIdOf, isApiKeyCredential } from '../../domain/access/api-key.ts';

export interface AuthenticationOptions {
  readonly auth: AuthConfig;
  readonly db: Database;
  readonly clientTokenFormat: ClientTokenFormat;
  readonly logger: Logger;
}

/** @param opened receives what stops the parts */
export async function openAuthentication(
  options: AuthenticationOptions,
  opened: AsyncDisposableStack,
): Promise<Authenticate> {
  const { modes, jwt } = options.auth;
  const drivers: BearerDriver[] = [];
  const keys = modes.includes('keys') ? await openApiKeys(options, opened) : null;
  if (keys !== null) drivers.push(keys.driver);
  if (jwt !== null) drivers.push(await openTokens(jwt, options.logger));
  if (drivers.length === 0) return authenticateNobody;
  const findCreator = createFindCreator(keys, jwt !== null);
  drivers.push(createClientTokenDriver({ format: options.clientTokenFormat, findCreator, nowMs: Date.now }));
  return createBearerAuthenticate(drivers);
}

/** Finds out whether credentials that created a client token are still valid. */
function createFindCreator(keys: ApiKeys | null, hasJwt: boolean) {
  return async (
    credential: string,
    principal: string,
  ): Promise<Pick<Principal, 'id' | 'scopes' | 'watchEnd'> | null> => {
    if (isApiKeyCredential(credential)) return keys === null ? null : keys.principalOf(apiKeyIdOf(credential));
    // A JWT cannot be looked up. The token ends with it: it never got a later end.
    return credential === 'jwt' && hasJwt ? unlimitedPrincipal(principal) : null;
  };
}

async function openApiKeys({ db, logger }: AuthenticationOptions, opened: AsyncDisposableStack): Promise<ApiKeys> {
  const { ApiKeys, REFRESH_INTERVAL_MS } = await import('../../auth/drivers/keys/api-keys.ts');
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
  return keys;
}

async function openTokens({ jwksUrl, ...rules }: JwtConfig, logger: Logger): Promise<BearerDriver> {
  const [{ createKeySet }, { createJwtDriver }] = await Promise.all([
    import('../../auth/drivers/jwt/key-set.ts'),
    import('../../auth/drivers/jwt/tokens.ts'),
  ]);
  const keySet = createKeySet({ url: jwksUrl, nowMs: Date.now, logger });
  // Problems show in the log at the start, not only with the first token.
  void keySet.prepare();
  return createJwtDriver({ rules, getKey: keySet.getKey, nowMs: Date.now });
}
