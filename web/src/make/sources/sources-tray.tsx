/** The pictures that the next one is made of, above the prompt. */
import { lazy, Suspense, useState } from 'react';
import { Icon } from '../icons.tsx';
import { focusPrompt } from '../prompt/draft.ts';
import { ProblemList } from '../send/problem-list.tsx';
import type { Problem } from '../send/problems.ts';
import {
  firstPicture,
  type Overlay,
  overlay,
  refining,
  removeOverlay,
  removeSource,
  type Source,
  sources,
  stopRefining,
} from './sources.ts';
import './sources.css';

const Painter = lazy(() => import('../mask/painter.tsx').then(({ Painter: editor }) => ({ default: editor })));

export interface SourcesTrayProps {
  readonly problems: readonly Problem[];
  /** Why nothing can be marked on the picture; null when it can. */
  readonly reasonAgainstMarkup: string | null;
  readonly reasonAgainstMask: string | null;
}

export function SourcesTray({ problems, ...reasons }: SourcesTrayProps) {
  const [base, all, painted] = [refining.use(), sources.use(), overlay.use()];
  const [isPainting, setPainting] = useState(false);
  const first = firstPicture(base, all);
  const over = painted?.over === first?.id ? painted : null;
  if (base === null && all.length === 0) return null;

  function endPainting() {
    setPainting(false);
    focusPrompt();
  }

  return (
    <div className="tray">
      <ul aria-label="Pictures to build on">
        {base && (
          <li>
            <Thumbnail
              name={base.prompt ?? 'An upload'}
              src={base.thumbnail}
              over={over}
              ratio={base.width / base.height}
            />
            <Remove label="Stop refining it" onClick={stopRefining} />
          </li>
        )}
        {all.map((source, index) => (
          <SourceItem key={source.key} source={source} over={base === null && index === 0 ? over : null} />
        ))}
      </ul>
      {first && <PaintButtons over={over} onPaint={() => setPainting(true)} />}
      <ProblemList problems={problems} />
      {isPainting && first && (
        <Suspense>
          <Painter picture={first} {...reasons} onEnd={endPainting} />
        </Suspense>
      )}
    </div>
  );
}

function SourceItem({ source, over }: { readonly source: Source; readonly over: Overlay | null }) {
  const { key, image, preview, percent, name, problem, retry } = source;
  const ratio = image ? image.width / image.height : undefined;
  const isUploading = image === null && problem === null;
  return (
    <li aria-busy={isUploading || undefined} data-failed={problem !== null || undefined}>
      <Thumbnail name={name} src={preview ?? image?.thumbnail ?? ''} over={over} ratio={ratio} />
      {isUploading && <UploadProgress name={name} percent={percent ?? 0} />}
      {problem !== null && (
        <span className="failed" title={problem}>
          <span className="visually-hidden">{problem}</span>
          <button type="button" className="quiet" onClick={retry}>
            Retry
          </button>
        </span>
      )}
      <Remove label={`${isUploading ? 'Cancel the upload of' : 'Remove'} ${name}`} onClick={() => removeSource(key)} />
    </li>
  );
}

/** Once all has left, the server looks at it, for as long as that takes. */
function UploadProgress({ name, percent }: { readonly name: string; readonly percent: number }) {
  const hasLeft = percent >= 100;
  return (
    <span
      className="upload-progress"
      role="progressbar"
      aria-label={`Upload of ${name}`}
      aria-valuenow={hasLeft ? undefined : percent}
      aria-valuetext={hasLeft ? 'All sent' : undefined}
      data-sent={hasLeft || undefined}
    >
      {!hasLeft && <span className="upload-words">{percent} %</span>}
      <span className="upload-line" style={{ transform: hasLeft ? undefined : `scaleX(${percent / 100})` }} />
    </span>
  );
}

interface ThumbnailProps {
  readonly name: string;
  readonly src: string;
  readonly over: Overlay | null;
  readonly ratio: number | undefined;
}

function Thumbnail({ name, src, over, ratio }: ThumbnailProps) {
  return (
    <span className="thumbnail" style={ratio === undefined ? undefined : { aspectRatio: ratio }}>
      <img src={src} alt={name} />
      {over && <img className="over" data-purpose={over.purpose} src={over.image.url} alt="" />}
    </span>
  );
}

function Remove({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  function remove() {
    onClick();
    focusPrompt();
  }
  return (
    <button type="button" className="remove" aria-label={label} title={label} onClick={remove}>
      <Icon name="remove" />
    </button>
  );
}

interface PaintButtonsProps {
  readonly over: Overlay | null;
  readonly onPaint: () => void;
}

function PaintButtons({ over, onPaint }: PaintButtonsProps) {
  return (
    <div className="paint">
      <button type="button" className="quiet tool" onClick={onPaint}>
        <Icon name="paint" />
        {over === null ? 'Paint on it' : `Change the ${nameOf(over)}`}
      </button>
      {over && (
        <button type="button" className="quiet" onClick={removeOverlay}>
          Remove the {nameOf(over)}
        </button>
      )}
    </div>
  );
}

function nameOf({ purpose }: Overlay): string {
  return purpose === 'MASK' ? 'mask' : 'notes';
}
