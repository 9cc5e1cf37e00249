/** The environment: everything that is wrong is told at once, each with what would be right. */
import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from '../../src/config/config.ts';
import { DEFAULT_PRICES } from '../../src/domain/cost/prices.ts';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the environment', () => {
  it('may be empty: a loopback server with the simulator', () => {
    expect(parseConfig({})).toEqual({
      auth: { modes: [], jwt: null },
      signing: { secrets: null, imageUrlTtlMs: 43_200_000, imageResourcePolicy: 'auto' },
      network: {
        allowedHosts: null,
        trustedProxies: [],
        introspection: 'auto',
        connections: {
          requestTimeoutMs: 30_000,
          minUploadBytesPerSecond: 4096,
          stalledTimeoutMs: 30_000,
          maxConnections: 5000,
          maxConnectionsPerAddress: 1000,
          maxSocketsPerAddress: 500,
          maxEventStreamsPerAddress: 200,
        },
      },
      rates: {
        perMinute: {
          REQUESTS: null,
          COST: null,
          UPLOADS: null,
          IMAGES: null,
          VARIANTS: null,
          FAILED_AUTHENTICATIONS: 60,
        },
        credentialSharePercent: 100,
        concurrency: {
          subscriptionsPerPrincipal: 10_000,
          subscriptionsPerAddress: 10_000,
          operationsPerPrincipal: null,
        },
      },
      limits: {
        operation: {
          maxQueryTokens: 4_000,
          maxQuerySelections: 2_000,
          maxQueryDepth: 20,
          maxQueryCost: 20_000,
          maxRootFields: 50,
          maxMutations: 10,
          maxDataUriBytes: 8_388_608,
          maxAnswerBytes: 16_777_216,
          executionTimeoutMs: 10_000,
        },
        maxOpenCalls: 100,
      },
      budgets: {
        limits: { DAY: null, MONTH: null },
        onExceed: 'REFUSE',
        unpricedImage: 250_000_000_000n,
        approvalTimeoutMs: 604_800_000,
      },
      host: '127.0.0.1',
      port: 4000,
      dataDir: './data',
      publicUrl: null,
      allowedOrigins: [],
      upstream: {
        kind: 'SIMULATOR',
        apiKey: 'none',
        api: 'AUTO',
        azure: null,
        background: false,
        baseUrl: null,
        boundsToolCalls: true,
        files: true,
        headers: {},
        organization: null,
        project: null,
        keepsMetadata: false,
        deletesPurged: false,
        safetyIdentifier: true,
        store: true,
        urlSecrets: [],
        model: expect.stringMatching(/^gpt-/u),
        imageModel: null,
        idleTimeoutMs: 120_000,
        commentTimeoutMs: 600_000,
      },
      simulator: { port: 0, durationMs: 4000, scenario: null, art: 'detailed' },
      concurrency: 4,
      databaseBusyTimeoutMs: 10_000,
      sqliteSync: 'beside',
      drainTimeoutMs: 10_000,
      leaseMs: 10_000,
      maxUploadBytes: 52_428_800,
      maxVariantBytes: 1_073_741_824,
      orphanGraceMs: 3_600_000,
      retention: { trashDays: 30, partialDays: 30 },
      subscribers: { keepAliveMs: 12_000, maxBufferedBytes: 33_554_432, maxOperationsPerSocket: 100 },
      perMinute: null,
      prices: DEFAULT_PRICES,
      retry: { baseDelayMs: 1000, maxAttempts: 4, maxDelayMs: 60_000 },
      timeoutMs: 900_000,
      completionPolls: { first: 15_000, longest: 300_000 },
      logLevel: 'info',
    });
  });

  it('takes an empty variable for one that is not set', () => {
    const names = ['PORT', 'HOST', 'AUTH', 'OPENAI_API_KEY', 'OPENAI_BASE_URL', 'DATABASE_URL', 'ALLOWED_ORIGINS'];
    expect(parseConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(parseConfig({}));
  });

  it('takes host names, addresses and subnets in lists', () => {
    expect(
      parseConfig({
        ALLOWED_HOSTS: 'a.example, 10.0.0.1,::1, [2001:db8::1]',
        TRUST_PROXY: 'loopback, 10.0.0.0/8, fd00::1',
      }).network,
    ).toMatchObject({
      allowedHosts: ['a.example', '10.0.0.1', '::1', '[2001:db8::1]'],
      trustedProxies: ['loopback', '10.0.0.0/8', 'fd00::1'],
    });
  });

  it('does not mind variables that are not its own', () => {
    expect(problemsOf({ HOME: '/home/somebody', NODE_ENV: 'production' })).toEqual([]);
  });

  it.each([
    ['PORT', 'http', 'a whole number from 0 to 65535'],
    ['PORT', '65536', 'a whole number from 0 to 65535'],
    ['PORT', '-1', 'a whole number from 0 to 65535'],
    ['PORT', '80.5', 'a whole number from 0 to 65535'],
    ['PORT', '0x50', 'a whole number from 0 to 65535'],
    ['CONCURRENCY', '0', 'a whole number from 1 to 1000'],
    ['DRAIN_TIMEOUT_MS', '10s', 'a whole number from 0 to 3600000'],
    ['UPSTREAM_IDLE_TIMEOUT_MS', '99', 'a whole number from 100 to 3600000'],
    ['UPSTREAM_COMMENT_TIMEOUT_MS', '3600001', 'a whole number from 100 to 3600000'],
    ['SIMULATOR_PORT', 'any', 'a whole number from 0 to 65535'],
    ['SIMULATOR_DURATION_MS', '-5', 'a whole number from 0 to 3600000'],
    ['SIMULATOR_ART', 'oil', 'one of detailed, plain'],
    ['SQLITE_SYNC', 'off', 'one of beside, full'],
    ['PUBLIC_URL', 'pictures.example.com', 'an http or https URL'],
    ['PUBLIC_URL', 'ftp://pictures.example.com', 'an http or https URL'],
    ['OPENAI_BASE_URL', 'localhost:8080', 'an http or https URL'],
    ['ALLOWED_ORIGINS', 'app.example.com', 'origins such as'],
    ['ALLOWED_ORIGINS', 'https://app.example.com/', 'origins such as'],
    ['ALLOWED_ORIGINS', 'https://a.example,', 'origins such as'],
    ['AUTH', 'none,keys', '"none" alone'],
    ['AUTH', 'key', 'keys and jwt'],
    ['AUTH_DEFAULT_SCOPES', 'read,write', 'read, generate'],
    ['AUTH_ALGORITHMS', 'RS256,HS256', 'RS256'],
    ['AUTH_ALGORITHMS', 'none', 'RS256'],
    ['AUTH_CLOCK_TOLERANCE_MS', '300001', '300000'],
    ['ALLOWED_HOSTS', 'https://pictures.example.com', 'host names or IP addresses without a scheme'],
    ['ALLOWED_HOSTS', 'pictures.example.com:8080', 'without a port'],
    ['ALLOWED_HOSTS', 'a.example,,b.example', 'host names or IP addresses'],
    ['ALLOWED_HOSTS', 'a b', 'host names or IP addresses'],
    ['ALLOWED_HOSTS', '-a.example', 'host names or IP addresses'],
    ['TRUST_PROXY', 'true', 'IP addresses or subnets'],
    ['TRUST_PROXY', '10.0.0.0/33', 'IP addresses or subnets'],
    ['TRUST_PROXY', 'nginx', 'IP addresses or subnets'],
    ['INTROSPECTION', 'yes', 'one of auto, on, off'],
    ['REQUEST_TIMEOUT_MS', '30s', 'a whole number from 100 to 3600000'],
    ['MAX_CONNECTIONS', '0', 'a whole number from 1 to 1000000'],
    ['UPSTREAM_API', 'chat', 'one of auto, both, responses, images'],
    ['UPSTREAM_STORE', 'no', 'one of on, off'],
    ['LOG_LEVEL', 'loud', 'one of fatal, error, warn, info, debug, trace, silent'],
    ['DATABASE_URL', 'postgres://db', 'SQLite in DATA_DIR'],
    ['REDIS_URL', 'redis://cache', 'the queue of this process'],
    ['BLOB_URL', 's3://bucket', 'files in DATA_DIR'],
  ])('says of %s=%s that it must be %s', (name, value, right) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} must be `, 'u'));
    expect(problems[0]).toContain(right);
    expect(problems[0]).toContain(JSON.stringify(value));
    expect(problems[0]).not.toContain('\n');
  });

  it('has all that is wrong with it told together', () => {
    const problems = problemsOf({ PORT: 'x', CONCURRENCY: '0', HOST: '0.0.0.0', PUBLIC_URL: 'x', LOG_LEVEL: 'x' });
    expect(problems.map((line) => line.split(' ')[0]).toSorted()).toEqual([
      'CONCURRENCY',
      'HOST',
      'LOG_LEVEL',
      'PORT',
      'PUBLIC_URL',
    ]);
  });

  it.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])(
    'lets the loopback host %s be without authentication',
    (HOST) => {
      expect(problemsOf({ HOST })).toEqual([]);
    },
  );

  it.each(['0.0.0.0', '::', '192.168.1.5', 'example.com', '127.0.0.1.example.com', '10.127.0.0.1'])(
    'refuses the public host %s without authentication, unless that is said',
    (HOST) => {
      expect(problemsOf({ HOST })).toEqual([
        expect.stringMatching(/^HOST .*requires AUTH: keys .*none .*127\.0\.0\.1$/u),
      ]);
      expect(problemsOf({ HOST, AUTH: 'none' })).toEqual([]);
    },
  );

  it('refuses a password in AUTH_JWKS_URL, and does not repeat it', () => {
    const env = { AUTH: 'jwt', AUTH_ISSUER: 'https://login.example', AUTH_AUDIENCE: 'darkroom' };
    expect(problemsOf({ ...env, AUTH_JWKS_URL: 'https://me:hidden@login.example/keys' })).toEqual([
      'AUTH_JWKS_URL must have no user and no password: the keys of an issuer are public',
    ]);
    expect(problemsOf({ ...env, AUTH_JWKS_URL: 'https://login.example/keys' })).toEqual([]);
  });

  it('refuses keys over plain http, which anybody on the way could replace, but not those of this machine', () => {
    const env = { AUTH: 'keys,jwt', AUTH_ISSUER: 'https://login.example', AUTH_AUDIENCE: 'darkroom' };
    for (const host of [
      'login.example',
      '10.0.0.7:8080',
      'localhost.login.example',
      '127.0.0.1.login.example',
      '[::2]',
    ]) {
      expect(problemsOf({ ...env, AUTH_JWKS_URL: `http://${host}/keys` })).toEqual([
        expect.stringMatching(/^AUTH_JWKS_URL must be https, or http to this machine: /u),
      ]);
    }
    for (const host of ['localhost:8080', 'LOCALHOST', '127.0.0.1:8080', '[::1]:8080']) {
      expect(problemsOf({ ...env, AUTH_JWKS_URL: `http://${host}/keys` })).toEqual([]);
    }
  });

  it.each([
    [{}, 'SIMULATOR', null],
    [{ OPENAI_API_KEY: 'sk' }, 'OPENAI', null],
    [{ OPENAI_API_KEY: 'sk', OPENAI_BASE_URL: 'https://api.openai.com/v1/' }, 'OPENAI', 'https://api.openai.com/v1'],
    [{ OPENAI_BASE_URL: 'http://127.0.0.1:8080/v1' }, 'COMPATIBLE', 'http://127.0.0.1:8080/v1'],
    [{ OPENAI_BASE_URL: 'https://api.openai.com.example/v1' }, 'COMPATIBLE', 'https://api.openai.com.example/v1'],
  ])('%j means the upstream %s', (env, kind, baseUrl) => {
    expect(parseConfig(env).upstream).toMatchObject({ kind, baseUrl });
  });

  const AZURE = {
    AZURE_OPENAI_ENDPOINT: 'https://example.openai.azure.com/',
    AZURE_OPENAI_API_KEY: 'secret',
    OPENAI_API_VERSION: '2026-01-01',
  };

  it('means Azure by its endpoint, which needs a key and a version', () => {
    expect(parseConfig(AZURE).upstream).toMatchObject({
      kind: 'AZURE',
      apiKey: 'secret',
      azure: { endpoint: 'https://example.openai.azure.com', apiVersion: '2026-01-01' },
    });
    const { AZURE_OPENAI_ENDPOINT } = AZURE;
    expect(problemsOf({ AZURE_OPENAI_ENDPOINT })).toEqual([
      'AZURE_OPENAI_API_KEY must be set when AZURE_OPENAI_ENDPOINT is set',
      'OPENAI_API_VERSION must be set when AZURE_OPENAI_ENDPOINT is set',
    ]);
    expect(problemsOf({ ...AZURE, OPENAI_BASE_URL: 'http://127.0.0.1:8080/v1' })).toHaveLength(1);
  });

  it('takes headers line by line, and never repeats a wrong one', () => {
    const { headers } = parseConfig({ OPENAI_CUSTOM_HEADERS: 'x-team: pictures\n  x-route:a:b \n' }).upstream;
    expect(headers).toEqual({ 'x-team': 'pictures', 'x-route': 'a:b' });
    const problems = problemsOf({ OPENAI_CUSTOM_HEADERS: 'authorization secret' });
    expect(problems).toEqual(['OPENAI_CUSTOM_HEADERS must be lines such as "x-team: pictures", one header each']);
  });

  it.each([
    [{}, { background: false, files: true, boundsToolCalls: true, api: 'AUTO' }],
    [{ OPENAI_API_KEY: 'sk' }, { background: true, files: true, boundsToolCalls: true, api: 'AUTO' }],
    [AZURE, { background: true, files: false, boundsToolCalls: false, api: 'AUTO' }],
    [
      { OPENAI_BASE_URL: 'http://127.0.0.1:8080/v1' },
      { background: false, files: false, boundsToolCalls: false, api: 'RESPONSES' },
    ],
    [
      { OPENAI_API_KEY: 'sk', UPSTREAM_STORE: 'off' },
      { background: false, files: false, boundsToolCalls: true, store: false },
    ],
    [{ OPENAI_API_KEY: 'sk', UPSTREAM_STORE: 'off', UPSTREAM_FILES: 'on' }, { files: false }],
    [{ OPENAI_BASE_URL: 'http://127.0.0.1:8080/v1', UPSTREAM_API: 'images' }, { api: 'IMAGES' }],
    [{ OPENAI_BASE_URL: 'http://127.0.0.1:8080/v1', UPSTREAM_API: 'both' }, { api: 'AUTO' }],
  ])('%j asks the upstream so: %j', (env, asked) => {
    expect(parseConfig(env).upstream).toMatchObject(asked);
  });

  it('refuses background work where nothing may be kept', () => {
    expect(problemsOf({ UPSTREAM_STORE: 'off', UPSTREAM_BACKGROUND: 'on' })).toEqual([
      expect.stringMatching(/^UPSTREAM_BACKGROUND must not be on with UPSTREAM_STORE=off/u),
    ]);
  });

  it('takes origins apart at the commas', () => {
    expect(parseConfig({ ALLOWED_ORIGINS: 'https://a.example, http://b.example:8080' }).allowedOrigins).toEqual([
      'https://a.example',
      'http://b.example:8080',
    ]);
    expect(parseConfig({ ALLOWED_ORIGINS: '*' }).allowedOrigins).toEqual(['*']);
  });

  it('never repeats the key in a problem', () => {
    expect(problemsOf({ OPENAI_API_KEY: 'sk-secret', PORT: 'x' }).join()).not.toContain('sk-secret');
  });
});
