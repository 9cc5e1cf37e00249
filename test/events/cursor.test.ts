/** The cursor of an event: opaque, and only text that the server encoded is accepted. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from '../../src/domain/cursor.ts';

const CALL_ID = '01980000-0000-7000-8000-000000000001';
const CONVERSATION_ID = '01980000-0000-7000-8000-000000000002';
const CURSOR = { eventId: 99, callId: CALL_ID, sequence: 7, conversationId: CONVERSATION_ID, position: 42 };
const TEXT = encodeCursor(CURSOR);

/** A cursor with a character that base64url and base64 write differently, in base64. */
const OTHER_ALPHABET = Array.from({ length: 100 }, (_, sequence) => encodeCursor({ ...CURSOR, sequence }))
  .filter((text) => /[-_]/u.test(text))
  .map((text) => text.replaceAll('-', '+').replaceAll('_', '/'))[0];

const places = fc.option(fc.nat({ max: 999_999_999_999_999 }));
const ids = fc.option(fc.uuid());
const cursors = fc.record({ eventId: places, callId: ids, sequence: places, conversationId: ids, position: places });

describe('a cursor', () => {
  it('decodes to what was encoded', () => {
    fc.assert(
      fc.property(cursors, (cursor) => {
        expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
      }),
    );
  });

  it('of an earlier version decodes, without what it did not hold', () => {
    const first = Buffer.from(`1~${CALL_ID}~7~42`).toString('base64url');
    const unknown = { eventId: null, conversationId: null };
    expect(decodeCursor(first)).toEqual({ ...unknown, callId: CALL_ID, sequence: 7, position: 42 });
  });

  it('is one text for one place, safe in a URL', () => {
    fc.assert(
      fc.property(cursors, cursors, (one, other) => {
        expect(encodeCursor(one)).toMatch(/^[\w-]+$/u);
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(encodeCursor(one) === encodeCursor(other)).toBe(same);
      }),
    );
  });

  it('is not decoded from any other text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeCursor(text)).toBeNull();
      }),
    );
    fc.assert(
      fc.property(fc.base64String(), (text) => {
        expect(decodeCursor(text)).toBeNull();
      }),
    );
  });

  it('is rejected when a character is changed, added or left out, unless the result is another cursor', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: TEXT.length }),
        fc.string({ maxLength: 3, unit: 'binary' }),
        fc.nat({ max: 3 }),
        (at, put, cut) => {
          const changed = TEXT.slice(0, at) + put + TEXT.slice(at + cut);
          const decoded = decodeCursor(changed);
          if (decoded !== null) expect(encodeCursor(decoded)).toBe(changed);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  const base64url = (text: string) => Buffer.from(text).toString('base64url');
  it.each([
    ['nothing', ''],
    ['white space around it', ` ${TEXT}`],
    ['a line end behind it', `${TEXT}\n`],
    ['padding', `${TEXT}=`],
    ['characters that base64 skips', `${TEXT.slice(0, 10)}!${TEXT.slice(10)}`],
    ['more bytes behind it', `${TEXT}AAAA`],
    ['it twice', TEXT + TEXT],
    ['the other alphabet', OTHER_ALPHABET],
    ['hexadecimal', Buffer.from(TEXT, 'base64url').toString('hex')],
    ['the bare text', Buffer.from(TEXT, 'base64url').toString()],
    ['another version', base64url(`3~99~${CALL_ID}~7~${CONVERSATION_ID}~42`)],
    ['leading zeros', base64url(`1~${CALL_ID}~07~42`)],
    ['a sign', base64url(`1~${CALL_ID}~+7~42`)],
    ['a negative place', base64url(`1~${CALL_ID}~-7~42`)],
    ['a fraction', base64url(`1~${CALL_ID}~7.5~42`)],
    ['digits of another script', base64url(`1~${CALL_ID}~٧~42`)],
    ['a number beyond what is exact', base64url(`1~${CALL_ID}~9007199254740993~42`)],
    ['no position', base64url(`1~${CALL_ID}~7`)],
    ['capital letters in the id', base64url(`1~${'01980000-0000-7000-8000-00000000000A'}~7~42`)],
    ['a short id', base64url('1~0198~7~42')],
    ['a line end in it', base64url(`1~${CALL_ID}~7~42\n`)],
    ['leading zeros in the log of the principal', base64url(`2~099~${CALL_ID}~7~${CONVERSATION_ID}~42`)],
    ['too few parts', base64url(`2~99~${CALL_ID}~7~${CONVERSATION_ID}`)],
  ])('is not %s', (_, text) => {
    if (text === undefined) throw new Error('there is no such text to try');
    expect(decodeCursor(text)).toBeNull();
  });
});
