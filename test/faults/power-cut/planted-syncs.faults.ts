/**
 * Each sync of the server is taken out of a copy of its sources, one at a time, and the power is cut. A test that finds
 * nothing would let everything pass.
 */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutOften } from './cuts.ts';
import { whyNoRecorder } from './recorder.ts';
import { PROJECT, record } from './recording.ts';

const missing = whyNoRecorder();
/** More than are needed to find each of these. */
const STATES = 400;
const SERVER_EACH = 20;

interface Removal {
  readonly file: string;
  readonly text: string;
  readonly instead: string;
  /** What a client misses. */
  readonly found: RegExp;
}

const FS = 'src/blobs/drivers/fs';
const SQLITE = 'src/db/drivers/sqlite';

const REMOVALS: Readonly<Record<string, Removal>> = {
  'of the write-ahead log': {
    file: `${SQLITE}/durable-log.ts`,
    text: 'await (await handle).datasync();',
    instead: 'await handle;',
    found: /is lost/u,
  },
  'that a transaction waits for': {
    file: `${SQLITE}/connection.ts`,
    text: 'await this.#options.log.committed(durability);',
    instead: 'this.#options.log.committed(durability).catch(() => undefined);',
    found: /the upstream was asked/u,
  },
  'behind a transaction': {
    file: `${SQLITE}/connection.ts`,
    text: 'await this.#options.log.committed(durability);',
    instead: 'void durability;',
    found: /is lost/u,
  },
  'behind a single statement': {
    file: `${SQLITE}/connection.ts`,
    text: '    await log.committed();',
    instead: '    void log;',
    found: /is lost/u,
  },
  'that an answer waits for': {
    file: 'src/graphql/plugins/use-execution.ts',
    text: 'await settled();',
    instead: 'void settled;',
    found: /showed/u,
  },
  'that an export waits for': {
    file: 'src/app/export-serving.ts',
    text: '    await settled();',
    instead: '    void settled;',
    found: /which an export had, is lost/u,
  },
  'by SQLite, of its log before the database and of the database before the log begins again': {
    file: `${SQLITE}/connect.ts`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: searched for in the source, which has a template there.
    text: '`synchronous = ${log.synchronous}`',
    instead: "'synchronous = OFF'",
    found: /is lost|damaged|cannot be opened/u,
  },
  'of the bytes of an image': {
    file: `${FS}/blob-writer.ts`,
    text: "await Promise.all([file.utimes(now, now), durability === 'SYNCED' ? file.sync() : undefined]);",
    instead: 'await file.utimes(now, now);',
    found: /the bytes of an image/u,
  },
  'of the name of an image': {
    file: `${FS}/stored-files.ts`,
    text: "if (this.#durability === 'SYNCED') await this.#directories.sync(directory);",
    instead: '',
    found: /the bytes of an image/u,
  },
  'of a finished image, which is stored as a partial one': {
    file: 'src/provider/openai/stream/pictures/picture-collector.ts',
    text: "return this.#take(picture, 'SYNCED');",
    instead: "return this.#take(picture, 'UNSYNCED');",
    found: /the bytes of an image/u,
  },
  'of every event, which is committed as one of a partial image': {
    file: 'src/events/log.ts',
    text: "if (data.type === 'PartialImageReceived' && !hasReserved) await",
    instead: 'if (!hasReserved) await',
    found: /is lost|the upstream was asked/u,
  },
  'of the names of the shard directories': {
    file: `${FS}/layout.ts`,
    text: '  await syncDirectory(root);\n  await writeFile(marker, MARKER_TEXT);\n  await syncDirectory(root);',
    instead: '  await writeFile(marker, MARKER_TEXT);',
    found: /the bytes of an image/u,
  },
  'of the name of the data folder': {
    file: 'src/app/private-files.ts',
    text: 'syncDirectoryNow(dirname(made));',
    instead: ';',
    found: /the database is lost/u,
  },
  'of a secret': {
    file: 'src/app/kept-secret.ts',
    text: ', flush: true',
    instead: '',
    found: /\.key is lost/u,
  },
  'of the name of a secret': {
    file: 'src/app/kept-secret.ts',
    text: '    syncDirectoryNow(dirname(file));',
    instead: '    void dirname, syncDirectoryNow;',
    found: /\.key is lost/u,
  },
};

let tree: string;

describe.skipIf(missing !== null)('a power cut', () => {
  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'darkroom-syncs-'));
    for (const part of ['src', 'schema', 'package.json'])
      await cp(join(PROJECT, part), join(tree, part), { recursive: true });
    await symlink(join(PROJECT, 'node_modules'), join(tree, 'node_modules'));
  });
  afterAll(() => rm(tree, { recursive: true, force: true }));

  it.each(Object.entries(REMOVALS))(
    'shows when the sync %s is missing',
    async (what, { file, text, instead, found }) => {
      const path = join(tree, file);
      const source = await readFile(path, 'utf8');
      expect(source.split(text)).toHaveLength(2);
      await writeFile(
        path,
        source.replace(text, () => instead),
      );
      try {
        const name = `without the sync ${what}`;
        await using recording = await record({ name, background: true, servers: 1, turns: 2, sources: tree });
        const options = { name, states: STATES, serverEach: SERVER_EACH, stopsAtFirst: true };
        const { states, broken } = await cutOften(recording, options);
        console.log(`${name}: ${broken.length} of ${states} states\n${broken[0]?.problems.join('\n')}`);
        expect(broken.flatMap(({ problems }) => problems).join('\n')).toMatch(found);
      } finally {
        await writeFile(path, source);
      }
    },
  );
});
