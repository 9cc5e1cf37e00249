/**
 * The event streams as one connection sees them: its subscriptions hand out their events one at a time. An event becomes
 * large only when it is resolved (a picture as a data URI), so whoever follows many calls and does not read holds one
 * such event, not one for each (promise 9).
 */
import type { EventStreams } from './event-streams.ts';

export function takeTurns({ ofCall, ofConversation }: EventStreams): EventStreams {
  const takeTurn = createTurns();
  return {
    ofCall: async (...args) => inTurn(await ofCall(...args), takeTurn),
    ofConversation: async (...args) => inTurn(await ofConversation(...args), takeTurn),
  };
}

type TakeTurn = () => Promise<() => void>;

/** First come, first served; what it resolves with ends the turn. */
function createTurns(): TakeTurn {
  let last = Promise.resolve();
  return async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = last;
    last = before.then(() => promise);
    await before;
    return resolve;
  };
}

/** A turn begins when there is an event, and ends when the next one is asked for: then it was sent. */
function inTurn<E>(events: AsyncGenerator<E, void, void>, takeTurn: TakeTurn): AsyncGenerator<E, void, void> {
  let isLeft = false;
  let endTurn: () => void = () => undefined;

  function leave(): void {
    isLeft = true;
    endTurn();
  }

  return {
    async next() {
      endTurn();
      const result = await events.next();
      if (result.done || isLeft) return { done: true, value: undefined };
      endTurn = await takeTurn();
      if (!isLeft) return result;
      endTurn();
      return { done: true, value: undefined };
    },
    return: () => {
      leave();
      return events.return();
    },
    throw: (error) => {
      leave();
      return events.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => {
      leave();
      await events.return();
    },
  };
}
