/** Tags and titles: their one form, and what is refused. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TITLE_MAX_LENGTH, titleErrors } from '../../src/domain/conversation.ts';
import { changedTags, normalTag, TAG_MAX_LENGTH, tagErrors, tagSet } from '../../src/domain/images/image-tags.ts';
import { oneLine } from '../../src/domain/one-line.ts';

const KEEP = { tags: null, addTags: [], removeTags: [] };

describe('a tag', () => {
  it.each([
    ['  Kite ', 'kite'],
    ['night\t sky', 'night sky'],
    ['CAFE\u0301', 'caf\u00e9'],
    ['Caf\u00e9', 'caf\u00e9'],
    ['ÅNGSTRÖM', 'ångström'],
    ['東京', '東京'],
    ['👩‍🚀', '👩‍🚀'],
  ])('%j is %j', (given, tag) => expect(normalTag(given)).toBe(tag));

  it('stays the same in its form, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => normalTag(normalTag(text)) === normalTag(text)));
  });

  it.each(['', '   ', '\u200b', '\u0301', 'a\u0000b', 'a\u0007', '\ud800', 'x'.repeat(TAG_MAX_LENGTH + 1)])(
    '%j is refused',
    (tag) => expect(tagErrors('tags', ['kite', tag])).toMatchObject([{ field: 'tags.1' }]),
  );

  it('is measured in characters, not in code units', () => {
    expect(tagErrors('tags', ['🪁'.repeat(TAG_MAX_LENGTH), 'x'.repeat(TAG_MAX_LENGTH)])).toEqual([]);
  });
});

describe('the tags of an image', () => {
  it('are a set in one order, whatever the order and case in which they were given', () => {
    expect(tagSet(['b', 'A', 'a ', 'B'])).toEqual(['a', 'b']);
  });

  it('are replaced, added to and taken from; a tag that is also removed is removed', () => {
    expect(changedTags(['a', 'b'], KEEP)).toEqual(['a', 'b']);
    expect(changedTags(['a', 'b'], { ...KEEP, tags: ['C'] })).toEqual(['c']);
    expect(changedTags(['a', 'b'], { ...KEEP, tags: [] })).toEqual([]);
    expect(changedTags(['a', 'b'], { ...KEEP, addTags: ['C', 'A'], removeTags: ['B', 'x'] })).toEqual(['a', 'c']);
    expect(changedTags([], { ...KEEP, addTags: ['a'], removeTags: ['A'] })).toEqual([]);
  });
});

describe('a title', () => {
  it('is one line', () => expect(oneLine(' two\n  lines ')).toBe('two lines'));

  it.each(['', ' \n ', '\u200b\u200b', 'a\u0000', '\udc00', 'x'.repeat(TITLE_MAX_LENGTH + 1)])(
    '%j is refused',
    (title) => expect(titleErrors('title', title)).toMatchObject([{ field: 'title' }]),
  );

  it('can have any letters up to its length', () => {
    expect(titleErrors('title', `${'🪁'.repeat(TITLE_MAX_LENGTH)} `)).toEqual([]);
  });
});
