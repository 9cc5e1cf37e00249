/** The credentials of this tab. They are kept for the session only, and never leave it but to the server. */
import { createStore } from '../app/store.ts';

const KEY = 'darkroom.token';

export interface Session {
  /** Another one after each time that somebody signs in or out. */
  readonly id: number;
  /** An API key or a token; null for none. */
  readonly token: string | null;
  /** Why the server did not accept the last request; null while it does. */
  readonly refusal: string | null;
}

const session = createStore<Session>({ id: 1, token: readToken(), refusal: null });

export const useSession = session.use;

export function currentToken(): string | null {
  return session.get().token;
}

export function signIn(token: string): void {
  // A browser may forbid storage: the token then holds until the page is loaded again.
  try {
    sessionStorage.setItem(KEY, token);
  } catch {}
  session.set(({ id }) => ({ id: id + 1, token, refusal: null }));
}

export function signOut(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {}
  session.set(({ id }) => ({ id: id + 1, token: null, refusal: null }));
}

/** Whether the server waits for other credentials. */
export function isRefused(): boolean {
  return session.get().refusal !== null;
}

/** The server asks for credentials, or does not accept these. */
export function refuse(refusal: string): void {
  session.set((current) => (current.refusal === refusal ? current : { ...current, refusal }));
}

function readToken(): string | null {
  // A browser may forbid storage.
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}
