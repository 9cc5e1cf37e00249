/**
 * The work of one response: emits its events in the order the upstream was recorded to, at their moments,
 * and lets the scenario steer it off that road.
 */
import { newIdea } from '../art/idea.ts';
import type { DrawingOrder } from '../art/order.ts';
import type { Renderer } from '../art/rendering/renderer.ts';
import type { JsonObject } from '../http/json.ts';
import { newId } from '../ids.ts';
import type { Size } from '../image-options.ts';
import { Pace, partialMoments } from '../pace.ts';
import { asksVerbatim, revisePrompt } from '../prompt.ts';
import { MODERATION_MESSAGE, moderationDetails, SERVER_ERROR, type WorkSteering } from '../scenarios/scenario.ts';
import {
  CACHED_TOKENS,
  cachedImageUsage,
  type ImageUsage,
  imageUsage,
  mainlineUsage,
  sumUsage,
  toolUsage,
} from '../usage.ts';
import type { Task } from './context.ts';
import type { ResponseRecord } from './record.ts';
import type { ImageTool } from './request.ts';
import { emitAnswer, emitExcuse, emitMessage, emitReasoning, REMARK } from './words.ts';

const PADDING_BYTES = 32 * 1024 * 1024;
const GIVEN_UP = Symbol('the work ended early');
type Outcome = ImageUsage | typeof GIVEN_UP;

/** Where pictures are drawn and counted. */
export interface Studio {
  readonly renderer: Renderer;
  countPicture(): void;
}

interface Job {
  readonly studio: Studio;
  readonly record: ResponseRecord;
  readonly task: Task;
  readonly tool: ImageTool;
  readonly steering: WorkSteering;
  readonly pace: Pace;
  readonly reasoningId: string | null;
}

/** Where a picture stands in the output. */
interface Place {
  readonly item_id: string;
  readonly output_index: number;
}

/**
 * Does the work and ends the record's log. Never rejects.
 * @param studio where it is drawn; told of every picture drawn to its end, because the upstream would charge for it
 */
export async function workOn(
  record: ResponseRecord,
  task: Task | null,
  durationMs: number,
  studio: Studio,
): Promise<void> {
  const steering = record.scenario.work ?? {};
  const pace = new Pace(durationMs * (steering.slowness ?? 1), record.work.signal);
  try {
    if (steering.countsFromZero) record.toolUsage = toolUsage(sumUsage([]));
    record.emitResponse('response.created');
    if (record.request.background) record.emitResponse('response.queued');
    if (steering.stuckQueued) await pace.forever();
    record.status = 'in_progress';
    record.emitResponse('response.in_progress');
    keepalive(record, steering);
    const reasoningId = steering.reasoning ? emitReasoning(record) : null;
    const { tool, maxToolCalls } = record.request;
    if (task === null || tool === null || steering.answer !== undefined) {
      await pace.until(0.5);
      emitAnswer(record, steering);
    } else {
      const usages: ImageUsage[] = [];
      for (let index = 0; index < Math.min(steering.pictures ?? 1, maxToolCalls); index += 1) {
        const outcome = await makePicture({ record, task, tool, steering, pace, reasoningId, studio }, index);
        if (outcome === GIVEN_UP) return;
        usages.push(outcome);
      }
      emitMessage(record, steering.remark ? REMARK : '');
      const used = steering.cachedUsage ? cachedImageUsage(sumUsage(usages)) : sumUsage(usages);
      if (!steering.noUsage) record.toolUsage = toolUsage(used);
    }
    complete(record, steering);
  } catch (error) {
    // An aborted work ends without an event, as a cancelled one does; anything else is a fault of the simulator.
    if (!record.work.signal.aborted) fail(record, 'server_error', `The simulator could not draw: ${String(error)}`);
    else if (record.status !== 'cancelled') record.status = 'cancelled';
  } finally {
    record.log.end();
  }
}

async function makePicture(job: Job, index: number): Promise<Outcome> {
  const { record, task, steering, pace } = job;
  const { options } = job.tool;
  const itemId = newId('ig');
  const at = { item_id: itemId, output_index: record.output.length };
  const order = orderOf(job, index);
  const drawing = job.studio.renderer.start(order);
  // Drawing takes place while the simulated time passes. What nobody awaits any more, because the work was aborted
  // or fails on purpose, must not become an unhandled rejection.
  (order.partials > 0 ? drawing.partial(0) : drawing.final()).catch(() => undefined);

  record.emit('response.output_item.added', {
    output_index: at.output_index,
    item: { id: itemId, type: 'image_generation_call', status: 'in_progress' },
  });
  record.emit('response.image_generation_call.in_progress', at);
  await pace.until(0.05);
  record.emit('response.image_generation_call.generating', at);
  keepalive(record, steering);

  const shown = {
    background: options.background === 'transparent' ? 'transparent' : 'opaque',
    output_format: options.outputFormat,
    quality: options.quality === 'auto' ? 'medium' : options.quality,
    size: `${order.width}x${order.height}`,
  } as const;
  const endsEarly = ['error-event', 'incomplete', 'unended', 'hang'].includes(steering.ending ?? '');
  const moments = partialMoments(order.partials);
  for (const [partial, moment] of (endsEarly ? moments.slice(0, 1) : moments).entries()) {
    const [bytes] = await Promise.all([drawing.partial(partial), pace.until(moment)]);
    record.emit('response.image_generation_call.partial_image', {
      ...at,
      partial_image_index: partial,
      partial_image_b64: bytes.toString('base64'),
      ...shown,
    });
    keepalive(record, steering);
  }
  await pace.until(0.9);
  if (await endedEarly(job, at, shown)) return GIVEN_UP;

  const [bytes] = await Promise.all([drawing.final(), pace.until(1)]);
  job.studio.countPicture();
  const result = resultText(bytes, steering);
  if (!steering.bare) record.emit('response.image_generation_call.completed', at);
  const item = {
    id: itemId,
    type: 'image_generation_call',
    status: steering.bare ? 'generating' : 'completed',
    action: task.action,
    ...shown,
    result,
    ...(steering.noRevisedPrompt ? {} : { revised_prompt: promptOfTool(job) }),
  };
  record.output.push(item);
  const idea = order.masked === null ? order.idea : { ...newIdea(order.idea.subject), base: bytes };
  record.pictures.push({ itemId, idea, order, width: order.width, height: order.height, reasoningId: job.reasoningId });
  record.emit('response.output_item.done', {
    output_index: at.output_index,
    item: steering.resultOnlyAtEnd ? { ...item, result: null } : item,
  });
  if (steering.ending === 'unended-after-image') return GIVEN_UP;
  const cost = {
    words: record.request.prompt.words,
    quality: shown.quality,
    partials: order.partials,
    inputs: task.inputs,
  };
  return imageUsage({ ...cost, size: order });
}

