/** Names as the upstream gives them: a prefix that says what it is, then hexadecimal digits nobody can guess. */
import { randomBytes } from 'node:crypto';

/** A fresh id, for instance `resp_` and 48 digits. */
export function newId(prefix: 'resp' | 'ig' | 'msg' | 'rs' | 'req'): string {
  return `${prefix}_${randomBytes(prefix === 'req' ? 16 : 24).toString('hex')}`;
}

/** A fresh id of an uploaded file, which has a dash. */
export function newFileId(): string {
  return `file-${randomBytes(12).toString('hex')}`;
}
