/** What stands in a picture's place while it loads: its colours, painted from the ThumbHash. A canvas, which needs no `data:` URL. */
import { useEffect, useRef } from 'react';
import { thumbHashToRGBA } from 'thumbhash';

export interface PlaceholderProps {
  /** In base64. */
  readonly thumbhash: string | null;
  readonly className?: string;
}

export function Placeholder({ thumbhash, className }: PlaceholderProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current !== null && thumbhash !== null) paint(canvas.current, thumbhash);
  }, [thumbhash]);
  return thumbhash === null ? null : <canvas ref={canvas} className={className} width={1} height={1} aria-hidden />;
}

function paint(canvas: HTMLCanvasElement, thumbhash: string): void {
  try {
    const { w, h, rgba } = thumbHashToRGBA(Uint8Array.from(atob(thumbhash), (byte) => byte.charCodeAt(0)));
    canvas.width = w;
    canvas.height = h;
    canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(rgba), w, h), 0, 0);
  } catch {
    // A picture without its placeholder is still a picture.
  }
}
