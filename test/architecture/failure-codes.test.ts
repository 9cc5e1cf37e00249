/** docs/failures.md says what to do about every code that a client can see. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/domain/errors.ts';
import { GENERATION_FAILURE_CODES } from '../../src/domain/generation/failure.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/failures.md'), 'utf8');
const [, refused = '', failed = ''] = page.split(/^## /mu);
const codesOf = (section: string) => [...section.matchAll(/^\| `([A-Z_]+)` \|/gmu)].map(([, code]) => code);

it('has a row for each error of a mutation, and for each failure of a call', () => {
  expect(codesOf(refused).toSorted()).toEqual([...ERROR_CODES].toSorted());
  expect(codesOf(failed).toSorted()).toEqual([...GENERATION_FAILURE_CODES].toSorted());
});
