/** Asks for a key or token. It covers the page, which keeps what was typed, until the server accepts one. */
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { isRefused, signIn, useSession } from '../api/session.ts';
import { checkToken } from './check-token.ts';

export function SignIn() {
  const { token, refusal } = useSession();
  const dialog = useRef<HTMLDialogElement>(null);
  const [problem, setProblem] = useState(token === null ? null : refusal);
  const [isChecking, setIsChecking] = useState(false);

  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);

  /** Escape closes it, whatever a page says against that. */
  function reopen(): void {
    if (isRefused() && dialog.current?.isConnected) dialog.current.showModal();
  }

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const field = event.currentTarget.elements.namedItem('token');
    if (!(field instanceof HTMLInputElement) || isChecking) return;
    const entered = field.value.trim();
    setIsChecking(true);
    const refused = entered === '' ? 'Enter a key or token.' : await checkToken(entered);
    setIsChecking(false);
    setProblem(refused);
    if (refused === null) signIn(entered);
    else field.select();
  }

  return (
    <dialog ref={dialog} className="sign-in" aria-labelledby="sign-in-title" onClose={reopen}>
      <span className="sign-in-light" aria-hidden="true" />
      <form onSubmit={(event) => void submit(event)} noValidate>
        <h2 id="sign-in-title">Sign in</h2>
        <p className="muted">This darkroom asks who you are. What you enter stays in this tab, until you close it.</p>
        <label htmlFor="sign-in-token">API key or token</label>
        <input
          id="sign-in-token"
          name="token"
          type="password"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          aria-invalid={problem !== null}
          aria-describedby="sign-in-problem"
        />
        <p id="sign-in-problem" role="alert">
          {problem}
        </p>
        <button type="submit" className="primary" aria-disabled={isChecking}>
          {isChecking ? 'Checking …' : 'Sign in'}
        </button>
      </form>
    </dialog>
  );
}
