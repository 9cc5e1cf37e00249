/** The style `detailed`: draws a scene from the words, and develops the partial images out of the finished one. */
import type { Painter } from '../painting.ts';
import { encodeAnimation } from './animation.ts';
import { encode } from './encoding.ts';
import { FinishedPicture } from './finished-picture.ts';
import { type GrainTile, makeGrain } from './grain.ts';
import { renderPartial, renderPartialSvg } from './partial-image.ts';
import { fromPixels } from './pixels.ts';

/** From the first partial image to the last one, the noise gets weaker and finer. */
const PARTIAL_NOISE = [
  { strength: 72, size: 5 },
  { strength: 52, size: 3 },
  { strength: 36, size: 2 },
] as const;

export function detailedPainter(): Painter {
  const grain = makeGrain(22, 1, 40);
  const noises: readonly GrainTile[] = PARTIAL_NOISE.map(({ strength, size }) => makeGrain(strength, size, 0));

  function noiseAt(progress: number): GrainTile {
    const noise = noises[Math.min(noises.length - 1, Math.floor(progress * noises.length))];
    if (noise === undefined) throw new RangeError(`no noise for progress ${progress}`);
    return noise;
  }

  return (order) => {
    const picture = new FinishedPicture(order, grain);
    const { rendition } = order;
    const { animation, format } = rendition;
    if (format === 'svg') {
      return {
        partial: async (progress) => Buffer.from(renderPartialSvg(await picture.svg(), progress)),
        final: async () => Buffer.from(await picture.svg()),
      };
    }
    if (animation !== null) {
      const final = () => encodeAnimation(animation, (moment) => picture.frame(moment));
      return { partial: final, final };
    }
    return {
      partial: async (progress) =>
        encode(await renderPartial(await picture.pixels(), progress, noiseAt(progress)), rendition),
      final: async () => encode(fromPixels(await picture.pixels()), rendition),
    };
  };
}
