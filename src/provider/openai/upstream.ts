/** What every operation of the provider needs: the SDK's client, the options, the clock. */
import type OpenAI from 'openai';
import { createClient } from './client.ts';
import { mapCreateError } from './errors/http-errors.ts';
import type { RequestFeatures } from './errors/unsupported-features.ts';
import type { OpenAiProviderOptions } from './options.ts';

export interface Upstream {
  readonly client: OpenAI;
  readonly options: OpenAiProviderOptions;
  readonly firstByteTimeoutMs: number;
  readonly readTimeoutMs: number;
  readonly now: () => number;
}

export function connectUpstream(options: OpenAiProviderOptions): Upstream {
  const { firstByteTimeoutMs = 300_000, readTimeoutMs = 60_000, now = Date.now } = options;
  return { client: createClient(options, firstByteTimeoutMs), options, firstByteTimeoutMs, readTimeoutMs, now };
}

/** How long to wait for the headers of a stream and, of an error, for the body as well. */
export function createTimeoutMs({ firstByteTimeoutMs, options }: Upstream): number {
  return firstByteTimeoutMs + options.idleTimeoutMs;
}

/** Awaits the answer to a create request, which may buy something and is sent only once. */
export async function awaitCreated(
  { now }: Upstream,
  features: RequestFeatures,
  answer: Promise<Response>,
): Promise<Response> {
  try {
    return await answer;
  } catch (error) {
    throw mapCreateError(error, features, now());
  }
}
