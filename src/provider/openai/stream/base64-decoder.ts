/**
 * Base64 to bytes, piece by piece: what the pieces decode to does not depend on where they were cut.
 * Node's own decoder does the work; because it skips what it does not know instead of refusing it, every
 * decoded length is compared with the length that the characters must give.
 */

const NOTHING = Buffer.alloc(0);
const WHITESPACE = /[ \t\r\n]+/g;
const PADDED_END = /^[A-Za-z0-9+/_-]*={1,2}$/;

/**
 * Decodes one base64 text (RFC 4648, either alphabet; padding may be left off; whitespace is skipped). Each answer stands
 * where the one before it stood, and is to be used before more is decoded: a buffer for each piece of a picture would be
 * megabytes that wait for the garbage collector (docs/decisions).
 */
export class Base64Decoder {
  #room = NOTHING;
  /** The 0 to 3 characters that do not make a whole group of four yet. */
  #carry = '';
  #padded = false;
  #damaged = false;

  /** True once a character was met that has no place in base64; nothing is decoded from there on. */
  get damaged(): boolean {
    return this.#damaged;
  }

  /** Decodes as many whole groups as there are so far. The answer is empty when there is none. */
  push(text: string): Buffer {
    if (this.#damaged || text === '') return NOTHING;
    return this.#decodeGroups(this.#carry === '' ? text : this.#carry + text);
  }

  /** Decodes what is left of a text without padding. To be called once, at the end of the text. */
  end(): Buffer {
    const rest = this.#carry.replace(WHITESPACE, '');
    this.#carry = '';
    if (this.#damaged || rest === '') return NOTHING;
    const bytes = this.#bytesOf(rest);
    // A single left-over character holds 6 bits: less than a byte, so something is missing.
    if (this.#padded || rest.length === 1 || bytes.length !== rest.length - 1) return this.#refuse();
    return bytes;
  }

  #decodeGroups(text: string): Buffer {
    const whole = text.length - (text.length % 4);
    const groups = text.slice(0, whole);
    const bytes = this.#bytesOf(groups);
    if (bytes.length === (whole / 4) * 3 && !(this.#padded && whole > 0)) {
      // What is odd about the carry (whitespace, split padding) shows when the rest of its group arrives.
      this.#carry = text.slice(whole);
      return bytes;
    }
    return this.#decodeUneven(text);
  }

  /** The rare cases: whitespace in the text, padding at its end, or damage. */
  #decodeUneven(text: string): Buffer {
    const dense = text.replace(WHITESPACE, '');
    const whole = dense.length - (dense.length % 4);
    this.#carry = dense.slice(whole);
    if (whole === 0) return NOTHING;
    if (this.#padded) return this.#refuse();
    const groups = dense.slice(0, whole);
    const bytes = this.#bytesOf(groups);
    if (bytes.length === (whole / 4) * 3) return bytes;
    const padding = groups.length - groups.replace(/=+$/, '').length;
    if (!PADDED_END.test(groups) || bytes.length !== (whole / 4) * 3 - padding) return this.#refuse();
    this.#padded = true;
    return bytes;
  }

  #bytesOf(text: string): Buffer {
    const most = Math.ceil((text.length * 3) / 4);
    if (this.#room.length < most) this.#room = Buffer.allocUnsafeSlow(most);
    return this.#room.subarray(0, this.#room.write(text, 'base64'));
  }

  #refuse(): Buffer {
    this.#damaged = true;
    this.#carry = '';
    return NOTHING;
  }
}
