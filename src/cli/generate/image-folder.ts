/**
 * Saves the images of one call into a folder: `partial-0.png`, `partial-1.png`, `final.png`. A file is complete when it
 * gets its name, so that an image viewer can watch the folder.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { networkProblem } from './api-client.ts';

/** An image on the server. */
export interface RemoteImage {
  readonly url: string;
  /** The file format, as an enum value of the API. */
  readonly format: string;
}

export interface ImageFolder {
  /** The paths of the partial images, in the order in which they were saved. */
  readonly partials: readonly string[];
  /** The paths of the finished images, in order. */
  readonly finals: readonly string[];
  /** Resolves with the path of the new file. */
  savePartial(partial: RemoteImage & { readonly index: number; readonly imageIndex: number }): Promise<string>;
  saveFinal(image: RemoteImage): Promise<string>;
}

export interface ImageFolderOptions {
  readonly directory: string;
  readonly signal: AbortSignal;
  /** How long a server may be unreachable, in milliseconds. */
  readonly patienceMs: number;
  /** Called when the first file was saved. */
  readonly onFirst: (directory: string) => void;
}

const RETRY_MS = 300;
const SLUG_MAX_LENGTH = 40;

/** The folder itself is created with the first file. */
export function createImageFolder({ directory, signal, patienceMs, onFirst }: ImageFolderOptions): ImageFolder {
  const partials: string[] = [];
  const finals: string[] = [];

  async function save(image: RemoteImage, name: string): Promise<string> {
    const path = join(directory, `${name}.${extensionOf(image)}`);
    const bytes = await download(image.url, { signal, patienceMs });
    const temporary = join(directory, `.${name}.${process.pid}.tmp`);
    await describingErrors(`cannot write ${path}`, async () => {
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
        // Only now it is known that the call makes several images.
        const numbered = first.replace(/final(\.\w+)$/u, 'final-0$1');
        await describingErrors(`cannot write ${numbered}`, () => rename(first, numbered));
        finals[0] = numbered;
      }
      const path = await save(image, finals.length === 0 ? 'final' : `final-${finals.length}`);
      finals.push(path);
      return path;
    },
  };
}

/**
 * Creates the folder before an image is requested, so that no image is made that cannot be saved.
 * @throws {Error} with one line that gives the reason
 */
export function prepareFolder(directory: string): Promise<void> {
  return describingErrors(`cannot save images in ${directory}`, () => makeWritable(directory));
}

/** The name of the folder of a call: readable, and always the same for the same call. */
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

function extensionOf({ url, format }: RemoteImage): string {
  const [, extension] = /\.([a-z]{3,4})$/u.exec(new URL(url).pathname) ?? [];
  return extension ?? format.toLowerCase();
}

/** Downloads a URL. An unreachable server has `patienceMs` to come back. */
async function download(
  url: string,
  { signal, patienceMs }: Pick<ImageFolderOptions, 'signal' | 'patienceMs'>,
): Promise<Uint8Array> {
  const startedAt = performance.now();
  for (;;) {
    const result = await tryDownload(url, AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]));
    if (result instanceof Uint8Array) return result;
    signal.throwIfAborted();
    const isLate = performance.now() - startedAt > patienceMs;
    if (!result.isTemporary || isLate) throw new Error(`cannot fetch ${url}: ${result.problem}`);
    await sleep(RETRY_MS, undefined, { signal });
  }
}

async function tryDownload(
  url: string,
  signal: AbortSignal,
): Promise<Uint8Array | { readonly problem: string; readonly isTemporary: boolean }> {
  try {
    const response = await fetch(url, { signal });
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    await response.body?.cancel();
    return { problem: `${response.status} ${response.statusText}`, isTemporary: response.status >= 500 };
  } catch (error) {
    return { problem: networkProblem(error), isTemporary: true };
  }
}

/** Runs `act`, and describes a system error in one line that starts with `what`. */
async function describingErrors<Result>(what: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (cause) {
    // Errors of Node's file functions have the code of the system error.
    const { code, message } = cause instanceof Error ? (cause as NodeJS.ErrnoException) : { message: String(cause) };
    throw new Error(`${what}: ${DISK_PROBLEMS[code ?? ''] ?? message}`, { cause });
  }
}

const DISK_PROBLEMS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'it is a file, not a folder',
  ENOTDIR: 'a part of it is a file, not a folder',
};
