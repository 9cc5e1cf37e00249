/** Cuts the power of a recorded server at many instants, and checks what each cut leaves. */
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, type Random } from '../rounds.ts';
import { checkRows } from './check-rows.ts';
import { checkServer } from './check-server.ts';
import { type Cut, DiskStates, type Luck } from './disk-state.ts';
import type { History } from './history.ts';
import type { Note } from './journal.ts';
import { DATA, type Recording } from './recording.ts';

export interface CutOptions {
  /** Seeds the instants, and what each of them leaves. */
  readonly name: string;
  /** How many states are built and opened. */
  readonly states: number;
  /** On each how manieth of them a server is started, too. */
  readonly serverEach: number;
  /** Ends with the first state that breaks a promise. */
  readonly stopsAtFirst?: boolean;
}

export interface BrokenState {
  /** The seed and the instant. */
  readonly cut: string;
  readonly problems: readonly string[];
}

export interface CutResults {
  readonly states: number;
  readonly servers: number;
  readonly broken: readonly BrokenState[];
}

/** States that are checked at the same time. Most of the time of a server goes to waiting for the upstream. */
const AT_ONCE = 4;

export async function cutOften(recording: Recording, options: CutOptions): Promise<CutResults> {
  const folder = await mkdtemp(join(memoryFolder(), 'darkroom-cuts-'));
  const states = new DiskStates(recording.history, join(folder, 'shared'));
  const broken: BrokenState[] = [];
  let next = 0;
  let servers = 0;

  async function checkOne(number: number): Promise<void> {
    const seed = `${options.name} ${number}`;
    const { line, luck } = chooseCut(recording, seed);
    const cutMs = recording.history.timesMs[line + 1] ?? 0;
    const told = recording.notes.filter(({ atMs }) => atMs < cutMs);
    /** The same each time: whoever opens a state changes it. */
    const inState = async (check: (dataDir: string) => Promise<readonly string[]>) => {
      const root = join(folder, String(number));
      states.build(chooseCut(recording, seed), root);
      const problems = await check(join(root, DATA));
      await rm(root, { recursive: true, force: true });
      return problems;
    };
    let problems = await inState((dataDir) => checkFiles(dataDir, told));
    if (problems.length === 0 && number % options.serverEach === 0) {
      servers += 1;
      problems = await inState((dataDir) => checkServer(recording, dataDir, told, createRandom(`${seed}, clients`)));
    }
    if (problems.length > 0) broken.push({ cut: `"${seed}", line ${line}, ${luck}`, problems });
  }

  async function work(): Promise<void> {
    while (next < options.states && !(options.stopsAtFirst === true && broken.length > 0)) {
      const number = next;
      next += 1;
      await checkOne(number);
    }
  }

  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { states: next, servers, broken };
}

function chooseCut(recording: Recording, seed: string): Cut {
  const random = createRandom(seed);
  return { line: chooseLine(recording, random), luck: chooseLuck(random), random };
}

async function checkFiles(dataDir: string, told: readonly Note[]): Promise<readonly string[]> {
  if (!existsSync(join(dataDir, 'darkroom.sqlite'))) return told.length > 0 ? ['the database is lost'] : [];
  return checkRows(dataDir, told).catch((error: unknown) => [`it cannot be opened: ${error}`]);
}

/** The last line before the cut: often the moment after something was told, else any that did something to the disk. */
function chooseLine({ history, notes }: Recording, random: Random): number {
  if (random.next() < 0.5) return random.pick(history.lines.slice(0, -1));
  // Of each kind as often, however often it was told.
  const kind = random.pick([...new Set(notes.map(({ fact }) => fact.kind))]);
  const { atMs } = random.pick(notes.filter(({ fact }) => fact.kind === kind));
  return Math.max(0, lineAfter(history, atMs) - 1);
}

/** The first line later than this time. */
function lineAfter({ timesMs }: History, atMs: number): number {
  const found = timesMs.findIndex((timeMs) => timeMs > atMs);
  return found < 0 ? timesMs.length - 1 : found;
}

/** A lost sync is seen best by a disk that has only what was synced. */
function chooseLuck(random: Random): Luck {
  return random.pick(['none', 'none', 'none', 'first', 'first', 'some', 'all'] as const);
}

const NEEDED_BYTES = 512 * 1024 * 1024;

/** Hundreds of data folders are written and forgotten: in memory where there is room. */
function memoryFolder(): string {
  try {
    accessSync('/dev/shm', constants.W_OK);
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize > NEEDED_BYTES) return '/dev/shm';
  } catch {
    // There is none.
  }
  return tmpdir();
}
