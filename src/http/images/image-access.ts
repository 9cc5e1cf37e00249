/**
 * Who may read the bytes of an image: everybody who has a signed URL of it, and clients whose credentials give access. A
 * signature in the URL decides alone. What is said to a client without access never depends on whether the image exists.
 */
import type { IncomingMessage } from 'node:http';
import type { Authenticate, Principal } from '../../auth/authenticate.ts';
import { ForbiddenError } from '../../domain/errors.ts';
import { readImageSignature, type SignedImageUrls } from './image-urls.ts';

/** Whose image may be read. */
export interface ImageAccess extends Pick<Principal, 'id' | 'only'> {
  /** When the URL stops working, in milliseconds since 1970; null for access by credentials. */
  readonly endsAtMs: number | null;
}

export interface ImageAccessOptions {
  readonly authenticate: Authenticate;
  /** Null without authentication: signatures are not looked at. */
  readonly signedUrls: SignedImageUrls | null;
  /** The principal that owns the image or partial image with this row id, or null. */
  readonly ownerOf: (id: string) => Promise<string | null>;
  readonly nowMs: () => number;
}

/**
 * @throws {SignatureRefusedError} the signature of the URL is wrong or has expired
 * @throws {UnauthenticatedError} {AuthenticationUnavailableError} {ForbiddenError} the credentials give no access
 */
export type GrantImageAccess = (
  request: IncomingMessage,
  image: { readonly id: string; readonly address: string },
) => Promise<ImageAccess>;

const ADVICE = 'Query the `url` of the image again to get a new one.';

/** The message is shown to the client. */
export class SignatureRefusedError extends Error {
  override readonly name = 'SignatureRefusedError';

  constructor(problem: string) {
    super(`${problem} ${ADVICE}`);
  }
}

export function createImageAccess(options: ImageAccessOptions): GrantImageAccess {
  const { authenticate, signedUrls, ownerOf, nowMs } = options;
  return async (request, { id, address }) => {
    const signature = signedUrls === null ? null : readImageSignature(request.url ?? '');
    if (signedUrls === null || signature === null) {
      const { id: principal, only, scopes } = await authenticate(request);
      if (!scopes.has('READ')) throw new ForbiddenError('READ');
      return { id: principal, only, endsAtMs: null };
    }
    if (signature === 'malformed') throw new SignatureRefusedError('This image URL is not valid.');
    const endsAtMs = signature.expires * 1000;
    if (endsAtMs <= nowMs()) throw new SignatureRefusedError('This image URL has expired.');
    const owner = await ownerOf(id);
    // Checked for an unknown image, too, so that the answer takes as long.
    const isSigned = signedUrls.isSignedFor(owner ?? '', address, signature);
    if (owner === null || !isSigned) throw new SignatureRefusedError('This image URL is not valid.');
    return { id: owner, only: null, endsAtMs };
  };
}
