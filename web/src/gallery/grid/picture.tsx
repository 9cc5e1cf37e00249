/** A picture in the masonry: its colours at once, itself when it is loaded. */
import { useEffect, useState } from 'react';
import { Thumbhash } from '../../pictures/thumbhash.tsx';
import type { Tile } from '../image-list.ts';
import { scrollsFast } from '../masonry/view-box.ts';

/** A server that makes many small pictures at once asks to come again; after these many times a picture stays a placeholder. */
const MAX_ATTEMPTS = 3;
const RETRY_MS = 4_000;

export interface PictureProps {
  readonly image: Tile;
  /** In pixels of the page. */
  readonly width: number;
}

export function Picture({ image, width }: PictureProps) {
  const [isLoaded, setLoaded] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const [hasFailed, setFailed] = useState(false);
  const mayLoad = useMayLoad();
  useEffect(() => {
    if (!hasFailed || attempt >= MAX_ATTEMPTS) return;
    const timer = setTimeout(() => {
      setFailed(false);
      setAttempt((number) => number + 1);
    }, RETRY_MS);
    return () => clearTimeout(timer);
  }, [hasFailed, attempt]);
  return (
    <>
      {!isLoaded && image.thumbhash != null && <Thumbhash hash={image.thumbhash} />}
      {mayLoad && !hasFailed ? (
        <img
          key={attempt}
          className="tile-picture"
          data-loaded={isLoaded || undefined}
          src={image.thumbnail}
          srcSet={`${image.thumbnail} 480w, ${image.largeThumbnail} 960w`}
          sizes={`${Math.ceil(width)}px`}
          alt={altOf(image)}
          decoding="async"
          draggable={false}
          onLoad={() => setLoaded(true)}
          onError={() => setFailed(true)}
        />
      ) : (
        <span className="visually-hidden">{altOf(image)}</span>
      )}
    </>
  );
}

/** False while pictures pass too fast to be looked at; then true for good. */
function useMayLoad(): boolean {
  const isFast = scrollsFast.use();
  const [mayLoad, setMayLoad] = useState(!isFast);
  if (!isFast && !mayLoad) setMayLoad(true);
  return mayLoad;
}

export function altOf({ prompt, origin, purpose }: Pick<Tile, 'prompt' | 'origin' | 'purpose'>): string {
  if (prompt != null && prompt !== '') return prompt;
  if (origin !== 'UPLOADED') return 'A picture';
  return purpose === 'MASK' ? 'A mask' : purpose === 'MARKUP' ? 'A markup' : 'An uploaded picture';
}
