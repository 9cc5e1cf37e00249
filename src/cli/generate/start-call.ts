/** Asks the server for a picture. What it refuses is told in the names of the options that were typed. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { UsageError } from '../usage-error.ts';
import { execute, NoAnswerError, type RequestOptions } from './api-client.ts';
import type { Task } from './arguments.ts';
import { Generate, Refine } from './documents.ts';
import type { GenerateMutation, ImageOptionsInput, RefineMutation } from './gql/graphql.ts';

/** How long an answer that was lost on the way is asked for again. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 500;

/**
 * Returns the id of the call to follow: a new one, or the one to watch.
 * @throws {UsageError} what the server does not accept, each field by its option
 */
export async function startCall(task: Task, options: ImageOptionsInput, request: RequestOptions): Promise<string> {
  const idempotencyKey = randomUUID();
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await send(task, options, idempotencyKey, request);
    } catch (error) {
      if (!(error instanceof NoAnswerError) || performance.now() > deadline) throw error;
      // The key makes it the same request, whether or not the first one arrived.
      await delay(PAUSE_MS, undefined, { signal: request.signal });
    }
  }
}

async function send(
  task: Task,
  options: ImageOptionsInput,
  idempotencyKey: string,
  request: RequestOptions,
): Promise<string> {
  switch (task.type) {
    case 'watch':
      return task.callId;
    case 'generate': {
      const { prompt, conversationId } = task;
      const { generateImage } = await execute(
        Generate,
        { input: { prompt, conversationId, options, idempotencyKey } },
        request,
      );
      if (generateImage.__typename === 'GenerateImageSuccess') return generateImage.call.id;
      throw refusal(generateImage);
    }
    case 'refine': {
      const { prompt, imageId } = task;
      const { refineImage } = await execute(Refine, { input: { prompt, imageId, options, idempotencyKey } }, request);
      if (refineImage.__typename === 'RefineImageSuccess') return refineImage.call.id;
      throw refusal(refineImage);
    }
  }
}

type Refusal = Exclude<GenerateMutation['generateImage'] | RefineMutation['refineImage'], { readonly call: unknown }>;

function refusal(error: Refusal): Error {
  const { message } = error;
  if ('fields' in error) {
    const problems = error.fields.map((problem) => `${optionName(problem.field)} ${problem.message}`);
    if (problems.length === 1) return new UsageError(problems.join());
    return new UsageError(['this cannot be asked for:', ...problems].join('\n  '));
  }
  if ('field' in error) return new UsageError(`${optionName(error.field)}: ${message}`);
  if ('option' in error) return new UsageError(`${optionName(error.option)}: ${message}`);
  return new Error(message);
}

const OPTION_NAMES: Readonly<Record<string, string>> = {
  prompt: 'the prompt',
  imageId: '--refine',
  conversationId: '--conversation',
  'options.partialImages': '--partials',
};

function optionName(field: string): string {
  return OPTION_NAMES[field] ?? field.replace(/^options\./u, '--');
}
