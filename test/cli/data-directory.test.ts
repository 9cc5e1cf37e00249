/** What the operator is told of a DATA_DIR that cannot be created. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makePrivateDirectory } from '../../src/app/private-files.ts';

it('names DATA_DIR and the reason when a file stands in its place or in its path', () => {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-data-'));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(() => makePrivateDirectory(file)).toThrow(
    `cannot create the folder ${file}: it is a file and not a folder. Set DATA_DIR to another folder.`,
  );
  expect(() => makePrivateDirectory(join(file, 'data'))).toThrow('a part of its path is a file and not a folder');
  rmSync(folder, { recursive: true });
});
