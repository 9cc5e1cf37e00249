/** The title of a conversation, which becomes a field to change it. */
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useConversationChanges } from './conversation-changes.ts';

const MAX_TITLE_LENGTH = 200;

export interface TitleFormProps {
  readonly id: string;
  readonly title: string;
  /** The title as it is shown. */
  readonly children: ReactNode;
}

export function TitleForm({ id, title, children }: TitleFormProps) {
  const [isEditing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const { rename } = useConversationChanges();
  const close = () => {
    setEditing(false);
    // Focus returns to where the change began.
    requestAnimationFrame(() => button.current?.focus());
  };
  if (isEditing) {
    const save = (text: string) => {
      if (text !== '' && text !== title) rename(id, text);
      close();
    };
    return <TitleField title={title} save={save} cancel={close} />;
  }
  return (
    <>
      {children}
      <button
        ref={button}
        type="button"
        className="quiet small"
        aria-label={`Rename: ${title}`}
        onClick={() => setEditing(true)}
      >
        Rename
      </button>
    </>
  );
}

interface TitleFieldProps {
  readonly title: string;
  save(title: string): void;
  cancel(): void;
}

function TitleField({ title, save, cancel }: TitleFieldProps) {
  const [text, setText] = useState(title);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save(text.trim());
  };
  return (
    <form className="title-field" onSubmit={submit}>
      <input
        ref={field}
        aria-label="Title"
        dir="auto"
        maxLength={MAX_TITLE_LENGTH}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => save(text.trim())}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          event.stopPropagation();
          cancel();
        }}
      />
    </form>
  );
}
