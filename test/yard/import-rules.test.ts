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
  'no-cycles': [
    ['src/engine/planted-a.ts', "import type { B } from './planted-b.ts';\nexport type A = B;\n"],
    ['src/engine/planted-b.ts', "import type { A } from './planted-a.ts';\nexport type B = A | 1;\n"],
  ],
  'only-app-imports-schema': [['src/http/planted-schema.ts', "import '../../schema/index.ts';\n"]],
  'only-app-imports-drivers': [['src/engine/planted-driver.ts', "import '../blobs/file-blobs.ts';\n"]],
  'schema-sees-domain': [
    ['schema/planted-engine.ts', "import type { Worker } from '../src/engine/worker.ts';\nexport type W = Worker;\n"],
  ],
  'schema-context-by-type': [['schema/context.ts', "import '../src/db/reader.ts';\n"]],
  'domain-is-pure': [['src/domain/planted.ts', "import 'zod';\n"]],
  'db-sees-domain': [['src/db/planted.ts', "import '../events/wakeup.ts';\n"]],
  'events-below-engine': [['src/events/planted.ts', "import '../engine/machine.ts';\n"]],
  'engine-below-http': [['src/engine/planted-http.ts', "import '../http/origins.ts';\n"]],
  'http-gets-what-it-serves': [['src/http/planted-db.ts', "import '../db/reader.ts';\n"]],
  'only-provider-imports-openai': [
    ['src/engine/planted-openai.ts', "import type OpenAI from 'openai';\nexport type O = OpenAI;\n"],
  ],
  'provider-stands-apart': [['src/provider/planted.ts', "import '../events/wakeup.ts';\n"]],
  'simulator-stands-alone': [['src/simulator/planted.ts', "import '../domain/options.ts';\n"]],
  'no-dev-dependencies': [['src/http/planted-dev.ts', "import 'fast-check';\n"]],
  'no-tests-in-sources': [['src/http/planted-test.ts', "import '../../test/support/server.ts';\n"]],
  'nothing-unresolved': [['src/http/planted-nowhere.ts', "import './nowhere.ts';\n"]],
};

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
    expect(sources).toEqual(expect.arrayContaining(['src/app.ts', 'schema/index.ts', 'src/domain/cursor.ts']));
    expect(sources.filter((source) => /^(src|schema)\//u.test(source)).length).toBeGreaterThan(80);
  });

  it('each catch their planted violation', async () => {
    for (const [file, source] of Object.values(VIOLATIONS).flat()) {
      await mkdir(dirname(join(tree, file)), { recursive: true });
      await writeFile(join(tree, file), source);
    }
    const { summary } = await cruise();
    const caught = new Set(summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`));
    for (const [rule, [planted]] of Object.entries(VIOLATIONS)) expect(caught).toContain(`${rule}: ${planted?.[0]}`);
    const require = createRequire(import.meta.url);
    const rules: readonly { name: string }[] = require('../../.dependency-cruiser.cjs').forbidden;
    expect(Object.keys(VIOLATIONS).sort()).toEqual(rules.map(({ name }) => name).sort());
  });
});
