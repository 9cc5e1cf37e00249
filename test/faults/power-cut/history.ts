/**
 * What happened to the files of a folder, as a file system sees it: each file has changes of its bytes, each directory has
 * changes of its names, and both have syncs. docs/decisions/2026-11-28-cutting-the-power.md says what follows from that.
 */
import { basename, dirname } from 'node:path';
import { bytesOf, descriptorPath, pathOf, type Trace, type TracedCall } from './trace.ts';

/** From its first line to its last one; both are lines of the trace. */
export interface Span {
  readonly beganAt: number;
  readonly endedAt: number;
}

export type BytesChange = Span &
  (
    | { readonly kind: 'write'; readonly offset: number; readonly bytes: Buffer }
    | { readonly kind: 'truncate'; readonly byteSize: number }
  );

export interface FileNode {
  readonly type: 'file';
  readonly changes: BytesChange[];
  readonly syncs: Span[];
}

/** Names that change together. */
export interface NamesChange extends Span {
  /** Null removes the name. */
  readonly names: ReadonlyMap<string, Node | null>;
  /** A name that moves to another directory is removed here only if it appears there. */
  readonly needs: { readonly directory: DirectoryNode; readonly change: NamesChange } | null;
}

export interface DirectoryNode {
  readonly type: 'directory';
  readonly changes: NamesChange[];
  readonly syncs: Span[];
}

export type Node = FileNode | DirectoryNode;

export interface History {
  /** The recorded folder itself, which is on the disk from the beginning. */
  readonly root: DirectoryNode;
  readonly timesMs: Float64Array;
  /** The lines at which something in the folder began or ended, in order. */
  readonly lines: readonly number[];
}

/** SQLite writes it through shared memory, and makes it anew after a crash. */
const REBUILT = /-shm$/u;

/** @throws when something was done to the folder that this model does not know */
export function readHistory({ calls, timesMs }: Trace, folder: string): History {
  const recorder = new HistoryRecorder(folder);
  for (const call of calls) recorder.add(call);
  const lines = calls.flatMap(({ beganAt, endedAt }) => [beganAt, endedAt]);
  return { root: recorder.root, timesMs, lines: [...new Set(lines)].sort((one, other) => one - other) };
}

class HistoryRecorder {
  readonly root: DirectoryNode = { type: 'directory', changes: [], syncs: [] };
  readonly #folder: string;
  /** What each path is at this moment. */
  readonly #nodes = new Map<string, Node>();
  readonly #byteSizes = new Map<FileNode, number>();
  /** By descriptor and path. */
  readonly #isReadOnly = new Map<string, boolean>();

  constructor(folder: string) {
    this.#folder = folder;
    this.#nodes.set(folder, this.root);
  }

  add(call: TracedCall): void {
    const { name, args } = call;
    switch (name) {
      case 'open':
        this.#open(pathOf(args[0]), args[1] ?? '', call);
        break;
      case 'openat':
        this.#open(pathOf(args[1]), args[2] ?? '', call);
        break;
      case 'write':
        this.#write(descriptorPath(args[0]), bytesOf(args[1]), null, call);
        break;
      case 'pwrite64':
        this.#write(descriptorPath(args[0]), bytesOf(args[1]), Number(args[3]), call);
        break;
      case 'ftruncate':
        this.#truncate(descriptorPath(args[0]), Number(args[1]), call);
        break;
      case 'truncate':
        this.#truncate(pathOf(args[0]), Number(args[1]), call);
        break;
      case 'fsync':
      case 'fdatasync':
        this.#sync(descriptorPath(args[0]), call);
        break;
      case 'mkdir':
        this.#appear(pathOf(args[0]), { type: 'directory', changes: [], syncs: [] }, call);
        break;
      case 'unlink':
      case 'rmdir':
        this.#disappear(pathOf(args[0]), call);
        break;
      case 'unlinkat':
        this.#disappear(pathOf(args[1]), call);
        break;
      case 'rename':
        this.#move(pathOf(args[0]), pathOf(args[1]), call);
        break;
      case 'renameat':
      case 'renameat2':
        this.#move(pathOf(args[1]), pathOf(args[3]), call);
        break;
      case 'link':
        this.#appear(pathOf(args[1]), this.#nodes.get(pathOf(args[0])) ?? unknown(call), call);
        break;
      case 'mmap':
        this.#map(call);
        break;
      case 'lseek':
        this.#seek(call);
        break;
      default:
        unknown(call);
    }
  }

