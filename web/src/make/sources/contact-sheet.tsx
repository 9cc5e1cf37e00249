/** Pictures of the gallery to pick from, and the way to files. */
import { useDeferredValue, useRef, useState } from 'react';
import { useApi } from '../../api/query.ts';
import { ContactSheetDocument } from '../../gql/graphql.ts';
import { ACCEPTED, addFiles } from './add-files.ts';
import { addSource, removeSource, sources } from './sources.ts';
import './contact-sheet.css';

const SHOWN = 40;

export function ContactSheet({ canUpload }: { readonly canUpload: boolean }) {
  const [search, setSearch] = useState('');
  return (
    <div className="contact-sheet">
      <div className="ways">
        {canUpload && <FileButton />}
        <input
          type="search"
          dir="auto"
          aria-label="Search your pictures"
          placeholder="Search your pictures"
          value={search}
          onChange={({ target }) => setSearch(target.value)}
        />
      </div>
      <Pictures search={useDeferredValue(search)} />
    </div>
  );
}

function FileButton() {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" onClick={() => input.current?.click()}>
        Choose files…
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={ACCEPTED}
        aria-label="Files to build on"
        onChange={({ target }) => {
          addFiles(target.files ?? []);
          target.value = '';
        }}
      />
    </>
  );
}

function Pictures({ search }: { readonly search: string }) {
  const [{ data, fetching }] = useApi(ContactSheetDocument, { first: SHOWN, search });
  const chosen = new Set(sources.use().map(({ image }) => image?.id));
  const images = data?.images.nodes.filter(({ purpose }) => purpose === null || purpose === 'SOURCE') ?? [];
  if (images.length === 0) return fetching ? null : <p className="muted">{emptyWords(search)}</p>;
  return (
    <ul className="sheet">
      {images.map((image) => (
        <li key={image.id}>
          <button
            type="button"
            className="sheet-picture"
            aria-pressed={chosen.has(image.id)}
            onClick={() =>
              chosen.has(image.id) ? removeSource(keyOf(image.id)) : addSource(image, { keepsFocus: true })
            }
          >
            <img
              src={image.thumbnail}
              alt={image.prompt ?? 'An upload'}
              loading="lazy"
              style={{ aspectRatio: image.width / image.height }}
            />
          </button>
        </li>
      ))}
    </ul>
  );
}

function keyOf(imageId: string): string {
  return sources.get().find(({ image }) => image?.id === imageId)?.key ?? imageId;
}

function emptyWords(search: string): string {
  return search === '' ? 'No pictures yet. Drop some on the page, or paste one.' : 'No picture has these words.';
}
