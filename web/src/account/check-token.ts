/** Whether the server accepts a key or token, before anything of the page uses it. */
import { GRAPHQL_URL } from '../api/addresses.ts';

/** @returns why it is not accepted, in words; null when it is */
export async function checkToken(token: string): Promise<string | null> {
  // Such characters cannot be sent in a header.
  if (/[^\x21-\x7e]/.test(token)) return 'This is not a key or token: it has spaces or special characters in it.';
  let status: number;
  try {
    const response = await fetch(GRAPHQL_URL, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ viewer { id } }' }),
    });
    status = response.status;
  } catch {
    return 'The server cannot be reached. Try again in a moment.';
  }
  if (status === 401) return 'The server does not accept this key or token. It may be mistyped, expired or revoked.';
  if (status === 429) return 'Too many attempts. Try again in a minute.';
  if (status >= 500) return 'The server cannot check this now. Try again in a moment.';
  return null;
}
