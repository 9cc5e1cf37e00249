/** Who shares an answer: those for whom nothing that can change it differs. */
import { expect, it } from 'vitest';
import { type Principal, unlimitedPrincipal } from '../../src/auth/authenticate.ts';
import { audienceOf } from '../../src/graphql/audience.ts';

const ORIGIN = 'http://localhost:4000';
const ANNA = unlimitedPrincipal('anna');

/** A change of each property of a principal. The type requires every property that is ever added. */
const CHANGES: {
  readonly [Property in Exclude<keyof Principal, 'watchEnd' | 'endsAtMs'>]: readonly Partial<Principal>[];
} = {
  id: [{ id: 'bert' }, { id: 'anna ' }],
  scopes: [{ scopes: new Set(['READ']) }, { scopes: new Set() }],
  credential: [{ credential: 'key:abcdefghijkl' }],
  only: [
    { only: { type: 'Conversation', id: 'a' } },
    { only: { type: 'Conversation', id: 'b' } },
    { only: { type: 'GenerationCall', id: 'a' } },
  ],
};

it('promise 10: whatever differs in the credentials or the address makes another audience', () => {
  const audiences = Object.values(CHANGES)
    .flat()
    .map((change) => audienceOf({ ...ANNA, ...change }, ORIGIN));
  const all = [audienceOf(ANNA, ORIGIN), audienceOf(ANNA, 'https://example.org'), ...audiences];
  expect(new Set(all).size).toBe(all.length);
});

it('the order of the scopes makes no difference', () => {
  const [one, two] = [new Set(['READ', 'COST'] as const), new Set(['COST', 'READ'] as const)];
  expect(audienceOf({ ...ANNA, scopes: one }, ORIGIN)).toBe(audienceOf({ ...ANNA, scopes: two }, ORIGIN));
});

it('promise 10: no text in an id reads like another audience', () => {
  const without = { ...ANNA, scopes: new Set<never>() };
  const one = audienceOf({ ...without, id: 'x', credential: 'y  z' }, ORIGIN);
  const other = audienceOf({ ...without, id: 'x  y', credential: 'z' }, ORIGIN);
  expect(one).not.toBe(other);
  expect(audienceOf(unlimitedPrincipal('anna","'), ORIGIN)).not.toBe(audienceOf(ANNA, `","${ORIGIN}`));
});
