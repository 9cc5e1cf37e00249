/** The uploaded files. Their number and total size are limited; the oldest ones are removed first. */
import { invalid, notFound } from '../http/api-error.ts';
import type { JsonObject } from '../http/json.ts';
import { newFileId } from '../ids.ts';

const MAX_FILES = 500;
const MAX_BYTES = 256 * 1024 * 1024;

export interface StoredFile {
  readonly id: string;
  readonly bytes: Buffer;
  readonly filename: string;
  readonly purpose: string;
  /** Unix seconds. */
  readonly createdAt: number;
  /** Unix seconds; null keeps it until it is deleted. */
  readonly expiresAt: number | null;
}

export class FileStore {
  readonly #files = new Map<string, StoredFile>();

  add(file: Omit<StoredFile, 'id'>): StoredFile {
    const stored = { ...file, id: newFileId() };
    this.#files.set(stored.id, stored);
    this.#makeRoom();
    return stored;
  }

  /** @throws {ApiError} 404, for a retrieve or a delete. */
  get(id: string): StoredFile {
    const file = this.#find(id);
    if (file === null) throw notFound(`No such File object: ${id}`, 'id');
    return file;
  }

  /** @throws {ApiError} 400, for a create that names an unknown file. */
  getNamed(id: string, param: string): StoredFile {
    const file = this.#find(id);
    if (file === null) throw invalid(`No such File object: ${id}`, param, 'file_not_found');
    return file;
  }

  delete(id: string): void {
    this.#files.delete(id);
  }

  forgetAll(): void {
    this.#files.clear();
  }

  #find(id: string): StoredFile | null {
    const file = this.#files.get(id) ?? null;
    const expired = file !== null && file.expiresAt !== null && file.expiresAt * 1000 <= Date.now();
    return expired ? null : file;
  }

  #makeRoom(): void {
    let bytes = 0;
    for (const [age, file] of [...this.#files.values()].reverse().entries()) {
      bytes += file.bytes.length;
      if (age >= MAX_FILES || bytes > MAX_BYTES) this.#files.delete(file.id);
    }
  }
}

/** A file as the API returns it. */
export function fileObject(file: StoredFile): JsonObject {
  return {
    id: file.id,
    object: 'file',
    bytes: file.bytes.length,
    created_at: file.createdAt,
    ...(file.expiresAt === null ? {} : { expires_at: file.expiresAt }),
    filename: file.filename,
    purpose: file.purpose,
    status: 'processed',
  };
}
