/** Sends the mutation. Errors of the server are translated to the names of the command line options. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { UsageError } from '../usage-error.ts';
import { execute, NoAnswerError, type RequestOptions } from './api-client.ts';
import { describeRefusal } from './api-key.ts';
import type { Action } from './arguments.ts';
import { Generate, Refine } from './documents.ts';
import type { GenerateMutation, ImageOptionsInput, RefineMutation } from './gql/graphql.ts';

/** How long to repeat the mutation after its response was lost, in milliseconds. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 500;

/**
 * Returns the id of the call to follow: a new one, or the one of `--watch`.
 * @throws {UsageError} when the server rejects the input, naming the option of each field
 */
export async function startCall(action: Action, options: ImageOptionsInput, request: RequestOptions): Promise<string> {
  const idempotencyKey = randomUUID();
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await send(action, options, idempotencyKey, request);
    } catch (error) {
      if (!(error instanceof NoAnswerError) || performance.now() > deadline) throw error;
      // The idempotency key makes this safe, whether or not the first request arrived.
      await delay(PAUSE_MS, undefined, { signal: request.signal });
    }
  }
}

async function send(
  action: Action,
  options: ImageOptionsInput,
  idempotencyKey: string,
  request: RequestOptions,
): Promise<string> {
  switch (action.type) {
    case 'watch':
      return action.callId;
    case 'generate': {
      const { prompt, conversationId } = action;
      const { generateImage } = await execute(
        Generate,
        { input: { prompt, conversationId, options, idempotencyKey } },
        request,
      );
      if (generateImage.__typename === 'GenerateImageSuccess') return generateImage.call.id;
      throw rejection(generateImage, request);
    }
    case 'refine': {
      const { prompt, imageId } = action;
      const { refineImage } = await execute(Refine, { input: { prompt, imageId, options, idempotencyKey } }, request);
      if (refineImage.__typename === 'RefineImageSuccess') return refineImage.call.id;
      throw rejection(refineImage, request);
    }
  }
}

type Rejection = Exclude<GenerateMutation['generateImage'] | RefineMutation['refineImage'], { readonly call: unknown }>;

function rejection(error: Rejection, { url, apiKey }: RequestOptions): Error {
  const { message } = error;
  if ('fields' in error) {
    const problems = error.fields.map((problem) => `${optionName(problem.field)} ${problem.message}`);
    if (problems.length === 1) return new UsageError(problems.join());
    return new UsageError(['the server rejected this request:', ...problems].join('\n  '));
  }
  if ('field' in error) return new UsageError(`${optionName(error.field)}: ${message}`);
  if ('option' in error) return new UsageError(`${optionName(error.option)}: ${message}`);
  const refusal = {
    code: REFUSAL_CODES[error.__typename],
    message,
    retryAfter: 'retryAfter' in error ? error.retryAfter : null,
  };
  return new Error(describeRefusal(refusal, url, apiKey) ?? message);
}

const REFUSAL_CODES: Readonly<Record<string, string>> = {
  ForbiddenError: 'FORBIDDEN',
  RateLimitedError: 'RATE_LIMITED',
};

const OPTION_NAMES: Readonly<Record<string, string>> = {
  prompt: 'the prompt',
  imageId: '--refine',
  conversationId: '--conversation',
  'options.partialImages': '--partials',
  'options.frameCount': '--frames',
  'options.frameDurationMs': '--frame-ms',
  'options.svg.model': '--svg-model',
  'options.svg.reasoningEffort': '--svg-effort',
  'options.completionWindow': '--window',
};

function optionName(field: string): string {
  return OPTION_NAMES[field] ?? field.replace(/^options\./u, '--');
}
