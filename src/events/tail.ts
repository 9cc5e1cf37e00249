/**
 * Reads a log for one subscriber: the stored events after a place, then new ones, until the log is closed. Replay and live
 * use the same loop (arm, read, yield, wait). Reading before arming would miss events that come in between.
 * Promises 2 and 3 of PROTOCOL.md.
 */
import { CancellableIterator, DONE } from '../lib/cancellable-iterator.ts';
import type { LogPage } from './log.ts';
import type { Notifier, Watch } from './notifier.ts';

export interface TailOptions<E> {
  readonly notifier: Pick<Notifier, 'watch'>;
  /** The key that the log's writers notify. */
  readonly key: string;
  /** Start after this place; 0 is the start of the log. */
  readonly after: number;
  readonly read: (after: number) => Promise<LogPage<E>>;
  readonly placeOf: (event: E) => number;
}

export class Tail<E> extends CancellableIterator<E> {
  readonly #options: TailOptions<E>;
  #watch: Watch | null = null;
  #place: number;
  #page: LogPage<E> = NOTHING_READ;
  /** Index of the next event in the page. */
  #index = 0;
  #isOver = false;

  constructor(options: TailOptions<E>) {
    super();
    this.#options = options;
    this.#place = options.after;
  }

  override async next(): Promise<IteratorResult<E, void>> {
    try {
      while (!this.#isOver) {
        const event = this.#page.events[this.#index];
        if (event !== undefined) {
          this.#index += 1;
          this.#place = this.#options.placeOf(event);
          return { done: false, value: event };
        }
        if (this.#page.closed) this.release();
        else await this.#turnPage();
      }
      return DONE;
    } catch (error) {
      this.release();
      throw error;
    }
  }

  async #turnPage(): Promise<void> {
    this.#watch ??= this.#options.notifier.watch(this.#options.key);
    if (!this.#page.more) {
      // Delivered events must not stay in memory while the subscriber waits.
      this.#page = UP_TO_DATE;
      await this.#watch.wait();
    }
    if (this.#isOver) return;
    this.#watch.arm();
    this.#page = await this.#options.read(this.#place);
    this.#index = 0;
  }

  protected override release(): void {
    this.#isOver = true;
    this.#watch?.close();
  }
}

const NOTHING_READ: LogPage<never> = { events: [], closed: false, more: true };
const UP_TO_DATE: LogPage<never> = { events: [], closed: false, more: false };
