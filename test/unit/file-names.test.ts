/** The names in exports. */
import { expect, it } from 'vitest';
import { fileNameOf, safeWords } from '../../src/http/export/file-names.ts';

it.each(['CON', 'nul', ' Aux ', 'com1', 'LPT9', 'prn.'])(
  'a folder is not named after a device of Windows: %s',
  (title) => {
    expect(safeWords(title, 'darkroom')).toBe(`${title.toLowerCase().replaceAll(/[^a-z0-9]/gu, '')}-darkroom`);
  },
);

it('other names are words of the text', () => {
  expect(safeWords('Console', 'darkroom')).toBe('console');
  expect(safeWords('../../etc', 'darkroom')).toBe('etc');
  expect(safeWords('日本', 'darkroom')).toBe('darkroom');
  expect(fileNameOf(0, 2, 'con')).toBe('001-con-image');
});
