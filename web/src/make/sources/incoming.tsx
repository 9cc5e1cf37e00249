/** Pictures that are dropped anywhere on the page, or pasted into it. */
import { useEffect, useState } from 'react';
import { addFiles } from './add-files.ts';

/** What is shown while something is dragged over the page. */
export function DropArea() {
  const isOver = useDrops();
  usePaste();
  if (!isOver) return null;
  return (
    <div className="drop-area" aria-hidden="true">
      <p>Drop to build on it</p>
    </div>
  );
}

function useDrops(): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    // Within the page, the pointer leaves one element as it enters the next.
    let depth = 0;
    const handle = (change: (event: DragEvent) => void) => (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
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
        addFiles(dataTransfer?.files ?? []);
      }),
      { signal },
    );
    return () => ending.abort();
  }, []);
  return isOver;
}

function usePaste(): void {
  useEffect(() => {
    function onPaste(event: ClipboardEvent) {
      const data = event.clipboardData;
      // What is copied from a document may be a picture of its text, too: then it is the text that is meant.
      if (data === null || data.files.length === 0 || data.types.includes('text/plain')) return;
      event.preventDefault();
      addFiles(data.files);
    }
    window.addEventListener('paste', onPaste);
    return () => window.removeEventListener('paste', onPaste);
  }, []);
}
