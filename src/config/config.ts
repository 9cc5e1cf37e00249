/**
 * Turns the environment variables into a typed value. All problems are reported together, each with the allowed values.
 * The table in the README lists the same variables.
 */
import * as v from 'valibot';
import { DEFAULT_PRICES, type PriceTable } from '../domain/cost/prices.ts';
import { AUTH_ENVIRONMENT, type AuthConfig, type AuthMode, authConfig, authProblems } from './auth.ts';
import { BUDGETS_ENVIRONMENT, type BudgetsConfig, budgetsConfig } from './budgets.ts';
import { LIMITS_ENVIRONMENT, type LimitsConfig, limitsConfig } from './limits.ts';
import { isLoopback } from './loopback.ts';
import { NETWORK_ENVIRONMENT, type NetworkConfig, networkConfig } from './network.ts';
import { readPricesFile } from './prices-file.ts';
import { RATES_ENVIRONMENT, type RatesConfig, ratesConfig } from './rates.ts';
import { SIGNING_ENVIRONMENT, type SigningConfig, signingConfig } from './signing.ts';
import { UPSTREAM_ENVIRONMENT, type UpstreamConfig, upstreamConfig, upstreamProblems } from './upstream.ts';
import { daysOr, httpUrl, integer, integerOr, listOf, oneOf, orNull, unsupported } from './values.ts';

export interface Config {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly dataDir: string;
  /** The origin of image URLs; null to take it from each request. */
  readonly publicUrl: string | null;
  /** Origins whose pages may use the API, besides the server's own and those on loopback; `*` allows any. */
  readonly allowedOrigins: readonly string[];
  readonly auth: AuthConfig;
  readonly signing: SigningConfig;
  readonly network: NetworkConfig;
  readonly limits: LimitsConfig;
  readonly rates: RatesConfig;
  readonly budgets: BudgetsConfig;
  readonly upstream: UpstreamConfig;
  readonly simulator: {
    readonly port: number;
    readonly durationMs: number;
    readonly scenario: string | null;
    readonly art: 'detailed' | 'plain';
  };
  /** The number of calls that run at the same time. */
  readonly concurrency: number;
  /** The number of images started within any minute; null for no limit. */
  readonly perMinute: number | null;
  /** The time limit of a call, besides its completion window. In milliseconds. */
  readonly timeoutMs: number;
  /** The pause between two requests for the status of a call with a completion window, in milliseconds. */
  readonly completionPolls: { readonly first: number; readonly longest: number };
  readonly retry: { readonly maxAttempts: number; readonly baseDelayMs: number; readonly maxDelayMs: number };
  /** How long a server may give no sign of life before it is taken over, in milliseconds. */
  readonly leaseMs: number;
  /** How long a shutdown waits for calls that no other server can continue, in milliseconds. */
  readonly drainTimeoutMs: number;
  /** Limits for subscribers (src/graphql/transports/ws/server.ts). */
  readonly subscribers: {
    readonly keepAliveMs: number;
    readonly maxBufferedBytes: number;
    readonly maxOperationsPerSocket: number;
  };
  /** The largest image file that can be uploaded, in bytes. */
  readonly maxUploadBytes: number;
  /** How many bytes of resized and converted images are kept. */
  readonly maxVariantBytes: number;
  /** How long a write waits while another process holds the database, in milliseconds. */
  readonly databaseBusyTimeoutMs: number;
  /** Who syncs commits to the disk (src/db/drivers/sqlite/durable-log.ts). */
  readonly sqliteSync: 'beside' | 'full';
  /** The minimum age of an unreferenced blob before it is removed, in milliseconds. */
  readonly orphanGraceMs: number;
  /** After how many days the trash, and the partial images of ended calls, are deleted for good; null for never. */
  readonly retention: { readonly trashDays: number | null; readonly partialDays: number | null };
  /** The prices per million tokens of each model. */
  readonly prices: PriceTable;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

/** The configuration is invalid: one line for each problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const origins = listOf((origin) => origin === '*' || isOrigin(origin), {
  expected: 'origins such as "https://app.example.com", separated by commas, or "*"',
});

const ENVIRONMENT = v.object({
  HOST: v.optional(v.string(), '127.0.0.1'),
  PORT: integerOr(4000, 0, 65_535),
  DATA_DIR: v.optional(v.string(), './data'),
  PUBLIC_URL: orNull(httpUrl),
  ALLOWED_ORIGINS: orNull(origins),
  ...AUTH_ENVIRONMENT,
  ...SIGNING_ENVIRONMENT,
  ...NETWORK_ENVIRONMENT,
  ...LIMITS_ENVIRONMENT,
  ...RATES_ENVIRONMENT,
  ...BUDGETS_ENVIRONMENT,
  ...UPSTREAM_ENVIRONMENT,
  CONCURRENCY: integerOr(4, 1, 1000),
  IMAGES_PER_MINUTE: orNull(integer(1, 1_000_000)),
  GENERATION_TIMEOUT_MS: integerOr(900_000, 1000, 86_400_000),
  COMPLETION_POLL_FIRST_MS: integerOr(15_000, 1, 3_600_000),
  COMPLETION_POLL_MAX_MS: integerOr(300_000, 1, 3_600_000),
  MAX_ATTEMPTS: integerOr(4, 1, 100),
  RETRY_BASE_DELAY_MS: integerOr(1000, 1, 3_600_000),
  RETRY_MAX_DELAY_MS: integerOr(60_000, 1, 3_600_000),
  LEASE_MS: integerOr(10_000, 500, 3_600_000),
  DRAIN_TIMEOUT_MS: integerOr(10_000, 0, 3_600_000),
  KEEP_ALIVE_MS: integerOr(12_000, 50, 3_600_000),
  MAX_BUFFERED_BYTES: integerOr(33_554_432, 65_536, 1_073_741_824),
  MAX_OPERATIONS_PER_SOCKET: integerOr(100, 1, 10_000),
  // The default is the largest image that the upstream accepts.
  MAX_UPLOAD_BYTES: integerOr(52_428_800, 1024, 1_073_741_824),
  MAX_VARIANT_BYTES: integerOr(1_073_741_824, 1_048_576, 1_099_511_627_776),
  DATABASE_BUSY_TIMEOUT_MS: integerOr(10_000, 0, 600_000),
  SQLITE_SYNC: oneOf(['beside', 'full'], 'beside'),
  // The minimum is longer than any delay between storing a blob and storing the row that refers to it.
  ORPHAN_GRACE_MS: integerOr(3_600_000, 900_000, 2_592_000_000),
  TRASH_RETENTION_DAYS: daysOr(30),
  PARTIAL_RETENTION_DAYS: daysOr(30),
  SIMULATOR_PORT: integerOr(0, 0, 65_535),
  SIMULATOR_DURATION_MS: integerOr(4000, 0, 3_600_000),
  SIMULATOR_SCENARIO: orNull(v.string()),
  SIMULATOR_ART: oneOf(['detailed', 'plain'], 'detailed'),
  PRICES_FILE: orNull(v.string()),
  LOG_LEVEL: oneOf(LOG_LEVELS, 'info'),
  DATABASE_URL: unsupported('the embedded SQLite in DATA_DIR'),
  REDIS_URL: unsupported('the queue of this process'),
  BLOB_URL: unsupported('files in DATA_DIR'),
});

/** @throws {ConfigError} naming every invalid variable */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  // Shells and compose files set a variable to an empty string to unset it.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = v.safeParse(ENVIRONMENT, given);
  const problems = parsed.success ? [] : parsed.issues.map((issue) => `${v.getDotPath(issue)} ${issue.message}`);
  if (given['AUTH'] === undefined && !isLoopback(given['HOST'] ?? '127.0.0.1')) {
    problems.push(
      `HOST ${JSON.stringify(given['HOST'])} can be reached by other machines and requires AUTH: keys (made by ` +
        '`npm run keys`), jwt, or none to let everybody in; otherwise use 127.0.0.1',
    );
  }
  problems.push(...authProblems(given), ...upstreamProblems(given));
  const prices = readPrices(given['PRICES_FILE'], problems);
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return configOf(parsed.output, prices);
}

