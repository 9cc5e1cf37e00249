/** A proxy between clients and the server that cuts each stream of events in the middle of its third event. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Cuts every stream of events after so many of them, in the middle of the next one. */
const EVENTS_A_CONNECTION = 2;
const ARRIVAL_MS = 25;

export interface Asked {
  readonly lastEventId: string | undefined;
  readonly encoding: string | undefined;
  readonly status: number | undefined;
}

export interface CuttingProxy {
  readonly url: string;
  readonly asked: readonly Asked[];
  close(): void;
}

/** @param options.isCompressed whether clients get the encoding that they accept, or events as they are */
export async function startCuttingProxy(
  target: string,
  { isCompressed }: { readonly isCompressed: boolean },
): Promise<CuttingProxy> {
  const asked: Asked[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const encodings = isCompressed ? headers['accept-encoding'] : 'identity';
    const passed = { ...headers, 'accept-encoding': encodings, host: new URL(target).host };
    const forwarded = request(new URL(url ?? '/', target), { method, headers: passed, agent: false }, (answer) => {
      const { statusCode, headers: told } = answer;
      outgoing.writeHead(statusCode ?? 502, told).flushHeaders();
      const isStream = told['content-type']?.startsWith('text/event-stream') === true;
      if (isStream || statusCode === 204) {
        asked.push({
          lastEventId: headers['last-event-id']?.toString(),
          encoding: told['content-encoding'],
          status: statusCode,
        });
      }
      // Chunks are written one for each event: the fourth is cut, compressed or not. What came before it arrives on its own:
      // clients need not show the events that they read together with half of one.
      let chunks = 0;
      const isCut = () => isStream && chunks > EVENTS_A_CONNECTION + 1;
      answer.on('data', (chunk: Buffer) => {
        chunks += 1;
        if (!isCut()) outgoing.write(chunk);
        else if (chunks === EVENTS_A_CONNECTION + 2) {
          setTimeout(() => outgoing.write(chunk.subarray(0, chunk.length / 2)), ARRIVAL_MS);
          setTimeout(() => outgoing.destroy(), 2 * ARRIVAL_MS);
        }
      });
      answer.on('end', () => void (isCut() || outgoing.end()));
      answer.on('error', () => outgoing.destroy());
    });
    forwarded.on('error', () => outgoing.destroy());
    outgoing.on('close', () => forwarded.destroy());
    incoming.pipe(forwarded);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has an address of this type.
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
