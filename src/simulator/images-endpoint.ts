/**
 * `/v1/images/generations` and `/v1/images/edits`: up to ten pictures a request, streamed or not.
 * No sequence numbers, no background, no revised prompt.
 */
import { ApiError, asApiError, invalid } from './api-error.ts';
import { type Idea, ideaOver, newIdea } from './art/idea.ts';
import { EventLog, type SimulatorEvent } from './event-log.ts';
import { type Answer, bodyObject, type Exchange, json } from './exchange.ts';
import { automaticSize, type ImageOptions, parseSize, readImageOptions, type Size } from './image-options.ts';
import { type InputPicture, pictureFromBytes, pictureFromText } from './input-picture.ts';
import { isObject, type JsonObject, optionalFlag, optionalInteger, optionalText } from './json.ts';
import { Pace, partialMoments } from './pace.ts';
import { readPrompt, type SteeredPrompt } from './prompt.ts';
import { roundedSize } from './response-context.ts';
import { noSuchFile } from './response-request.ts';
import { findScenario, MODERATION_MESSAGE, moderationDetails, rejectAtDoor, type Scenario } from './scenarios.ts';
import type { Upstream } from './upstream.ts';
import { type ImageUsage, imageUsage, sumUsage } from './usage.ts';

const MAX_PICTURES = 10;
const MAX_INPUTS = 16;
const MAX_PROMPT = 32_000;
const DEFAULT_MODEL = 'gpt-image-1.5';

interface ImagesRequest {
  readonly kind: 'image_generation' | 'image_edit';
  readonly prompt: SteeredPrompt;
  readonly options: ImageOptions;
  readonly count: number;
  readonly stream: boolean;
  readonly inputs: readonly InputPicture[];
  readonly mask: Buffer | null;
}

interface Job {
  readonly upstream: Upstream;
  readonly request: ImagesRequest;
  readonly scenario: Scenario;
  readonly pace: Pace;
  readonly emit: (event: SimulatorEvent) => void;
  readonly gone: AbortSignal;
}

/** `POST /v1/images/generations` and `POST /v1/images/edits` */
export async function makeImages(upstream: Upstream, exchange: Exchange, kind: ImagesRequest['kind']): Promise<Answer> {
  const request = await readImagesRequest(bodyObject(exchange), kind);
  const scenario = findScenario(upstream.scenarioNames(request.prompt));
  rejectAtDoor(scenario, () => upstream.alreadyRejected(request.prompt.words));
  if (scenario.proxyPage !== undefined) return { kind: 'page', ...scenario.proxyPage };
  if (scenario.silent) return { kind: 'silence' };

  const log = new EventLog();
  const emit = (event: SimulatorEvent) => {
    log.append(event);
    upstream.onEvent(event, exchange);
  };
  const durationMs = (request.prompt.durationMs ?? upstream.durationMs) * (scenario.work?.slowness ?? 1);
  const job: Job = {
    upstream,
    request,
    scenario,
    pace: new Pace(durationMs, exchange.gone),
    emit,
    gone: exchange.gone,
  };
  const work = makeAll(job);
  const wire = scenario.wire ?? {};
  if (request.stream && scenario.rejectAfterWork === undefined) {
    // Whatever ends the work early, aborted or not, ends the stream; an error has become an event by then.
    work.catch(() => undefined).finally(() => log.end());
    return { kind: 'events', events: log.read(0, exchange.gone), wire };
  }
  const pictures = await work;
  if (scenario.rejectAfterWork !== undefined) throw new ApiError(scenario.rejectAfterWork);
  if (pictures === null) return { kind: 'cut' };
  const { size, quality, background, output_format } = shownOptions(request);
  const usage = scenario.work?.noUsage ? {} : { usage: sumUsage(pictures.map((each) => each.usage)) };
  const data = pictures.map(({ result }) => ({ b64_json: result }));
  return json({ created: now(), background, output_format, quality, size, data, ...usage }, wire);
}

interface Made {
  readonly result: string;
  readonly usage: ImageUsage;
}

/** The pictures one after the other; null when the scenario ended the work without an end. */
async function makeAll(job: Job): Promise<readonly Made[] | null> {
  const made: Made[] = [];
  try {
    for (let index = 0; index < job.request.count; index += 1) {
      const picture = await makeOne(job, index);
      if (picture === null) return null;
      made.push(picture);
    }
    return made;
  } catch (error) {
    if (job.gone.aborted) job.upstream.countStopped();
    else if (job.request.stream) job.emit({ type: 'error', ...asApiError(error).body });
    throw error;
  }
}

