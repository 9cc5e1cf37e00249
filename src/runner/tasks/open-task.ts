/** Opens the tasks of an attempt: each with its place in the record, what it has stored, and its way to the upstream. */

import { parseSettings } from '../../db/json.ts';
import type { AttemptRow } from '../../db/queries/attempts.ts';
import type { GenerationCall } from '../../domain/generation-call.ts';
import type { Picture } from '../../domain/image.ts';
import type { ImageProvider, ProviderApi, ProviderRun } from '../../provider/image-provider.ts';
import type { Writer } from '../../state/transitions.ts';
import { createAttempt } from './follow-upstream.ts';
import type { RunningCall } from './interrupt.ts';
import { type Begun, type EventRecorderOptions, openEventRecorder } from './record-events.ts';
import type { Task } from './task.ts';

/** What a task asks for. */
export interface TaskTerms {
  readonly task: number;
  readonly api: ProviderApi;
  readonly pictures: number;
  readonly background: boolean;
}

export interface TaskOpener {
  /** A task that begins now. */
  open(call: GenerationCall, writer: Writer, terms: TaskTerms, handle: RunningCall): Promise<Task>;
  /** A task that an earlier process began. */
  reopen(call: GenerationCall, writer: Writer, row: AttemptRow, handle: RunningCall): Promise<Task>;
}

export interface TaskOpenerOptions extends EventRecorderOptions {
  readonly provider: ImageProvider;
  readonly openSink: ProviderRun<Picture | null>['openSink'];
  /** The pauses between two looks at the upstream: the first one, and the longest that it grows to. Milliseconds. */
  readonly pauseMs: { readonly first: number; readonly longest: number };
}

export function createTaskOpener(options: TaskOpenerOptions): TaskOpener {
  const { provider, openSink, pauseMs } = options;

  async function open(
    call: GenerationCall,
    writer: Writer,
    { task, api, pictures, background }: TaskTerms,
    handle: RunningCall,
    begun: Begun | null,
  ): Promise<Task> {
    const onAccepted = () => handle.accepted(task);
    // One request for several pictures has all numbers to itself.
    const step = pictures > 1 ? 1 : call.request.count;
    const recorder = await openEventRecorder(options, { call, writer, task, step, api, onAccepted }, begun);
    const { signal } = handle;
    return {
      place: { callId: call.id, attempt: writer.attempt, task },
      api,
      asked: Array.from({ length: pictures }, (_, index) => task + index * step),
      background,
      recorder,
      attempt: createAttempt({ provider, recorder, openSink, signal, background, pauseMs }),
    };
  }

  return {
    open: (call, writer, terms, handle) => open(call, writer, terms, handle, null),

    reopen(call, writer, row, handle) {
      // Written from the two words only.
      const api = row.api as ProviderApi;
      const terms = { task: row.task, api, pictures: row.pictures, background: row.background === 1 };
      const { response_id: responseId, upstream_sequence: upstreamSequence } = row;
      const reported = row.reported === null ? null : parseSettings(row.reported);
      return open(call, writer, terms, handle, { responseId, upstreamSequence, reported });
    },
  };
}
