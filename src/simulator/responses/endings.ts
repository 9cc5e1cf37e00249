/** How a response ends: completed, incomplete or failed, and the scenarios that end it before its image is finished. */
import type { JsonObject } from '../http/json.ts';
import { MODERATION_MESSAGE, moderationDetails, SERVER_ERROR, type WorkBehavior } from '../scenarios/scenario.ts';
import type { Timeline } from '../timeline.ts';
import { CACHED_TOKENS, mainlineUsage } from '../usage.ts';
import { emitNotDrawn } from './messages.ts';
import type { ResponseRecord } from './record.ts';

/** The position of an image in the output. */
export interface OutputPosition extends JsonObject {
  readonly item_id: string;
  readonly output_index: number;
}

export interface EndingContext {
  readonly record: ResponseRecord;
  readonly behavior: WorkBehavior;
  readonly timeline: Timeline;
}

/** Ends the work before the image is finished, if the scenario says so. @returns whether it did */
export async function endEarly(
  { record, behavior, timeline }: EndingContext,
  at: OutputPosition,
  shown: JsonObject,
): Promise<boolean> {
  switch (behavior.ending) {
    case 'hang':
      return timeline.forever();
    case 'unended':
      return true;
    case 'error-event':
      record.status = 'failed';
      record.error = { code: 'server_error', message: 'An error occurred while processing your request.' };
      record.emit('error', { ...record.error, param: null });
      return true;
    case 'incomplete':
      endIncomplete(record, behavior.incompleteReason ?? 'max_output_tokens');
      return true;
    case 'unexplained':
      emitFailedItem(record, at, shown, {});
      emitNotDrawn(record);
      complete(record, behavior);
      return true;
    case 'failed':
      fail(record, behavior.failure?.code ?? 'server_error', behavior.failure?.message ?? SERVER_ERROR.message);
      return true;
    case 'moderated': {
      const error = {
        type: 'image_generation_user_error',
        code: 'moderation_blocked',
        message: MODERATION_MESSAGE,
        param: null,
      };
      emitFailedItem(record, at, shown, { error: { ...error, ...moderationDetails('output') } });
      if (behavior.incompleteReason === undefined) fail(record, 'image_content_policy_violation', MODERATION_MESSAGE);
      else endIncomplete(record, behavior.incompleteReason);
      return true;
    }
    default:
      return false;
  }
}

function emitFailedItem(record: ResponseRecord, at: OutputPosition, shown: JsonObject, more: JsonObject): void {
  const item = { id: at.item_id, type: 'image_generation_call', status: 'failed', ...shown, result: null, ...more };
  record.output.push(item);
  record.emit('response.output_item.done', { output_index: at.output_index, item });
}

export function complete(record: ResponseRecord, behavior: WorkBehavior): void {
  record.status = 'completed';
  record.completedAt = Math.floor(Date.now() / 1000);
  if (!behavior.noUsage) {
    record.usage = mainlineUsage(record.request.prompt.words, '', behavior.cachedUsage ? CACHED_TOKENS : 0);
  }
  record.emit('response.completed', { response: record.toJson(behavior.bare ? [] : record.output) });
}

function endIncomplete(record: ResponseRecord, reason: string): void {
  record.status = 'incomplete';
  record.incompleteDetails = { reason };
  record.usage = mainlineUsage(record.request.prompt.words, '');
  record.emitResponse('response.incomplete');
}

export function fail(record: ResponseRecord, code: string, message: string): void {
  record.status = 'failed';
  record.error = { code, message };
  record.emitResponse('response.failed');
}
