/**
 * Writes server-sent events in the upstream's format (`event: <type>`, `data: <json>`, an empty line), with
 * back-pressure, and plays the faults of the connection.
 */
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WireBehavior } from '../scenarios/scenario.ts';
import type { SimulatorEvent } from './event-log.ts';
import { isObject } from './json.ts';

const SMALL_FRAME_BYTES = 4096;
const SMALL_PIECE_BYTES = 3;
const LARGE_PIECE_BYTES = 997;

/** Writes the events until they end or the client leaves. Ends the response unless a scenario cut the connection. */
export async function writeEvents(
  res: ServerResponse,
  events: AsyncIterable<SimulatorEvent>,
  wire: WireBehavior,
): Promise<void> {
  for await (const event of wire.reorder ? swapNeighbours(events) : events) {
    if (res.destroyed) return;
    const frame = frameOf(event, wire);
    if (wire.cut && carriesFinal(event)) return cutWithin(res, frame);
    if (wire.comments) await write(res, ': keep-alive\n\n');
    await (wire.pieces ? writeInPieces(res, frame) : write(res, frame));
    if (wire.duplicate && carriesPicture(event)) await write(res, frame);
  }
  res.end();
}

function frameOf(event: SimulatorEvent, wire: WireBehavior): string {
  const newline = wire.crlf ? '\r\n' : '\n';
  return `event: ${event.type}${newline}data: ${JSON.stringify(event)}${newline}${newline}`;
}

function carriesFinal(event: SimulatorEvent): boolean {
  if (event.type !== 'response.output_item.done') return event.type.endsWith('.completed') && 'b64_json' in event;
  return isObject(event['item']) && typeof event['item']['result'] === 'string';
}

function carriesPicture(event: SimulatorEvent): boolean {
  return event.type.endsWith('.partial_image') || carriesFinal(event);
}

/** Swaps every image event, and `generating`, with the event after it. */
async function* swapNeighbours(events: AsyncIterable<SimulatorEvent>): AsyncGenerator<SimulatorEvent> {
  let held: SimulatorEvent | null = null;
  for await (const event of events) {
    if (held !== null) {
      yield event;
      yield held;
      held = null;
    } else if (event.type.endsWith('.partial_image') || event.type.endsWith('.generating')) held = event;
    else yield event;
  }
  if (held !== null) yield held;
}

async function writeInPieces(res: ServerResponse, frame: string): Promise<void> {
  const bytes = Buffer.from(frame);
  const size = bytes.length <= SMALL_FRAME_BYTES ? SMALL_PIECE_BYTES : LARGE_PIECE_BYTES;
  for (let at = 0; at < bytes.length && !res.destroyed; at += size) {
    await write(res, bytes.subarray(at, at + size));
    // A turn of the event loop between pieces makes most of them arrive as separate chunks.
    await nextTurn();
  }
}

/** Sends half of the frame, then destroys the connection. */
async function cutWithin(res: ServerResponse, frame: string): Promise<void> {
  await new Promise<void>((resolve) => res.write(frame.slice(0, frame.length / 2), () => resolve()));
  res.destroy();
}

/** Resolves when more can be written, or at once if the client has left. */
async function write(res: ServerResponse, chunk: string | Buffer): Promise<void> {
  if (res.destroyed || res.write(chunk)) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  res.once('drain', resolve);
  res.once('close', resolve);
  await promise;
  res.off('drain', resolve);
  res.off('close', resolve);
}
