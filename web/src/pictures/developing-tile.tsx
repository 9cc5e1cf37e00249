/** One picture while it is made: its shape at once, then its partial images in place, then itself. */
import { type ImgHTMLAttributes, useState } from 'react';
import { hrefOf } from '../app/router.ts';
import type { CallStateFragment, ImageTileFragment } from '../gql/graphql.ts';
import { useCallChanges } from './call-changes.ts';
import { failureAt, imageAt, isActive, progressOf, shapeOf, statusWords } from './developing-state.ts';
import { FailureCard } from './failure-card.tsx';
import { useNow } from './now.ts';
import { Thumbhash } from './thumbhash.tsx';
import './developing.css';

/** The browser knows the width by itself for what is loaded later; until then this is near it. */
const SIZES = 'auto, (min-width: 56rem) 40rem, 100vw';

export interface DevelopingTileProps {
  readonly call: CallStateFragment;
  /** Which image of the call. */
  readonly index: number;
  /** Whether its failure can be put away: a conversation keeps it. */
  readonly isDismissible?: boolean;
  /** Whether its parent has its shape already. */
  readonly isFilling?: boolean;
}

/** As wide as its parent, in the shape that was asked for. */
export function DevelopingTile({ call, index, isDismissible = true, isFilling = false }: DevelopingTileProps) {
  const { width, height } = shapeOf(call, index);
  const image = imageAt(call, index);
  const failure = failureAt(call, index);
  const isFree = failure !== null && !isDismissible;
  const name = call.count === 1 ? call.prompt : `${call.prompt} (${index + 1} of ${call.count})`;
  return (
    <article
      className="developing"
      aria-label={`${stateWord(call, failure, image)}: ${name}`}
      data-status={failure === null ? call.status : 'FAILED'}
      data-finished={image !== null || undefined}
      data-kept={!isDismissible || undefined}
      data-filling={isFilling || undefined}
      style={{ aspectRatio: isFree || isFilling ? 'auto' : `${width} / ${height}` }}
    >
      {failure === null ? (
        <Sheet call={call} index={index} image={image} />
      ) : (
        <FailureCard call={call} failure={failure} isDismissible={isDismissible} />
      )}
    </article>
  );
}

function stateWord(call: CallStateFragment, failure: object | null, image: object | null): string {
  if (image !== null) return 'Finished';
  if (failure !== null) return 'Failed';
  return call.status === 'CANCELLED' ? 'Cancelled' : 'Developing';
}

interface SheetProps {
  readonly call: CallStateFragment;
  readonly index: number;
  readonly image: ImageTileFragment | null;
}

function Sheet({ call, index, image }: SheetProps) {
  // What was finished before anybody looked shows nothing of how it came about.
  const [wasFinished] = useState(image !== null);
  // In their order, so that each is laid over the one before.
  const partials = wasFinished ? [] : call.partialImages.filter(({ imageIndex }) => imageIndex === index);
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
        <a className="developing-link" href={hrefOf(`/view/${image.id}`)}>
          <FadingImage
            src={image.largeThumbnail}
            srcSet={`${image.thumbnail} 480w, ${image.largeThumbnail} 960w`}
            sizes={SIZES}
            loading="lazy"
            alt={call.prompt}
          />
        </a>
      )}
      {image === null && isActive(call) && <Progress call={call} />}
      {call.status === 'CANCELLED' && image === null && <Cancelled call={call} />}
    </>
  );
}

/** Comes in when it is loaded, over what is there already. */
function FadingImage({ alt, ...props }: ImgHTMLAttributes<HTMLImageElement> & { readonly alt: string }) {
  const [isLoaded, setLoaded] = useState(false);
  return (
    <img {...props} alt={alt} className="fading" data-loaded={isLoaded || undefined} onLoad={() => setLoaded(true)} />
  );
}

function Cancelled({ call }: { readonly call: CallStateFragment }) {
  const { retry } = useCallChanges();
  return (
    <footer className="developing-foot">
      <span>Cancelled</span>
      {call.retries.length === 0 && (
        <button type="button" className="quiet" onClick={() => retry(call.id)}>
          Make it after all
        </button>
      )}
    </footer>
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
