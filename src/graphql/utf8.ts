/** Text from outside is UTF-8. Bytes that are not would become U+FFFD when they are decoded, and nobody would see that. */
import { GraphQLError } from 'graphql';

const CODE = 'BAD_REQUEST';

/** The body of the answer to a request that is not UTF-8. */
export const NOT_UTF8_RESULT = { errors: [{ message: message('The request body'), extensions: { code: CODE } }] };

/** @param what is not UTF-8, as the subject of a sentence */
export function notUtf8(what: string): GraphQLError {
  return new GraphQLError(message(what), { extensions: { code: CODE, http: { status: 400 } } });
}

/** Whether each percent-encoded part of a URL is UTF-8. */
export function isUtf8Url(url: string): boolean {
  if (!url.includes('%')) return true;
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

function message(what: string): string {
  return `${what} must be UTF-8; it contains bytes that are not.`;
}
