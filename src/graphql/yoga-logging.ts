/**
 * What Yoga says about its work, and the errors that mask-error.ts has replaced, as lines of our log. Yoga calls most mistakes
 * of clients errors. mask-error.ts has logged each of them before, at the level that is right for it.
 */
import type { YogaLogger } from 'graphql-yoga';
import type { Logger } from 'pino';

export function createYogaLogging(logger: Logger): YogaLogger {
  const writeAt =
    (level: 'trace' | 'debug' | 'warn') =>
    (...words: readonly unknown[]): void => {
      // Yoga says something about every operation.
      if (!logger.isLevelEnabled(level)) return;
      const texts = words.filter((word) => typeof word === 'string');
      const others = words.filter((word) => typeof word !== 'string');
      const fields = others.length === 0 ? {} : { err: others.length === 1 ? others[0] : new AggregateError(others) };
      logger[level](fields, texts.length === 0 ? 'Yoga met an error' : texts.join(' '));
    };
  return { debug: writeAt('trace'), info: writeAt('debug'), warn: writeAt('warn'), error: writeAt('trace') };
}
