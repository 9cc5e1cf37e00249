/**
 * From an order to bytes, partial images included. Rendering runs in sharp's threads and starts with the first image
 * that is asked for. The newest images are cached, so that the same order again costs nothing.
 */
import { createHash } from 'node:crypto';
import { hashIdea } from '../idea.ts';
import type { DrawingOrder } from '../order.ts';
import type { Painter } from '../painting.ts';

export interface Drawing {
  /** @param index of the partial image, from 0 */
  partial(index: number): Promise<Buffer>;
  final(): Promise<Buffer>;
}

/** Rendering needs much memory, and more at once would not be faster. */
const MAX_CONCURRENT = 4;
const DEFAULT_CACHE_SIZE = 32;

export class Renderer {
  readonly #paint: Painter;
  readonly #cache = new Map<string, Promise<Buffer>>();
  readonly #cacheSize: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @param cacheSize how many encoded images are kept */
  constructor(paint: Painter, cacheSize = DEFAULT_CACHE_SIZE) {
    this.#paint = paint;
    this.#cacheSize = cacheSize;
  }

  start(order: DrawingOrder): Drawing {
    const key = keyOf(order);
    const painting = this.#paint(order);
    return {
      partial: (index) =>
        this.#cached(`${key} ${index} of ${order.partials}`, () =>
          painting.partial((index + 1) / (order.partials + 1)),
        ),
      final: () => this.#cached(key, () => painting.final()),
    };
  }

  async #limited<T>(render: () => Promise<T>): Promise<T> {
    if (this.#running >= MAX_CONCURRENT) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await render();
    } finally {
      // The slot passes to the next in line, or is free again.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  #cached(key: string, render: () => Promise<Buffer>): Promise<Buffer> {
    const known = this.#cache.get(key);
    const bytes = known ?? this.#limited(render);
    if (known === undefined) bytes.catch(() => this.#cache.delete(key));
    // Reinserting a known entry too keeps the least recently used one first.
    this.#cache.delete(key);
    this.#cache.set(key, bytes);
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > this.#cacheSize && oldest !== undefined) this.#cache.delete(oldest);
    return bytes;
  }
}

function keyOf({ idea, masked, markup, partials: _, ...settings }: DrawingOrder): string {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  hashIdea(hash, idea);
  if (markup !== null) hash.update('markup').update(markup);
  if (masked !== null) {
    hash.update(masked.mask);
    hashIdea(hash, masked.parent);
  }
  return hash.digest('hex');
}
