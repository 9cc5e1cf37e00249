/** The tags of one picture or of many: those that all have, those that some have, and new ones. */
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { CloseIcon } from '../../pictures/icons.tsx';
import type { ImageTags } from '../../pictures/image-actions.ts';
import type { Tile } from '../image-list.ts';
import { TagCompletion } from '../search/tag-completion.tsx';
import './tag-dialog.css';

const MAX_TAG_LENGTH = 64;

export interface TagDialogProps {
  readonly images: readonly Tile[];
  change(tags: ImageTags): Promise<void>;
  close(): void;
}

export function TagDialog({ images, change, close }: TagDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState('');
  const list = useId();
  useEffect(() => {
    const shown = dialog.current;
    if (shown?.open === false) shown.showModal();
  }, []);

  function add(event: FormEvent): void {
    event.preventDefault();
    const tags = typed.split(/[,،、，]/u).filter((tag) => tag.trim() !== '');
    setTyped('');
    if (tags.length === 0) dialog.current?.close();
    else void change({ addTags: tags });
  }

  return (
    <dialog ref={dialog} className="tag-dialog" aria-labelledby="tag-dialog-title" onClose={close}>
      <header>
        <h2 id="tag-dialog-title">{images.length === 1 ? 'Tags' : `Tags of ${images.length} pictures`}</h2>
        <button type="button" className="quiet" aria-label="Close" onClick={() => dialog.current?.close()}>
          <CloseIcon />
        </button>
      </header>
      <ul aria-label="Tags">
        {countTags(images).map(([tag, count]) => (
          <li key={tag} data-partial={count < images.length || undefined}>
            {count < images.length ? (
              <button
                type="button"
                className="quiet"
                title={`${count} of ${images.length} have it. Add it to all.`}
                onClick={() => void change({ addTags: [tag] })}
              >
                <bdi>{tag}</bdi> <span className="muted">{count}</span>
              </button>
            ) : (
              <bdi>{tag}</bdi>
            )}
            <button
              type="button"
              className="quiet"
              aria-label={`Remove the tag ${tag}`}
              onClick={() => void change({ removeTags: [tag] })}
            >
              <CloseIcon />
            </button>
          </li>
        ))}
      </ul>
      <form onSubmit={add}>
        <input
          type="text"
          dir="auto"
          aria-label="New tag"
          list={list}
          placeholder="New tag"
          maxLength={MAX_TAG_LENGTH}
          value={typed}
          autoFocus
          onChange={({ target }) => setTyped(target.value)}
        />
        <TagCompletion id={list} typed={typed} />
        <button type="submit" className="primary">
          {typed.trim() === '' ? 'Done' : 'Add'}
        </button>
      </form>
    </dialog>
  );
}

/** How many of the images have each tag, in alphabetical order. */
function countTags(images: readonly Tile[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { tags } of images) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort(([one], [other]) => one.localeCompare(other));
}
