/** Encodes the frames of an animation as one GIF that repeats for ever. */
import sharp from 'sharp';
import type { Animation } from '../../image-options.ts';
import type { Pixels } from '../order.ts';
import { setDelay } from './gif-delay.ts';
import { fromPixels } from './pixels.ts';

/** The longest delay that sharp takes, in milliseconds. GIF itself holds ten times as much. */
const LONGEST_OF_SHARP_MS = 65_530;

/** @param draw draws the frame at a moment of the loop, 0 to 1 */
export async function encodeAnimation(
  { frameCount, frameDurationMs }: Animation,
  draw: (moment: number) => Promise<Pixels>,
): Promise<Buffer> {
  const frames: Buffer[] = [];
  // One after the other and compressed, because sixteen large frames of pixels would take half a gigabyte.
  for (let index = 0; index < frameCount; index += 1) {
    const pixels = fromPixels(await draw(index / frameCount));
    frames.push(await pixels.flatten({ background: '#ffffff' }).png({ compressionLevel: 1 }).toBuffer());
  }
  const delay = Math.min(frameDurationMs, LONGEST_OF_SHARP_MS);
  const gif = await sharp(frames, { join: { animated: true } })
    .gif({ delay: frames.map(() => delay), loop: 0, effort: 2, dither: 0.4 })
    .toBuffer();
  return delay === frameDurationMs ? gif : setDelay(gif, frameDurationMs);
}
