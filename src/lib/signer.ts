/** Signs texts with HMAC-SHA256, and checks signatures of the keys in use and of those before them. */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

export interface Signer {
  /** The signature of a text, in base64url. */
  sign(text: string): string;
  /** Whether one of the keys made this signature of this text. Takes the same time for every signature of the right length. */
  isSigned(text: string, signature: string): boolean;
}

/**
 * @param keys the first one signs, and all verify
 * @param byteLength of a signature: up to 32; 16 cannot be guessed, and keep URLs short
 */
export function createSigner(keys: readonly Buffer[], byteLength: number): Signer {
  const verifying = keys.map((key) => createSecretKey(key));
  const [signing] = verifying;
  if (signing === undefined) throw new Error('there is no key to sign with');

  function signatureOf(key: KeyObject, text: string): Buffer {
    return createHmac('sha256', key).update(text).digest().subarray(0, byteLength);
  }

  return {
    sign: (text) => signatureOf(signing, text).toString('base64url'),
    isSigned(text, signature) {
      const given = Buffer.from(signature, 'base64url');
      if (given.byteLength !== byteLength) return false;
      let isSigned = false;
      for (const key of verifying) if (timingSafeEqual(signatureOf(key, text), given)) isSigned = true;
      return isSigned;
    },
  };
}
