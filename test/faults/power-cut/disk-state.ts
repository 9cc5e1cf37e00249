/**
 * The states in which a power cut may leave a folder. What was synced is there. Of the rest, each file has some of its
 * changes and each directory some of its names, independently of all others. One seed is one state.
 */
import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../rounds.ts';
import type { BytesChange, DirectoryNode, FileNode, History, NamesChange, Node, Span } from './history.ts';

/**
 * What became of the changes that were not synced: `none` or `all` of them; in each file and directory the `first` ones,
 * the last of which may be torn; or in each file `some` sectors of some of them, in any order.
 */
export const LUCKS = ['none', 'first', 'some', 'all'] as const;
export type Luck = (typeof LUCKS)[number];

export interface Cut {
  /** The last line of the trace that happened. */
  readonly line: number;
  readonly luck: Luck;
  readonly random: Random;
}

/** Disks write a sector whole or not at all. Older ones have 512 bytes. */
const SECTORS_BYTES = [512, 4096] as const;

/** A file named by its hash is never changed in place, so that many states share one copy. */
const BY_HASH = /^[0-9a-f]{64}$/u;

export class DiskStates {
  readonly #history: History;
  /** Where shared copies lie; on the file system of the states. */
  readonly #shared: string;
  readonly #copies = new Map<FileNode, string>();

  constructor(history: History, shared: string) {
    this.#history = history;
    this.#shared = shared;
    mkdirSync(shared, { recursive: true });
  }

  /** Writes what the cut leaves into a new folder. */
  build(cut: Cut, folder: string): void {
    const kept = chooseNames(this.#history.root, cut);
    mkdirSync(folder);
    this.#writeDirectory(this.#history.root, folder, kept, cut);
  }

  #writeDirectory(directory: DirectoryNode, path: string, kept: Kept, cut: Cut): void {
    for (const [name, node] of namesOf(directory, kept)) {
      const at = join(path, name);
      if (node.type === 'file') this.#writeFile(node, name, at, cut);
      else {
        mkdirSync(at, { mode: 0o700 });
        this.#writeDirectory(node, at, kept, cut);
      }
    }
  }

  #writeFile(file: FileNode, name: string, path: string, cut: Cut): void {
    const isWhole = syncedCount(file, cut.line) === file.changes.length;
    if (!isWhole || !BY_HASH.test(name)) {
      writeFileSync(path, bytesAfter(file, cut), { mode: 0o600 });
      return;
    }
    let copy = this.#copies.get(file);
    if (copy === undefined) {
      copy = join(this.#shared, String(this.#copies.size));
      writeFileSync(copy, bytesAfter(file, cut), { mode: 0o600 });
      this.#copies.set(file, copy);
    }
    linkSync(copy, path);
  }
}

/** How many of the first changes are certainly on the disk: a sync that has ended began behind them. */
function syncedCount(
  { changes, syncs }: { readonly changes: readonly Span[]; readonly syncs: readonly Span[] },
  line: number,
) {
  const began = syncs.filter(({ endedAt }) => endedAt <= line).map(({ beganAt }) => beganAt);
  const latest = Math.max(-1, ...began);
  const missing = changes.findIndex(({ endedAt }) => endedAt > latest);
  return missing < 0 ? changes.length : missing;
}

/** How many have begun: those that have not ended may be on the disk already. */
function begunCount(changes: readonly Span[], line: number): number {
  const missing = changes.findIndex(({ beganAt }) => beganAt > line);
  return missing < 0 ? changes.length : missing;
}

/** How many of the first changes of its names each directory keeps. */
type Kept = Map<DirectoryNode, number>;

