/**
 * Compresses the answers that Yoga writes, and says of every operation whether its answer may be compressed at all. The
 * other writers of answers, direct-json.ts and event-stream.ts, ask here. Two kinds are sent as they are. Answers to
 * mutations are short, and are the only ones that tell API keys and client tokens. Images in base64 are compressed already:
 * a quarter could be saved, for up to 90 ms of an image of 1.5 MB (docs/decisions/2026-11-28-compression.md).
 */
import { type DocumentNode, type ExecutionArgs, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { bodyEncoding, compressBody } from '../compression/compress-body.ts';
import { API_HEADERS } from '../response-headers.ts';
import type { ServerContext } from '../server-context.ts';

export interface Compression {
  /** Comes behind the plugins that were passed in, so that they see answers as they are. */
  readonly plugin: Plugin<object, ServerContext>;
  /** `Accept-Encoding` of the request; undefined when its answer must be sent as it is. */
  readonly accepted: (context: Pick<ServerContext, 'req'>) => string | undefined;
}

const COMPRESSED_TYPES = /^(?:application\/(?:graphql-response\+)?json|text\/html)\b/u;

export function useCompression(): Compression {
  /** The requests whose answers are sent as they are. */
  const plain = new WeakSet<object>();
  const accepted: Compression['accepted'] = ({ req }) =>
    plain.has(req) ? undefined : req.headers['accept-encoding']?.toString();

  function leave({ contextValue }: ExecutionArgs): void {
    // Every transport puts it into the context. Over WebSocket it opened the socket, and nobody asks about it.
    plain.add((contextValue as ServerContext).req);
  }

  return {
    accepted,
    plugin: {
      onExecute({ args }) {
        const isMutation = getOperationAST(args.document, args.operationName)?.operation === 'mutation';
        if (isMutation || selectsBytes(args.document)) leave(args);
      },
      onSubscribe({ args }) {
        if (selectsBytes(args.document)) leave(args);
      },
      async onResponse({ response, serverContext, setResponse, fetchAPI }) {
        const { status, headers } = response;
        // Yoga names only the origin, in the place of what server.ts has set.
        if (headers.has('vary')) headers.set('vary', API_HEADERS.Vary);
        if (!COMPRESSED_TYPES.test(headers.get('content-type') ?? '') || headers.has('content-encoding')) return;
        const length = headers.get('content-length');
        const encoding = bodyEncoding(
          accepted(serverContext),
          length === null ? Number.POSITIVE_INFINITY : Number(length),
        );
        if (encoding === null) return;
        const body = await compressBody(await response.bytes(), encoding);
        headers.set('content-encoding', encoding);
        headers.set('content-length', String(body.length));
        setResponse(new fetchAPI.Response(body, { status, headers }));
      },
    },
  };
}

function selectsBytes({ loc }: DocumentNode): boolean {
  return loc?.source.body.includes('dataUri') === true;
}
