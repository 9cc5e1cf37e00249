/** A network between client and server whose faults are switched on and off: it cuts, stalls, and refuses connections. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface FaultyNetwork extends AsyncDisposable {
  /** The address of the API through it. */
  readonly url: string;
  /** How many connections were accepted so far. */
  readonly accepted: number;
  /** How many are open. */
  readonly open: number;
  /** Resets all connections. */
  cut(): void;
  /** Passes on nothing more of the connections that are open now; they stay open. */
  stall(): void;
  /** While true, new connections are reset at once. */
  isRefusing: boolean;
  /** To another server, from now on. */
  leadTo(serverUrl: string): void;
}

/** @param serverUrl without a trailing slash */
export async function startFaultyNetwork(serverUrl: string): Promise<FaultyNetwork> {
  let target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  const faults = { accepted: 0, isRefusing: false };
  const server = createServer((incoming) => {
    if (faults.isRefusing) {
      incoming.resetAndDestroy();
      return;
    }
    faults.accepted += 1;
    const outgoing = connect(Number(target.port), target.hostname);
    join(incoming, outgoing);
    join(outgoing, incoming);
    sockets.add(incoming);
    incoming.on('close', () => sockets.delete(incoming));
  });
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    // It listens on a port.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    get accepted() {
      return faults.accepted;
    },
    get open() {
      return sockets.size;
    },
    cut,
    stall() {
      for (const socket of sockets) socket.emit('stall');
    },
    get isRefusing() {
      return faults.isRefusing;
    },
    set isRefusing(value) {
      faults.isRefusing = value;
    },
    leadTo(url) {
      target = new URL(url);
    },
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}

function join(from: Socket, to: Socket): void {
  from.pipe(to);
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroy());
  from.on('stall', () => {
    from.unpipe(to);
    to.unpipe(from);
  });
}
