/**
 * Files by the GraphQL multipart request specification (https://github.com/jaydenseric/graphql-multipart-request-spec),
 * in the place of Yoga's own reader of it, which holds every file in memory. Here a file is not held at all: the operation
 * starts when its file begins to arrive, and takes the bytes from the connection, as fast as it can store them.
 * So the fields come before the file, and there is one file a request: two could wait for each other.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import { GraphQLError } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { IncomingFile } from '../../domain/incoming-file.ts';

/** How long the rest of a body that nobody wants is taken after the answer: a cut before that would cut the answer too. */
const LINGER_MS = 2_000;

const WANTED = 'By the GraphQL multipart request specification it has "operations", then "map", then one file.';

export interface MultipartOptions {
  /** All that may come before the file, in bytes: `operations`, `map` and what separates them. */
  readonly maxFieldBytes: number;
}

interface ServerContext {
  readonly req: IncomingMessage;
  readonly res?: ServerResponse;
}

export function useMultipart(options: MultipartOptions): Plugin<object, ServerContext> {
  return {
    onRequest({ request, setRequest, fetchAPI }) {
      if (!isMultipart(request)) return;
      // The body stays with us: Yoga's limit is that of other requests, and to count it would begin to read it.
      const headers = new fetchAPI.Headers(request.headers);
      headers.delete('content-length');
      setRequest(new fetchAPI.Request(request.url, { method: 'POST', headers, signal: request.signal }));
    },
    onRequestParse({ request, serverContext, setRequestParser }) {
      if (!isMultipart(request)) return;
      setRequestParser(() => {
        const { req, res } = serverContext;
        res?.once('finish', () => leave(req));
        return receive(req, options);
      });
    },
  };
}

function isMultipart({ method, headers }: Pick<Request, 'method' | 'headers'>): boolean {
  return method === 'POST' && /^\s*multipart\/form-data\s*(;|$)/iu.test(headers.get('content-type') ?? '');
}

/**
 * Resolves with the operation when its file begins to arrive.
 * @throws {GraphQLError} with the HTTP status, and what would be right
 */
function receive(request: IncomingMessage, { maxFieldBytes }: MultipartOptions): Promise<GraphQLParams> {
  return new Promise((resolve, reject) => {
    let bytesBefore = 0;
    let operations: Readonly<Record<string, unknown>> | undefined;
    let place: Place | undefined;
    let file: Readable | undefined;

    /** Takes nothing more. Whoever reads the file learns why; before that, it is the answer to the request. */
    function stop(error: GraphQLError): void {
      request.unpipe(busboy);
      request.off('data', count).off('close', onClose);
      reject(error);
      // The parser tells more of it in the ticks to come, which nobody needs to hear.
      busboy.removeAllListeners().on('error', () => undefined);
      file?.destroy(error);
    }
    function count({ byteLength }: Buffer): void {
      bytesBefore += byteLength;
      if (bytesBefore <= maxFieldBytes || file !== undefined) return;
      stop(refusal(413, `More than ${maxFieldBytes} bytes came before the file.`));
    }
    function onClose(): void {
      if (!request.complete) stop(refusal(400, 'The request broke off.'));
    }
    function onField(name: string, value: string, _: boolean, isTruncated: boolean): void {
      if (isTruncated) throw refusal(413, `The field ${JSON.stringify(name)} is too long.`);
      if (name === 'operations') {
        if (operations !== undefined) throw refusal(400, `"operations" came twice. ${WANTED}`);
        operations = readOperations(value);
      } else if (name === 'map') {
        if (operations === undefined) throw refusal(400, `"map" came first. ${WANTED}`);
        place = readMap(value, operations);
      }
    }
    function onFile(name: string, stream: Readable): void {
      if (operations === undefined || place === undefined) throw refusal(400, `A file came first. ${WANTED}`);
      if (name !== place.name) {
        throw refusal(400, `The file is named ${JSON.stringify(name)}, in "map" ${JSON.stringify(place.name)}.`);
      }
      // The parser may tell the file of an error before anybody reads it, which without a listener would end the process.
      file = stream.on('error', () => undefined);
      place.put(new IncomingFile(bytesOf(stream), announcedBytes(request, bytesBefore)));
      resolve(operations);
    }
    function onEnd(): void {
      if (file === undefined) stop(refusal(400, `The request has no file. ${WANTED}`));
    }
    /** What the parser calls throws to refuse, which must not come out of the parser. */
    function refusing<A extends unknown[]>(listener: (...args: A) => void) {
      return (...args: A) => {
        try {
          listener(...args);
        } catch (error) {
          if (!(error instanceof GraphQLError)) throw error;
          stop(error);
        }
      };
    }

    const busboy = createParser(request, maxFieldBytes);
    busboy
      .on('field', refusing(onField))
      .on('file', refusing(onFile))
      .on('finish', onEnd)
      .on('error', (error) => stop(malformed(error)));
    request.on('data', count).on('close', onClose);
    request.pipe(busboy);
  });
}

