/**
 * `/v1/images/generations` and `/v1/images/edits`: up to ten images a request, streamed or not.
 * Unlike the Responses API: no sequence numbers, no background mode, no revised prompt.
 */

import { type Idea, ideaOver, newIdea } from '../art/idea.ts';
import { type DrawingOrder, renditionOf } from '../art/order.ts';
import { ApiError, asApiError } from '../http/api-error.ts';
import { EventLog, type SimulatorEvent } from '../http/event-log.ts';
import { type Answer, bodyObject, type Exchange, json } from '../http/exchange.ts';
import { automaticSize, parseSize, type Size } from '../image-options.ts';
import { planningOf } from '../planning.ts';
import { roundedSize } from '../responses/drawing-task.ts';
import { MODERATION_MESSAGE, moderationDetails, type Scenario } from '../scenarios/scenario.ts';
import { rejectEarly } from '../scenarios/scenarios.ts';
import { partialMoments, Timeline } from '../timeline.ts';
import type { Upstream } from '../upstream.ts';
import { type ImageUsage, imageUsage, sumUsage, svgUsage } from '../usage.ts';
import { type ImagesRequest, readImagesRequest } from './request.ts';

interface Job {
  readonly upstream: Upstream;
  readonly request: ImagesRequest;
  readonly scenario: Scenario;
  readonly timeline: Timeline;
  readonly emit: (event: SimulatorEvent) => void;
  readonly gone: AbortSignal;
}

/** `POST /v1/images/generations` and `POST /v1/images/edits` */
export async function makeImages(upstream: Upstream, exchange: Exchange, kind: ImagesRequest['kind']): Promise<Answer> {
  const request = await readImagesRequest(bodyObject(exchange), kind, upstream.files);
  const scenario = upstream.scenarioOf(request.prompt);
  rejectEarly(scenario, upstream.rejectionHistory(request.prompt));
  if (scenario.proxyPage !== undefined) return { kind: 'page', ...scenario.proxyPage };
  if (scenario.silent) return { kind: 'silence' };

  const log = new EventLog();
  const emit = (event: SimulatorEvent) => {
    log.append(event);
    upstream.onEvent(event, exchange);
  };
  const { duration } = planningOf(request.options.complexity);
  const durationMs = (request.prompt.durationMs ?? upstream.durationMs) * duration * (scenario.work?.slowness ?? 1);
  const job: Job = {
    upstream,
    request,
    scenario,
    timeline: new Timeline(durationMs, exchange.gone),
    emit,
    gone: exchange.gone,
  };
  const work = makeAll(job);
  const wire = scenario.wire ?? {};
  if (request.stream && scenario.rejectAfterWork === undefined) {
    // The stream ends with the work, even when the work fails. The error has been sent as an event by then.
    work.catch(() => undefined).finally(() => log.end());
    return { kind: 'events', events: log.read(0, exchange.gone), wire };
  }
  const pictures = await work;
  if (scenario.rejectAfterWork !== undefined) throw new ApiError(scenario.rejectAfterWork);
  if (pictures === null) return { kind: 'cut' };
  const { size, quality, background, output_format } = shownOptions(request);
  const { svg } = request.options;
  const usage = {
    usage: sumUsage(pictures.map((each) => each.usage)),
    ...(svg === null ? {} : { svg_usage: svgUsage(svg) }),
  };
  const data = pictures.map(({ result }) => ({ b64_json: result }));
  return json(
    { created: now(), background, output_format, quality, size, data, ...(scenario.work?.noUsage ? {} : usage) },
    wire,
  );
}

interface Made {
  readonly result: string;
  readonly usage: ImageUsage;
}

/** Makes the images one after the other. Null when the scenario stops without a result. */
async function makeAll(job: Job): Promise<readonly Made[] | null> {
  const made: Made[] = [];
  try {
    const count = job.request.count - (job.scenario.work?.fewer ?? 0);
    for (let index = 0; index < count; index += 1) {
      const picture = await makeOne(job, index);
      if (picture === null) return null;
      made.push(picture);
    }
    if (job.scenario.forgetFiles) job.upstream.files.forgetAll();
    return made;
  } catch (error) {
    if (job.gone.aborted) job.upstream.countStopped();
    else if (job.request.stream) job.emit({ type: 'error', ...asApiError(error).body });
    throw error;
  }
}

