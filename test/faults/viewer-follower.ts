/**
 * A client that follows everything of the viewer for as long as a harness lives: it outlives servers, drops its connection at
 * random moments, reads slowly at times, and resumes with its last cursor. What it received must be the log.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { eventually, openDatabase, type Transport, watchViewer } from '../api/steps.ts';
import type { SubscriberOptions } from './subscriber.ts';

export interface ViewerFollowerOptions extends Pick<SubscriberOptions, 'url' | 'isUp' | 'left' | 'drops'> {
  readonly over: Transport;
}

/** An event as the log and its followers know it. */
interface Place {
  readonly id: number;
  readonly type: string;
}

export class ViewerFollower {
  readonly #options: ViewerFollowerOptions;
  readonly #stopped = new AbortController();
  #received: Place[] = [];
  #cursor: string | null = null;
  /** Up to here everything was compared with the log. */
  #checkedId = 0;
  #failure: unknown = null;
  reconnects = -1;

  constructor(options: ViewerFollowerOptions) {
    this.#options = options;
    this.#follow().catch((error: unknown) => {
      this.#failure = error;
    });
  }

  stop(): void {
    this.#stopped.abort();
  }

  /** Waits until it is up to date. Promises 1 and 2: it has received exactly the log, once and in its order. */
  async check(dataDir: string): Promise<number> {
    const log = await eventually('a follower of the viewer to be up to date', () => {
      if (this.#failure !== null) throw this.#failure;
      const stored = storedBehind(dataDir, this.#checkedId);
      return (this.#received.at(-1)?.id ?? this.#checkedId) >= (stored.at(-1)?.id ?? this.#checkedId)
        ? stored
        : undefined;
    });
    // Something may have been appended since.
    const lastId = log.at(-1)?.id ?? this.#checkedId;
    const received = this.#received.filter(({ id }) => id <= lastId);
    expect(received, 'what a follower of the viewer received').toEqual(log);
    this.#received = this.#received.slice(received.length);
    this.#checkedId = lastId;
    return received.length;
  }

  async #follow(): Promise<void> {
    const { url, isUp, drops } = this.#options;
    while (!this.#stopped.signal.aborted) {
      const at = await url();
      const hasLeft = await this.#connect(at);
      if (!hasLeft && isUp(at) && !this.#stopped.signal.aborted) {
        throw new Error('the server completed a subscription to everything of the viewer');
      }
      await delay(drops === null ? 5 : drops.integer(0, 60));
    }
  }

  /** One connection; false when the server completed it. */
  async #connect(at: string): Promise<boolean> {
    const { isUp, left, drops, over } = this.#options;
    this.reconnects += 1;
    const drop = new AbortController();
    const signal = AbortSignal.any([drop.signal, left(), this.#stopped.signal]);
    const timer = drops === null ? null : setTimeout(() => drop.abort(), drops.integer(5, 900));
    try {
      for await (const { cursor, __typename: type } of watchViewer(at, { after: this.#cursor, over, signal })) {
        this.#cursor = cursor;
        this.#received.push({ id: placeOf(cursor), type });
        if (drops !== null && drops.next() < 0.1) await delay(drops.integer(1, 40));
        if (signal.aborted) return true;
      }
      return signal.aborted;
    } catch (error) {
      if (isUp(at) && !signal.aborted) throw error;
      return true;
    } finally {
      if (timer !== null) clearTimeout(timer);
    }
  }
}

/** The place in the log of the viewer, which clients need not know. */
function placeOf(cursor: string): number {
  return Number(Buffer.from(cursor, 'base64url').toString().split('~')[1]);
}

function storedBehind(dataDir: string, id: number): readonly Place[] {
  using database = openDatabase(dataDir);
  // The columns follow src/db/tables.ts.
  return database
    .prepare("select id, type from events where principal = 'local' and id > ? order by id")
    .all(id) as Place[];
}
