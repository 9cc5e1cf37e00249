/** Where the prompt is written: it grows to six lines. Ctrl or Cmd with Enter sends; the Enter of an input method does not. */
import { type KeyboardEvent, useLayoutEffect, useRef } from 'react';
import { PROMPT_ID } from './draft.ts';

export interface PromptBoxProps {
  readonly prompt: string;
  readonly placeholder: string;
  /** The id of what describes a problem; null when there is none. */
  readonly problemId: string | null;
  readonly onChange: (prompt: string) => void;
  readonly onSend: () => void;
  /** The arrow up in an empty box. */
  readonly onRecall: () => void;
}

const GROWS_BY_ITSELF = CSS.supports('field-sizing', 'content');

export function PromptBox({ prompt, placeholder, problemId, onChange, onSend, onRecall }: PromptBoxProps) {
  const box = useRef<HTMLTextAreaElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text.
  useLayoutEffect(() => {
    const element = box.current;
    if (GROWS_BY_ITSELF || element === null) return;
    element.style.blockSize = 'auto';
    element.style.blockSize = `${element.scrollHeight}px`;
  }, [prompt]);

  function onKeyDown(event: KeyboardEvent) {
    // Safari ends a composition before it tells of its Enter, whose code is 229.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onSend();
    }
    if (event.key === 'ArrowUp' && prompt === '') {
      event.preventDefault();
      onRecall();
    }
  }

  return (
    <textarea
      ref={box}
      id={PROMPT_ID}
      className="prompt"
      dir="auto"
      rows={1}
      value={prompt}
      placeholder={placeholder}
      aria-label="Prompt"
      aria-keyshortcuts="Control+Enter Meta+Enter"
      aria-invalid={problemId !== null || undefined}
      aria-describedby={problemId ?? undefined}
      enterKeyHint="enter"
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={onKeyDown}
    />
  );
}
