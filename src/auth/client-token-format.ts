/**
 * The text of a client token: `dkt_<what it says>.<signature>`, both in base64url. The server stores nothing of it. It is
 * not a JWT: there is one algorithm and one reader, and with AUTH=jwt nobody can take one for the other.
 */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { ClientTokenGrant } from '../domain/access/client-token.ts';

export interface ClientTokenFormat {
  write(grant: ClientTokenGrant): string;
  /** Null for a token of another format; `wrong` when the signature is. */
  read(token: string): ClientTokenGrant | 'wrong' | null;
}

const PREFIX = 'dkt_';
const TOKEN = /^dkt_([\w-]+)\.([\w-]{43})$/u;
const VERSION = 1;

/** @param keys the first one signs, and all verify */
export function createClientTokenFormat(keys: readonly Buffer[]): ClientTokenFormat {
  const verifying = keys.map((key) => createSecretKey(key));
  const [signing] = verifying;
  if (signing === undefined) throw new Error('there is no key to sign client tokens with');
  return {
    write(grant) {
      const payload = Buffer.from(JSON.stringify({ version: VERSION, ...grant })).toString('base64url');
      return `${PREFIX}${payload}.${signatureOf(signing, payload).toString('base64url')}`;
    },

    read(token) {
      if (!token.startsWith(PREFIX)) return null;
      const [, payload = '', signature = ''] = TOKEN.exec(token) ?? [];
      const given = Buffer.from(signature, 'base64url');
      const isSigned = verifying.some((key) => isEqual(signatureOf(key, payload), given));
      if (!isSigned) return 'wrong';
      // The signature says that this server wrote it.
      const { version, ...grant } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as ClientTokenGrant & {
        version: unknown;
      };
      return version === VERSION ? grant : 'wrong';
    },
  };
}

function signatureOf(key: KeyObject, payload: string): Buffer {
  return createHmac('sha256', key).update(payload).digest();
}

function isEqual(expected: Buffer, given: Buffer): boolean {
  return given.byteLength === expected.byteLength && timingSafeEqual(expected, given);
}
