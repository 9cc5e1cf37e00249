/**
 * Finds the bundle, and tells whether it is what its inputs would make now. It is read at every start, so it looks at the
 * times and sizes of the inputs, and reads only those whose times differ, as after a copy of the folder.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The folder of bundles, below the root. */
export const BUNDLES = 'dist';
/** The file in it that names the bundle and its inputs. */
export const INDEX = 'bundle.json';
/** The file of a bundle that is imported. */
export const ENTRY = 'main.mjs';

/**
 * A file, as it was when the bundle was made of it: its path from the root, its bytes, when they and when its place last
 * changed (milliseconds), and their SHA-256.
 * @typedef {readonly [path: string, size: number, mtimeMs: number, ctimeMs: number, sha256: string]} FileState
 */

/**
 * @typedef {object} BundleIndex
 * @property {string} folder within the folder of bundles
 * @property {readonly FileState[]} files the inputs, and the files of the bundle itself
 */

/**
 * @param {string} root the folder of package.json
 * @returns {string | null} the URL to import, or null when there is no bundle, or it cannot be read, or any file has changed
 */
export function findBundle(root) {
  try {
    /** @type {BundleIndex} */
    const { folder, files } = JSON.parse(readFileSync(join(root, BUNDLES, INDEX), 'utf8'));
    if (!files.every((file) => isUnchanged(root, file))) return null;
    return pathToFileURL(join(root, BUNDLES, folder, ENTRY)).href;
  } catch {
    return null;
  }
}

/**
 * @param {string} root
 * @param {FileState} state
 */
function isUnchanged(root, [path, size, mtimeMs, ctimeMs, sha256]) {
  const file = join(root, path);
  const now = statSync(file, { throwIfNoEntry: false });
  if (now === undefined || now.size !== size) return false;
  // No program can set the second time, so a file with both of them was not written to.
  if (now.mtimeMs === mtimeMs && now.ctimeMs === ctimeMs) return true;
  return hashOf(readFileSync(file)) === sha256;
}

/** @param {Uint8Array} bytes */
export function hashOf(bytes) {
  return createHash('sha256').update(bytes).digest('base64url');
}
