/** A way to an upstream that breaks: the answers that come over it are cut after so many bytes, one after the other. */
import { once } from 'node:events';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CuttingProxy {
  readonly baseURL: string;
  close(): Promise<void>;
}

/** @param cuts after how many bytes the first answer is cut, the second, …; answers behind these come whole. */
export async function startCuttingProxy(upstreamURL: string, cuts: readonly number[]): Promise<CuttingProxy> {
  const upstream = new URL(upstreamURL);
  let nth = 0;
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url } = incoming;
    let left = cuts[nth] ?? Number.POSITIVE_INFINITY;
    nth += 1;
    const asked = forward(new URL(url ?? '/', upstream.origin), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      outgoing.flushHeaders();
      answer.on('data', (chunk: Buffer) => {
        const piece = chunk.subarray(0, left);
        left -= piece.length;
        outgoing.write(piece);
        // A socket that is destroyed at once takes the bytes in its buffer along.
        if (left === 0) setTimeout(() => outgoing.destroy(), 5);
      });
      answer.on('end', () => outgoing.end());
      answer.on('error', () => outgoing.destroy());
    });
    asked.on('error', () => outgoing.destroy());
    outgoing.on('close', () => asked.destroy());
    incoming.pipe(asked);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}${upstream.pathname}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
