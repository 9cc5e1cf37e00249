/**
 * Reads what strace wrote: which system calls began and ended at which line, and when. The line is the clock of a
 * recording: what ended before a line had happened by then, and what had not begun at that line had not.
 */
import { readFileSync } from 'node:fs';

/** A system call of the recorded processes, with its end. Failed ones are left out. */
export interface TracedCall {
  readonly name: string;
  /** As strace prints them: paths and data are in quotes, in hexadecimal. */
  readonly args: readonly string[];
  readonly result: number;
  /** The lines at which it began and ended; the same when nothing was recorded in between. */
  readonly beganAt: number;
  readonly endedAt: number;
}

export interface Trace {
  readonly calls: readonly TracedCall[];
  /** When the call of each line began or ended, in milliseconds since 1970. */
  readonly timesMs: Float64Array;
}

const UNFINISHED = ' <unfinished ...>';

/**
 * @param folder only calls that name something in this folder are returned
 * @throws when a line cannot be understood
 */
export function readTrace(file: string, folder: string): Trace {
  const hex = [...Buffer.from(folder)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  // As bytes: the data of the writes would be decoded for nothing.
  const lines = readFileSync(file, 'latin1').split('\n');
  if (lines.at(-1) === '') lines.pop();
  const timesMs = new Float64Array(lines.length);
  const calls: TracedCall[] = [];
  /** What each thread has begun. Null is of no interest. */
  const begun = new Map<string, { readonly text: string; readonly beganAt: number } | null>();

  for (const [at, line] of lines.entries()) {
    const threadEnd = line.indexOf(' ');
    const timeStart = line.slice(threadEnd).search(/\d/u) + threadEnd;
    const timeEnd = line.indexOf(' ', timeStart);
    const thread = line.slice(0, threadEnd);
    timesMs[at] = Number(line.slice(timeStart, timeEnd)) * 1000;
    const text = line.slice(timeEnd + 1);
    if (text.startsWith('<... ')) {
      const start = begun.get(thread);
      begun.delete(thread);
      if (start == null) continue;
      const rest = text.slice(text.indexOf(' resumed>') + ' resumed>'.length);
      const call = parseCall(start.text + rest, start.beganAt, at);
      if (call !== null) calls.push(call);
    } else if (text.endsWith(UNFINISHED)) {
      begun.set(thread, text.includes(hex) ? { text: text.slice(0, -UNFINISHED.length), beganAt: at } : null);
    } else if (text.includes(hex)) {
      const call = parseCall(text, at, at);
      if (call !== null) calls.push(call);
    }
  }
  return { calls: calls.sort((one, other) => one.endedAt - other.endedAt), timesMs };
}

/** Null for a call that failed, or whose process was killed in it. */
function parseCall(text: string, beganAt: number, endedAt: number): TracedCall | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')', text.lastIndexOf(' = '));
  const result = /^\)\s+= (-?\d+|\?)/u.exec(text.slice(close))?.[1];
  if (open < 0 || result === undefined) throw new Error(`strace printed what is not a call: ${text.slice(0, 200)}`);
  if (result === '?' || Number(result) < 0) return null;
  const args = text.slice(open + 1, close).split(', ');
  return { name: text.slice(0, open), args, result: Number(result), beganAt, endedAt };
}

/** The bytes of a quoted argument. @throws when strace shortened it */
export function bytesOf(arg: string | undefined): Buffer {
  const quoted = /^"((?:\\x[0-9a-f]{2})*)"$/u.exec(arg ?? '')?.[1];
  if (quoted === undefined) throw new Error(`the data of a write is not complete: ${arg?.slice(0, 80)}`);
  return Buffer.from(quoted.replaceAll('\\x', ''), 'hex');
}

/** The path of a quoted argument. */
export function pathOf(arg: string | undefined): string {
  return bytesOf(arg).toString();
}

/** The path of an argument that is a file descriptor; null when the file was removed. */
export function descriptorPath(arg: string | undefined): string | null {
  const [, path, removed] = /<(.*?)>(\(deleted\))?$/u.exec(arg ?? '') ?? [];
  if (path === undefined) throw new Error(`strace did not name the file of ${arg}`);
  if (removed !== undefined) return null;
  return Buffer.from(
    path.replaceAll(/\\x([0-9a-f]{2})/gu, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
    'latin1',
  ).toString();
}
