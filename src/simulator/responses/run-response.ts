/**
 * Runs one response: emits its events in the order recorded from the upstream, each at its moment, with the deviations
 * of the scenario.
 */
import { newIdea } from '../art/idea.ts';
import { type DrawingOrder, renditionOf } from '../art/order.ts';
import type { Drawing, Renderer } from '../art/rendering/renderer.ts';
import { newId } from '../ids.ts';
import type { Size } from '../image-options.ts';
import { planningOf } from '../planning.ts';
import { asksVerbatim, revisePrompt } from '../prompt.ts';
import type { WorkBehavior } from '../scenarios/scenario.ts';
import { partialMoments, Timeline } from '../timeline.ts';
import { cachedImageUsage, type ImageUsage, imageUsage, sumUsage, svgUsage, toolUsage } from '../usage.ts';
import { queuedMs } from './completion-window.ts';
import type { DrawingTask } from './drawing-task.ts';
import { complete, endEarly, fail, type OutputPosition } from './endings.ts';
import { emitAnswer, emitMessage, emitReasoning, REMARK } from './messages.ts';
import type { ResponseRecord } from './record.ts';
import type { ImageTool } from './request.ts';

const PADDING_BYTES = 32 * 1024 * 1024;
const ENDED_EARLY = Symbol('the work ended early');
type Outcome = ImageUsage | typeof ENDED_EARLY;

/** Draws images, and counts those that are finished. */
export interface DrawingService {
  readonly renderer: Renderer;
  countPicture(): void;
}

interface Job {
  readonly drawingService: DrawingService;
  readonly record: ResponseRecord;
  readonly task: DrawingTask;
  readonly tool: ImageTool;
  readonly behavior: WorkBehavior;
  readonly timeline: Timeline;
  readonly reasoningId: string | null;
}

/**
 * Runs the response and ends the record's log. Never rejects.
 * @param drawingService counts every finished image, because the upstream would charge for it
 */
export async function runResponse(
  record: ResponseRecord,
  task: DrawingTask | null,
  durationMs: number,
  drawingService: DrawingService,
): Promise<void> {
  const behavior = record.scenario.work ?? {};
  const { tool, maxToolCalls, completionWindow } = record.request;
  const { duration } = planningOf(tool?.options.complexity ?? null);
  const drawingMs = durationMs * duration * (behavior.slowness ?? 1);
  try {
    if (behavior.countsFromZero) record.toolUsage = toolUsage(sumUsage([]));
    record.emitResponse('response.created');
    if (record.request.background) record.emitResponse('response.queued');
    const queue = new Timeline(queuedMs(completionWindow, drawingMs), record.work.signal);
    await (behavior.stuckQueued ? queue.forever() : queue.until(1));
    const timeline = new Timeline(drawingMs, record.work.signal);
    record.status = 'in_progress';
    record.emitResponse('response.in_progress');
    keepalive(record, behavior);
    const reasoningId = behavior.reasoning ? emitReasoning(record) : null;
    if (task === null || tool === null || behavior.answer !== undefined) {
      await timeline.until(0.5);
      emitAnswer(record, behavior);
    } else {
      const usages: ImageUsage[] = [];
      for (let index = 0; index < Math.min(behavior.pictures ?? 1, maxToolCalls); index += 1) {
        const outcome = await makeImage({ record, task, tool, behavior, timeline, reasoningId, drawingService }, index);
        if (outcome === ENDED_EARLY) return;
        usages.push(outcome);
      }
      emitMessage(record, behavior.remark ? REMARK : '');
      const used = behavior.cachedUsage ? cachedImageUsage(sumUsage(usages)) : sumUsage(usages);
      if (!behavior.noUsage) record.toolUsage = toolUsage(used);
    }
    complete(record, behavior);
  } catch (error) {
    // Aborted work ends without an event, as when it is cancelled. Any other error is a bug of the simulator.
    if (!record.work.signal.aborted) fail(record, 'server_error', `The simulator could not draw: ${String(error)}`);
    else if (record.status !== 'cancelled') record.status = 'cancelled';
  } finally {
    record.log.end();
  }
}

/** Makes one image, from its announcement to its finished item. */
async function makeImage(job: Job, index: number): Promise<Outcome> {
  const { record, behavior, timeline, drawingService } = job;
  const order = orderOf(job, index);
  const drawing = drawingService.renderer.start(order);
  // Drawing happens while the simulated time passes. If nobody awaits it later, because the work was aborted or fails on
  // purpose, an error must not become an unhandled rejection.
  (order.partials > 0 ? drawing.partial(0) : drawing.final()).catch(() => undefined);

  const at = { item_id: newId('ig'), output_index: record.output.length };
  const shown = shownOptions(job, order);
  await emitProgress(job, at, { order, drawing, shown });
  await timeline.until(0.9);
  if (await endEarly(job, at, shown)) return ENDED_EARLY;

  const [bytes] = await Promise.all([drawing.final(), timeline.until(1)]);
  drawingService.countPicture();
  emitImage(job, at, { order, bytes, shown });
  if (behavior.ending === 'unended-after-image') return ENDED_EARLY;
  return imageUsage({
    words: record.request.prompt.words,
    options: { ...job.tool.options, quality: shown.quality },
    partials: order.partials,
    inputs: job.task.inputs,
    size: order,
  });
}

