/** What is wrong with a token, for the client that sent it. Nothing of the token is repeated. */
import { errors } from 'jose';
import { UnauthenticatedError } from '../../authenticate.ts';

const MALFORMED = 'The token is malformed, or has a feature that is not supported here.';
const EXPIRED = 'The token has expired. Get a new one.';

const BY_CLAIM: Readonly<Record<string, string>> = {
  aud: 'The token is not meant for this API (claim aud).',
  iss: 'The token is from another issuer (claim iss).',
  nbf: 'The token is not valid yet (claim nbf).',
  iat: 'The token was issued in the future (claim iat).',
  exp: 'The token never expires; only tokens with an end are accepted (claim exp).',
};

/** The error for the client, or null when it is not the token's fault. */
export function tokenFault(error: unknown): UnauthenticatedError | null {
  return error instanceof errors.JOSEError ? fault(messageFor(error)) : null;
}

export function expired(): UnauthenticatedError {
  return fault(EXPIRED);
}

/** @param claim as it is configured */
export function claimFault(claim: string): UnauthenticatedError {
  return fault(BY_CLAIM[claim] ?? `The token lacks the claim ${claim}, or has an invalid one.`);
}

function messageFor(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return EXPIRED;
  if (error instanceof errors.JWTClaimValidationFailed) return claimFault(error.claim).message;
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return 'The token is signed with an algorithm that is not allowed here (AUTH_ALGORITHMS).';
  }
  if (error instanceof errors.JWKSNoMatchingKey) {
    return 'The token is signed with a key that its issuer does not publish.';
  }
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'The token does not say which key signed it (kid).';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'The signature of the token is wrong.';
  return MALFORMED;
}

function fault(message: string): UnauthenticatedError {
  return new UnauthenticatedError(message, 'invalid_token');
}
