/** The styles of the page are global: what two parts of it name alike changes both. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const SOURCES = join(import.meta.dirname, '../../web/src');
/** What stays around every view, or lies below every picture, may be moved by what is in it. */
const SHARED: readonly string[] = ['dock', 'thumbhash'];

/** The classes that a rule begins with. */
function classesOf(file: string): readonly string[] {
  const text = readFileSync(join(SOURCES, file), 'utf8').replaceAll(/\/\*.*?\*\//gsu, '');
  const selectors = [...text.matchAll(/([^{};]+)\{/gu)].flatMap(([, list = '']) => list.split(','));
  return selectors.flatMap((selector) => /^\s*\.([\w-]+)(?![\w.-])/u.exec(selector)?.[1] ?? []);
}

it('no class has styles of two files', () => {
  const filesOf = new Map<string, Set<string>>();
  for (const file of globSync('**/*.css', { cwd: SOURCES }))
    for (const name of classesOf(file)) filesOf.set(name, (filesOf.get(name) ?? new Set()).add(file));
  expect(filesOf.size).toBeGreaterThan(100);
  const twice = [...filesOf].filter(([name, files]) => files.size > 1 && !SHARED.includes(name));
  expect(twice.map(([name, files]) => `${name}: ${[...files].join(', ')}`)).toEqual([]);
});
