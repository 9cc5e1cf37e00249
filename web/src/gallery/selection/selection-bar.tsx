/** What can be done with the selected pictures. It takes the place of the header while some are selected. */
import { type ReactNode, useState } from 'react';
import { addSource, MAX_SOURCES } from '../../make/sources/sources.ts';
import { AddIcon, CloseIcon, HeartIcon, TagIcon, TrashIcon, ZipIcon } from '../../pictures/icons.tsx';
import { MAX_IMAGES, useImageActions } from '../../pictures/image-actions.ts';
import type { Tile } from '../image-list.ts';
import type { SelectionStore } from './selection.ts';
import { TagDialog } from './tag-dialog.tsx';
import './selection-bar.css';

export interface SelectionBarProps {
  readonly selection: SelectionStore;
  /** All that could be selected. */
  readonly images: readonly Tile[];
  readonly children: (chosen: readonly Tile[]) => ReactNode;
}

export function SelectionBar({ selection, images, children }: SelectionBarProps) {
  const { ids } = selection.use();
  if (ids.size === 0) return null;
  const chosen = images.filter(({ id }) => ids.has(id));
  const isAll = chosen.length === images.length;
  return (
    <div className="selection-bar" role="toolbar" aria-label="The selected pictures">
      <button type="button" className="quiet selection-button" aria-label="End the selection" onClick={selection.clear}>
        <CloseIcon />
      </button>
      <strong className="selection-count">{chosen.length}</strong>
      <button
        type="button"
        className="quiet selection-all"
        disabled={isAll}
        onClick={() => selection.replace(images.map(({ id }) => id))}
      >
        Select all
      </button>
      <div className="selection-actions">{children(chosen)}</div>
    </div>
  );
}

export interface SelectionButtonProps {
  readonly text: string;
  readonly icon: ReactNode;
  /** Why it cannot be used; null when it can. */
  readonly refusal?: string | null;
  readonly isPressed?: boolean;
  press(): void;
}

export function SelectionButton({ text, icon, refusal = null, isPressed, press }: SelectionButtonProps) {
  return (
    <button
      type="button"
      className="quiet selection-button"
      title={refusal ?? text}
      aria-label={refusal === null ? text : `${text}: ${refusal}`}
      aria-pressed={isPressed}
      disabled={refusal !== null}
      onClick={press}
    >
      {icon}
      <span className="selection-text">{text}</span>
    </button>
  );
}

/** Those of the gallery. */
export function GalleryActions({
  chosen,
  selection,
}: {
  readonly chosen: readonly Tile[];
  readonly selection: SelectionStore;
}) {
  const actions = useImageActions();
  const [isTagging, setTagging] = useState(false);
  const isFavorite = chosen.every(({ favorite }) => favorite);
  return (
    <>
      <SelectionButton
        text="Favourite"
        icon={<HeartIcon isFilled={isFavorite} />}
        isPressed={isFavorite}
        press={() => void actions.setFavorite(chosen, !isFavorite)}
      />
      <SelectionButton
        text="Use as source"
        icon={<AddIcon />}
        refusal={chosen.length > MAX_SOURCES ? `a picture is made of at most ${MAX_SOURCES} others` : null}
        press={() => {
          for (const image of chosen) addSource(image);
          selection.clear();
        }}
      />
      <SelectionButton text="Tags" icon={<TagIcon />} press={() => setTagging(true)} />
      <SelectionButton
        text="ZIP"
        icon={<ZipIcon />}
        refusal={chosen.length > MAX_IMAGES ? `one file holds at most ${MAX_IMAGES} pictures` : null}
        press={() => void actions.exportZip(chosen.map(({ id }) => id))}
      />
      <SelectionButton
        text="Delete"
        icon={<TrashIcon />}
        press={() => {
          selection.clear();
          void actions.remove(chosen);
        }}
      />
      {isTagging && (
        <TagDialog
          images={chosen}
          change={(tags) => actions.changeTags(chosen, tags)}
          close={() => setTagging(false)}
        />
      )}
    </>
  );
}
