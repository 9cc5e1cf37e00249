/** Opens the lanes of an attempt: each with its place in the record, what it has stored, and its way to the upstream. */

import { parseSettings } from '../../db/json.ts';
import type { AttemptRow } from '../../db/queries/attempts.ts';
import type { GenerationCall } from '../../domain/generation-call.ts';
import type { Picture } from '../../domain/image.ts';
import type { ImageProvider, ProviderApi, ProviderRun } from '../../provider/image-provider.ts';
import type { Writer } from '../../state/transitions.ts';
import { createAttempt } from './follow-upstream.ts';
import type { RunningCall } from './interrupt.ts';
import { type ArrivalsOptions, type Begun, openArrivals } from './record-events.ts';
import type { Lane } from './task.ts';

/** What a lane asks for. */
export interface LaneTerms {
  readonly lane: number;
  readonly api: ProviderApi;
  readonly pictures: number;
  readonly background: boolean;
}

export interface Lanes {
  /** A lane that begins now. */
  open(call: GenerationCall, writer: Writer, terms: LaneTerms, handle: RunningCall): Promise<Lane>;
  /** A lane that an earlier process began. */
  reopen(call: GenerationCall, writer: Writer, row: AttemptRow, handle: RunningCall): Promise<Lane>;
}

export interface LanesOptions extends ArrivalsOptions {
  readonly provider: ImageProvider;
  readonly openSink: ProviderRun<Picture | null>['openSink'];
  /** The pauses between two looks at the upstream: the first one, and the longest that it grows to. Milliseconds. */
  readonly pauseMs: { readonly first: number; readonly longest: number };
}

export function createLanes(options: LanesOptions): Lanes {
  const { provider, openSink, pauseMs } = options;

  async function open(
    call: GenerationCall,
    writer: Writer,
    { lane, api, pictures, background }: LaneTerms,
    handle: RunningCall,
    begun: Begun | null,
  ): Promise<Lane> {
    const onAccepted = () => handle.accepted(lane);
    // One request for several pictures has all numbers to itself.
    const step = pictures > 1 ? 1 : call.count;
    const arrivals = await openArrivals(options, { call, writer, lane, step, api, onAccepted }, begun);
    const { signal } = handle;
    return {
      place: { callId: call.id, attempt: writer.attempt, lane },
      api,
      asked: Array.from({ length: pictures }, (_, index) => lane + index * step),
      background,
      arrivals,
      attempt: createAttempt({ provider, arrivals, openSink, signal, background, pauseMs }),
    };
  }

  return {
    open: (call, writer, terms, handle) => open(call, writer, terms, handle, null),

    reopen(call, writer, row, handle) {
      // Written from the two words only.
      const api = row.api as ProviderApi;
      const terms = { lane: row.lane, api, pictures: row.pictures, background: row.background === 1 };
      const { response_id: responseId, upstream_sequence: upstreamSequence } = row;
      const reported = row.reported === null ? null : parseSettings(row.reported);
      return open(call, writer, terms, handle, { responseId, upstreamSequence, reported });
    },
  };
}
