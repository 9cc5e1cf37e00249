/**
 * Makes the bundle: all code of the server and of its packages in a few files, so that a start does not find, read and link
 * each module alone. What is imported dynamically is in files of its own, and still loaded when it is needed.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type OutputAsset, type OutputChunk, type Plugin, rolldown } from 'rolldown';
import { BUNDLES, type BundleIndex, ENTRY, type FileState, hashOf, INDEX } from './find-bundle.js';

/** It finds its binary beside its own files, by `__dirname`, which a bundle has not. */
const ADDON = 'better-sqlite3';
/** Packages that others use where they are installed; they are not. */
const OPTIONAL = ['bufferutil', 'utf-8-validate'];
/** What npm has installed, and where: a new version in another folder leaves all old files unchanged. Other installers have none. */
const INSTALLED = 'node_modules/.package-lock.json';
/** By how much the times of files may be behind the clock of the process, in milliseconds. */
const CLOCK_DIFFERENCE_MS = 50;

/**
 * Makes the bundle of the sources below `root`, and removes older ones, except for the last: a server that is running may
 * still load files of it.
 * @returns false when an input changed meanwhile: the bundle is not used then
 * @throws {Error} when a module is missing, a source cannot be parsed, or the folder cannot be written
 */
export async function makeBundle(root: string): Promise<boolean> {
  // What was written before now is older than what is written while modules are read.
  await setTimeout(2 * CLOCK_DIFFERENCE_MS);
  const startedAt = Date.now();
  const { files, inputs } = await bundle(root);
  const folder = hashOf(Buffer.concat(files.map(({ bytes }) => bytes))).slice(0, 12);
  const bundles = join(root, BUNDLES);
  writeFiles(join(bundles, folder), files);

  const made = files.map(({ name }) => stateOf(root, `${BUNDLES}/${folder}/${name}`));
  const read = inputs.map((path) => stateOf(root, path));
  const isSettled = read.every(
    ([, , mtimeMs, ctimeMs]) => Math.max(mtimeMs, ctimeMs) < startedAt - CLOCK_DIFFERENCE_MS,
  );
  if (!isSettled) return false;
  replaceFile(join(bundles, INDEX), JSON.stringify({ folder, files: [...made, ...read] } satisfies BundleIndex));
  removeOlder(bundles, folder);
  return true;
}

interface BundleFile {
  readonly name: string;
  readonly bytes: Buffer;
}

async function bundle(root: string): Promise<{ files: BundleFile[]; inputs: string[] }> {
  await using build = await rolldown({
    cwd: root,
    input: { main: join(root, 'src/main.ts') },
    external: [ADDON, ...OPTIONAL],
    platform: 'node',
    tsconfig: false,
    plugins: [keepPlaces(root), mapSourcesOnly()],
    onLog(level, log, report) {
      if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message);
      report(level, log);
    },
  });
  const { output } = await build.generate({
    // Not written to: the maps name the sources as seen from a folder like this.
    dir: join(root, BUNDLES, 'bundle'),
    format: 'esm',
    entryFileNames: ENTRY,
    chunkFileNames: '[name].mjs',
    keepNames: true,
    sourcemap: true,
    // Node reads the maps with the files. The sources are beside them.
    sourcemapExcludeSources: true,
  });
  const sources = (await build.watchFiles).map((file) => pathBelow(root, file));
  return {
    files: output.map(fileOf),
    inputs: [...sources, 'src/bundle/make-bundle.ts', ...(existsSync(join(root, INSTALLED)) ? [INSTALLED] : [])],
  };
}

function fileOf(file: OutputChunk | OutputAsset): BundleFile {
  return { name: file.fileName, bytes: Buffer.from(file.type === 'chunk' ? file.code : file.source) };
}

/**
 * In a bundle, `import.meta` is that of a file two folders below the root. The modules mean their own places: they load
 * files, workers and binaries from there.
 */
function keepPlaces(root: string): Plugin {
  return {
    name: 'keep-places',
    transform: {
      filter: { code: 'import.meta.', id: /^[^\0]+$/u },
      handler(code, id) {
        const path = pathBelow(root, id);
        const places: Readonly<Record<string, string>> = {
          url: `new URL(${JSON.stringify(`../../${path}`)}, import.meta.url).href`,
          dirname: String.raw`import.meta.dirname.replace(/[^\\/]+[\\/][^\\/]+$/u, ${JSON.stringify(dirname(path))})`,
        };
        const placed = code.replaceAll(/\bimport\.meta\.(?<name>\w+)/gu, (text, name: string) => {
          if (places[name] === undefined) throw new Error(`${path}: a bundle has no ${text}`);
          return places[name];
        });
        // All lines stay where they were.
        return { code: placed, map: null };
      },
    },
  };
}

/**
 * Leaves the packages out of the source maps. Node reads a whole map when it prints the first error, and that takes a third
 * of the time without them.
 */
function mapSourcesOnly(): Plugin {
  return {
    name: 'map-sources-only',
    transform: {
      filter: { id: /[\\/]node_modules[\\/]/u },
      handler: (code) => ({ code, map: { mappings: '' } }),
    },
  };
}

function pathBelow(root: string, file: string): string {
  return relative(root, file).split(sep).join('/');
}

/** Writes those that are not there. The name of the folder is made of their content, so others write the same. */
function writeFiles(folder: string, files: readonly BundleFile[]): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, bytes } of files) {
    const file = join(folder, name);
    if (!existsSync(file) || !readFileSync(file).equals(bytes)) writeFileSync(file, bytes);
  }
}

function stateOf(root: string, path: string): FileState {
  const file = join(root, path);
  const { size, mtimeMs, ctimeMs } = statSync(file);
  return [path, size, mtimeMs, ctimeMs, hashOf(readFileSync(file))];
}

/** A server that starts meanwhile reads the old text or the new one. */
function replaceFile(file: string, text: string): void {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}

function removeOlder(bundles: string, current: string): void {
  const older = readdirSync(bundles, { withFileTypes: true })
    .filter((each) => each.isDirectory() && each.name !== current)
    .map(({ name }) => ({ path: join(bundles, name), madeAt: statSync(join(bundles, name)).mtimeMs }))
    .sort((one, other) => other.madeAt - one.madeAt);
  for (const { path } of older.slice(1)) rmSync(path, { recursive: true, force: true });
}
