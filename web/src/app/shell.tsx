/** What stays around every view: the light that tells of the connection, the ways to go, and the composer. */
import type { ReactNode } from 'react';
import { useConnection, useLive } from '../api/live.ts';
import { TitleProgress } from '../pictures/title-progress.tsx';
import { Notices } from './notices.tsx';
import { hrefOf, usePlace } from './router.ts';
import './shell.css';

const VIEWS = [
  { path: '/', name: 'Gallery' },
  { path: '/conversations', name: 'Conversations' },
  { path: '/trash', name: 'Trash' },
] as const;

const LIGHT = {
  connecting: 'Connecting',
  open: 'Live',
  lost: 'Offline: reconnecting',
} as const;

export interface ShellProps {
  readonly children: ReactNode;
  /** At the end of the header. */
  readonly account: ReactNode;
  /** Docked at the bottom; null for views that make nothing. */
  readonly composer: ReactNode;
}

export function Shell({ children, account, composer }: ShellProps) {
  useLive();
  const { path } = usePlace();
  const connection = useConnection();
  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the pictures
      </button>
      <header className="header">
        <a className="wordmark" href={hrefOf('/')}>
          <span className="safelight" data-connection={connection} role="img" aria-label={LIGHT[connection]} />
          <span className="wordmark-name">Darkroom</span>
        </a>
        <nav aria-label="Views">
          {VIEWS.map((view) => (
            <a key={view.path} href={hrefOf(view.path)} aria-current={path === view.path ? 'page' : undefined}>
              {view.name}
            </a>
          ))}
        </nav>
        <div className="account">{account}</div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      {composer}
      <TitleProgress />
      <Notices />
    </div>
  );
}
