/** docs/limits.md and the README against the configuration: a new limit must stand there, with its default. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { MAX_EXPORTED_IMAGES, MAX_EXPORTED_LINEAGE } from '../../src/commands/export-images.ts';
import { type Config, parseConfig } from '../../src/config/config.ts';
import { FIXED_LIMITS } from '../../src/domain/limits/operation-limits.ts';
import { MAX_EXPORTS } from '../../src/http/export/export.ts';
import { MAX_EXPORTED_IDS } from '../../src/http/export/selection.ts';

const read = (path: string) => readFile(join(import.meta.dirname, '../..', path), 'utf8');

let limits: string;
let readme: string;
let sources: string;
beforeAll(async () => {
  [limits, readme] = await Promise.all([read('docs/limits.md'), read('README.md')]);
  const groups = ['auth', 'budgets', 'config', 'limits', 'network', 'rates', 'signing', 'upstream'];
  sources = (await Promise.all(groups.map((group) => read(`src/config/${group}.ts`)))).join('\n');
});

/** Every variable that the configuration reads. */
function variables(): string[] {
  return [...sources.matchAll(/^ {2}([A-Z][A-Z\d_]+): /gmu)].map(([, name = '']) => name);
}

/** The cells of the first row of the table that names this limit. */
function rowOf(table: string, name: string): string {
  const row = table.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${name}\``));
  if (row === undefined) throw new Error(`${name} is missing`);
  return row;
}

const NUMBER = /\d[\d,]*/gu;
const numbersIn = (row: string) => [...row.matchAll(NUMBER)].map(([digits]) => Number(digits.replaceAll(',', '')));

describe('the table of limits', () => {
  it('names every variable that limits something', () => {
    const limiting = variables().filter((name) => /^(MAX|MIN|RATE|BUDGET)_|_(TIMEOUT|TTL)_MS$/u.test(name));
    expect(limiting.length).toBeGreaterThan(35);
    const elsewhere = ['BUDGET_ON_EXCEED', 'DRAIN_TIMEOUT_MS', 'DATABASE_BUSY_TIMEOUT_MS'];
    const missing = limiting.filter((name) => !limits.includes(`\`${name}\``));
    expect(missing.sort()).toEqual(elsewhere.sort());
  });

  it('has the values of the fixed limits of an operation', () => {
    // Two limits share a row in two places, in the order of their names.
    for (const [name, value] of Object.entries(FIXED_LIMITS)) {
      expect([name, numbersIn(rowOf(limits, name))]).toEqual([name, expect.arrayContaining([value])]);
    }
  });

  it('has the defaults of the configuration', () => {
    const { limits: defaults, network, retry, maxUploadBytes, maxVariantBytes }: Config = parseConfig({});
    const { maxQueryTokens, maxQuerySelections, maxQueryDepth, maxQueryCost, maxRootFields, maxMutations } =
      defaults.operation;
    const stated = {
      MAX_QUERY_TOKENS: maxQueryTokens,
      MAX_QUERY_SELECTIONS: maxQuerySelections,
      MAX_QUERY_DEPTH: maxQueryDepth,
      MAX_QUERY_COST: maxQueryCost,
      MAX_ROOT_FIELDS: maxRootFields,
      MAX_MUTATIONS: maxMutations,
      MAX_OPEN_CALLS: defaults.maxOpenCalls,
      MAX_CONNECTIONS: network.connections.maxConnections,
      MAX_CONNECTIONS_PER_ADDRESS: network.connections.maxConnectionsPerAddress,
      MAX_SOCKETS_PER_ADDRESS: network.connections.maxSocketsPerAddress,
      MAX_EVENT_STREAMS_PER_ADDRESS: network.connections.maxEventStreamsPerAddress,
      MIN_UPLOAD_BYTES_PER_SECOND: network.connections.minUploadBytesPerSecond,
      MAX_ATTEMPTS: retry.maxAttempts,
      MAX_UPLOAD_BYTES: maxUploadBytes,
      MAX_VARIANT_BYTES: maxVariantBytes,
    };
    for (const [name, value] of Object.entries(stated)) {
      expect([name, numbersIn(rowOf(limits, name))]).toEqual([name, expect.arrayContaining([value])]);
      expect([name, numbersIn(rowOf(readme, name))]).toEqual([name, expect.arrayContaining([value])]);
    }
  });

  it('has the limits of exports', () => {
    const stated = {
      'images in one export': [MAX_EXPORTED_IMAGES, MAX_EXPORTED_IDS],
      'ancestors that an export names': [MAX_EXPORTED_LINEAGE],
      'exports at once': [MAX_EXPORTS.ofPrincipal, MAX_EXPORTS.together],
    };
    for (const [what, values] of Object.entries(stated)) {
      const row = limits.split('\n').find((line) => line.startsWith(`| ${what}`)) ?? '';
      expect([what, numbersIn(row).slice(0, values.length)]).toEqual([what, values]);
    }
  });

  it('has the rates of an exposed server', () => {
    const { perMinute, concurrency } = parseConfig({ AUTH: 'keys' }).rates;
    const stated = {
      RATE_REQUESTS_PER_MINUTE: perMinute.REQUESTS,
      RATE_COST_PER_MINUTE: perMinute.COST,
      RATE_UPLOADS_PER_MINUTE: perMinute.UPLOADS,
      RATE_IMAGES_PER_MINUTE: perMinute.IMAGES,
      RATE_VARIANTS_PER_MINUTE: perMinute.VARIANTS,
      RATE_FAILED_AUTHENTICATIONS_PER_MINUTE: perMinute.FAILED_AUTHENTICATIONS,
      MAX_SUBSCRIPTIONS_PER_PRINCIPAL: concurrency.subscriptionsPerPrincipal,
      MAX_SUBSCRIPTIONS_PER_ADDRESS: concurrency.subscriptionsPerAddress,
      MAX_OPERATIONS_PER_PRINCIPAL: concurrency.operationsPerPrincipal,
    };
    for (const [name, value] of Object.entries(stated)) {
      expect([name, numbersIn(rowOf(limits, name))]).toEqual([name, expect.arrayContaining([value])]);
    }
  });
});

it('the README names every variable of the configuration', () => {
  const unsupported = ['DATABASE_URL', 'REDIS_URL', 'BLOB_URL'];
  const missing = variables().filter((name) => !readme.includes(`\`${name}\``) && !unsupported.includes(name));
  expect(missing).toEqual([]);
});
