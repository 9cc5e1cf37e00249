/** Servers that are reached on a port chosen here: a free one, and the moment when somebody listens on it. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 5;
const TIMEOUT_MS = 60_000;

/** A port of loopback that nobody listens on; given back at once, so it is to be taken soon. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Resolves when the process takes connections, found out at a cost that leaves the process its processor.
 * @throws an Error when the process ends instead, or takes a minute
 */
export async function untilListening(child: ChildProcess, port: number): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  while (!(await takesConnections(port))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('the process ended before it listened');
    if (performance.now() > deadline) throw new Error('the process does not listen');
    await sleep(RETRY_MS);
  }
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
