/** What one does with the picture. */
import { go, hrefOf, usePlace } from '../app/router.ts';
import type { FullImageFragment } from '../gql/graphql.ts';
import { addSource, refine } from '../make/sources/sources.ts';
import { HeartIcon } from '../pictures/icons.tsx';
import { copyImage, copyLink, downloadImage, useImageActions } from '../pictures/image-actions.ts';

export interface ViewActionsProps {
  readonly image: FullImageFragment;
  /** Where to go when the picture is deleted; null for the gallery. */
  readonly next: string | null;
}

export function ViewActions({ image, next }: ViewActionsProps) {
  const { setFavorite, remove, restore } = useImageActions();
  const { query } = usePlace();
  if (image.deletedAt !== null) {
    return (
      <div className="view-actions">
        <p className="muted">This picture is in the trash.</p>
        <button type="button" onClick={() => void restore([image.id])}>
          Restore
        </button>
      </div>
    );
  }
  const onDelete = () => {
    void remove([image]);
    go(next === null ? '/' : `/view/${next}`, query);
  };
  const [source] = image.sources;
  return (
    <div className="view-actions">
      <button type="button" className="primary" onClick={() => refine(image)}>
        Refine
      </button>
      <button type="button" onClick={() => addSource(image)}>
        Use as source
      </button>
      <button
        type="button"
        className="quiet heart"
        aria-pressed={image.favorite}
        aria-label="Favourite"
        onClick={() => void setFavorite([image], !image.favorite)}
      >
        <HeartIcon isFilled={image.favorite} />
      </button>
      <div className="view-more">
        <button type="button" className="quiet" onClick={() => void downloadImage(image)}>
          Download
        </button>
        <button type="button" className="quiet" onClick={() => void copyImage(image)}>
          Copy image
        </button>
        <button type="button" className="quiet" onClick={() => void copyLink(image.id)}>
          Copy link
        </button>
        {source !== undefined && query.get('with') !== source.id && (
          <a className="quiet" href={hrefOf(`/view/${image.id}`, new URLSearchParams([...query, ['with', source.id]]))}>
            Compare with its source
          </a>
        )}
        <button type="button" className="quiet" onClick={onDelete}>
          Delete
        </button>
      </div>
    </div>
  );
}
