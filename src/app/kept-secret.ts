/** Random secrets that are made once and kept in a file of the data directory, for a server on one machine. */
import { randomBytes, randomUUID } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncDirectoryNow } from './private-files.ts';

const SECRET_BYTES = 32;
/** A secret as it is written: 43 characters of base64url, or 44 of base64. */
const SECRET = /^[\w+/-]{43}=?$/u;
const OWNER_ONLY = 0o600;

/** The file cannot be read or written, or is damaged. The message is one line for the operator. */
export class KeptSecretError extends Error {
  override readonly name = 'KeptSecretError';
}

/**
 * The secret in the file, as text. When there is no file, it is created first; of several processes that do so at the same
 * time, the first one wins, and all return its secret.
 * @param consequence what follows from a new secret, for the operator of a damaged file
 * @throws {KeptSecretError}
 */
export function keepSecret(file: string, consequence: string): string {
  try {
    const secret = readIfExists(file) ?? create(file);
    if (SECRET.test(secret)) return secret;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new KeptSecretError(`cannot keep a secret in ${file}: ${reason}`, { cause });
  }
  throw new KeptSecretError(
    `${file} is damaged. Restore it, or remove it: then a new one is made, and ${consequence}.`,
  );
}

function readIfExists(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** The file appears with its whole content or not at all: it is written under another name, and linked. */
function create(file: string): string {
  const temporary = `${file}.${randomUUID()}`;
  try {
    const secret = `${randomBytes(SECRET_BYTES).toString('base64url')}\n`;
    writeFileSync(temporary, secret, { mode: OWNER_ONLY, flag: 'wx', flush: true });
    linkSync(temporary, file);
    // Otherwise the name of the file may be lost in a power failure, although its content is not.
    syncDirectoryNow(dirname(file));
  } catch (error) {
    // Another process was faster.
    if (!isErrorWithCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  return readFileSync(file, 'utf8').trim();
}

function isErrorWithCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