/** The prices of the file, or the built-in ones. A problem with the file is added to `problems`. */
function readPrices(path: string | undefined, problems: string[]): PriceTable {
  try {
    return path === undefined ? DEFAULT_PRICES : readPricesFile(path);
  } catch (error) {
    problems.push(`PRICES_FILE ${error instanceof Error ? error.message : String(error)}`);
    return DEFAULT_PRICES;
  }
}

function configOf(values: v.InferOutput<typeof ENVIRONMENT>, prices: PriceTable): Config {
  return {
    host: values.HOST,
    port: values.PORT,
    dataDir: values.DATA_DIR,
    publicUrl: values.PUBLIC_URL,
    allowedOrigins: values.ALLOWED_ORIGINS ?? [],
    auth: authConfig(values),
    signing: signingConfig(values),
    network: networkConfig(values),
    limits: limitsConfig(values),
    rates: ratesConfig(values, isExposed(values)),
    budgets: budgetsConfig(values),
    upstream: upstreamConfig(values),
    simulator: {
      port: values.SIMULATOR_PORT,
      durationMs: values.SIMULATOR_DURATION_MS,
      scenario: values.SIMULATOR_SCENARIO,
      art: values.SIMULATOR_ART,
    },
    concurrency: values.CONCURRENCY,
    perMinute: values.IMAGES_PER_MINUTE,
    timeoutMs: values.GENERATION_TIMEOUT_MS,
    completionPolls: { first: values.COMPLETION_POLL_FIRST_MS, longest: values.COMPLETION_POLL_MAX_MS },
    retry: {
      maxAttempts: values.MAX_ATTEMPTS,
      baseDelayMs: values.RETRY_BASE_DELAY_MS,
      maxDelayMs: values.RETRY_MAX_DELAY_MS,
    },
    leaseMs: values.LEASE_MS,
    drainTimeoutMs: values.DRAIN_TIMEOUT_MS,
    subscribers: {
      keepAliveMs: values.KEEP_ALIVE_MS,
      maxBufferedBytes: values.MAX_BUFFERED_BYTES,
      maxOperationsPerSocket: values.MAX_OPERATIONS_PER_SOCKET,
    },
    maxUploadBytes: values.MAX_UPLOAD_BYTES,
    maxVariantBytes: values.MAX_VARIANT_BYTES,
    databaseBusyTimeoutMs: values.DATABASE_BUSY_TIMEOUT_MS,
    sqliteSync: values.SQLITE_SYNC,
    orphanGraceMs: values.ORPHAN_GRACE_MS,
    retention: { trashDays: values.TRASH_RETENTION_DAYS, partialDays: values.PARTIAL_RETENTION_DAYS },
    prices,
    logLevel: values.LOG_LEVEL,
  };
}

/** Whether clients are told apart, or come from other machines. */
function isExposed({ AUTH, HOST }: { readonly AUTH: readonly AuthMode[] | null; readonly HOST: string }): boolean {
  return (AUTH?.length ?? 0) > 0 || !isLoopback(HOST);
}

function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value;
}
