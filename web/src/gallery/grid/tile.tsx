/** One picture of the gallery: a link to its view, with a check to select it and a heart. */
import { type DragEvent, memo, type PointerEvent } from 'react';
import { hrefOf } from '../../app/router.ts';
import { CheckIcon, HeartIcon } from '../../pictures/icons.tsx';
import type { Tile } from '../image-list.ts';
import { altOf, Picture } from './picture.tsx';
import './tile.css';

/** How a click or a press changes the selection. */
export interface Press {
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** The same for all tiles and renders, so that only those that change are rendered. */
export interface TileEvents {
  /** A click on the picture. True when it changed the selection, so that the picture is not opened. */
  press(image: Tile, keys: Press): boolean;
  check(image: Tile, keys: Press): void;
  favorite(image: Tile): void;
  focus(image: Tile): void;
  /** A finger or the mouse goes down, which can become a long press. */
  pointerDown(image: Tile, event: PointerEvent): void;
  /** The mouse drags the picture away. */
  dragStart(image: Tile, event: DragEvent): void;
}

export interface GalleryTileProps {
  readonly image: Tile;
  /** In pixels. */
  readonly width: number;
  /** The one tile that the tab key comes to. */
  readonly isActive: boolean;
  readonly isSelected: boolean;
  /** Whether any tile is selected: then a click selects. */
  readonly isSelecting: boolean;
  readonly hasHeart: boolean;
  /** A few words in place of the prompt. */
  readonly note?: string | undefined;
  readonly isNoteUrgent?: boolean;
  readonly events: TileEvents;
}

export const GalleryTile = memo(function GalleryTile(props: GalleryTileProps) {
  const { image, width, isActive, isSelected, isSelecting, hasHeart, note, isNoteUrgent, events } = props;
  const tabIndex = isActive ? 0 : -1;
  return (
    <div className="tile" data-selected={isSelected || undefined} data-selecting={isSelecting || undefined}>
      <a
        className="tile-link"
        href={hrefOf(`/view/${image.id}`)}
        tabIndex={tabIndex}
        data-image={image.id}
        // While others are selected, a drag from it draws the rectangle that selects.
        draggable={!isSelecting || isSelected}
        onDragStart={(event) => events.dragStart(image, event)}
        aria-describedby={isSelected ? 'tile-selected' : undefined}
        onFocus={() => events.focus(image)}
        onPointerDown={(event) => events.pointerDown(image, event)}
        onClick={(event) => {
          if (events.press(image, event)) event.preventDefault();
        }}
      >
        <Picture image={image} width={width} />
        {note !== undefined && (
          <span className="tile-note" data-urgent={isNoteUrgent || undefined}>
            {note}
          </span>
        )}
        {note === undefined && image.prompt != null && (
          <span className="tile-words" dir="auto" aria-hidden>
            {image.prompt}
          </span>
        )}
      </a>
      <button
        type="button"
        className="tile-check"
        tabIndex={tabIndex}
        aria-pressed={isSelected}
        aria-label={`Select: ${altOf(image)}`}
        onClick={(event) => events.check(image, event)}
      >
        <CheckIcon />
      </button>
      {hasHeart && (
        <button
          type="button"
          className="tile-heart"
          tabIndex={tabIndex}
          aria-pressed={image.favorite}
          aria-label={`Favourite: ${altOf(image)}`}
          onClick={() => events.favorite(image)}
        >
          <HeartIcon isFilled={image.favorite} />
        </button>
      )}
    </div>
  );
});
