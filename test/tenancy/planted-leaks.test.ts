/**
 * Promise 10 is guarded by rules and tests. Each is proved here by a leak that is planted into a copy of the sources: a
 * guard that finds nothing would let everything pass.
 */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const LIMIT_MS = 60_000;

interface Leak {
  readonly file: string;
  readonly text: string;
  readonly leak: string;
  /** The guard that must fail, and which of its tests. */
  readonly guard: string;
  readonly test: string;
}

const QUERIES = 'test/storage/portable-queries.test.ts';
const EVERY_QUERY = 'every query outside the fences names its principal';
const MATRIX = 'test/tenancy/matrix.test.ts';
const LOOKS_ALIKE = 'what is not yours looks like what does not exist';
const NAMES_ALL = 'names everything that the schema lets a client name';
const WHERE = ".where('principal', '=', principal)";

const LEAKS: Readonly<Record<string, Leak>> = {
  'a query without its principal, for the rule': {
    file: 'src/db/queries/conversations.ts',
    text: `.selectAll()\n    ${WHERE}\n    .where('id', 'in', ids)`,
    leak: ".selectAll()\n    .where('id', 'in', ids)",
    guard: QUERIES,
    test: EVERY_QUERY,
  },
  'a query without its principal, for the matrix': {
    file: 'src/db/queries/conversations.ts',
    text: `.selectAll()\n    ${WHERE}\n    .where('id', 'in', ids)`,
    leak: ".selectAll()\n    .where('id', 'in', ids)",
    guard: MATRIX,
    test: LOOKS_ALIKE,
  },
  'a join that checks one side': {
    file: 'src/db/queries/images/call-sources.ts',
    text: ".where('call_sources.principal', '=', principal)",
    leak: '',
    guard: QUERIES,
    test: EVERY_QUERY,
  },
  'a file of an image that is found by its id': {
    file: 'src/db/queries/images/image-files.ts',
    text: ".where('id', '=', values.id)\n      .where('principal', '=', values.principal)\n      .unionAll",
    leak: ".where('id', '=', values.id)\n      .unionAll",
    guard: MATRIX,
    test: 'the URL of another principal’s image answers GET',
  },
  'a reader that uses a query of the engine': {
    file: 'src/db/database-reader.ts',
    text: "import { parseUsage } from './json.ts';",
    leak: "import { parseUsage } from './json.ts';\nimport './queries/engine/calls.ts';",
    guard: 'test/architecture/import-rules.test.ts',
    test: 'hold for the sources as they are',
  },
  'an audience without the scopes': {
    file: 'src/graphql/audience.ts',
    text: '[...scopes].sort()',
    leak: 'scopes.size > 99',
    guard: 'test/graphql/audience.test.ts',
    test: 'makes another audience',
  },
  'an audience whose parts are joined by spaces': {
    file: 'src/graphql/audience.ts',
    text: 'return JSON.stringify(',
    leak: "return ((parts: readonly unknown[]) => parts.join(' '))(",
    guard: 'test/graphql/audience.test.ts',
    test: 'no text in an id reads like another audience',
  },
  'a cursor that is accepted by every list': {
    file: 'schema/relay/list-cursor.ts',
    text: 'if (list === this.#hash && PLACES[sortedBy].test(place))',
    leak: "if (list !== '' && PLACES[sortedBy].test(place))",
    guard: 'test/api/connections.test.ts',
    test: 'is rejected by another list',
  },
  'an event cursor that is not compared with its call': {
    file: 'src/events/resume.ts',
    text: 'callId !== null && callId !== call.id',
    leak: "callId === ''",
    guard: 'test/api/bad-reads.test.ts',
    test: 'refuses the cursor of another call or conversation',
  },
  'a file at the upstream that is shared by its content': {
    file: 'src/runner/requests/upstream-files.ts',
    text: 'JSON.stringify([of.principal, of.content])',
    leak: 'of.content',
    guard: 'test/runner/upstream-files.test.ts',
    test: 'the same image of two principals is uploaded for each',
  },
  'a file at the upstream that is found for everybody': {
    file: 'src/db/queries/images/upstream-files.ts',
    text: `.select('file_id')\n    ${WHERE}`,
    leak: ".select('file_id')",
    guard: QUERIES,
    test: EVERY_QUERY,
  },
  'foreign keys without the owner': {
    file: 'src/db/drivers/sqlite/migrations/0008-owners.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: searched for in the migration, whose source has a template there.
    text: 'foreign key ("principal", "${from}") references "${parent}" ("principal", "${to}")',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: written into the migration, as the source of a template.
    leak: 'foreign key ("${from}") references "${parent}" ("${to}")',
    guard: 'test/storage/database.test.ts',
    test: 'stores nothing that refers to a row of another principal',
  },
  'a queue position that counts the calls of others': {
    file: 'src/queue/drivers/in-process/fair-queue.ts',
    text: 'return index + 1;',
    leak: 'return index + this.#byPrincipal.size;',
    guard: 'test/queue/work-queue.test.ts',
    test: 'among those of its principal',
  },
  'an argument without a case': {
    file: 'schema/types/viewer.ts',
    text: "builder.queryField('viewer', (t) =>",
    leak: "builder.queryField('planted', (t) => t.string({ description: 'Planted.', args: { id: t.arg.id({ description: 'Planted.' }) }, resolve: () => '' }));\nbuilder.queryField('viewer', (t) =>",
    guard: MATRIX,
    test: NAMES_ALL,
  },
};

let tree: string;
beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'darkroom-leaks-'));
  const parts = [
    'src',
    'schema',
    'test',
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
    '.dependency-cruiser.cjs',
  ];
  for (const part of parts) await cp(join(ROOT, part), join(tree, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
}, LIMIT_MS);
afterAll(() => rm(tree, { recursive: true, force: true }));

/** Runs one test of the copy. */
function run({ guard, test }: Leak): Promise<{ readonly failed: boolean; readonly output: string }> {
  const bin = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const args = ['run', guard, '--testNamePattern', test, '--maxWorkers', '1', '--reporter', 'verbose', '--no-color'];
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, ...args], { cwd: tree, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ failed: error !== null, output: stdout + stderr });
    });
  });
}

it.each(Object.entries(LEAKS))(
  'promise 10: %s is found',
  async (_, leak) => {
    const path = join(tree, leak.file);
    const source = await readFile(path, 'utf8');
    expect(source.split(leak.text)).toHaveLength(2);
    await writeFile(
      path,
      source.replace(leak.text, () => leak.leak),
    );
    try {
      const { failed, output } = await run(leak);
      expect(failed, output).toBe(true);
      // The guard itself has failed: it was found, and ran.
      expect(output).toMatch(/Tests\s+[1-9]\d* failed/u);
      expect(output).toContain(leak.test);
    } finally {
      await writeFile(path, source);
    }
  },
  LIMIT_MS,
);
