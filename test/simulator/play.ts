/** Plays one prompt against a simulator of its own, and what can be said of what came. */
import OpenAI from 'openai';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { expect } from 'vitest';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { MODEL, partialsOf, simulate, tool } from './support.ts';

export interface Played {
  readonly client: OpenAI;
  readonly simulator: Simulator;
  /** What came until the stream ended, broke off, or was given up. */
  readonly events: readonly ResponseStreamEvent[];
  readonly types: readonly string[];
  /** What the client threw, while asking or while reading. */
  readonly error: unknown;
  readonly elapsedMs: number;
}

const PATIENCE_MS = 20_000;
/** Silence is what these are about, so that it need not be waited for long. */
const SILENT = /hang|stuck-queued/;
const SILENT_PATIENCE_MS = 1200;

/** Streams `prompt` with two partials; gives up on silence. */
export async function play(prompt: string, options: { background?: boolean } = {}): Promise<Played> {
  const { client, simulator } = await simulate({ durationMs: 40 });
  const startedAt = performance.now();
  const events: ResponseStreamEvent[] = [];
  const silence = new AbortController();
  let error: unknown = null;
  let timer = setTimeout(() => undefined);
  const patient = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENT.test(prompt) ? SILENT_PATIENCE_MS : PATIENCE_MS);
  };
  try {
    const ask = {
      model: MODEL,
      input: prompt,
      stream: true as const,
      tools: [tool({ partial_images: 2 })],
      ...options,
    };
    const stream = await client.responses.create(ask, { signal: silence.signal });
    patient();
    for await (const event of stream) {
      events.push(event);
      patient();
    }
  } catch (thrown) {
    error = thrown;
  }
  clearTimeout(timer);
  if (silence.signal.aborted) error = 'silence';
  return {
    client,
    simulator,
    events,
    types: events.map((event) => event.type),
    error,
    elapsedMs: performance.now() - startedAt,
  };
}

/** Warms the press first: what is measured in time should not be the first drawing. */
export async function playWarm(prompt: string): Promise<Played> {
  await play('a boat');
  return play(prompt);
}

export function responseOf(played: Played): OpenAI.Responses.Response {
  const last = played.events.findLast((event) => 'response' in event);
  if (last === undefined || !('response' in last)) throw new Error('no event carried the response');
  return last.response;
}

export function rejected(status: number, fields: object = {}) {
  return ({ error, simulator }: Played) => {
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ status, ...fields });
    expect(simulator.requests.pictures).toBe(0);
  };
}

export function partials(count: number) {
  return (played: Played) => {
    expect(partialsOf(played.events)).toHaveLength(count);
    expect(played.types.at(-1)).toBe('response.completed');
  };
}

export function resultIs(check: (result: string) => void) {
  return ({ events }: Played) => {
    const done = events.find(
      (event) => event.type === 'response.output_item.done' && event.item.type === 'image_generation_call',
    );
    if (done?.type !== 'response.output_item.done' || done.item.type !== 'image_generation_call')
      throw new Error('no item');
    check(done.item.result ?? 'null');
  };
}

export const inOrder = (played: Played) => {
  expect(played.events.map((event) => event.sequence_number)).toEqual(played.events.map((_, index) => index));
  expect(played.types.at(-1)).toBe('response.completed');
};
