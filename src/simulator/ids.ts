/** Ids like the upstream's: a prefix for the kind, then random hexadecimal digits. */
import { randomBytes } from 'node:crypto';

/** A new id, for instance `resp_` and 48 digits. */
export function newId(prefix: 'resp' | 'ig' | 'msg' | 'rs' | 'req'): string {
  return `${prefix}_${randomBytes(prefix === 'req' ? 16 : 24).toString('hex')}`;
}

/** A new id for an uploaded file; its prefix ends in a dash. */
export function newFileId(): string {
  return `file-${randomBytes(12).toString('hex')}`;
}
