/** What is said to people: notices that go away by themselves, with undo, and the same words for screen readers. */
import { useEffect } from 'react';
import { createStore } from './store.ts';
import './notices.css';

export interface Notice {
  readonly text: string;
  /** Takes back what the notice tells. */
  readonly undo?: (() => void) | undefined;
  readonly isError?: boolean;
}

interface Shown extends Notice {
  readonly id: number;
}

const notices = createStore<readonly Shown[]>([]);
const words = createStore('');
const SHOWN_MS = 7_000;
let lastId = 0;

export function notify(notice: Notice): void {
  lastId += 1;
  const shown = { ...notice, id: lastId };
  notices.set((all) => [...all.slice(-2), shown]);
  announce(notice.text);
}

/** Says an error in words. */
export function notifyError(error: unknown): void {
  notify({ text: messageOf(error), isError: true });
}

/** What was thrown, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Says something to screen readers alone. */
export function announce(text: string): void {
  words.set(() => text);
}

function dismiss(id: number): void {
  notices.set((all) => all.filter((notice) => notice.id !== id));
}

export function Notices() {
  const all = notices.use();
  return (
    <>
      <div className="visually-hidden" role="status" aria-live="polite">
        {words.use()}
      </div>
      <div className="notices">
        {all.map((notice) => (
          <NoticeCard key={notice.id} notice={notice} />
        ))}
      </div>
    </>
  );
}

function NoticeCard({ notice: { id, text, undo, isError } }: { readonly notice: Shown }) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id]);
  return (
    <div className="notice" data-error={isError || undefined}>
      <span>{text}</span>
      {undo && (
        <button
          type="button"
          className="quiet"
          onClick={() => {
            undo();
            dismiss(id);
          }}
        >
          Undo
        </button>
      )}
      <button type="button" className="quiet" aria-label="Dismiss" onClick={() => dismiss(id)}>
        ×
      </button>
    </div>
  );
}