async function makeOne(job: Job, index: number): Promise<Made | null> {
  const { request, scenario, timeline, emit } = job;
  const behavior = scenario.work ?? {};
  const { options, kind } = request;
  const size = sizeOf(request);
  const asked = request.stream ? options.partialImages : 0;
  const partials = behavior.partials?.(asked) ?? asked;
  const drawing = job.upstream.renderer.start(orderOf(request, index, partials));
  // As in responses/run-response.ts: starts now, and is awaited later or never.
  (partials > 0 ? drawing.partial(0) : drawing.final()).catch(() => undefined);
  const shown = shownOptions(request);
  // Several images share the duration, one after the other.
  const moment = (fraction: number) => timeline.until((index + fraction) / request.count);
  for (const [partial, fraction] of partialMoments(partials).entries()) {
    const [bytes] = await Promise.all([drawing.partial(partial), moment(fraction)]);
    const b64_json = bytes.toString('base64');
    emit({ type: `${kind}.partial_image`, b64_json, partial_image_index: partial, created_at: now(), ...shown });
    if (behavior.ending === 'unended') return null;
    if (behavior.ending === 'hang') await timeline.forever();
  }
  await moment(0.9);
  if (behavior.ending === 'unended') return null;
  if (behavior.ending === 'hang') await timeline.forever();
  throwEnding(scenario);
  const [bytes] = await Promise.all([drawing.final(), moment(1)]);
  job.upstream.countPicture();
  const usage = imageUsage({
    words: request.prompt.words,
    options: { ...options, quality: shown.quality },
    size,
    partials,
    inputs: request.inputs,
  });
  const result = bytes.toString('base64');
  if (request.stream) {
    emit({
      type: `${kind}.completed`,
      b64_json: result,
      created_at: now(),
      ...shown,
      ...(behavior.noUsage ? {} : { usage }),
    });
  }
  return { result, usage };
}

function orderOf(request: ImagesRequest, variant: number, partials: number): DrawingOrder {
  const { options, mask, markup } = request;
  const [first] = request.inputs;
  const idea = ideaOf(request, variant);
  return {
    idea,
    ...sizeOf(request),
    rendition: renditionOf(options),
    partials,
    markup,
    masked: mask === null || first === undefined ? null : { mask, parent: { ...idea, base: first.bytes, changes: [] } },
  };
}

function throwEnding({ work }: Scenario): void {
  if (work?.ending === 'moderated') {
    const type = 'image_generation_user_error';
    throw new ApiError({
      status: 400,
      type,
      code: 'moderation_blocked',
      message: MODERATION_MESSAGE,
      details: moderationDetails('output'),
    });
  }
  if (work?.ending === 'failed' || work?.ending === 'error-event') {
    const { code, message } = work.failure ?? {
      code: 'server_error',
      message: 'The server had an error while processing your request.',
    };
    throw new ApiError({ ...(FAULTS[code] ?? { status: 400, type: 'image_generation_user_error' }), code, message });
  }
}

/** Error codes that are not the fault of the request. */
const FAULTS: Readonly<Record<string, { readonly status: number; readonly type: string }>> = {
  server_error: { status: 500, type: 'server_error' },
  vector_store_timeout: { status: 500, type: 'server_error' },
  rate_limit_exceeded: { status: 429, type: 'requests' },
};

function shownOptions(request: ImagesRequest) {
  const { options } = request;
  const { width, height } = sizeOf(request);
  return {
    size: `${width}x${height}`,
    quality: options.quality === 'auto' ? 'medium' : options.quality,
    background: options.background === 'transparent' ? 'transparent' : 'opaque',
    output_format: options.outputFormat,
  } as const;
}

function sizeOf(request: ImagesRequest): Size {
  const [first] = request.inputs;
  return (
    parseSize(request.options.size) ?? (first === undefined ? automaticSize(request.prompt.words) : roundedSize(first))
  );
}

function ideaOf(request: ImagesRequest, variant: number): Idea {
  const [first] = request.inputs;
  const { words } = request.prompt;
  return first === undefined ? newIdea(words, variant) : ideaOver(first.bytes, words, variant);
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
