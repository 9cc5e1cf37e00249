/**
 * The folder that the pictures of one call are saved into: `partial-0.png`, `partial-1.png`, `final.png`. A file is
 * whole from the moment it has its name, so that a viewer may watch the folder.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { networkProblem } from './api-client.ts';

/** A picture where the API says its bytes are. */
export interface RemotePicture {
  readonly url: string;
  /** The API's word for the file format. */
  readonly format: string;
}

export interface PictureFolder {
  /** In the order in which they were saved. */
  readonly partials: readonly string[];
  /** One for each picture, in order. */
  readonly finals: readonly string[];
  /** Returns the path of the new file. */
  savePartial(partial: RemotePicture & { readonly index: number; readonly imageIndex: number }): Promise<string>;
  saveFinal(image: RemotePicture): Promise<string>;
}

export interface PictureFolderOptions {
  readonly directory: string;
  readonly signal: AbortSignal;
  /** How long a lost server may stay away, in milliseconds. */
  readonly patienceMs: number;
  /** Is told when the first picture is there. */
  readonly onFirst: (directory: string) => void;
}

const RETRY_MS = 300;
const SLUG_MAX_LENGTH = 40;

export function createPictureFolder({ directory, signal, patienceMs, onFirst }: PictureFolderOptions): PictureFolder {
  const partials: string[] = [];
  const finals: string[] = [];

  async function save(picture: RemotePicture, name: string): Promise<string> {
    const path = join(directory, `${name}.${extensionOf(picture)}`);
    const bytes = await download(picture.url, { signal, patienceMs });
    const temporary = join(directory, `.${name}.${process.pid}.tmp`);
    await telling(`cannot write ${path}`, async () => {
      await makeWritable(directory);
      try {
        await writeFile(temporary, bytes);
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    });
    if (partials.length + finals.length === 0) onFirst(directory);
    return path;
  }

  return {
    partials,
    finals,
    async savePartial(partial) {
      const { index, imageIndex } = partial;
      const path = await save(partial, imageIndex === 0 ? `partial-${index}` : `image-${imageIndex}-partial-${index}`);
      partials.push(path);
      return path;
    },
    async saveFinal(image) {
      const [first] = finals;
      if (finals.length === 1 && first !== undefined) {
        // Only now it is known that there are several.
        const numbered = first.replace(/final(\.\w+)$/u, 'final-0$1');
        await telling(`cannot write ${numbered}`, () => rename(first, numbered));
        finals[0] = numbered;
      }
      const path = await save(image, finals.length === 0 ? 'final' : `final-${finals.length}`);
      finals.push(path);
      return path;
    },
  };
}

/**
 * Makes the folder, so that a picture is not asked for that could not be saved.
 * @throws {Error} with one line that says why not
 */
export function prepareFolder(directory: string): Promise<void> {
  return telling(`cannot save pictures in ${directory}`, () => makeWritable(directory));
}

/** A name for a call's folder: readable, and the same whenever the call is looked at. */
export function folderName(prompt: string, callId: string): string {
  const words = prompt
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '');
  let slug = '';
  for (const next of words) {
    const longer = slug === '' ? [...next].slice(0, SLUG_MAX_LENGTH).join('') : `${slug}-${next}`;
    if (longer.length > SLUG_MAX_LENGTH && slug !== '') break;
    slug = longer;
  }
  const id = createHash('sha256').update(callId).digest('hex').slice(0, 6);
  return slug === '' ? id : `${slug}-${id}`;
}

async function makeWritable(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await access(directory, constants.W_OK);
}

function extensionOf({ url, format }: RemotePicture): string {
  const [, extension] = /\.([a-z]{3,4})$/u.exec(new URL(url).pathname) ?? [];
  return extension ?? format.toLowerCase();
}

/** The bytes behind a URL; a server that is away gets some time to come back. */
async function download(
  url: string,
  { signal, patienceMs }: Pick<PictureFolderOptions, 'signal' | 'patienceMs'>,
): Promise<Uint8Array> {
  const startedAt = performance.now();
  for (;;) {
    const result = await tryDownload(url, AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]));
    if (result instanceof Uint8Array) return result;
    signal.throwIfAborted();
    const isLate = performance.now() - startedAt > patienceMs;
    if (!result.mayPass || isLate) throw new Error(`cannot fetch ${url}: ${result.problem}`);
    await sleep(RETRY_MS, undefined, { signal });
  }
}

async function tryDownload(
  url: string,
  signal: AbortSignal,
): Promise<Uint8Array | { readonly problem: string; readonly mayPass: boolean }> {
  try {
    const response = await fetch(url, { signal });
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    await response.body?.cancel();
    return { problem: `${response.status} ${response.statusText}`, mayPass: response.status >= 500 };
  } catch (error) {
    return { problem: networkProblem(error), mayPass: true };
  }
}

/** Mutex a system error into one line. */
async function telling<Result>(what: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (cause) {
    // What Node's file functions throw carries the system's code.
    const { code, message } = cause instanceof Error ? (cause as NodeJS.ErrnoException) : { message: String(cause) };
    throw new Error(`${what}: ${DISK_PROBLEMS[code ?? ''] ?? message}`, { cause });
  }
}

const DISK_PROBLEMS: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  EEXIST: 'it is a file, not a folder',
  ENOTDIR: 'a part of it is a file, not a folder',
};
