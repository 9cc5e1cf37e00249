/** An upload in the timeline. */
import { hrefOf } from '../app/router.ts';
import type { UploadTileFragment } from '../gql/graphql.ts';
import { addSource, refine } from '../make/sources/sources.ts';
import { Thumbhash } from '../pictures/thumbhash.tsx';
import { timeAgo } from './time-ago.ts';

const NAMES = { MASK: 'A mask', MARKUP: 'A markup', SOURCE: 'An upload' } as const;

export function UploadItem({ image }: { readonly image: UploadTileFragment }) {
  if (image.deletedAt !== null) return null;
  const name = NAMES[image.purpose ?? 'SOURCE'];
  const picture = { ...image, prompt: null };
  return (
    <section className="call" aria-label={name}>
      <header className="call-words">
        <p className="call-prompt">{name}</p>
        <p className="muted call-meta">
          <time dateTime={image.createdAt}>{timeAgo(image.createdAt)}</time>
        </p>
      </header>
      <div className="call-pictures" data-upload>
        <div className="call-picture">
          <a
            className="upload"
            href={hrefOf(`/view/${image.id}`)}
            style={{ aspectRatio: `${image.width} / ${image.height}` }}
          >
            {image.thumbhash && <Thumbhash hash={image.thumbhash} />}
            <img src={image.thumbnail} alt={name} loading="lazy" />
          </a>
          {image.purpose === 'SOURCE' && (
            <div className="call-actions">
              <button type="button" className="quiet small" onClick={() => refine(picture)}>
                Refine
              </button>
              <button type="button" className="quiet small" onClick={() => addSource(picture)}>
                Use as source
              </button>
            </div>
          )}
        </div>
      </div>
    </section>
  );
}
