/** The environment variables that say who can use the server, and how it signs image URLs. */
import * as v from 'valibot';
import { SCOPES, type Scope, scopeNamed } from '../domain/access/scope.ts';
import { isLoopback } from './loopback.ts';
import { httpUrl, integerOr, listOf, orNull, partsOf, text } from './values.ts';

const MODES = ['keys', 'jwt'] as const;
export type AuthMode = (typeof MODES)[number];

export interface AuthConfig {
  /** The kinds of credentials that are accepted; none for a server without authentication. */
  readonly modes: readonly AuthMode[];
  /** Null unless `modes` has `jwt`. */
  readonly jwt: JwtConfig | null;
}

export interface JwtConfig {
  /** Where the identity provider publishes its keys. */
  readonly jwksUrl: string;
  readonly issuer: string;
  /** A token must name one of them. */
  readonly audiences: readonly string[];
  readonly principalClaim: string;
  readonly scopeClaim: string;
  /** Of tokens without the scope claim. */
  readonly defaultScopes: readonly Scope[];
  readonly algorithms: readonly string[];
  /** By how many milliseconds the clock of the identity provider may be ahead. */
  readonly clockToleranceMs: number;
}

/** All are asymmetric: with a symmetric one, whoever can check tokens could make them. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
] as const;
const DEFAULT_ALGORITHMS = 'RS256,PS256,ES256,EdDSA,Ed25519';

const isMode = (part: string) => MODES.some((mode) => mode === part);
const mode = v.pipe(
  text((value) => value === 'none' || partsOf(value).every(isMode), {
    expected: `a list of ${MODES.join(' and ')}, for example "keys,jwt", or "none" alone`,
  }),
  v.transform((value) => MODES.filter((name) => partsOf(value).includes(name))),
);
const scopeList = v.pipe(
  listOf((part) => scopeNamed(part) !== null, { expected: `a list of ${SCOPES.join(', ').toLowerCase()}` }),
  v.transform((names) => names.map(scopeNamed).filter((scope) => scope !== null)),
);

export const AUTH_ENVIRONMENT = {
  AUTH: orNull(mode),
  AUTH_JWKS_URL: orNull(httpUrl),
  AUTH_ISSUER: orNull(v.string()),
  AUTH_AUDIENCE: orNull(listOf((part) => part !== '', { expected: 'audiences, separated by commas' })),
  AUTH_PRINCIPAL_CLAIM: v.optional(v.string(), 'sub'),
  AUTH_SCOPE_CLAIM: v.optional(v.string(), 'scope'),
  AUTH_DEFAULT_SCOPES: v.optional(scopeList, 'read'),
  AUTH_ALGORITHMS: v.optional(
    listOf((part) => ALGORITHMS.some((algorithm) => algorithm === part), {
      expected: `a list of ${ALGORITHMS.join(', ')}`,
    }),
    DEFAULT_ALGORITHMS,
  ),
  AUTH_CLOCK_TOLERANCE_MS: integerOr(5_000, 0, 300_000),
};

type Values = v.InferOutput<v.ObjectSchema<typeof AUTH_ENVIRONMENT, undefined>>;

const JWT_REQUIRED = ['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'] as const;

const JWKS_CREDENTIALS = 'AUTH_JWKS_URL must have no user and no password: the keys of an issuer are public';

/** `fetch` refuses such a URL, and its message would put the password into the log. */
function hasCredentials(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}

const JWKS_INSECURE =
  'AUTH_JWKS_URL must be https, or http to this machine: over plain http anybody on the way can replace the keys, and ' +
  'then make tokens for every principal';

/** The keys decide who gets in. Only on loopback nobody is on the way. */
function isInsecure(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !isLoopback(hostname);
}

/** Problems with combinations of variables that are valid one by one. */
export function authProblems(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  const hasJwt = partsOf(given['AUTH'] ?? 'none').includes('jwt');
  if (hasJwt) {
    const missing = JWT_REQUIRED.filter((name) => given[name] === undefined);
    return [
      ...missing.map((name) => `${name} must be set with AUTH=jwt`),
      ...(hasCredentials(given['AUTH_JWKS_URL'] ?? '') ? [JWKS_CREDENTIALS] : []),
      ...(isInsecure(given['AUTH_JWKS_URL'] ?? '') ? [JWKS_INSECURE] : []),
    ];
  }
  // Whoever sets these believes that tokens are checked.
  return JWT_REQUIRED.filter((name) => given[name] !== undefined).map(
    (name) => `${name} must be unset without AUTH=jwt: no token would be checked`,
  );
}

export function authConfig(values: Values): AuthConfig {
  const modes = values.AUTH ?? [];
  const { AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audiences } = values;
  if (!modes.includes('jwt') || jwksUrl === null || issuer === null || audiences === null) return { modes, jwt: null };
  return {
    modes,
    jwt: {
      jwksUrl,
      issuer,
      audiences,
      principalClaim: values.AUTH_PRINCIPAL_CLAIM,
      scopeClaim: values.AUTH_SCOPE_CLAIM,
      defaultScopes: values.AUTH_DEFAULT_SCOPES,
      algorithms: values.AUTH_ALGORITHMS,
      clockToleranceMs: values.AUTH_CLOCK_TOLERANCE_MS,
    },
  };
}