  #isOutside(path: string | null): path is null {
    return path === null || !path.startsWith(`${this.#folder}/`) || REBUILT.test(path);
  }

  #open(path: string, flags: string, call: TracedCall): void {
    if (this.#isOutside(path)) return;
    if (/O_D?SYNC|O_DIRECT\b/u.test(flags)) unknown(call);
    this.#isReadOnly.set(`${call.result} ${path}`, flags.includes('O_RDONLY'));
    const node = this.#nodes.get(path);
    if (node === undefined) {
      if (flags.includes('O_CREAT')) this.#appear(path, { type: 'file', changes: [], syncs: [] }, call);
      else unknown(call);
    } else if (flags.includes('O_TRUNC')) this.#truncate(path, 0, call);
  }

  #fileAt(path: string, call: TracedCall): FileNode {
    const node = this.#nodes.get(path);
    return node?.type === 'file' ? node : unknown(call);
  }

  /** @param offset null appends: only files that grow from their beginning are written so */
  #write(path: string | null, bytes: Buffer, offset: number | null, call: TracedCall): void {
    if (this.#isOutside(path)) return;
    const file = this.#fileAt(path, call);
    const byteSize = this.#byteSizes.get(file) ?? 0;
    const start = offset ?? byteSize;
    this.#byteSizes.set(file, Math.max(byteSize, start + call.result));
    file.changes.push({ ...spanOf(call), kind: 'write', offset: start, bytes: bytes.subarray(0, call.result) });
  }

  #truncate(path: string | null, byteSize: number, call: TracedCall): void {
    if (this.#isOutside(path)) return;
    const file = this.#fileAt(path, call);
    this.#byteSizes.set(file, byteSize);
    file.changes.push({ ...spanOf(call), kind: 'truncate', byteSize });
  }

  #sync(path: string | null, call: TracedCall): void {
    if (path === this.#folder) this.root.syncs.push(spanOf(call));
    if (this.#isOutside(path)) return;
    (this.#nodes.get(path) ?? unknown(call)).syncs.push(spanOf(call));
  }

  #directoryOf(path: string, call: TracedCall): DirectoryNode {
    const node = this.#nodes.get(dirname(path));
    return node?.type === 'directory' ? node : unknown(call);
  }

  #appear(path: string, node: Node, call: TracedCall): void {
    if (this.#isOutside(path)) return;
    const names = new Map([[basename(path), node]]);
    this.#directoryOf(path, call).changes.push({ ...spanOf(call), names, needs: null });
    this.#nodes.set(path, node);
  }

  #disappear(path: string, call: TracedCall): void {
    if (this.#isOutside(path)) return;
    const names = new Map([[basename(path), null]]);
    this.#directoryOf(path, call).changes.push({ ...spanOf(call), names, needs: null });
    this.#nodes.delete(path);
  }

  #move(from: string, to: string, call: TracedCall): void {
    const node = this.#nodes.get(from) ?? unknown(call);
    if (node.type === 'directory') unknown(call);
    const source = this.#directoryOf(from, call);
    const target = this.#directoryOf(to, call);
    const removed = new Map([[basename(from), null]]);
    if (source === target) {
      const names = new Map<string, Node | null>([...removed, [basename(to), node]]);
      target.changes.push({ ...spanOf(call), names, needs: null });
    } else {
      const change = { ...spanOf(call), names: new Map([[basename(to), node]]), needs: null };
      target.changes.push(change);
      source.changes.push({ ...spanOf(call), names: removed, needs: { directory: target, change } });
    }
    this.#nodes.delete(from);
    this.#nodes.set(to, node);
  }

  /** Writes without an offset are taken to append, so that nobody who writes may move elsewhere. */
  #seek(call: TracedCall): void {
    const path = descriptorPath(call.args[0]);
    if (this.#isOutside(path) || call.args[2] === 'SEEK_END') return;
    if (this.#isReadOnly.get(`${Number.parseInt(call.args[0] ?? '', 10)} ${path}`) !== true) unknown(call);
  }

  #map(call: TracedCall): void {
    const [, , protection = '', flags = '', descriptor] = call.args;
    const path = descriptorPath(descriptor);
    if (this.#isOutside(path)) return;
    // Writes through memory are not system calls: no trace shows them.
    if (flags.includes('MAP_SHARED') && protection.includes('PROT_WRITE')) unknown(call);
  }
}

function spanOf({ beganAt, endedAt }: TracedCall): Span {
  return { beganAt, endedAt };
}

function unknown({ name, args }: TracedCall): never {
  const told = args.map((arg) => (arg.length > 400 ? '…' : arg)).join(', ');
  throw new Error(`the model of the disk does not know ${name}(${decodeURIComponent(told.replaceAll('\\x', '%'))})`);
}
