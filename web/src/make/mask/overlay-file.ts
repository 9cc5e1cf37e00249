/** Strokes as the file that the server takes. */
import { drawMarks, type Mark } from './strokes.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A mask is transparent where something was painted; a markup everywhere else. */
export async function overlayFile(purpose: 'MASK' | 'MARKUP', marks: readonly Mark[], size: Size): Promise<Blob> {
  const drawn = canvasOf(size);
  drawMarks(drawn.context, marks);
  const result = purpose === 'MARKUP' ? drawn : cutOut(drawn.canvas, size);
  const blob = await new Promise<Blob | null>((resolve) => result.canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('The browser could not make a picture of this size.');
  return blob;
}

function cutOut(drawn: HTMLCanvasElement, size: Size) {
  const mask = canvasOf(size);
  mask.context.fillRect(0, 0, size.width, size.height);
  mask.context.globalCompositeOperation = 'destination-out';
  mask.context.drawImage(drawn, 0, 0);
  return mask;
}

function canvasOf({ width, height }: Size) {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('The browser cannot draw.');
  return { canvas, context };
}