async function makeOne(job: Job, index: number): Promise<Made | null> {
  const { request, scenario, pace, emit } = job;
  const steering = scenario.work ?? {};
  const { options, kind } = request;
  const size = sizeOf(request);
  const asked = request.stream ? options.partialImages : 0;
  const partials = steering.partials?.(asked) ?? asked;
  const idea = ideaOf(request, index);
  const [first] = request.inputs;
  const drawing = job.upstream.press.start({
    idea,
    ...size,
    format: options.outputFormat,
    compression: options.outputCompression,
    background: options.background,
    partials,
    masked:
      request.mask === null || first === undefined
        ? null
        : { mask: request.mask, parent: { ...idea, base: first.bytes, changes: [] } },
  });
  // As in response-work.ts: begun now, awaited later or never.
  (partials > 0 ? drawing.partial(0) : drawing.final()).catch(() => undefined);
  const shown = shownOptions(request);
  // Several pictures share the time, one behind the other.
  const moment = (fraction: number) => pace.until((index + fraction) / request.count);
  for (const [partial, fraction] of partialMoments(partials).entries()) {
    const [bytes] = await Promise.all([drawing.partial(partial), moment(fraction)]);
    const b64_json = bytes.toString('base64');
    emit({ type: `${kind}.partial_image`, b64_json, partial_image_index: partial, created_at: now(), ...shown });
    if (steering.ending === 'unended') return null;
    if (steering.ending === 'hang') await pace.forever();
  }
  await moment(0.9);
  if (steering.ending === 'unended') return null;
  if (steering.ending === 'hang') await pace.forever();
  throwEnding(scenario);
  const [bytes] = await Promise.all([drawing.final(), moment(1)]);
  job.upstream.countPicture();
  const usage = imageUsage({
    words: request.prompt.words,
    quality: shown.quality,
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
      ...(steering.noUsage ? {} : { usage }),
    });
  }
  return { result, usage };
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
    throw new ApiError({
      status: 500,
      type: 'server_error',
      code: 'server_error',
      message: 'The server had an error while processing your request.',
    });
  }
}

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

async function readImagesRequest(body: JsonObject, kind: ImagesRequest['kind']): Promise<ImagesRequest> {
  const prompt = optionalText(body['prompt'], 'prompt');
  if (!prompt) throw invalid("Missing required parameter: 'prompt'.", 'prompt', 'missing_required_parameter');
  if (prompt.length > MAX_PROMPT) {
    const message = `Invalid 'prompt': string too long. Expected a string with maximum length ${MAX_PROMPT}, but got a string with length ${prompt.length} instead.`;
    throw invalid(message, 'prompt', 'string_above_max_length');
  }
  if (body['response_format'] !== undefined && body['response_format'] !== null) {
    throw invalid("Unknown parameter: 'response_format'.", 'response_format', 'unknown_parameter');
  }
  const options = readImageOptions(body, '', DEFAULT_MODEL);
  const stream = optionalFlag(body['stream'], 'stream');
  if (options.outputFormat === 'gif' && stream)
    throw invalid("GIF output does not support 'stream'.", 'stream', 'invalid_value');
  return {
    kind,
    prompt: readPrompt(prompt),
    options,
    count: optionalInteger(body['n'], 'n', 1, MAX_PICTURES) ?? 1,
    stream,
    inputs: kind === 'image_edit' ? await readInputs(body) : [],
    mask: kind === 'image_edit' && body['mask'] ? (await readPicture(body['mask'], 'mask')).bytes : null,
  };
}

async function readInputs(body: JsonObject): Promise<readonly InputPicture[]> {
  const given = body['image'] ?? body['images'] ?? [];
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.length === 0) throw invalid("Missing required parameter: 'image'.", 'image', 'missing_required_parameter');
  if (list.length > MAX_INPUTS) {
    throw invalid(
      `Invalid 'image': array too long. Expected an array with maximum length ${MAX_INPUTS}, but got an array with length ${list.length} instead.`,
      'image',
      'array_above_max_length',
    );
  }
  return Promise.all(list.map((each, index) => readPicture(each, `image[${index}]`)));
}

/** A file of a form, or a reference in JSON. */
async function readPicture(value: unknown, param: string): Promise<InputPicture> {
  if (value instanceof Blob) return pictureFromBytes(Buffer.from(await value.arrayBuffer()), param);
  if (isObject(value) && typeof value['image_url'] === 'string') return pictureFromText(value['image_url'], param);
  if (isObject(value) && typeof value['file_id'] === 'string') throw noSuchFile(value['file_id'], param);
  throw invalid(`Invalid type for '${param}': expected a file.`, param, 'invalid_type');
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
