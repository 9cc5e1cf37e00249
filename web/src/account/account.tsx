/** The account at the end of the header, and the panel that asks for a key or token. Each is loaded when it is needed. */
import { lazy, Suspense, useState } from 'react';
import { useSession } from '../api/session.ts';
import './theme.ts';
import './account.css';

const AccountPanel = lazy(() => import('./account-panel.tsx').then(({ AccountPanel: panel }) => ({ default: panel })));
const SignIn = lazy(() => import('./sign-in.tsx').then(({ SignIn: panel }) => ({ default: panel })));

const PANEL_ID = 'account';

export function Account() {
  const { refusal } = useSession();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <button type="button" className="quiet account-button" popoverTarget={PANEL_ID} aria-label="Account">
        <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
          <circle cx="12" cy="8.5" r="4" />
          <path d="M4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6" />
        </svg>
      </button>
      <div
        id={PANEL_ID}
        className="account-panel"
        popover="auto"
        role="dialog"
        aria-label="Account"
        onToggle={({ newState }) => setIsOpen(newState === 'open')}
      >
        {isOpen && (
          <Suspense>
            <AccountPanel />
          </Suspense>
        )}
      </div>
      {refusal !== null && (
        <Suspense>
          <SignIn />
        </Suspense>
      )}
    </>
  );
}
