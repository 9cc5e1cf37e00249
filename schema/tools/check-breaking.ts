/**
 * Fails when the schema has a breaking change since the last release that CHANGELOG.md does not name. With `--release`, which is
 * a step of a release, the schema of today becomes the released one.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { schema } from '../index.ts';
import { unnamedBreakingChanges, unreleasedSection, withoutDescriptions } from './breaking-changes.ts';

const RELEASED = new URL('../released.graphql', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const changelog = read('../../CHANGELOG.md');

if (process.argv.includes('--release')) {
  if (unreleasedSection(changelog).trim() === '') {
    writeFileSync(RELEASED, withoutDescriptions(read('../schema.graphql')));
  } else {
    console.error('Move what is below "[Unreleased]" in CHANGELOG.md to the version that is released first.');
    process.exitCode = 1;
  }
} else {
  const unnamed = unnamedBreakingChanges(readFileSync(RELEASED, 'utf8'), schema, changelog);
  for (const { coordinate, description } of unnamed) {
    console.error(`Breaking change of the schema: ${description} Name \`${coordinate}\` in CHANGELOG.md.`);
  }
  if (unnamed.length > 0) {
    console.error(
      'Clients that use it stop working. If that is intended, list it below "**Breaking**" in "## [Unreleased]".',
    );
    process.exitCode = 1;
  }
}
