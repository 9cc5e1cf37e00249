/** The tags of a picture, to change. */
import { type FormEvent, type KeyboardEvent, useId, useState } from 'react';
import { hrefOf } from '../app/router.ts';
import { TagCompletion } from '../gallery/search/tag-completion.tsx';
import type { ImageTileFragment } from '../gql/graphql.ts';
import { useImageActions } from '../pictures/image-actions.ts';

const MAX_TAG_LENGTH = 64;

export function Tags({ image }: { readonly image: ImageTileFragment }) {
  const [text, setText] = useState('');
  const list = useId();
  const { changeTags } = useImageActions();
  const add = (event: FormEvent) => {
    event.preventDefault();
    const added = text
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '');
    if (added.length === 0) return;
    setText('');
    void changeTags([image], { addTags: added });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = image.tags.at(-1);
    if (event.key === 'Backspace' && text === '' && last !== undefined && !event.nativeEvent.isComposing) {
      void changeTags([image], { removeTags: [last] });
      setText(last);
      event.preventDefault();
    }
  };
  return (
    <form className="tags" onSubmit={add}>
      <ul aria-label="Tags">
        {image.tags.map((tag) => (
          <li key={tag}>
            <a href={hrefOf('/', new URLSearchParams({ tag }))} dir="auto">
              {tag}
            </a>
            <button
              type="button"
              className="quiet"
              aria-label={`Remove the tag ${tag}`}
              onClick={() => void changeTags([image], { removeTags: [tag] })}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <input
        aria-label="Add a tag"
        list={list}
        placeholder="Add a tag"
        dir="auto"
        maxLength={MAX_TAG_LENGTH}
        enterKeyHint="done"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <TagCompletion id={list} typed={text} />
    </form>
  );
}
