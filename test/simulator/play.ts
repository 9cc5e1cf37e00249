/** Plays one prompt against a simulator of its own, with checks for the result. */
import OpenAI from 'openai';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { expect } from 'vitest';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { MODEL, partialsOf, simulate, tool } from './support.ts';

export interface Played {
  readonly client: OpenAI;
  readonly simulator: Simulator;
  /** The events until the stream ended, was cut, or fell silent. */
  readonly events: readonly ResponseStreamEvent[];
  readonly types: readonly string[];
  /** What the client threw, during the request or while reading. */
  readonly error: unknown;
  readonly elapsedMs: number;
}

const PATIENCE_MS = 20_000;
/** Scenarios that fall silent on purpose: a short wait shows it. */
const SILENT = /hang|stuck-queued/;
const SILENT_PATIENCE_MS = 1200;

/** Streams `prompt` with two partial images. Stops when the stream is silent. */
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

/** Draws once before, so that a measured time does not include the first drawing. */
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
