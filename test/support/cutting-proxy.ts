/** A proxy between clients and the server that cuts each stream of events in the middle of its third event. */
import { once } from 'node:events';
import { createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Cuts every stream of events after so many of them, in the middle of the next one. */
const EVENTS_A_CONNECTION = 2;
/**
 * Before a chunk is cut, and before its connection is closed: clients read what came before. graphql-sse keeps whole events
 * back that it has read together with a part of the next one, and loses them with the connection. They come again, because
 * its cursor is that of the last event it has handed out; a proxy that cut every connection in that way would never let it
 * get further.
 */
const CUT_DELAY_MS = 20;

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
      // Chunks are written one for each event, behind a comment: the fourth is cut, compressed or not.
      let chunks = 0;
      let isCut = false;
      answer.on('data', (chunk: Buffer) => {
        if (isCut) return;
        chunks += 1;
        isCut = isStream && chunks > EVENTS_A_CONNECTION + 1;
        if (isCut) setTimeout(() => cut(outgoing, chunk), CUT_DELAY_MS);
        else outgoing.write(chunk);
      });
      // A stream that has ended meanwhile would end in the middle of an event, and not be cut.
      answer.on('end', () => {
        if (!isCut) outgoing.end();
      });
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

/** Writes the first half of a chunk and closes the connection once the client has read it. */
function cut(response: ServerResponse, chunk: Buffer): void {
  response.write(chunk.subarray(0, chunk.length / 2));
  setTimeout(() => response.destroy(), CUT_DELAY_MS);
}
