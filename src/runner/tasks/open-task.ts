/** Opens the tasks of an attempt: each with its key, its stored progress, and its connection to the upstream. */
import { parseSettings } from '../../db/json.ts';
import type { AttemptRow } from '../../db/queries/engine/attempts.ts';
import { findImagesOfCalls } from '../../db/queries/images/images.ts';
import { partialPlacesOfCall } from '../../db/queries/images/partial-images.ts';
import type { GenerationCall } from '../../domain/generation/generation-call.ts';
import { isDeferred } from '../../domain/generation/options.ts';
import type { ImageProvider, ProviderApi } from '../../provider/image-provider.ts';
import type { Writer } from '../../state/transitions.ts';
import type { OpenSink } from '../options.ts';
import { UpstreamFollower } from './follow-upstream.ts';
import type { CallInterrupts } from './interrupt.ts';
import { type PollPauses, PollSchedule } from './poll-schedule.ts';
import { EventRecorder } from './record-events.ts';
import type { RecorderContext } from './record-images.ts';
import type { Task } from './task.ts';
import { type StoredProgress, TaskProgress } from './task-progress.ts';

export interface TaskContext extends RecorderContext {
  readonly provider: ImageProvider;
  readonly openSink: OpenSink;
  readonly pollPauses: {
    /** For a response whose connection was lost. */
    readonly lost: PollPauses;
    /** For a response with a completion window. */
    readonly deferred: PollPauses;
  };
}

/** The attempt that the task belongs to. */
export interface TaskOwner {
  readonly call: GenerationCall;
  readonly writer: Writer;
  readonly interrupts: CallInterrupts;
}

/** What a task asks for. */
export interface TaskTerms {
  /** The index of its first image. */
  readonly task: number;
  readonly api: ProviderApi;
  readonly imagesPerRequest: number;
  readonly background: boolean;
}

/** Opens a new task; with `stored`, one that an earlier process began. */
export function openTask(
  context: TaskContext,
  { call, writer, interrupts }: TaskOwner,
  { task, api, imagesPerRequest, background }: TaskTerms,
  stored: StoredProgress | null = null,
): Task {
  const { provider, openSink, pollPauses, clock, logger } = context;
  const key = { callId: call.id, attempt: writer.attempt, task };
  // A request for several images has all indexes of the call to itself.
  const step = imagesPerRequest > 1 ? 1 : call.request.count;
  const progress = new TaskProgress({ task, step }, stored);
  const onResponseNamed = () => interrupts.responseNamed(task);
  const request = { call, writer, key, api, onResponseNamed };
  const recorder = new EventRecorder({ context, request, progress });
  const { signal } = interrupts;
  const deferred = isDeferred(call.request.settings.completionWindow);
  return {
    key,
    api,
    imageIndexes: Array.from({ length: imagesPerRequest }, (_, index) => progress.indexInCall(index)),
    background,
    progress,
    recorder,
    follower: new UpstreamFollower({
      provider,
      recorder,
      openSink,
      signal,
      background,
      isDeferred: deferred,
      schedule: new PollSchedule(deferred ? pollPauses.deferred : pollPauses.lost, clock),
      onFailedLook: ({ kind, failure: { code, requestId } }) =>
        logger.warn({ callId: call.id, task, kind, code, requestId }, 'the status of a response could not be read yet'),
    }),
  };
}

/** Opens the tasks of an attempt that an earlier process began. */
export async function reopenTasks(
  context: TaskContext,
  owner: TaskOwner,
  rows: readonly AttemptRow[],
): Promise<readonly Task[]> {
  const { call } = owner;
  const images = await findImagesOfCalls(context.db, call.principal, [call.id]);
  const partials = await partialPlacesOfCall(context.db, call.principal, call.id);
  return rows.map((row) => {
    // The column is written from these words only.
    const api = row.api as ProviderApi;
    const terms = { task: row.task, api, imagesPerRequest: row.image_count, background: row.background };
    const { response_id: responseId, upstream_sequence: upstreamSequence } = row;
    const reported = row.reported === null ? null : parseSettings(row.reported);
    return openTask(context, owner, terms, { responseId, upstreamSequence, reported, images, partials });
  });
}
