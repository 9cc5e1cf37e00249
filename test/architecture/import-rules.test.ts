/** Each import rule of .dependency-cruiser.cjs is proved by a planted violation: a rule that reads nothing passes all. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** Rule by rule: a file to plant, and what it says. */
const VIOLATIONS: Readonly<Record<string, readonly (readonly [file: string, source: string])[]>> = {
  'no-cycles': [['src/runner/planted-a.ts', "import type { B } from './planted-b.ts';\nexport type A = B;\n"]],
  'only-app-imports-schema': [['src/http/planted-schema.ts', "import '../../schema/index.ts';\n"]],
  'only-app-imports-drivers': [
    ['src/runner/planted-driver.ts', "import '../blobs/drivers/fs/blob-store.ts';\n"],
    ['src/http/planted-driver.ts', "import '../auth/drivers/none/authenticate.ts';\n"],
  ],
  'schema-sees-domain': [
    ['schema/planted-runner.ts', "import type { Worker } from '../src/runner/worker.ts';\nexport type W = Worker;\n"],
  ],
  'schema-context-by-type': [['schema/context.ts', "import '../src/db/reader.ts';\n"]],
  'domain-is-pure': [['src/domain/planted.ts', "import 'zod';\n"]],
  'lib-sees': [['src/lib/planted.ts', "import '../domain/cursor.ts';\n"]],
  'auth-sees': [['src/auth/planted.ts', "import '../db/reader.ts';\n"]],
  'bundle-sees': [['src/bundle/planted.ts', "import '../lib/scrubber.ts';\n"]],
  'config-sees': [['src/config/planted.ts', "import '../db/reader.ts';\n"]],
  'db-sees': [['src/db/planted.ts', "import '../events/notifier.ts';\n"]],
  'only-engine-imports-engine-queries': [
    ['src/commands/planted-query.ts', "import '../db/queries/engine/calls.ts';\n"],
    ['src/events/planted-query.ts', "import '../db/queries/engine/attempts.ts';\n"],
    ['src/images/planted-query.ts', "import '../db/queries/engine/calls.ts';\n"],
    ['src/db/planted-query.ts', "import './queries/engine/calls.ts';\n"],
    ['src/db/queries/planted-query.ts', "import './engine/calls.ts';\n"],
    ['src/cli/planted-query.ts', "import '../db/queries/engine/calls.ts';\n"],
  ],
  'fenced-key-queries': [
    ['src/commands/planted-key.ts', "import '../db/queries/api-keys.ts';\n"],
    ['src/db/planted-key.ts', "import './queries/api-keys.ts';\n"],
  ],
  'fenced-approval-queries': [['src/commands/planted-approval.ts', "import '../db/queries/approvals.ts';\n"]],
  'blobs-sees': [['src/blobs/planted.ts', "import '../db/reader.ts';\n"]],
  'events-sees': [['src/events/planted.ts', "import '../state/machine.ts';\n"]],
  'limits-sees': [
    ['src/limits/planted.ts', "import '../db/reader.ts';\n"],
    ['src/limits/planted-host.ts', "import '../http/admission/hosts.ts';\n"],
  ],
  'queue-sees': [['src/queue/planted.ts', "import '../db/reader.ts';\n"]],
  'provider-sees': [['src/provider/planted.ts', "import '../events/notifier.ts';\n"]],
  'images-sees': [['src/images/planted.ts', "import '../runner/worker.ts';\n"]],
  'state-sees': [['src/state/planted.ts', "import '../runner/worker.ts';\n"]],
  'billing-sees': [['src/billing/planted.ts', "import '../runner/requests/plan.ts';\n"]],
  'commands-sees': [['src/commands/planted.ts', "import '../graphql/result-bytes.ts';\n"]],
  'runner-sees': [
    ['src/runner/planted-http.ts', "import '../http/origins.ts';\n"],
    ['src/runner/planted-command.ts', "import '../commands/start/idempotency.ts';\n"],
  ],
  'maintenance-sees': [['src/maintenance/planted.ts', "import '../runner/worker.ts';\n"]],
  'graphql-sees': [
    ['src/graphql/planted.ts', "import '../db/reader.ts';\n"],
    ['src/graphql/planted-host.ts', "import '../http/admission/hosts.ts';\n"],
  ],
  'http-sees': [['src/http/planted-db.ts', "import '../db/reader.ts';\n"]],
  'only-provider-imports-openai': [
    ['src/runner/planted-openai.ts', "import type OpenAI from 'openai';\nexport type O = OpenAI;\n"],
  ],
  'simulator-stands-alone': [['src/simulator/planted.ts', "import '../domain/generation/options.ts';\n"]],
  'simulator-has-one-entry': [['src/app/planted.ts', "import '../simulator/prompt.ts';\n"]],
  'no-dev-dependencies': [['src/http/planted-dev.ts', "import 'fast-check';\n"]],
  'no-tests-in-sources': [['src/http/planted-test.ts', "import '../../test/support/server.ts';\n"]],
  'nothing-unresolved': [['src/http/planted-nowhere.ts', "import './nowhere.ts';\n"]],
};

/** The other half of the planted cycle, which is reported once. */
const CYCLE_PARTNER = [
  'src/runner/planted-b.ts',
  "import type { A } from './planted-a.ts';\nexport type B = A | 1;\n",
] as const;

interface Report {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

let tree: string;
beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'darkroom-rules-'));
  for (const part of ['src', 'schema', 'test/support', 'package.json', 'tsconfig.json', '.dependency-cruiser.cjs']) {
    await cp(join(ROOT, part), join(tree, part), { recursive: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
});
afterAll(() => rm(tree, { recursive: true, force: true }));

async function cruise(): Promise<Report> {
  const bin = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src', 'schema'];
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, [bin, ...args], { cwd: tree, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (stdout === '') reject(new Error(stderr, { cause: error }));
      else resolve(stdout);
    });
  });
  // The shape of dependency-cruiser's own JSON report.
  return JSON.parse(output) as Report;
}

describe('the import rules', () => {
  it('hold for the sources as they are, all of which are read', async () => {
    const { modules, summary } = await cruise();
    expect(summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`)).toEqual([]);
    const sources = modules.map(({ source }) => source);
    expect(sources).toEqual(expect.arrayContaining(['src/app/compose.ts', 'schema/index.ts', 'src/domain/cursor.ts']));
    expect(sources.filter((source) => /^(src|schema)\//u.test(source)).length).toBeGreaterThan(80);
  });

  it('each catch their planted violation', async () => {
    for (const [file, source] of [...Object.values(VIOLATIONS).flat(), CYCLE_PARTNER]) {
      await mkdir(dirname(join(tree, file)), { recursive: true });
      await writeFile(join(tree, file), source);
    }
    const { summary } = await cruise();
    const caught = new Set(summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`));
    for (const [rule, planted] of Object.entries(VIOLATIONS)) {
      for (const [file] of planted) expect(caught).toContain(`${rule}: ${file}`);
    }
    const require = createRequire(import.meta.url);
    const rules: readonly { name: string }[] = require('../../.dependency-cruiser.cjs').forbidden;
    expect(Object.keys(VIOLATIONS).sort()).toEqual(rules.map(({ name }) => name).sort());
  });
});
