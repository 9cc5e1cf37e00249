/** A proxy to an upstream that cuts each answer after a given number of bytes. */
import { once } from 'node:events';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CuttingProxy {
  readonly baseURL: string;
  close(): Promise<void>;
}

/** @param cuts number of bytes of the first answer, the second, …; later answers are complete. */
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
        // Destroying a socket at once would lose the bytes in its buffer.
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
  // A server that listens on a TCP port has an AddressInfo.
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
