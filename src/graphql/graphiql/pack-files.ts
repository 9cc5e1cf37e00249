/**
 * Runs on a thread of its own (files.ts): reads Yoga's build of GraphiQL, names its files by their content and compresses
 * them. What it read is freed with the thread.
 */
import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { FileLink, FileLinks, FileRole, PackedFile, PackMessage } from './files.ts';
import { pageScript } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';

/** Higher qualities take several times as long, for 4 %; the first visit waits for them. */
const BROTLI_QUALITY = 5;
const BROTLI_WINDOW_BITS = 22;
const NAME_HASH_CHARACTERS = 16;

const SCRIPT = 'text/javascript; charset=utf-8';

async function packAll(): Promise<void> {
  const { css, editorWorkerService, favicon, graphqlWorker, js, jsonWorker } = await import(
    '@graphql-yoga/render-graphiql/graphiql'
  );
  const workers = {
    editorWorker: entry('editorWorker', 'js', editorWorkerService),
    jsonWorker: entry('jsonWorker', 'js', jsonWorker),
    graphqlWorker: entry('graphqlWorker', 'js', graphqlWorker),
  };
  const entries: Readonly<Record<FileRole, Entry>> = {
    styles: entry('styles', 'css', css + PAGE_STYLE),
    icon: entry('icon', 'ico', Buffer.from(favicon.slice(favicon.indexOf(',') + 1), 'base64')),
    // Named for the editors that they serve.
    page: entry(
      'page',
      'js',
      pageScript({
        editorWorkerService: workers.editorWorker.name,
        json: workers.jsonWorker.name,
        graphql: workers.graphqlWorker.name,
      }),
    ),
    graphiql: entry('graphiql', 'js', js),
    ...workers,
  };
  const linkOf = (role: FileRole): FileLink => ({
    name: entries[role].name,
    integrity: `sha256-${Buffer.from(entries[role].hash, 'hex').toString('base64')}`,
  });
  const links: FileLinks = {
    styles: linkOf('styles'),
    icon: linkOf('icon'),
    graphiql: linkOf('graphiql'),
    page: linkOf('page'),
    editorWorker: linkOf('editorWorker'),
    jsonWorker: linkOf('jsonWorker'),
    graphqlWorker: linkOf('graphqlWorker'),
  };
  post({ links });
  // In the order in which the page needs them.
  for (const role of ['styles', 'page', 'graphiql', 'icon', 'editorWorker', 'jsonWorker', 'graphqlWorker'] as const) {
    const file = packed(entries[role]);
    post({ role, file }, [file.br.buffer, file.gzip.buffer]);
  }
}

interface Entry {
  readonly name: string;
  readonly contentType: string;
  readonly hash: string;
  readonly content: Buffer;
}

const CONTENT_TYPES = { js: SCRIPT, css: 'text/css; charset=utf-8', ico: 'image/x-icon' };

function entry(role: FileRole, extension: keyof typeof CONTENT_TYPES, given: string | Buffer): Entry {
  const content = Buffer.from(given);
  const hash = createHash('sha256').update(content).digest('hex');
  const name = `${role}-${hash.slice(0, NAME_HASH_CHARACTERS)}.${extension}`;
  return { name, contentType: CONTENT_TYPES[extension], hash, content };
}

function packed({ name, contentType, hash, content }: Entry): PackedFile {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: BROTLI_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  // Memory of their own, which can be handed to another thread.
  const br = new Uint8Array(brotliCompressSync(content, { params }));
  const gzip = new Uint8Array(gzipSync(content));
  return { name, contentType, hash, byteSize: content.length, br, gzip };
}

function post(message: PackMessage, transferred: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transferred);
}

await packAll();
