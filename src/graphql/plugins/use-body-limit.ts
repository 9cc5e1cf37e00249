/**
 * Limits the bodies that Yoga reads, and refuses what is not UTF-8, and URLs whose parameters are not JSON. In place of
 * Yoga's own limit, which passes every body through a TransformStream, also one that is in memory already: that costs more
 * than a small query does.
 */
import { isUtf8 } from 'node:buffer';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { isUtf8Url, notUtf8 } from '../utf8.ts';

export interface BodyLimitOptions {
  readonly maxBytes: number;
  /** Whether the body of this request was limited when it was read. */
  readonly isLimited: (request: Request) => boolean;
}

/** Must come behind every plugin that sets a request parser. */
export function useBodyLimit({ maxBytes, isLimited }: BodyLimitOptions): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser, fetchAPI }) {
      if (request.method === 'GET') {
        if (!isUtf8Url(request.url)) throw notUtf8('The URL');
        if (requestParser !== undefined) setRequestParser((whole) => readUrl(whole, requestParser));
        return;
      }
      if (requestParser === undefined || request.method !== 'POST' || isLimited(request)) return;
      if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
      setRequestParser(async (whole) => {
        if (whole.body === null) return requestParser(whole);
        const { url, method, headers, signal } = whole;
        const body = await readWithin(whole.body, maxBytes);
        if (!isUtf8(body)) throw notUtf8('The request body');
        return requestParser(new fetchAPI.Request(url, { method, headers, signal, body }));
      });
    },
  };
}

/** Yoga takes JSON in a URL for right, and reports the error of its parser as one of the server. */
async function readUrl<Params>(
  request: Request,
  requestParser: (request: Request) => Params,
): Promise<Awaited<Params>> {
  try {
    return await requestParser(request);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new GraphQLError('The parameters "variables" and "extensions" of the URL must be JSON.', {
      extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
    });
  }
}

async function readWithin(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let byteSize = 0;
  for await (const chunk of arriving(body)) {
    byteSize += chunk.byteLength;
    if (byteSize > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body as it arrives. It fails only when the client leaves or breaks HTTP, which is no error of the server. */
async function* arriving(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* body;
  } catch {
    throw new GraphQLError('The request broke off.', { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
  }
}

function tooLarge(): GraphQLError {
  return new GraphQLError('Request body too large', {
    extensions: { code: 'REQUEST_ENTITY_TOO_LARGE', http: { status: 413 } },
  });
}
