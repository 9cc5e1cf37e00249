/** Opens ZIP files with what people open them with. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How each program tells that it is there, and tests a file. */
const PROGRAMS: Readonly<Record<string, { probe: readonly string[]; test: readonly string[] }>> = {
  unzip: { probe: ['-v'], test: ['-tq'] },
  python3: {
    probe: ['-V'],
    test: ['-c', 'import sys, zipfile; sys.exit(zipfile.ZipFile(sys.argv[1]).testzip() is not None)'],
  },
};

/** The programs of this machine; null when one is missing, which CI does not accept. */
export const zipPrograms = await findPrograms();

async function findPrograms(): Promise<readonly string[] | null> {
  const programs = Object.entries(PROGRAMS);
  const found = await Promise.all(programs.map(([name, { probe }]) => run(name, [...probe]).catch(() => null)));
  if (found.every((answer) => answer !== null)) return Object.keys(PROGRAMS);
  if (process.env['CI']) throw new Error('unzip or python3 is not installed');
  console.warn('Exports are not opened: install unzip and python3.');
  return null;
}

/** Tests the file with each program. @returns its files by their paths */
export async function unpack(bytes: Uint8Array): Promise<ReadonlyMap<string, Buffer>> {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-export-'));
  try {
    const file = join(folder, 'export.zip');
    await writeFile(file, bytes);
    for (const name of zipPrograms ?? []) await run(name, [...(PROGRAMS[name]?.test ?? []), file]);
    await run('unzip', ['-q', file, '-d', join(folder, 'files')]);
    const entries = await readdir(join(folder, 'files'), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const read = files.map(
      async (each) => [each.slice(folder.length + '/files/'.length), await readFile(each)] as const,
    );
    return new Map(await Promise.all(read));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
