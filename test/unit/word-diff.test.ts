/** Which words of a prompt the model kept, left out and added. */
import { expect, test } from 'vitest';
import { wordDiff } from '../../web/src/view/word-diff.ts';

const of = (before: string, after: string) =>
  wordDiff(before, after).map(({ kind, text }) => `${kind}: ${text.trim()}`);

test('marks what was added around the words of a prompt', () => {
  expect(of('a fox in the snow', 'A red fox in the snow, at dusk')).toEqual([
    'same: A',
    'added: red',
    'same: fox in the snow,',
    'added: at dusk',
  ]);
});

test('marks what was left out, and puts it before what came in its place', () => {
  expect(of('a very old house', 'an old house')).toEqual(['removed: a very', 'added: an', 'same: old house']);
});

test('takes letter case and punctuation for the same word', () => {
  expect(of('Snow, at night.', 'snow at night')).toEqual(['same: snow at night']);
});

test('finds the words of scripts without spaces', () => {
  const parts = wordDiff('雪の中の狐', '雪の中の赤い狐');
  expect(parts.filter(({ kind }) => kind === 'added').map(({ text }) => text)).toEqual(['赤い']);
  expect(parts.filter(({ kind }) => kind === 'removed')).toEqual([]);
});

test('gives both texts back whole', () => {
  const [before, after] = ['one two  three,\nfour', 'zero two three four five'];
  const parts = wordDiff(before, after);
  const without = (kind: string) => parts.filter((part) => part.kind !== kind);
  const words = (text: string) => text.split(/\W+/u).filter((word) => word !== '');
  expect(
    words(
      without('added')
        .map(({ text }) => text)
        .join(''),
    ),
  ).toEqual(words(before));
  expect(
    without('removed')
      .map(({ text }) => text)
      .join(''),
  ).toBe(after);
});
