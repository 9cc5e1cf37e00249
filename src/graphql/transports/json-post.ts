/**
 * Queries and mutations as frontends send them, small JSON over POST, past the objects of the fetch API, which cost more
 * than a small query does (docs/decisions). Everything behind them is Yoga's own: the enveloped parse, validate, context
 * and execute with all plugins and the masking, and its writer of results, so that status and body are the same. What is
 * out of the ordinary in any way is left to Yoga as a whole, which says what is wrong with it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
  parse,
  validate,
} from 'graphql';
import { _createLRUCache, processRegularResult } from 'graphql-yoga';
import type { GraphqlServer, ServerContext } from '../server.ts';

/** Answers the request and resolves with true; false leaves it to Yoga, with what was read of it in its `body`. */
export type JsonOperations = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export interface JsonOperationsOptions {
  readonly graphql: GraphqlServer;
  readonly schema: GraphQLSchema;
  /** What a page of another origin, which was let in, has to be told. */
  readonly crossOriginHeaders: (origin: string) => Readonly<Record<string, string>>;
  /** What is thrown outside of resolvers, as it may be shown. */
  readonly mask: (error: unknown) => GraphQLError;
}

/** A frontend has as many. */
const MAX_KNOWN = 1000;
/** Larger ones are rare, and handing them on costs more than is saved. */
const MAX_BYTES = 100_000;
const JSON_TYPE = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/iu;

interface Params {
  readonly query: string;
  readonly variables?: Record<string, unknown> | null;
  readonly operationName?: string | null;
  readonly extensions?: Record<string, unknown> | null;
}

export function createJsonOperations(options: JsonOperationsOptions): JsonOperations {
  const { graphql, schema, crossOriginHeaders, mask } = options;

  /** Documents that the schema takes. Wrong ones are not asked of Yoga's caches here, which would keep their errors. */
  const known = _createLRUCache<DocumentNode>({ max: MAX_KNOWN });

  /** What kind of operation is asked for; null when that cannot be said, or the query is wrong. */
  function kindOf({ query, operationName }: Params): OperationTypeNode | null {
    const document = known.get(query) ?? rightDocument(schema, query);
    if (document === null) return null;
    known.set(query, document);
    return getOperationAST(document, operationName)?.operation ?? null;
  }

  async function run(
    initialContext: ServerContext & { readonly res: ServerResponse; readonly params: Params },
  ): Promise<ExecutionResult> {
    const { query, variables, operationName } = initialContext.params;
    try {
      const envelop = graphql.getEnveloped(initialContext);
      const document: DocumentNode = envelop.parse(query);
      const errors = envelop.validate(envelop.schema, document);
      if (errors.length > 0) return { errors };
      const contextValue = await envelop.contextFactory();
      const args = { schema: envelop.schema, document, contextValue, variableValues: variables, operationName };
      return await envelop.execute(args);
    } catch (error) {
      return { errors: [mask(error)] };
    }
  }

  return async (request, response) => {
    const { headers } = request;
    if (request.method !== 'POST' || request.url !== '/graphql' || !JSON_TYPE.test(headers['content-type'] ?? '')) {
      return false;
    }
    const mediaType = mediaTypeFor(headers.accept);
    const byteSize = Number(headers['content-length'] ?? Number.NaN);
    if (mediaType === null || !(byteSize <= MAX_BYTES) || headers['content-encoding'] !== undefined) return false;
    const text = await textOf(request);
    // Nobody is there any more who could be answered.
    if (text === null) return true;
    const params = paramsOf(text);
    const kind = params === null ? null : kindOf(params);
    if (params === null || kind === null || kind === OperationTypeNode.SUBSCRIPTION) {
      Object.assign(request, { body: text });
      return false;
    }
    const result = await run({ req: request, res: response, params });
    const answer = processRegularResult(result, WRITER, mediaType);
    // What the writer was given is what it gives back.
    const { body, init } = answer as unknown as PlainResponse;
    const { origin } = headers;
    response.writeHead(init.status, {
      ...init.headers,
      ...(origin !== undefined && crossOriginHeaders(origin)),
      'Content-Length': Buffer.byteLength(body),
    });
    response.end(body);
    return true;
  };
}

/** The document of a query that is right; null for any other. */
function rightDocument(schema: GraphQLSchema, query: string): DocumentNode | null {
  try {
    const document = parse(query);
    return validate(schema, document).length === 0 ? document : null;
  } catch {
    return null;
  }
}

/** Resolves with the whole body; with null when the client breaks off. */
function textOf(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.once('error', () => resolve(null));
  });
}

const PARAM_NAMES: ReadonlySet<string> = new Set(['query', 'variables', 'operationName', 'extensions']);

/** The parameters of a request that is well formed; null for any other. */
function paramsOf(text: string): Params | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  for (const name of Object.keys(value)) if (!PARAM_NAMES.has(name)) return null;
  const { query, variables, operationName, extensions } = value;
  const isRight =
    typeof query === 'string' &&
    (variables == null || isObject(variables)) &&
    (operationName == null || typeof operationName === 'string') &&
    (extensions == null || isObject(extensions));
  // Looked at name by name above.
  return isRight ? (value as unknown as Params) : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The few ways in which clients say what they take. */
const mediaTypes = new Map<string, string | null>();
const MAX_MEDIA_TYPES = 100;

/** The media type of the answer, by the rules that Yoga goes by; null when this is for Yoga to say. */
function mediaTypeFor(accept = '*/*'): string | null {
  const known = mediaTypes.get(accept);
  if (known !== undefined) return known;
  const found = firstMediaType(accept);
  if (mediaTypes.size < MAX_MEDIA_TYPES) mediaTypes.set(accept, found);
  return found;
}

function firstMediaType(accept: string): string | null {
  for (const part of accept.toLowerCase().split(',')) {
    // Weights and character sets are rare enough to be left to Yoga.
    if (part.includes(';')) return null;
    const type = part.trim();
    if (type === 'application/graphql-response+json') return type;
    if (type === 'application/json' || type === 'application/*' || type === '*/*') return 'application/json';
  }
  return null;
}

/** What Yoga's writer of results makes in place of a response of the fetch API. */
class PlainResponse {
  readonly body: string;
  readonly init: { readonly status: number; readonly headers: Readonly<Record<string, string>> };

  constructor(body: string, init: PlainResponse['init']) {
    this.body = body;
    this.init = init;
  }
}

// The writer uses nothing else of the fetch API.
const WRITER = { Response: PlainResponse } as unknown as Parameters<typeof processRegularResult>[1];
