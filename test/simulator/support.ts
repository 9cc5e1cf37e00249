/** A running simulator and the official client for it, for the tests of this folder. */
import OpenAI from 'openai';
import type { ResponseStreamEvent, Tool } from 'openai/resources/responses/responses';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/simulator.ts';

export const MODEL = 'gpt-5.5';
/** The smallest image of the upstream, in a format that is fast to encode. */
export const SMALL = { size: '1024x640', output_format: 'webp' } as const;

/** Starts a simulator that ends with the test. */
export async function simulate(options: SimulatorOptions = {}): Promise<{ simulator: Simulator; client: OpenAI }> {
  const simulator = await startSimulator({ durationMs: 0, art: 'plain', ...options });
  onTestFinished(() => simulator.close());
  return { simulator, client: new OpenAI({ apiKey: 'sk-test', baseURL: simulator.url, maxRetries: 0 }) };
}

export function tool(options: Partial<Tool.ImageGeneration> = {}): Tool.ImageGeneration {
  return { type: 'image_generation', ...SMALL, ...options };
}

export async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** Streams one image to its end. */
export async function stream(client: OpenAI, input: string, options: Partial<Tool.ImageGeneration> = {}) {
  return collect(await client.responses.create({ model: MODEL, input, stream: true, tools: [tool(options)] }));
}

/** The bytes of the final image, from `output_item.done`. */
export function finalOf(events: readonly ResponseStreamEvent[]): Buffer {
  for (const event of events) {
    if (event.type !== 'response.output_item.done' || event.item.type !== 'image_generation_call') continue;
    if (event.item.result) return Buffer.from(event.item.result, 'base64');
  }
  throw new Error('no final picture');
}

export function partialsOf(events: readonly ResponseStreamEvent[]): Buffer[] {
  return events.flatMap((event) =>
    event.type === 'response.image_generation_call.partial_image'
      ? [Buffer.from(event.partial_image_b64, 'base64')]
      : [],
  );
}

/** The bytes of a response's only image. */
export function pictureOf(response: OpenAI.Responses.Response): Buffer {
  const item = response.output.find((each) => each.type === 'image_generation_call');
  if (!item?.result) throw new Error('no picture');
  return Buffer.from(item.result, 'base64');
}

export function itemIdOf(response: OpenAI.Responses.Response): string {
  const item = response.output.find((each) => each.type === 'image_generation_call');
  if (item === undefined) throw new Error('no picture item');
  return item.id;
}

/** The difference of two images: the mean difference of their channels, 0 to 255, at a small common size. */
export async function distance(one: Buffer, other: Buffer): Promise<number> {
  const [a, b] = await Promise.all(
    [one, other].map((each) =>
      sharp(each).resize(256, 256, { fit: 'fill' }).removeAlpha().toColourspace('srgb').raw().toBuffer(),
    ),
  );
  if (a === undefined || b === undefined) throw new Error('two pictures were given');
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}

/** The error a promise rejects with. */
export async function errorOf(promise: PromiseLike<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof OpenAI.APIError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
