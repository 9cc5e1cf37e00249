/** The credentials of this tab. They are kept for the session only, and never leave it but to the server. */
import { createStore } from '../app/store.ts';

const KEY = 'darkroom.token';

export interface Session {
  /** An API key or a token; null for none. */
  readonly token: string | null;
  /** Why the server did not accept the last request; null while it does. */
  readonly refusal: string | null;
}

const session = createStore<Session>({ token: readToken(), refusal: null });

export const useSession = session.use;

export function currentToken(): string | null {
  return session.get().token;
}

export function signIn(token: string): void {
  sessionStorage.setItem(KEY, token);
  session.set(() => ({ token, refusal: null }));
}

export function signOut(): void {
  sessionStorage.removeItem(KEY);
  session.set(() => ({ token: null, refusal: null }));
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