/** The options of the image, as events and items repeat them. */
function shownOptions({ tool: { options } }: Job, { width, height }: Size) {
  return {
    background: options.background === 'transparent' ? 'transparent' : 'opaque',
    output_format: options.outputFormat,
    quality: options.quality === 'auto' ? 'medium' : options.quality,
    size: `${width}x${height}`,
  } as const;
}

type ShownOptions = ReturnType<typeof shownOptions>;

interface ImageInProgress {
  readonly order: DrawingOrder;
  readonly drawing: Drawing;
  readonly shown: ShownOptions;
}

/** Announces the image and sends its partial images. */
async function emitProgress(job: Job, at: OutputPosition, { order, drawing, shown }: ImageInProgress): Promise<void> {
  const { record, behavior, timeline } = job;
  record.emit('response.output_item.added', {
    output_index: at.output_index,
    item: { id: at.item_id, type: 'image_generation_call', status: 'in_progress' },
  });
  record.emit('response.image_generation_call.in_progress', at);
  await timeline.until(0.05);
  record.emit('response.image_generation_call.generating', at);
  keepalive(record, behavior);

  const endsEarly = ['error-event', 'incomplete', 'unended', 'hang'].includes(behavior.ending ?? '');
  const moments = partialMoments(order.partials);
  for (const [partial, moment] of (endsEarly ? moments.slice(0, 1) : moments).entries()) {
    const [bytes] = await Promise.all([drawing.partial(partial), timeline.until(moment)]);
    record.emit('response.image_generation_call.partial_image', {
      ...at,
      partial_image_index: partial,
      partial_image_b64: bytes.toString('base64'),
      ...shown,
    });
    keepalive(record, behavior);
  }
}

interface FinishedImage {
  readonly order: DrawingOrder;
  readonly bytes: Buffer;
  readonly shown: ShownOptions;
}

/** Stores the finished image in the record and sends its item. */
function emitImage(job: Job, at: OutputPosition, { order, bytes, shown }: FinishedImage): void {
  const { record, behavior, task, tool } = job;
  const { svg } = tool.options;
  const result = resultText(bytes, behavior);
  if (!behavior.bare) record.emit('response.image_generation_call.completed', at);
  const item = {
    id: at.item_id,
    type: 'image_generation_call',
    status: behavior.bare ? 'generating' : 'completed',
    action: task.action,
    ...shown,
    result,
    ...(behavior.noRevisedPrompt ? {} : { revised_prompt: promptOfTool(job) }),
    ...(svg === null || behavior.noUsage ? {} : { svg_usage: svgUsage(svg) }),
  };
  record.output.push(item);
  const { width, height } = order;
  const idea = order.masked === null ? order.idea : { ...newIdea(order.idea.subject), base: bytes };
  record.pictures.push({ itemId: at.item_id, idea, order, width, height, reasoningId: job.reasoningId });
  record.emit('response.output_item.done', {
    output_index: at.output_index,
    item: behavior.resultOnlyAtEnd ? { ...item, result: null } : item,
  });
}

/** The prompt that the mainline model passed to the image model. */
function promptOfTool({ record, task, behavior }: Job): string {
  const { instructions, prompt } = record.request;
  const verbatim = asksVerbatim(instructions) && !behavior.rewritesAnyway;
  return verbatim ? prompt.asked : revisePrompt(prompt.words, task.action === 'edit');
}

function orderOf({ task, tool, behavior }: Job, index: number): DrawingOrder {
  const { options } = tool;
  const edge = (length: number) => (behavior.shrunken ? Math.round(length / 2) : length);
  const size: Size = { width: edge(task.size.width), height: edge(task.size.height) };
  return {
    idea: { ...task.idea, variant: task.idea.variant + index },
    ...size,
    rendition: renditionOf(options),
    partials: behavior.partials?.(options.partialImages) ?? options.partialImages,
    markup: null,
    masked: task.masked,
  };
}

function resultText(bytes: Buffer, behavior: WorkBehavior): string {
  switch (behavior.result) {
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

function keepalive(record: ResponseRecord, behavior: WorkBehavior): void {
  if (behavior.keepalive) record.emit('keepalive', {});
}
