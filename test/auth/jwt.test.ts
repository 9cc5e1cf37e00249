/** JSON Web Tokens against an identity provider over HTTP: what is accepted, and how everything else is refused. */
import { exportSPKI, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuthenticationUnavailableError, UnauthenticatedError } from '../../src/auth/authenticate.ts';
import type { BearerDriver } from '../../src/auth/bearer.ts';
import { createKeySet } from '../../src/auth/drivers/jwt/key-set.ts';
import { createJwtDriver, type TokenRules } from '../../src/auth/drivers/jwt/tokens.ts';
import { describeBearerDriver } from '../contract/bearer-driver.ts';
import { AUDIENCE, type IdentityProvider, ISSUER, newKey, startIdentityProvider } from './identity-provider.ts';

const RULES: TokenRules = {
  issuer: ISSUER,
  audiences: ['other', AUDIENCE],
  principalClaim: 'sub',
  scopeClaim: 'scope',
  defaultScopes: ['READ'],
  algorithms: ['ES256', 'RS256'],
  clockToleranceMs: 5_000,
};
const TIMEOUT_MS = 300;

let log: string[] = [];
const logger = pino({ level: 'info' }, { write: (line: string) => void log.push(line) });

function driverFor(
  idp: IdentityProvider,
  rules: Partial<TokenRules> = {},
  nowMs: () => number = Date.now,
): BearerDriver {
  const { getKey } = createKeySet({ url: idp.jwksUrl, nowMs, logger, timeoutMs: TIMEOUT_MS });
  return createJwtDriver({ rules: { ...RULES, ...rules }, getKey, nowMs });
}

describeBearerDriver('JWT', async () => {
  let nowMs = Date.now();
  const idp = await startIdentityProvider(() => nowMs);
  const token = await idp.sign();
  const [header = '', payload = ''] = token.split('.');
  return {
    driver: driverFor(idp, {}, () => nowMs),
    wrong: [`${header}.${payload}.${'A'.repeat(86)}`, await idp.sign({}, {}, await newKey('first'))],
    async issue(principal) {
      // Time is frozen, but timers run: the end is near enough to be waited for.
      const end = Math.ceil((nowMs + 100) / 1000);
      return {
        token: await idp.sign({ sub: principal, exp: end }),
        async end() {
          nowMs = Math.max(nowMs, end * 1000);
          await new Promise((resolve) => setTimeout(resolve, Math.max(end * 1000 - Date.now(), 0) + 50));
        },
      };
    },
    [Symbol.asyncDispose]: () => idp[Symbol.asyncDispose](),
  };
});

