/** The colours of a picture before it is loaded. On a canvas, since the policy of the page allows no inline images. */
import { memo, useEffect, useRef } from 'react';
import { thumbHashToRGBA } from 'thumbhash';
import './thumbhash.css';

export interface ThumbhashProps {
  /** In base64, as the server sends it. */
  readonly hash: string;
}

/** Fills its parent, which is positioned. */
export const Thumbhash = memo(function Thumbhash({ hash }: ThumbhashProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current !== null) draw(canvas.current, hash);
  }, [hash]);
  return <canvas ref={canvas} className="thumbhash" />;
});

function draw(canvas: HTMLCanvasElement, hash: string): void {
  try {
    const { w, h, rgba } = thumbHashToRGBA(Uint8Array.from(atob(hash), (character) => character.charCodeAt(0)));
    canvas.width = w;
    canvas.height = h;
    canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(rgba), w, h), 0, 0);
  } catch {
    // A placeholder that cannot be read is left out: the picture itself follows.
  }
}
