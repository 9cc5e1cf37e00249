/** Pictures that are dropped anywhere on the page, or pasted into it. */
import { useEffect, useRef, useState } from 'react';
import { notify } from '../../app/notices.tsx';
import { go } from '../../app/router.ts';
import { addFiles } from './add-files.ts';
import { dragged, watchDrags } from './dragged.ts';

export interface DropAreaProps {
  /** Why no files are taken, in words; null when they are. */
  readonly refusal: string | null;
  /** Whether the composer, which shows what was dropped, is on the page. */
  readonly isComposerShown: boolean;
}

/** What is shown while files are dragged over the page, above everything, also a dialog. */
export function DropArea({ refusal, isComposerShown }: DropAreaProps) {
  const take = (files: Iterable<File>) => {
    if (refusal !== null) return notify({ text: refusal, isError: true });
    addFiles(files);
    if (!isComposerShown) go('/');
  };
  const latest = useRef(take);
  latest.current = take;
  const isOver = useDrops(latest);
  usePaste(latest);
  useEffect(watchDrags, []);
  if (!isOver) return null;
  return (
    <div className="drop-area" aria-hidden="true" popover="manual" ref={(element) => element?.showPopover()}>
      <p>{refusal ?? 'Drop to build on it'}</p>
    </div>
  );
}

type Taker = { readonly current: (files: Iterable<File>) => void };

function useDrops(taker: Taker): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    // Within the page, the pointer leaves one element as it enters the next.
    let depth = 0;
    const handle = (change: (event: DragEvent) => void) => (event: DragEvent) => {
      // A picture of the page counts as a file, too; the composer takes it as what it is.
      if (!event.dataTransfer?.types.includes('Files') || dragged.get().length > 0) return;
      event.preventDefault();
      change(event);
      setOver(depth > 0);
    };
    const ending = new AbortController();
    const { signal } = ending;
    window.addEventListener(
      'dragenter',
      handle(() => depth++),
      { signal },
    );
    window.addEventListener(
      'dragleave',
      handle(() => depth--),
      { signal },
    );
    window.addEventListener(
      'dragover',
      handle(() => {}),
      { signal },
    );
    window.addEventListener(
      'drop',
      handle(({ dataTransfer }) => {
        depth = 0;
        taker.current(dataTransfer?.files ?? []);
      }),
      { signal },
    );
    return () => ending.abort();
  }, [taker]);
  return isOver;
}

function usePaste(taker: Taker): void {
  useEffect(() => {
    function onPaste(event: ClipboardEvent) {
      const data = event.clipboardData;
      // What is copied from a document may be a picture of its text, too: then it is the text that is meant.
      if (data === null || data.files.length === 0 || data.types.includes('text/plain')) return;
      event.preventDefault();
      taker.current(data.files);
    }
    window.addEventListener('paste', onPaste);
    return () => window.removeEventListener('paste', onPaste);
  }, [taker]);
}
