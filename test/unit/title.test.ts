/** The title that a conversation gets from its first prompt. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { titleFromPrompt } from '../../src/domain/conversation.ts';

describe('titleFromPrompt', () => {
  it.each([
    ['a cat', 'a cat'],
    ['  a \n\n cat\t', 'a cat'],
    ['x'.repeat(80), 'x'.repeat(80)],
    ['x'.repeat(81), `${'x'.repeat(79)}…`],
    [`${'word '.repeat(20)}`, `${'word '.repeat(15).trim()}…`],
    // A word boundary near the beginning is no place to cut at.
    [`a ${'x'.repeat(100)}`, `a ${'x'.repeat(77)}…`],
    // A character outside of the basic plane is not cut in two.
    [`${'x'.repeat(78)}🚣🚣`, `${'x'.repeat(78)}…`],
  ])('%j becomes %j', (prompt, title) => {
    expect(titleFromPrompt(prompt)).toBe(title);
  });

  it('is one line of at most 80 whole characters, whatever the prompt', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), (prompt) => {
        const title = titleFromPrompt(prompt);
        expect(title.length).toBeLessThanOrEqual(80);
        expect(title).not.toMatch(/[\n\r\t]/u);
        expect(title.isWellFormed()).toBe(true);
        expect(title).toBe(title.trim());
      }),
    );
  });
});