/** What the mainline model gave the image model as its prompt. */
function promptOfTool({ record, task, steering }: Job): string {
  const { instructions, prompt } = record.request;
  const verbatim = asksVerbatim(instructions) && !steering.rewritesAnyway;
  return verbatim ? prompt.asked : revisePrompt(prompt.words, task.action === 'edit');
}

function orderOf({ task, tool, steering }: Job, index: number): DrawingOrder {
  const { options } = tool;
  const edge = (length: number) => (steering.shrunken ? Math.round(length / 2) : length);
  const size: Size = { width: edge(task.size.width), height: edge(task.size.height) };
  return {
    idea: { ...task.idea, variant: task.idea.variant + index },
    ...size,
    format: options.outputFormat,
    compression: options.outputCompression,
    background: options.background,
    partials: steering.partials?.(options.partialImages) ?? options.partialImages,
    masked: task.masked,
  };
}

/** Whether the scenario ended the work here, before the picture was there. */
async function endedEarly({ record, steering, pace }: Job, at: Place, shown: JsonObject) {
  switch (steering.ending) {
    case 'hang':
      return pace.forever();
    case 'unended':
      return true;
    case 'error-event':
      record.status = 'failed';
      record.error = { code: 'server_error', message: 'An error occurred while processing your request.' };
      record.emit('error', { ...record.error, param: null });
      return true;
    case 'incomplete':
      endIncomplete(record, steering.incompleteReason ?? 'max_output_tokens');
      return true;
    case 'unexplained':
      emitFailedItem(record, at, shown, {});
      emitExcuse(record);
      complete(record, steering);
      return true;
    case 'failed':
      fail(record, steering.failure?.code ?? 'server_error', steering.failure?.message ?? SERVER_ERROR.message);
      return true;
    case 'moderated': {
      const error = {
        type: 'image_generation_user_error',
        code: 'moderation_blocked',
        message: MODERATION_MESSAGE,
        param: null,
      };
      emitFailedItem(record, at, shown, { error: { ...error, ...moderationDetails('output') } });
      if (steering.incompleteReason === undefined) fail(record, 'image_content_policy_violation', MODERATION_MESSAGE);
      else endIncomplete(record, steering.incompleteReason);
      return true;
    }
    default:
      return false;
  }
}

function emitFailedItem(record: ResponseRecord, at: Place, shown: JsonObject, more: JsonObject): void {
  const item = { id: at.item_id, type: 'image_generation_call', status: 'failed', ...shown, result: null, ...more };
  record.output.push(item);
  record.emit('response.output_item.done', { output_index: at.output_index, item });
}

function resultText(bytes: Buffer, steering: WorkSteering): string {
  switch (steering.result) {
    case 'text':
      return Buffer.from('These bytes are words and no picture. '.repeat(40)).toString('base64');
    case 'bad-base64':
      return `${bytes.toString('base64').slice(0, 4000)}\u{1f4a5} not base64 *`;
    case 'padded':
      return Buffer.concat([bytes, Buffer.alloc(PADDING_BYTES)]).toString('base64');
    case 'empty':
      return '';
    default:
      return bytes.toString('base64');
  }
}

function complete(record: ResponseRecord, steering: WorkSteering): void {
  record.status = 'completed';
  record.completedAt = Math.floor(Date.now() / 1000);
  if (!steering.noUsage) {
    record.usage = mainlineUsage(record.request.prompt.words, '', steering.cachedUsage ? CACHED_TOKENS : 0);
  }
  record.emit('response.completed', { response: record.toJson(steering.bare ? [] : record.output) });
}

function endIncomplete(record: ResponseRecord, reason: string): void {
  record.status = 'incomplete';
  record.incompleteDetails = { reason };
  record.usage = mainlineUsage(record.request.prompt.words, '');
  record.emitResponse('response.incomplete');
}

function fail(record: ResponseRecord, code: string, message: string): void {
  record.status = 'failed';
  record.error = { code, message };
  record.emitResponse('response.failed');
}

function keepalive(record: ResponseRecord, steering: WorkSteering): void {
  if (steering.keepalive) record.emit('keepalive', {});
}
