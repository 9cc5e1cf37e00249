/** A replay of the same number of missed events, early and late in the log of a call. */
import { encodeGlobalId } from '../../schema/relay/global-id.ts';
import { encodeCursor } from '../../src/domain/cursor.ts';
import { addLongCall } from '../harness/archive.ts';
import type { Darkroom } from '../harness/darkroom.ts';
import type { Bench, Line } from '../harness/row.ts';
import { compare, type Stopwatch } from './growth-cases.ts';

const EARLY = 10;
const LATE = 1_000;
const MISSED = 50;
const BAR = 1.2;

export interface LongCalls {
  readonly early: string;
  readonly late: string;
}

/** @param from the first number after those of the calls of the archive */
export function addLongCalls(dataDir: string, from: number): LongCalls {
  return {
    early: addLongCall(dataDir, from, EARLY + MISSED),
    late: addLongCall(dataDir, from + 1, LATE + MISSED),
  };
}

export function measureReplays(
  bench: Bench,
  stopwatch: Stopwatch,
  { url, pid }: Darkroom,
  calls: LongCalls,
): Promise<readonly Line[]> {
  const replay = (callId: string, behind: number) => () => {
    const after = encodeCursor({ eventId: null, callId, sequence: behind, conversationId: null, position: behind });
    const variables = { callId: encodeGlobalId('GenerationCall', callId), after };
    return stopwatch.call('replay', { url, pid }, variables, MISSED);
  };
  return compare(bench, {
    label: `a replay of ${MISSED} events after event ${LATE.toLocaleString('en')}, compared with event ${EARLY}`,
    bar: BAR,
    laps: bench.scaled(200, 40),
    large: replay(calls.late, LATE),
    small: replay(calls.early, EARLY),
  });
}
