/** The picture, as large as there is room, with the ways to its neighbours. */
import { useState } from 'react';
import type { ImageTileFragment } from '../gql/graphql.ts';
import { Thumbhash } from '../pictures/thumbhash.tsx';

export interface PictureStageProps {
  readonly image: ImageTileFragment;
  /** Addresses of other views; null at an end. */
  readonly previous: string | null;
  readonly next: string | null;
  readonly onZoom: () => void;
}

export function PictureStage({ image, previous, next, onZoom }: PictureStageProps) {
  return (
    <div className="view-stage">
      {/* It is dragged to the composer as the picture that it shows. */}
      <button
        type="button"
        className="print"
        style={printSize(image)}
        data-picture={image.id}
        draggable
        aria-label="Enlarge"
        onClick={onZoom}
      >
        <Print key={image.id} image={image} />
      </button>
      <nav className="stage-ways" aria-label="Other pictures">
        {previous !== null && (
          <a className="way" href={previous} aria-label="Previous picture">
            ‹
          </a>
        )}
        {next !== null && (
          <a className="way way-next" href={next} aria-label="Next picture">
            ›
          </a>
        )}
      </nav>
    </div>
  );
}

/** Its colours, then the small picture of the gallery, then the picture itself, each over the one before. */
function Print({ image }: { readonly image: ImageTileFragment }) {
  const [isLoaded, setLoaded] = useState(false);
  return (
    <>
      {image.thumbhash && !isLoaded && <Thumbhash hash={image.thumbhash} />}
      {!isLoaded && <img className="print-layer" src={image.thumbnail} alt="" />}
      <img
        className="print-layer"
        src={image.url}
        alt={image.prompt ?? 'An upload'}
        data-loaded={isLoaded || undefined}
        onLoad={() => setLoaded(true)}
      />
    </>
  );
}

/** Its own size, and no more than there is room for: the style sheet makes the shorter of both edges fit. */
export function printSize({ width, height }: Pick<ImageTileFragment, 'width' | 'height'>) {
  return {
    aspectRatio: `${width} / ${height}`,
    inlineSize: `min(100%, ${width}px, calc(var(--stage-height) * ${(width / height).toFixed(4)}))`,
  };
}
