/** The files of GraphiQL. Their names change with their content. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { FILES_FOLDER, findFile, type PackedFile } from '../graphql/graphiql/files.ts';
import { refuseWithText } from './refuse.ts';
import { IMMUTABLE, isFileRequest, type StaticFile, sendFile } from './static-file.ts';

export const GRAPHIQL_FILES_PATH = `/${FILES_FOLDER}/`;

const HEADERS = {
  'Cache-Control': IMMUTABLE,
  // Of the workers: they talk to the page alone.
  'Content-Security-Policy': "default-src 'none'",
};

const unpack = promisify(gunzip);

/** @param path of the request, which begins with GRAPHIQL_FILES_PATH */
export async function serveGraphiqlFile(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  if (!isFileRequest(request, response)) return;
  const file = await findFile(path.slice(GRAPHIQL_FILES_PATH.length));
  if (file === null) return refuseWithText(response, 404, 'There is no such file. Load the page at /graphql again.');
  await sendFile(request, response, asStaticFile(file), HEADERS);
}

function asStaticFile(file: PackedFile): StaticFile {
  return {
    contentType: file.contentType,
    encodings: ['br', 'gzip'],
    async open(encoding) {
      if (encoding === null) return { etag: file.hash, byteSize: file.byteSize, read: () => unpack(file.gzip) };
      const bytes = file[encoding];
      return { etag: `${file.hash}-${encoding}`, byteSize: bytes.byteLength, read: () => bytes };
    },
  };
}
