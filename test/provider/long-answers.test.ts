/** Answers of the upstream that are far too long: what is not a picture is read to a limit, also when it comes compressed. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGzip } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { type ImageProvider, ProviderError } from '../../src/provider/image-provider.ts';
import { collect, picture, pictureBytes, providerFor, REQUEST, Sinks } from './run.ts';

const TOTAL_BYTES = 300_000_000;
/** Kernel buffers, and what is unpacked at once. */
const MAX_SENT_BYTES = 20_000_000;
const MAX_GROWTH_BYTES = 100_000_000;

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** An upstream that answers with 300 MB of an error message. */
async function startLongUpstream(status: number, compressed: boolean) {
  let sentBytes = 0;
  const server = createServer(async (request, response) => {
    request.resume();
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(compressed && { 'content-encoding': 'gzip' }),
    });
    const out = compressed ? createGzip({ level: 1 }) : response;
    if (out !== response) out.pipe(response);
    out.on('error', () => undefined);
    const closed = once(response, 'close');
    out.write('{"error":{"message":"');
    const chunk = Buffer.alloc(64 * 1024, 'x');
    while (sentBytes < TOTAL_BYTES && !response.destroyed) {
      sentBytes += chunk.length;
      if (!out.write(chunk)) await Promise.race([once(out, 'drain'), closed]);
    }
    end(response, out);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  // A server that listens on a port has an address with a port.
  const { port } = server.address() as AddressInfo;
  return { baseURL: `http://127.0.0.1:${port}/v1`, sentBytes: () => sentBytes };
}

function end(response: ServerResponse, out: NodeJS.WritableStream): void {
  if (!response.destroyed) out.end('"}}');
}

function runOf() {
  return { signal: new AbortController().signal, openSink: new Sinks().openSink };
}

const OPERATIONS: Readonly<Record<string, (provider: ImageProvider) => Promise<unknown>>> = {
  'a response': (provider) => collect(provider.generate(REQUEST, runOf())),
  images: (provider) => collect(provider.generate({ ...REQUEST, api: 'IMAGES' }, runOf())),
  'a file': (provider) => provider.upload(picture(pictureBytes('long')), new AbortController().signal),
  'the status of a response': (provider) => collect(provider.retrieve('resp_1', runOf(), [])),
  'a cancellation': (provider) => provider.cancel('resp_1'),
};

describe.each(Object.entries(OPERATIONS))('300 MB in answer to %s', (_, ask) => {
  it.each([
    [400, false],
    [500, false],
    [400, true],
    [200, false],
    [200, true],
  ])('with status %i (compressed: %s) are not read to their end', async (status, compressed) => {
    const upstream = await startLongUpstream(status, compressed);
    const before = process.memoryUsage().rss;
    const error = await ask(providerFor(upstream.baseURL)).then(
      () => null,
      (caught: unknown) => caught,
    );
    // An upstream that refuses to cancel has answered the question.
    if (error !== null) expect(error).toBeInstanceOf(ProviderError);
    if (error instanceof ProviderError) expect(error.failure.message.length).toBeLessThan(1_000);
    expect(upstream.sentBytes()).toBeLessThan(MAX_SENT_BYTES + (compressed ? 40_000_000 : 0));
    expect(process.memoryUsage().rss - before).toBeLessThan(MAX_GROWTH_BYTES);
  });
});
