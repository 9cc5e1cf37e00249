/** One picture while it is made: its shape at once, then its partial images in place, then itself. */
import { useState } from 'react';
import { hrefOf } from '../app/router.ts';
import type { CallStateFragment, ImageTileFragment } from '../gql/graphql.ts';
import { useCallChanges } from './call-changes.ts';
import { failureAt, imageAt, isActive, progressOf, shapeOf, statusWords } from './developing-state.ts';
import { FailureCard } from './failure-card.tsx';
import { useNow } from './now.ts';
import { Thumbhash } from './thumbhash.tsx';
import './developing.css';

export interface DevelopingTileProps {
  readonly call: CallStateFragment;
  /** Which image of the call. */
  readonly index: number;
}

/** As wide as its parent, in the shape that was asked for. */
export function DevelopingTile({ call, index }: DevelopingTileProps) {
  const { width, height } = shapeOf(call);
  const image = imageAt(call, index);
  const failure = failureAt(call, index);
  const name = call.count === 1 ? call.prompt : `${call.prompt} (${index + 1} of ${call.count})`;
  return (
    <article
      className="developing"
      aria-label={`${failure === null ? 'Developing' : 'Failed'}: ${name}`}
      data-status={failure === null ? call.status : 'FAILED'}
      style={{ aspectRatio: `${width} / ${height}` }}
    >
      {failure === null ? (
        <Sheet call={call} index={index} image={image} />
      ) : (
        <FailureCard call={call} failure={failure} />
      )}
    </article>
  );
}

interface SheetProps extends DevelopingTileProps {
  readonly image: ImageTileFragment | null;
}

function Sheet({ call, index, image }: SheetProps) {
  // By their index, so that each is laid over the one before.
  const partials = call.partialImages.filter(({ imageIndex }) => imageIndex === index);
  const hash = image?.thumbhash ?? partials.at(-1)?.thumbhash;
  return (
    <>
      {partials.length === 0 && image === null && (
        <p className="developing-prompt" dir="auto">
          {call.prompt}
        </p>
      )}
      {hash && <Thumbhash hash={hash} />}
      {partials.map(({ id, url }) => (
        <FadingImage key={id} src={url} alt="" />
      ))}
      {image !== null && (
        <a href={hrefOf(`/view/${image.id}`)}>
          <FadingImage src={image.thumbnail} alt={call.prompt} />
        </a>
      )}
      {image === null && isActive(call) && <Progress call={call} />}
    </>
  );
}

/** Comes in when it is loaded, over what is there already. */
function FadingImage({ src, alt }: { readonly src: string; readonly alt: string }) {
  const [isLoaded, setLoaded] = useState(false);
  return (
    <img className="fading" src={src} alt={alt} data-loaded={isLoaded || undefined} onLoad={() => setLoaded(true)} />
  );
}

function Progress({ call }: { readonly call: CallStateFragment }) {
  const now = useNow(call.status === 'IN_PROGRESS');
  const { cancel } = useCallChanges();
  const progress = progressOf(call, now);
  const words = statusWords(call, now);
  return (
    <footer className="developing-foot">
      <span>{words}</span>
      <button type="button" className="quiet" onClick={() => cancel(call.id)} aria-label={`Cancel: ${call.prompt}`}>
        Cancel
      </button>
      <span
        className="developing-line"
        role="progressbar"
        aria-label={call.prompt}
        aria-valuenow={Math.round(progress * 100)}
        aria-valuetext={words}
      >
        <span style={{ transform: `scaleX(${progress})` }} />
      </span>
    </footer>
  );
}
