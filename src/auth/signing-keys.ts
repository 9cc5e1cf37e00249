/**
 * The secrets of this server that sign what it hands out. Each purpose has keys of its own, derived from the secrets
 * (HKDF, RFC 5869): what is signed for one purpose is worth nothing for another.
 */
import { hkdfSync } from 'node:crypto';

/** What is signed. */
export type SigningPurpose = 'image-url' | 'export-url' | 'client-token';

/** Keys of 32 bytes for HMAC-SHA256. */
export interface SigningKeys {
  /** The keys whose signatures are accepted, the one that signs first. */
  deriveKeys(purpose: SigningPurpose): readonly Buffer[];
}

const KEY_BYTES = 32;

/** @param secrets the first one signs, and all verify */
export function createSigningKeys(secrets: readonly [string, ...string[]]): SigningKeys {
  return { deriveKeys: (purpose) => secrets.map((secret) => keyFor(secret, purpose)) };
}

function keyFor(secret: string, purpose: SigningPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `darkroom ${purpose}`, KEY_BYTES));
}
