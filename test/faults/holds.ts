/** Requests and events that the proxy holds until a test opens them. */
import { within } from '../api/steps.ts';

/** A request or an event that the proxy holds for a test. */
export interface Hold {
  /** Resolves when it has arrived. Fails when it does not arrive in time. */
  reached(): Promise<void>;
  /** Forwards it. */
  open(): void;
}

const REACH_TIMEOUT_MS = 30_000;

interface Held<Matches> {
  readonly matches: Matches;
  readonly reach: () => void;
  readonly opened: Promise<void>;
}

/** The holds of one kind, in the order in which the test asked for them. @template Matches decides what to hold */
export class HoldQueue<Matches> {
  readonly #held: Held<Matches>[] = [];

  /** Holds the first request or event that matches. */
  hold(matches: Matches): Hold {
    const reached = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<void>();
    const held = { matches, reach: reached.resolve, opened: opened.promise };
    this.#held.push(held);
    return {
      reached: () => within(REACH_TIMEOUT_MS, 'what the test wants to hold', () => reached.promise),
      open: () => {
        opened.resolve();
        // If it never arrived, it must not catch what a later hold waits for.
        this.#remove(this.#held.indexOf(held));
      },
    };
  }

  /** Resolves when what arrived may pass: at once without a hold for it, else when it is opened or `closed` resolves. */
  async pass(isHeldBy: (matches: Matches) => boolean, closed: Promise<void>): Promise<void> {
    const held = this.#remove(this.#held.findIndex(({ matches }) => isHeldBy(matches)));
    if (held === undefined) return;
    held.reach();
    await Promise.race([held.opened, closed]);
  }

  #remove(index: number): Held<Matches> | undefined {
    return index === -1 ? undefined : this.#held.splice(index, 1)[0];
  }
}
