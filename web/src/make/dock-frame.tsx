/** The frame of the composer at the bottom of the page. */
import { type FormEvent, type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';

export interface DockFrameProps {
  readonly children: ReactNode;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
}

/** Tells the page how high it is, so that nothing hides behind it. */
export function DockFrame({ children, onSubmit, onClose }: DockFrameProps) {
  const dock = useRef<HTMLFormElement>(null);

  useEffect(() => {
    const element = dock.current;
    if (element === null) return;
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() => style.setProperty('--composer-height', `${element.offsetHeight + 16}px`));
    observer.observe(element);
    return () => {
      observer.disconnect();
      style.removeProperty('--composer-height');
    };
  }, []);

  function onKeyDown(event: KeyboardEvent) {
    // Only the button and Ctrl or Cmd with Enter send: an Enter in a search box must not cost anything.
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement) event.preventDefault();
    if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
    const button = dock.current?.querySelector<HTMLElement>('[aria-expanded="true"]');
    if (!button) return;
    onClose();
    button.focus();
  }

  return (
    <section className="composer" aria-label="Make a picture">
      <form
        ref={dock}
        className="dock"
        noValidate
        onKeyDown={onKeyDown}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
      </form>
    </section>
  );
}
