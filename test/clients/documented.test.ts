/** docs/clients.md itself: its code has no type errors, and what it repeats of the generated files is right. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { APP, documentedFiles, run } from './prepare.ts';

const contentOf = (name: string): unknown => JSON.parse(readFileSync(join(APP, name), 'utf8'));

it('has no type errors', () => {
  const tsc = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc');
  expect(() => run(tsc, ['--noEmit', '--project', import.meta.dirname])).not.toThrow();
});

it('has the files of all clients', () => {
  const folders = new Set([...documentedFiles().keys()].map((name) => name.split('/')[0]));
  expect([...folders]).toEqual(expect.arrayContaining(['apollo', 'urql', 'relay', 'codegen.ts', 'resumable.ts']));
});

it('gives Relay the scalars of the schema', () => {
  expect(contentOf('relay.config.json')).toMatchObject({ customScalarTypes: contentOf('codegen-scalars.json') });
});
