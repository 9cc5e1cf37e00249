/** A call in the timeline: what was asked for, of what, and the pictures in the places where they came. */
import { hrefOf } from '../app/router.ts';
import type { CallStateFragment, ImageTileFragment, TimelineCallFragment } from '../gql/graphql.ts';
import { addSource, refine } from '../make/sources/sources.ts';
import { failedIndexes, imageAt, isActive, shapeOf } from '../pictures/developing-state.ts';
import { DevelopingTile } from '../pictures/developing-tile.tsx';
import { timeAgo } from './time-ago.ts';

export function CallItem({ call }: { readonly call: TimelineCallFragment }) {
  const indexes = shownIndexes(call);
  return (
    <section className="call" aria-label={call.prompt}>
      <header className="call-words">
        <p className="call-prompt" dir="auto">
          {call.prompt}
        </p>
        <p className="muted call-meta">
          {call.retryOf !== null && 'Tried again '}
          <time dateTime={call.createdAt}>{timeAgo(call.createdAt)}</time>
        </p>
        <Sources call={call} />
      </header>
      <div className="call-pictures" data-count={indexes.length}>
        {indexes.map((index) => (
          <CallPicture key={index} call={call} index={index} />
        ))}
      </div>
    </section>
  );
}

/** Failures of one call that has ended say the same: one of them is enough. What was deleted leaves no gap. */
function shownIndexes(call: CallStateFragment): readonly number[] {
  const all = Array.from({ length: call.count }, (_, index) => index);
  if (isActive(call)) return all;
  const failed = failedIndexes(call);
  return all.filter((index) => {
    const image = imageAt(call, index);
    if (image !== null) return image.deletedAt === null;
    return failed.length > 0 ? index === failed[0] : call.status === 'CANCELLED' && index === 0;
  });
}

function CallPicture({ call, index }: { readonly call: CallStateFragment; readonly index: number }) {
  const image = imageAt(call, index);
  const { width, height } = shapeOf(call, index);
  return (
    <div
      className="call-picture"
      style={{ maxInlineSize: `calc(var(--picture-height) * ${(width / height).toFixed(4)})` }}
    >
      <DevelopingTile call={call} index={index} isDismissible={false} />
      {/* Its place is kept while the picture develops: nothing moves when it is finished. */}
      <div className="call-actions">{image !== null && <PictureActions image={image} />}</div>
    </div>
  );
}

export function PictureActions({ image }: { readonly image: ImageTileFragment }) {
  return (
    <>
      <button type="button" className="quiet small" onClick={() => refine(image)}>
        Refine
      </button>
      <button type="button" className="quiet small" onClick={() => addSource(image)}>
        Use as source
      </button>
    </>
  );
}

/** What a picture was made of. */
function Sources({ call: { sources, mask, markup } }: { readonly call: TimelineCallFragment }) {
  const parts = [
    ...sources.map((image) => ({ image, name: 'Made from' })),
    ...(mask === null ? [] : [{ image: mask, name: 'Mask' }]),
    ...(markup === null ? [] : [{ image: markup, name: 'Markup' }]),
  ];
  if (parts.length === 0) return null;
  return (
    <ul className="call-sources" aria-label="Made from">
      {parts.map(({ image, name }) => (
        <li key={`${name} ${image.id}`}>
          <a href={hrefOf(`/view/${image.id}`)} title={image.prompt ?? name}>
            <img src={image.thumbnail} alt={`${name}: ${image.prompt ?? 'an upload'}`} loading="lazy" />
          </a>
        </li>
      ))}
    </ul>
  );
}
