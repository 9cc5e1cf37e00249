/** A proxy for TCP connections to a server that cuts them in the middle of a subscription, as networks do. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** How a connection ends: with an RST, with a FIN, within a message, or with an orderly close frame of WebSocket. */
export type CutKind = 'reset' | 'end' | 'inside an event' | 'close frame';

export interface Cut {
  /** After how many events, counted by their cursors. */
  readonly afterEvents: number;
  readonly kind: CutKind;
}

export interface ConnectionCutter extends AsyncDisposable {
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  /** Cuts the next connections with events, one cut each. Later connections stay. */
  cut(cuts: readonly Cut[]): void;
  /** Cuts that are left. */
  left(): number;
}

const EVENT = Buffer.from('"cursor":');
/** A close frame with code 1000, as a server sends it. */
const NORMAL_CLOSURE = Buffer.from([0x88, 0x02, 0x03, 0xe8]);
/** Time for written bytes to arrive before an RST discards the rest. */
const FLUSH_MS = 20;

export async function startConnectionCutter(serverUrl: string): Promise<ConnectionCutter> {
  const { port: serverPort } = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let cuts: Cut[] = [];

  const server = createServer((client) => {
    const upstream = connect(Number(serverPort), '127.0.0.1');
    let events = 0;
    let isCut = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    }
    client.on('data', (chunk: Buffer) => void upstream.write(withoutEncodings(chunk)));
    client.on('end', () => upstream.end());
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => void (isCut || client.destroy()));
    upstream.on('data', (chunk: Buffer) => {
      if (isCut) return;
      const [cut] = cuts;
      const starts = startsIn(chunk);
      const before = events;
      events += starts.length;
      if (cut === undefined || events < cut.afterEvents) {
        client.write(chunk);
        return;
      }
      isCut = true;
      cuts = cuts.slice(1);
      upstream.destroy();
      void end(client, pieceOf(chunk, starts, { ...cut, afterEvents: cut.afterEvents - before }), cut.kind);
    });
  });

  async function end(client: Socket, piece: Buffer, kind: CutKind): Promise<void> {
    client.write(piece);
    if (kind === 'close frame') client.write(NORMAL_CLOSURE);
    await delay(FLUSH_MS);
    if (kind === 'reset') client.resetAndDestroy();
    else client.end();
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a TCP port has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    cut(next) {
      cuts = [...next];
    },
    left: () => cuts.length,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Compressed events could not be counted: sse-cuts.test.ts cuts those. */
function withoutEncodings(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  return Buffer.from(text.replace(/^accept-encoding:.*$/imu, 'accept-encoding: identity'), 'latin1');
}

/** Where the cursors of events are. */
function startsIn(bytes: Buffer): readonly number[] {
  const starts: number[] = [];
  for (let at = bytes.indexOf(EVENT); at !== -1; at = bytes.indexOf(EVENT, at + 1)) starts.push(at);
  return starts;
}

/** What is still let through. Several events may come at once, when they are replayed. */
function pieceOf(chunk: Buffer, starts: readonly number[], { afterEvents, kind }: Cut): Buffer {
  // A close frame stands between two messages.
  if (kind === 'close frame') return chunk;
  // Within the next event, or within the last one itself.
  return chunk.subarray(0, kind === 'inside an event' ? starts[afterEvents - 1] : starts[afterEvents]);
}