describe('JWT', () => {
  let idp: IdentityProvider;
  let driver: BearerDriver;
  beforeEach(async () => {
    log = [];
    idp = await startIdentityProvider();
    driver = driverFor(idp);
  });
  afterEach(() => idp[Symbol.asyncDispose]());

  const now = () => Math.floor(Date.now() / 1000);
  const scopesWith = async (claims: JWTPayload, rules: Partial<TokenRules> = {}) => [
    ...((await driverFor(idp, rules)(await idp.sign(claims)))?.scopes ?? []),
  ];

  it.each<[string, JWTPayload, string]>([
    ['for another API', { aud: 'somebody else' }, 'claim aud'],
    ['for no API', { aud: undefined }, 'claim aud'],
    ['of another issuer', { iss: 'https://login.example.evil' }, 'claim iss'],
    ['that has expired', { exp: now() - 1 }, 'has expired'],
    ['that never expires', { exp: undefined }, 'claim exp'],
    ['that is not valid yet', { nbf: now() + 60 }, 'claim nbf'],
    ['of nobody', { sub: undefined }, 'claim sub'],
    ['of an empty principal', { sub: '' }, 'claim sub'],
    ['of a principal with a line break', { sub: 'a\nb' }, 'claim sub'],
    ['of a principal that is no text', JSON.parse('{"sub": 7}'), 'claim sub'],
  ])('refuses a token %s and says why', async (_, claims, message) => {
    const refused = driver(await idp.sign(claims));
    await expect(refused).rejects.toThrow(UnauthenticatedError);
    await expect(refused).rejects.toThrow(message);
  });

  it('accepts a token of a clock that is a little ahead', async () => {
    expect(await driver(await idp.sign({ nbf: now() + 3, iat: now() + 3 }))).not.toBeNull();
  });

  it.each(['none', 'HS256', 'ES384'])('refuses the algorithm %s', async (alg) => {
    const claims = { sub: 'anna', iss: ISSUER, aud: AUDIENCE, exp: now() + 300 };
    const key = await newKey('first', 'ES384');
    // The public key is no secret: whoever signs with it as one would get in.
    const secret = new TextEncoder().encode(await exportSPKI(idp.key.publicKey));
    const tokens: Readonly<Record<string, () => Promise<string>>> = {
      none: async () => new UnsecuredJWT(claims).encode(),
      HS256: () => new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'first' }).sign(secret),
      ES384: () => idp.sign({}, {}, key),
    };
    await expect(driver((await tokens[alg]?.()) ?? '')).rejects.toThrow('algorithm that is not allowed');
    expect(idp.asked).toBe(0);
  });

  it.each([
    ['an extension that must be understood', { crit: ['x-own'], 'x-own': true }],
    ['a key of its own', { kid: 'mine', jwk: { kty: 'EC' } }],
    ['the address of a key', { kid: 'mine', jku: 'http://127.0.0.1:9/keys' }],
    ['a path as its key', { kid: '../../dev/null' }],
    ['a query as its key', { kid: "x' or '1'='1" }],
  ])('refuses a token with %s', async (_, header) => {
    const other = await newKey('mine');
    // jose refuses to sign with an unknown extension as well, so that token is assembled.
    const token = 'crit' in header ? await withHeader(idp, header) : await idp.sign({}, header, other);
    await expect(driver(token)).rejects.toThrow(UnauthenticatedError);
  });

  it('reads scopes from words or from a list, in any letter case, and ignores those that it does not know', async () => {
    expect(await scopesWith({ scope: 'openid READ generate' })).toEqual(['READ', 'GENERATE']);
    expect(await scopesWith({ permissions: ['cost', 'ADMIN', 7, 'x'] }, { scopeClaim: 'permissions' })).toEqual([
      'COST',
      'ADMIN',
    ]);
    expect(await scopesWith({ scope: '' })).toEqual([]);
    expect(await scopesWith({ scope: 7 })).toEqual([]);
    expect(await scopesWith({})).toEqual(['READ']);
  });

  it('takes the principal from the configured claim', async () => {
    const own = driverFor(idp, { principalClaim: 'email' });
    expect((await own(await idp.sign({ email: 'anna@example.com' })))?.id).toBe('anna@example.com');
    await expect(own(await idp.sign())).rejects.toThrow('claim email');
  });

  it('reads the keys once, and again for an unknown key after a while', async () => {
    let nowMs = Date.now();
    const own = driverFor(idp, {}, () => nowMs);
    await own(await idp.sign());
    await own(await idp.sign({ sub: 'bert' }));
    expect(idp.asked).toBe(1);
    const second = await newKey('second');
    idp.published = [second];
    // The cooldown of jose runs by the clock of the system.
    const realNow = Date.now;
    Date.now = () => realNow() + 6_000;
    try {
      nowMs += 6_000;
      expect((await own(await idp.sign({ sub: 'carla' }, {}, second)))?.id).toBe('carla');
      await expect(own(await idp.sign({ sub: 'dora' }))).rejects.toThrow('does not publish');
    } finally {
      Date.now = realNow;
    }
    expect(idp.asked).toBe(2);
  });

  it.each(['error', 'silence', 'redirect', 'html', 'huge'] as const)(
    'says that tokens cannot be checked while the issuer answers with %s, and does not hang',
    async (answer) => {
      idp.answer = answer;
      let nowMs = Date.now();
      const own = driverFor(idp, {}, () => nowMs);
      const token = await idp.sign();
      const start = performance.now();
      const refused = Promise.allSettled([own(token), own(token), own(token)]);
      for (const { status, reason } of (await refused) as PromiseRejectedResult[]) {
        expect([status, reason]).toEqual(['rejected', expect.any(AuthenticationUnavailableError)]);
      }
      expect(performance.now() - start).toBeLessThan(TIMEOUT_MS + 1_000);
      expect(idp.asked).toBe(1);
      await expect(own(token)).rejects.toThrow('cannot be checked');
      expect(idp.asked).toBe(1);
      expect(log).toHaveLength(1);
      expect(log[0]).toContain('AUTH_JWKS_URL');

      idp.answer = 'keys';
      nowMs += 5_000;
      expect((await own(token))?.id).toBe('anna');
    },
  );
});

it('the log has the address of the keys without its query, which may hold a secret', async () => {
  await using idp = await startIdentityProvider();
  idp.answer = 'error';
  const lines: string[] = [];
  const { prepare } = createKeySet({
    url: `${idp.jwksUrl}?token=hidden`,
    nowMs: Date.now,
    logger: pino({}, { write: (line: string) => void lines.push(line) }),
    timeoutMs: TIMEOUT_MS,
  });
  await prepare();
  expect(lines).toEqual([expect.stringContaining(idp.jwksUrl)]);
  expect(lines[0]).not.toContain('hidden');
});

/** A token with a valid signature over a header that no library makes. */
async function withHeader({ key, sign }: IdentityProvider, header: object): Promise<string> {
  const [, payload = ''] = (await sign()).split('.');
  const text = JSON.stringify({ alg: key.alg, kid: key.kid, ...header });
  const signed = `${Buffer.from(text).toString('base64url')}.${payload}`;
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const signature = await crypto.subtle.sign(algorithm, key.privateKey, Buffer.from(signed));
  return `${signed}.${Buffer.from(signature).toString('base64url')}`;
}
