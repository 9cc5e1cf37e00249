/** The prompt, and what the model made of it. */
import { useMemo, useState } from 'react';
import { type DiffPart, wordDiff } from './word-diff.ts';

export interface PromptsProps {
  readonly prompt: string;
  readonly revised: string | null;
}

export function Prompts({ prompt, revised }: PromptsProps) {
  const isRevised = revised !== null && revised.trim() !== prompt.trim();
  return (
    <>
      <h1 className="view-prompt" dir="auto" data-long={prompt.length > 140 || undefined}>
        {prompt}
      </h1>
      {isRevised && <Revised prompt={prompt} revised={revised} />}
    </>
  );
}

function Revised({ prompt, revised }: { readonly prompt: string; readonly revised: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="revised" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>What the model drew from it</summary>
      {isOpen && <Differences prompt={prompt} revised={revised} />}
    </details>
  );
}

function Differences({ prompt, revised }: { readonly prompt: string; readonly revised: string }) {
  const parts = useMemo(() => wordDiff(prompt, revised), [prompt, revised]);
  return (
    <div className="differences">
      <figure>
        <figcaption>Yours</figcaption>
        <p dir="auto">
          <Marked parts={parts} without="added" />
        </p>
      </figure>
      <figure>
        <figcaption>The model’s</figcaption>
        <p dir="auto">
          <Marked parts={parts} without="removed" />
        </p>
      </figure>
    </div>
  );
}

function Marked({ parts, without }: { readonly parts: readonly DiffPart[]; readonly without: DiffPart['kind'] }) {
  return parts
    .filter(({ kind }) => kind !== without)
    .map(({ kind, text, before }, index) => {
      // The parts of a text have no name but their place, and never move.
      const key = `${index}`;
      if (kind === 'removed') return <del key={key}>{text}</del>;
      return kind === 'added' ? (
        <ins key={key}>{text}</ins>
      ) : (
        <span key={key}>{without === 'added' ? before : text}</span>
      );
    });
}
