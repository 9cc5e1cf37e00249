/** What must hold for an ended call and for an idle data folder, whatever happened to the servers. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { openDatabase, sha256, TERMINAL_TYPES } from '../api/steps.ts';
import { blobPath } from '../storage/steps.ts';
import { checkLeaks } from './leaks.ts';
import type { Subscriber } from './subscriber.ts';
import type { Tally } from './tally.ts';
import { type FaultUpstream, isCreate, isResume } from './upstream.ts';

/** What is checked: the data folder, the upstream of its servers, and the counts. */
export interface CheckedSystem {
  readonly dataDir: string;
  readonly upstream: FaultUpstream;
  readonly tally: Tally;
}

export interface WatchedCall {
  /** The id as the database has it. */
  readonly raw: string;
  readonly prompt: string;
  readonly subscribers: readonly Subscriber[];
}

export interface CallRow {
  readonly id: string;
  readonly status: string;
  readonly attempts: number;
  readonly last_sequence: number;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly claimed_by: string | null;
  readonly cancel_requested_at: string | null;
  readonly not_before: string | null;
  readonly failure: string | null;
  readonly count: number;
  readonly picture_failures: string | null;
}

export interface AttemptRow {
  readonly attempt: number;
  readonly task: number;
  readonly state: string;
  readonly background: number;
  readonly response_id: string | null;
  readonly started_at: string;
}

interface PictureRow {
  readonly sha256: string;
  readonly byte_size: number;
  readonly item_id: string | null;
  readonly place: number;
}

export interface EventRow {
  readonly sequence: number;
  readonly type: string;
}

/** The rows of a call at one moment. */
export interface Snapshot {
  readonly call: CallRow;
  readonly attempts: readonly AttemptRow[];
  readonly events: readonly EventRow[];
  readonly images: readonly PictureRow[];
  readonly partials: readonly PictureRow[];
}

export function snapshot(dataDir: string, callId: string): Snapshot {
  using database = openDatabase(dataDir);
  // The row types follow src/db/tables.ts.
  const rows = <Row>(sql: string) => database.prepare(sql).all(callId) as Row[];
  const [call] = rows<CallRow>('select * from calls where id = ?');
  if (call === undefined) throw new Error(`call ${callId} is not in the database`);
  return {
    call,
    attempts: rows('select * from attempts where call_id = ? order by attempt, task'),
    events: rows('select sequence, type from events where call_id = ? order by rowid'),
    images: rows('select *, image_index as place from images where call_id = ?'),
    partials: rows('select *, partial_index as place from partial_images where call_id = ?'),
  };
}

const STATUS_OF: Readonly<Record<string, string>> = {
  GenerationCompleted: 'COMPLETED',
  GenerationFailed: 'FAILED',
  GenerationCancelled: 'CANCELLED',
};

/** Checks: one end, no gap, no event twice, the upstream's own bytes, and no unrecorded create. */
export async function checkCall({ dataDir, upstream, tally }: CheckedSystem, tracked: WatchedCall): Promise<void> {
  const { raw, prompt, subscribers } = tracked;
  const { call, attempts, events, images, partials } = snapshot(dataDir, raw);
  const about = `"${prompt}" (${raw})`;

  // Promises 1 and 3: a complete log with one terminal event, which is the last one.
  expect(
    events.map(({ sequence }) => sequence),
    `the sequence of ${about}`,
  ).toEqual(events.map((_, index) => index + 1));
  const types = events.map(({ type }) => type);
  const ends = types.filter((type) => TERMINAL_TYPES.includes(type));
  expect(ends, `the ends of ${about}: ${types}`).toEqual([types.at(-1)]);
  expect(call, about).toMatchObject({ status: STATUS_OF[ends[0] ?? ''], last_sequence: events.length });
  expect(call.completed_at, about).not.toBeNull();

  // Promise 2: every subscriber received exactly that, whatever its reconnects.
  for (const [number, { events: told, reconnects }] of subscribers.entries()) {
    const seen = told.map(({ sequence, __typename }) => ({ sequence, type: __typename }));
    expect(seen, `what subscriber ${number} was told of ${about}`).toEqual(events);
    tally.reconnects += reconnects;
    tally.events += told.length;
  }

  // Promises 4 and 8: the stored bytes are those that the upstream sent.
  const responses = attempts.flatMap(({ response_id: id }) => (id === null ? [] : [upstream.sent.get(id)]));
  for (const { item_id: item, sha256: hash } of images) {
    const sent = responses.map((response) => response?.images.get(item ?? ''));
    expect(sent, `a picture of ${about}`).toContain(hash);
  }
  for (const { item_id: item, place, sha256: hash } of partials) {
    const sent = responses.map((response) => response?.partials.get(`${item}/${place}`));
    expect(sent, `stage ${place} of ${about}`).toContain(hash);
  }
  for (const { sha256: hash, byte_size: size } of [...images, ...partials]) {
    const bytes = readFileSync(blobPath(dataDir, hash));
    expect({ hash: sha256(bytes), size: bytes.length }, about).toEqual({ hash, size });
  }
  expect(types.filter((type) => type === 'PartialImageReceived').length, about).toBe(partials.length);
  const announced = types.filter((type) => type === 'ImageCompleted').length;
  if (call.status === 'COMPLETED') expect(announced, about).toBe(images.length);
  if (call.status === 'COMPLETED') expect(images, about).not.toHaveLength(0);

  // Of several images, each is there or has its failure.
  const failures: readonly { imageIndex: number }[] = JSON.parse(call.picture_failures ?? '[]');
  if (call.count > 1 && call.status !== 'CANCELLED') {
    const places = [...images.map(({ place }) => place), ...failures.map(({ imageIndex }) => imageIndex)];
    expect(
      places.toSorted((a, b) => a - b),
      about,
    ).toEqual(Array.from({ length: call.count }, (_, place) => place));
    const told = types.filter((type) => type === 'ImageFailed').length;
    expect(told, about).toBeGreaterThanOrEqual(failures.length);
  }

  // Promise 6: at most one create for each recorded request.
  expect(new Set(attempts.map(({ attempt }) => attempt)).size, about).toBe(call.attempts);
  const creates = upstream.createsOf(prompt).length;
  expect(creates, `the creates of ${about}, of which ${attempts.length} are recorded`).toBeLessThanOrEqual(
    attempts.length,
  );
  tally.attempts += attempts.length;
  tally.creates += creates;
  if (call.status === 'COMPLETED') tally.completed += 1;
  if (call.status === 'FAILED') tally.failed += 1;
  if (call.status === 'CANCELLED') tally.cancelled += 1;
}

/** Checks: an intact database, no files without a row, and no unrecorded create. */
export async function checkDataFolder({ dataDir, upstream, tally }: CheckedSystem): Promise<void> {
  using database = openDatabase(dataDir);
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(database.pragma('foreign_key_check')).toEqual([]);
  await checkLeaks(dataDir, upstream);
  const attempts = database.prepare('select count(*) from attempts').pluck().get();
  expect(upstream.proxy.requests.filter(isCreate).length).toBeLessThanOrEqual(Number(attempts));
  // Each harness is counted once per round, when it is idle.
  tally.rounds += 1;
  tally.upstreamResumes += upstream.proxy.requests.filter(isResume).length - (resumesTold.get(upstream) ?? 0);
  resumesTold.set(upstream, upstream.proxy.requests.filter(isResume).length);
}

const resumesTold = new WeakMap<object, number>();
