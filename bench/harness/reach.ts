/** Finds a free port, and waits until a server listens on a port. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 5;
const TIMEOUT_MS = 60_000;

/** A free port on loopback. It is not reserved, so use it soon. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The address of a server that listens on a port is an AddressInfo.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Resolves when the process accepts connections. Checks in a way that uses little CPU time.
 * @throws {Error} when the process exits, or after a minute
 */
export async function untilListening(child: ChildProcess, port: number): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  while (!(await takesConnections(port))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('the process exited before it listened');
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
