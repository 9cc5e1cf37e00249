/**
 * The text of a client token: `dkt_<what it says>.<signature>`, both in base64url. The server stores nothing of it. It is
 * not a JWT: there is one algorithm and one reader, and with AUTH=jwt nobody can take one for the other.
 */
import type { ClientTokenGrant } from '../domain/access/client-token.ts';
import { createSigner } from '../lib/signer.ts';

export interface ClientTokenFormat {
  write(grant: ClientTokenGrant): string;
  /** Null for a token of another format; `wrong` when the signature is. */
  read(token: string): ClientTokenGrant | 'wrong' | null;
}

const PREFIX = 'dkt_';
const TOKEN = /^dkt_([\w-]+)\.([\w-]{43})$/u;
const VERSION = 1;
const SIGNATURE_BYTES = 32;

/** @param keys the first one signs, and all verify */
export function createClientTokenFormat(keys: readonly Buffer[]): ClientTokenFormat {
  const { sign, isSigned } = createSigner(keys, SIGNATURE_BYTES);
  return {
    write(grant) {
      const payload = Buffer.from(JSON.stringify({ version: VERSION, ...grant })).toString('base64url');
      return `${PREFIX}${payload}.${sign(payload)}`;
    },

    read(token) {
      if (!token.startsWith(PREFIX)) return null;
      const [, payload = '', signature = ''] = TOKEN.exec(token) ?? [];
      if (!isSigned(payload, signature)) return 'wrong';
      // The signature says that this server wrote it.
      const { version, ...grant } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as ClientTokenGrant & {
        version: unknown;
      };
      return version === VERSION ? grant : 'wrong';
    },
  };
}
