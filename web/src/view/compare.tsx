/** Two pictures over each other, with a line to move between them. */
import { useEffect, useRef, useState } from 'react';
import { useApi } from '../api/query.ts';
import { type FullImageFragment, type ImageTileFragment, ViewImageDocument } from '../gql/graphql.ts';
import { printSize } from './picture-stage.tsx';

export interface CompareProps {
  readonly image: FullImageFragment;
  readonly otherId: string;
  readonly closeHref: string;
}

const MIDDLE = 50;

export function Compare({ image, otherId, closeHref }: CompareProps) {
  const [{ data, fetching }] = useApi(ViewImageDocument, { id: otherId });
  const other = data?.image;
  return (
    <div className="view-stage">
      {other ? (
        <Slider before={other} after={image} />
      ) : (
        <p className="muted">{fetching ? '' : 'The other picture is gone.'}</p>
      )}
      <a className="stage-close" href={closeHref}>
        Stop comparing
      </a>
    </div>
  );
}

function Slider({ before, after }: { readonly before: ImageTileFragment; readonly after: ImageTileFragment }) {
  const [percent, setPercent] = useState(MIDDLE);
  const line = useRef<HTMLInputElement>(null);
  // Whoever compares moves the line next, by keys too; what was pressed to come here is gone.
  useEffect(() => line.current?.focus({ preventScroll: true }), []);
  return (
    <div className="print compare" style={printSize(after)}>
      <img className="print-layer" data-loaded src={before.url} alt={`Before: ${before.prompt ?? 'an upload'}`} />
      <img
        className="print-layer"
        data-loaded
        src={after.url}
        alt={`After: ${after.prompt ?? 'an upload'}`}
        style={{ clipPath: `inset(0 0 0 ${percent}%)` }}
      />
      <span className="compare-line" style={{ left: `${percent}%` }} aria-hidden />
      <span className="compare-name">Before</span>
      <span className="compare-name compare-name-after">After</span>
      <input
        ref={line}
        type="range"
        min={0}
        max={100}
        step={0.5}
        value={percent}
        aria-label="How much of the picture before is shown"
        aria-valuetext={`${Math.round(percent)} % of the picture before`}
        onChange={(event) => setPercent(event.target.valueAsNumber)}
      />
    </div>
  );
}
