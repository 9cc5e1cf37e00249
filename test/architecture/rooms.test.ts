/** The table of rooms in CONTRIBUTING.md: it names every folder of the sources, and no folder that is not there. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** The rows of the table: the folders that each is about, and what it says of them. */
const ROWS = [
  ...readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8').matchAll(
    /^\| (?<names>(?:`(?:schema|src|web|client|bench|test|docs)[\w/.]*`(?:, )?)+) \| (?<text>[^|]+) \|/gmu,
  ),
].map(({ groups }) => ({
  folders: [...(groups?.['names'] ?? '').matchAll(/`([^`]+)`/gu)].map(([, name = '']) => name),
  text: groups?.['text'] ?? '',
}));

/** A folder has a row of its own, or is named in the row of one around it: `drivers/`, or `drivers` as a word of code. */
function isNamed(folder: string): boolean {
  for (let around = folder; around.includes('/'); around = dirname(around)) {
    const row = ROWS.find(({ folders }) => folders.includes(around));
    if (row === undefined) continue;
    const [rest = ''] = folder.slice(around.length + 1).split('/');
    return rest === '' || row.text.includes(`\`${rest}`);
  }
  return false;
}

it('every folder of the sources is in the table', () => {
  const folders = globSync('{schema,src,web/src}/**/*.{ts,tsx}', { cwd: ROOT }).map((file) => dirname(file));
  const missing = [...new Set(folders)].filter(
    (folder) => folder.includes('/') && !folder.endsWith('/gql') && !isNamed(folder),
  );
  expect(missing).toEqual([]);
});

it('every folder of the table is there', () => {
  const named = ROWS.flatMap(({ folders }) => folders);
  expect(named.length).toBeGreaterThan(60);
  expect(named.filter((folder) => !existsSync(join(ROOT, folder)))).toEqual([]);
});
