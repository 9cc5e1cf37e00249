/**
 * The peer for fan-out: bare `ws`. It reads the same upstream stream without parsing it, and sends one prepared buffer
 * to all clients at the end of each event.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { serveCalls } from '../harness/serve-calls.ts';
import { type Order, promptOf } from '../processes/order.ts';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
await once(server, 'listening');
// The address of a server that listens on a port is an AddressInfo.
const { port } = server.address() as AddressInfo;

const LF = 0x0a;

function broadcast(message: Buffer): void {
  for (const socket of server.clients) socket.send(message, { binary: false });
}

async function follow(reader: ReadableStreamDefaultReader<Uint8Array>, messages: readonly Buffer[]): Promise<void> {
  let next = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done || next === messages.length) return reader.cancel();
    // The upstream writes one event at a time and waits. Only the end of an event has two consecutive line breaks.
    if (value.at(-1) !== LF || value.at(-2) !== LF) continue;
    const message = messages[next];
    next += 1;
    if (message !== undefined) broadcast(message);
  }
}

const api = {
  url: () => `http://127.0.0.1:${port}`,
  /** Sends the upstream the same request as our server. The n-th partial image triggers the n-th message. */
  async begin(baseUrl: string, order: Order, messages: readonly string[]): Promise<void> {
    const prepared = messages.map((message) => Buffer.from(message));
    const response = await fetch(`${baseUrl}/responses`, { method: 'POST', body: promptOf(order) });
    const reader = response.body?.getReader();
    if (reader === undefined) throw new Error('the response of the upstream has no body');
    // The last event before the first partial image.
    for (let text = ''; !text.includes('image_generation_call.generating'); ) {
      const { value } = await reader.read();
      text += Buffer.from(value ?? []).toString('latin1');
    }
    void follow(reader, prepared);
  },
};

export type BroadcasterApi = typeof api;

serveCalls(api);
