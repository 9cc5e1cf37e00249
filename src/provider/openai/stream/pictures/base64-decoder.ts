/**
 * Decodes base64 in pieces. The result does not depend on where the text was cut. Node's own decoder does the work.
 * Because it skips invalid characters instead of rejecting them, every decoded length is compared with the length that
 * the characters must give.
 */

const EMPTY = Buffer.alloc(0);
const WHITESPACE = /[ \t\r\n]+/g;
const PADDED_END = /^[A-Za-z0-9+/_-]*={1,2}$/;

/**
 * Decodes one base64 text (RFC 4648, either alphabet; padding is optional; whitespace is skipped). Every result is written
 * to the same buffer and must be used before the next call: a buffer for each piece of a picture would leave megabytes to
 * the garbage collector (docs/decisions/2026-11-26-memory-used-again.md).
 */
export class Base64Decoder {
  #buffer = EMPTY;
  /** The 0 to 3 characters that do not make a complete group of four yet. */
  #carry = '';
  #padded = false;
  #damaged = false;

  /** True after an invalid character. Nothing is decoded after it. */
  get damaged(): boolean {
    return this.#damaged;
  }

  /** Decodes the complete groups so far. The result is empty when there are none. */
  push(text: string): Buffer {
    if (this.#damaged || text === '') return EMPTY;
    return this.#decodeGroups(this.#carry === '' ? text : this.#carry + text);
  }

  /** Decodes the last group of a text without padding. Call it once, at the end of the text. */
  end(): Buffer {
    const rest = this.#carry.replace(WHITESPACE, '');
    this.#carry = '';
    if (this.#damaged || rest === '') return EMPTY;
    const bytes = this.#bytesOf(rest);
    // A single remaining character holds 6 bits, less than a byte: something is missing.
    if (this.#padded || rest.length === 1 || bytes.length !== rest.length - 1) return this.#fail();
    return bytes;
  }

  #decodeGroups(text: string): Buffer {
    const whole = text.length - (text.length % 4);
    const groups = text.slice(0, whole);
    const bytes = this.#bytesOf(groups);
    if (bytes.length === (whole / 4) * 3 && !(this.#padded && whole > 0)) {
      // Whitespace or split padding in the carry is handled when the rest of its group arrives.
      this.#carry = text.slice(whole);
      return bytes;
    }
    return this.#decodeUneven(text);
  }

  /** The rare cases: whitespace, padding, or damage. */
  #decodeUneven(text: string): Buffer {
    const dense = text.replace(WHITESPACE, '');
    const whole = dense.length - (dense.length % 4);
    this.#carry = dense.slice(whole);
    if (whole === 0) return EMPTY;
    if (this.#padded) return this.#fail();
    const groups = dense.slice(0, whole);
    const bytes = this.#bytesOf(groups);
    if (bytes.length === (whole / 4) * 3) return bytes;
    const padding = groups.length - groups.replace(/=+$/, '').length;
    if (!PADDED_END.test(groups) || bytes.length !== (whole / 4) * 3 - padding) return this.#fail();
    this.#padded = true;
    return bytes;
  }

  #bytesOf(text: string): Buffer {
    const maxBytes = Math.ceil((text.length * 3) / 4);
    if (this.#buffer.length < maxBytes) this.#buffer = Buffer.allocUnsafeSlow(maxBytes);
    return this.#buffer.subarray(0, this.#buffer.write(text, 'base64'));
  }

  #fail(): Buffer {
    this.#damaged = true;
    this.#carry = '';
    return EMPTY;
  }
}
