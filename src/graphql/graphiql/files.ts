/**
 * The files of GraphiQL: Yoga's build of it, and what runs around it. Each has the hash of its content in its name, so a
 * browser keeps it for good, and is compressed once, on a thread of its own (pack-files.ts), when the page is first opened.
 * Only the compressed bytes stay in memory: 2.2 MB with br and 2.4 MB with gzip, in the place of 9 MB.
 */
import { Worker } from 'node:worker_threads';

/** Where the files are, relative to the page at `/graphql`; it may be below another path in front of a proxy. */
export const FILES_FOLDER = 'graphiql';

export const FILE_ROLES = [
  'styles',
  'icon',
  'graphiql',
  'page',
  'editorWorker',
  'jsonWorker',
  'graphqlWorker',
] as const;
export type FileRole = (typeof FILE_ROLES)[number];

/** A file, compressed. */
export interface PackedFile {
  readonly name: string;
  readonly contentType: string;
  /** Of the content as it is, as hexadecimal SHA-256. */
  readonly hash: string;
  readonly byteSize: number;
  readonly br: Uint8Array<ArrayBuffer>;
  readonly gzip: Uint8Array<ArrayBuffer>;
}

/** What the page says about a file: its name, and the hash of its content as the attribute `integrity` has it. */
export interface FileLink {
  readonly name: string;
  readonly integrity: string;
}

export type FileLinks = Readonly<Record<FileRole, FileLink>>;

/** What the thread posts: the links as soon as they are known, then each file when it is compressed. */
export type PackMessage = { readonly links: FileLinks } | { readonly role: FileRole; readonly file: PackedFile };

let packed: Packed | undefined;

/** The names and hashes of the files, for the page. */
export function fileLinks(): Promise<FileLinks> {
  return open().links;
}

/** Waits until the file is compressed. @returns null when there is no such file */
export async function findFile(name: string): Promise<PackedFile | null> {
  const { links, files } = open();
  const known = await links;
  const role = FILE_ROLES.find((each) => known[each].name === name);
  return role === undefined ? null : files[role].promise;
}

interface Packed {
  readonly links: Promise<FileLinks>;
  readonly files: Readonly<Record<FileRole, PromiseWithResolvers<PackedFile>>>;
}

function open(): Packed {
  packed ??= pack();
  return packed;
}

function pack(): Packed {
  const links = Promise.withResolvers<FileLinks>();
  const files = {
    styles: Promise.withResolvers<PackedFile>(),
    icon: Promise.withResolvers<PackedFile>(),
    graphiql: Promise.withResolvers<PackedFile>(),
    page: Promise.withResolvers<PackedFile>(),
    editorWorker: Promise.withResolvers<PackedFile>(),
    jsonWorker: Promise.withResolvers<PackedFile>(),
    graphqlWorker: Promise.withResolvers<PackedFile>(),
  };
  const worker = new Worker(new URL('./pack-files.ts', import.meta.url));
  worker.unref();
  worker.on('message', (message: PackMessage) => {
    if ('links' in message) links.resolve(message.links);
    else files[message.role].resolve(message.file);
  });
  const fail = (error: unknown) => {
    // The next visit tries again.
    packed = undefined;
    for (const { promise, reject } of [links, ...Object.values(files)]) {
      promise.catch(() => {});
      reject(error);
    }
  };
  worker.once('error', fail);
  worker.once('exit', (code) => {
    if (code !== 0) fail(new Error(`the files of GraphiQL could not be packed: the thread ended with ${code}`));
  });
  return { links: links.promise, files };
}
