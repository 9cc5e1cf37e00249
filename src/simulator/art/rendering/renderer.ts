/**
 * From an order to bytes, the stages included. Drawing runs in sharp's threads and begins with the first thing
 * asked for. The same order gives the same bytes; the last ones are kept, so that repeating an order costs nothing.
 */
import { createHash } from 'node:crypto';
import type { Idea } from '../idea.ts';
import type { DrawingOrder } from '../order.ts';
import { develop, developSvg } from './partial-image.ts';
import { encode, fromPixels } from './encoding.ts';
import { type GrainTile, makeGrain } from './grain.ts';
import { Plate } from './finished-picture.ts';

export interface Drawing {
  /** A stage, from 0. */
  partial(index: number): Promise<Buffer>;
  final(): Promise<Buffer>;
}

const STAGE_NOISE = [
  { strength: 72, size: 5 },
  { strength: 52, size: 3 },
  { strength: 36, size: 2 },
] as const;

const MAX_AT_WORK = 4;

export class Press {
  readonly #kept = new Map<string, Promise<Buffer>>();
  readonly #keep: number;
  readonly #waiting: (() => void)[] = [];
  #atWork = 0;
  readonly #grain = makeGrain(22, 1, 40);
  readonly #noise: readonly GrainTile[] = STAGE_NOISE.map(({ strength, size }) => makeGrain(strength, size, 0));

  /** @param keep how many encoded pictures are kept */
  constructor(keep = 32) {
    this.#keep = keep;
  }

  start(order: DrawingOrder): Drawing {
    const key = keyOf(order);
    const plate = new Plate(order, this.#grain);
    return {
      partial: (index) =>
        this.#once(`${key} ${index} of ${order.partials}`, () =>
          this.#stage(order, plate, (index + 1) / (order.partials + 1)),
        ),
      final: () =>
        this.#once(key, async () =>
          order.format === 'svg' ? Buffer.from(await plate.svg()) : encode(fromPixels(await plate.pixels()), order),
        ),
    };
  }

  async #stage(order: DrawingOrder, plate: Plate, progress: number): Promise<Buffer> {
    if (order.format === 'svg') return Buffer.from(developSvg(await plate.svg(), progress));
    const noise = this.#noise[Math.min(this.#noise.length - 1, Math.floor(progress * this.#noise.length))];
    if (noise === undefined) throw new RangeError(`no noise for progress ${progress}`);
    return encode(await develop(await plate.pixels(), progress, noise), order);
  }

  /** No more than a few at once: drawing is what takes memory, and more at once would be no faster. */
  async #inTurn<T>(draw: () => Promise<T>): Promise<T> {
    if (this.#atWork >= MAX_AT_WORK) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#atWork += 1;
    try {
      return await draw();
    } finally {
      // The place goes to the next in line, or is free again.
      const next = this.#waiting.shift();
      if (next === undefined) this.#atWork -= 1;
      else next();
    }
  }

  #once(key: string, draw: () => Promise<Buffer>): Promise<Buffer> {
    const known = this.#kept.get(key);
    const bytes = known ?? this.#inTurn(draw);
    if (known === undefined) bytes.catch(() => this.#kept.delete(key));
    // Set anew also when it was there: the first entry is then the one used longest ago.
    this.#kept.delete(key);
    this.#kept.set(key, bytes);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#keep && oldest !== undefined) this.#kept.delete(oldest);
    return bytes;
  }
}

function keyOf({ idea, masked, partials: _, ...settings }: DrawingOrder): string {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  addIdea(idea);
  if (masked !== null) {
    hash.update(masked.mask);
    addIdea(masked.parent);
  }
  return hash.digest('hex');

  function addIdea({ base, ...words }: Idea): void {
    hash
      .update(JSON.stringify(words))
      .update('\u0000')
      .update(base ?? '');
  }
}
