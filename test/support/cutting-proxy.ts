/** A proxy between clients and the server that cuts each stream of events in the middle of its third event. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Cuts every stream of events after so many of them, in the middle of the next one. */
const EVENTS_A_CONNECTION = 2;

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
      // Chunks are written one for each event: the fourth is cut, compressed or not.
      let chunks = 0;
      answer.on('data', (chunk: Buffer) => {
        chunks += 1;
        const isCut = isStream && chunks > EVENTS_A_CONNECTION + 1;
        outgoing.write(isCut ? chunk.subarray(0, chunk.length / 2) : chunk);
        if (isCut) setTimeout(() => outgoing.destroy(), 10);
      });
      answer.on('end', () => outgoing.end());
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