function chooseNames(root: DirectoryNode, { line, luck, random }: Cut): Kept {
  const kept: Kept = new Map();
  const directories = allDirectories(root);
  for (const directory of directories) kept.set(directory, syncedCount(directory, line));
  // A name that has certainly left one directory has certainly appeared in the other.
  for (const directory of directories) {
    for (const { needs } of directory.changes.slice(0, kept.get(directory))) {
      if (needs !== null) keep(kept, needs.directory, needs.change);
    }
  }
  for (const directory of directories) {
    const least = kept.get(directory) ?? 0;
    const most = Math.max(least, begunCount(directory.changes, line));
    const isEager = luck === 'all' || (luck === 'some' && random.next() < 0.5);
    const count = luck === 'none' ? least : isEager ? most : random.integer(least, most);
    kept.set(directory, count);
  }
  // A name that has not appeared in its new directory has not left the old one.
  for (const directory of directories) {
    const changes = directory.changes.slice(0, kept.get(directory));
    const early = changes.findIndex(({ needs }) => needs !== null && !isKept(kept, needs.directory, needs.change));
    if (early >= 0) kept.set(directory, early);
  }
  return kept;
}

function keep(kept: Kept, directory: DirectoryNode, change: NamesChange): void {
  kept.set(directory, Math.max(kept.get(directory) ?? 0, directory.changes.indexOf(change) + 1));
}

function isKept(kept: Kept, directory: DirectoryNode, change: NamesChange): boolean {
  return directory.changes.indexOf(change) < (kept.get(directory) ?? 0);
}

function allDirectories(root: DirectoryNode): readonly DirectoryNode[] {
  const found = new Set([root]);
  // Grows while it is walked.
  for (const directory of found) {
    for (const { names } of directory.changes) {
      for (const node of names.values()) if (node?.type === 'directory') found.add(node);
    }
  }
  return [...found];
}

function namesOf(directory: DirectoryNode, kept: Kept): ReadonlyMap<string, Node> {
  const names = new Map<string, Node>();
  for (const change of directory.changes.slice(0, kept.get(directory))) {
    for (const [name, node] of change.names) {
      if (node === null) names.delete(name);
      else names.set(name, node);
    }
  }
  return names;
}

function bytesAfter(file: FileNode, { line, luck, random }: Cut): Buffer {
  const synced = syncedCount(file, line);
  const begun = Math.max(synced, begunCount(file.changes, line));
  const sure = file.changes.slice(0, synced);
  const unsure = file.changes.slice(synced, begun);
  if (luck === 'none' || unsure.length === 0) return bytesOf(sure);
  if (luck === 'all') return bytesOf([...sure, ...unsure]);
  const sector = random.pick(SECTORS_BYTES);
  if (luck === 'first') {
    const count = random.integer(0, unsure.length);
    const next = unsure[count];
    const torn = next === undefined ? [] : sectorsOf(next, sector);
    return bytesOf([...sure, ...unsure.slice(0, count), ...torn.slice(0, random.integer(0, torn.length))]);
  }
  return bytesOf([...sure, ...unsure.flatMap((change) => sectorsOf(change, sector)).filter(() => random.next() < 0.5)]);
}

/** The change as one change for each sector of the disk that it touches. */
function sectorsOf(change: BytesChange, sectorBytes: number): readonly BytesChange[] {
  if (change.kind === 'truncate') return [change];
  const { offset, bytes } = change;
  const parts: BytesChange[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = Math.min(bytes.length, start + sectorBytes - ((offset + start) % sectorBytes));
    parts.push({ ...change, offset: offset + start, bytes: bytes.subarray(start, end) });
    start = end;
  }
  return parts;
}

/** What a file has after these changes. Bytes that were never written are zeros. */
function bytesOf(changes: readonly BytesChange[]): Buffer {
  let byteSize = 0;
  let most = 0;
  for (const change of changes) {
    if (change.kind === 'write') byteSize = Math.max(byteSize, change.offset + change.bytes.length);
    else byteSize = change.byteSize;
    most = Math.max(most, byteSize);
  }
  const bytes = Buffer.alloc(most);
  for (const change of changes) {
    if (change.kind === 'write') bytes.set(change.bytes, change.offset);
    else bytes.fill(0, change.byteSize);
  }
  return bytes.subarray(0, byteSize);
}
