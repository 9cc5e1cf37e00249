/** The fields of a multipart request, before its file: which operation it is, and where in it the file belongs. */
import { GraphQLError } from 'graphql';
import type { IncomingFile } from '../../../domain/images/incoming-file.ts';

export type Operations = Readonly<Record<string, unknown>>;

/** Where the one file belongs. */
export interface FilePlace {
  /** The name of the file's form field. */
  readonly fieldName: string;
  put(file: IncomingFile): void;
}

/** @throws {GraphQLError} when the field is not one operation as JSON */
export function readOperations(text: string): Operations {
  const operations = parseJson(text, 'operations');
  if (Array.isArray(operations)) throw refusal(400, '"operations" must be one operation: batches are not supported.');
  if (!isObject(operations)) throw refusal(400, '"operations" must be a JSON object with "query" and "variables".');
  return operations;
}

/** @throws {GraphQLError} when the field does not name one file and one null in `operations` for it */
export function readMap(text: string, operations: Operations): FilePlace {
  const map = parseJson(text, 'map');
  const entries = isObject(map) ? Object.entries(map) : [];
  const [[fieldName, paths] = ['', []]] = entries;
  const [path, ...more] = Array.isArray(paths) ? paths : [];
  if (entries.length !== 1 || typeof path !== 'string' || more.length > 0) {
    throw refusal(400, '"map" must name one file and its one place, such as {"0": ["variables.input.file"]}.');
  }
  return { fieldName, put: placeAt(operations, path) };
}

/** Follows own properties of what the client sent and replaces only a null, so that a path can reach nothing else. */
function placeAt(operations: Operations, path: string): FilePlace['put'] {
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

/** Arrays as well: a path may contain their indexes. */
function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function parseJson(text: string, field: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal(400, `The field "${field}" must be JSON.`);
  }
}

/** The answer to a request that is refused, with its HTTP status. */
export function refusal(status: 400 | 413, message: string): GraphQLError {
  const code = status === 413 ? 'REQUEST_ENTITY_TOO_LARGE' : 'BAD_REQUEST';
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}