/** What is told of an error is ours: the parser's own comes in between, in other words. */
async function* bytesOf(stream: Readable): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* stream;
  } catch (error) {
    throw stream.errored ?? malformed(error);
  }
}

function createParser({ headers }: IncomingMessage, maxFieldBytes: number) {
  try {
    const limits = { fieldSize: maxFieldBytes, fields: 10, files: 1, headerPairs: 20, headerSize: 16 * 1024 };
    return new Busboy({ headers: { 'content-type': headers['content-type'] ?? '' }, limits });
  } catch (error) {
    throw malformed(error);
  }
}

function malformed(error: unknown): GraphQLError {
  return refusal(400, `The multipart body cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
}

/** Where the one file belongs. */
interface Place {
  /** Of the file's form field. */
  readonly name: string;
  put(file: IncomingFile): void;
}

function readOperations(text: string): Readonly<Record<string, unknown>> {
  const operations = parse(text, 'operations');
  if (Array.isArray(operations)) throw refusal(400, '"operations" must be one operation: there are no batches here.');
  if (!isObject(operations)) throw refusal(400, '"operations" must be a JSON object with "query" and "variables".');
  return operations;
}

function readMap(text: string, operations: Readonly<Record<string, unknown>>): Place {
  const map = parse(text, 'map');
  const entries = isObject(map) ? Object.entries(map) : [];
  const [[name, paths] = ['', []]] = entries;
  const [path, ...more] = Array.isArray(paths) ? paths : [];
  if (entries.length !== 1 || typeof path !== 'string' || more.length > 0) {
    throw refusal(400, '"map" must name one file and its one place, such as {"0": ["variables.input.file"]}.');
  }
  return { name, put: placeAt(operations, path) };
}

/** Only what the client has sent is walked, and only null is replaced: a path can reach nothing else. */
function placeAt(operations: Readonly<Record<string, unknown>>, path: string): Place['put'] {
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let parent: unknown = operations;
  for (const key of keys) parent = isObject(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined;
  const place = parent;
  if (keys[0] !== 'variables' || !isObject(place) || !Object.hasOwn(place, last) || place[last] !== null) {
    throw refusal(400, `"map" names ${JSON.stringify(path)}: there must be a null in "operations" for the file.`);
  }
  return (file) => {
    place[last] = file;
  };
}

/** Arrays as well: their indexes are keys of a path. */
function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function parse(text: string, field: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal(400, `The field "${field}" must be JSON.`);
  }
}

function announcedBytes({ headers }: IncomingMessage, already: number): number | null {
  const length = Number(headers['content-length'] ?? Number.NaN);
  return Number.isNaN(length) ? null : Math.max(0, length - already);
}

function refusal(status: 400 | 413, message: string): GraphQLError {
  const code = status === 413 ? 'REQUEST_ENTITY_TOO_LARGE' : 'BAD_REQUEST';
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}

/** The answer is sent: what still comes is not wanted, and the connection is cut when it does not end soon. */
function leave(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  request.unpipe();
  request.resume();
  const late = setTimeout(() => request.destroy(), LINGER_MS);
  request.once('close', () => clearTimeout(late));
}
