/** An identity provider on loopback: it publishes its keys over HTTP, and signs whatever a test asks for. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { listen } from '../../src/http/server.ts';

export const ISSUER = 'https://login.example';
export const AUDIENCE = 'darkroom';

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

export interface IdentityProvider extends AsyncDisposable {
  readonly jwksUrl: string;
  readonly key: SigningKey;
  /** What is published. */
  published: readonly SigningKey[];
  /** How often it was asked for its keys. */
  asked: number;
  /** In place of the keys. */
  answer: 'keys' | 'error' | 'silence' | 'redirect' | 'html' | 'huge';
  /** A token that is valid for five minutes, with changes to its claims; undefined leaves a claim out. */
  sign(claims?: JWTPayload, header?: object, key?: SigningKey): Promise<string>;
}

export async function newKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  return { kid, alg, ...(await generateKeyPair(alg, { extractable: true })) };
}

export async function startIdentityProvider(nowMs: () => number = Date.now): Promise<IdentityProvider> {
  const key = await newKey('first');
  const server = createServer(async (request, response) => {
    idp.asked += 1;
    if (idp.answer === 'silence') return;
    if (idp.answer === 'error') return void response.writeHead(500).end('broken');
    if (idp.answer === 'redirect' && request.url === '/keys')
      return void response.writeHead(302, { location: '/other' }).end();
    if (idp.answer === 'html') return void response.end('<p>Sign in</p>');
    if (idp.answer === 'huge') return void response.end(`{"keys":["${'x'.repeat(1_000_000)}"]}`);
    const keys = idp.published.map(async ({ kid, alg, publicKey }) => ({
      ...(await exportJWK(publicKey)),
      kid,
      alg,
      use: 'sig',
    }));
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: await Promise.all(keys) }));
  });
  const idp: IdentityProvider = {
    jwksUrl: `${await listen(server, '127.0.0.1', 0)}/keys`,
    key,
    published: [key],
    asked: 0,
    answer: 'keys',
    sign(claims = {}, header = {}, { kid, alg, privateKey } = key) {
      const seconds = Math.floor(nowMs() / 1000);
      const payload = { sub: 'anna', iss: ISSUER, aud: AUDIENCE, iat: seconds, exp: seconds + 300, ...claims };
      return new SignJWT(payload).setProtectedHeader({ alg, kid, ...header }).sign(privateKey);
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return idp;
}
