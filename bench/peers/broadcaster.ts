/**
 * The peer of fan-out: bare `ws`. It reads the same upstream stream without looking into it, and with each event that has
 * come to its end, sends one prepared buffer to everybody.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { serveCalls } from '../harness/serve-calls.ts';
import { type Order, promptOf } from '../processes/order.ts';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
await once(server, 'listening');
// A server that listens on a port has an address of this kind.
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
    // The upstream writes an event at a time and waits: only its end comes with two line ends behind each other.
    if (value.at(-1) !== LF || value.at(-2) !== LF) continue;
    const message = messages[next];
    next += 1;
    if (message !== undefined) broadcast(message);
  }
}

const api = {
  url: () => `http://127.0.0.1:${port}`,
  /** Asks the upstream as ours does; the n-th partial will be answered with the n-th message. */
  async begin(baseUrl: string, order: Order, messages: readonly string[]): Promise<void> {
    const prepared = messages.map((message) => Buffer.from(message));
    const response = await fetch(`${baseUrl}/responses`, { method: 'POST', body: promptOf(order) });
    const reader = response.body?.getReader();
    if (reader === undefined) throw new Error('the upstream gave nothing to read');
    // The last of the events that come before the first partial.
    for (let text = ''; !text.includes('image_generation_call.generating'); ) {
      const { value } = await reader.read();
      text += Buffer.from(value ?? []).toString('latin1');
    }
    void follow(reader, prepared);
  },
};

export type BroadcasterApi = typeof api;

serveCalls(api);
