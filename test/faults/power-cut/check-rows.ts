/**
 * Holds what clients were told before a cut against the rows and bytes that the cut left. The first row of the table in
 * PROTOCOL.md must be there whole. Of the second one may be missing what came last, but no log has a gap.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type SQLite from 'better-sqlite3';
import { sql } from 'kysely';
import { openFileBlobStore } from '../../../src/blobs/drivers/fs/blob-store.ts';
import { openSqlite } from '../../../src/db/drivers/sqlite/open.ts';
import { openDatabase, rawId, TERMINAL_TYPES } from '../../api/steps.ts';
import { type Fact, factsOf, type Note } from './journal.ts';

/** What the rows of a call must say of themselves, whatever was told. */
interface CallRow {
  readonly id: string;
  readonly prompt: string;
  readonly status: string;
  readonly attempts: number;
  readonly last_sequence: number;
  readonly completed_at: string | null;
  readonly cancel_requested_at: string | null;
}

/** @returns one line for each thing that is wrong */
export async function checkRows(dataDir: string, told: readonly Note[]): Promise<readonly string[]> {
  const problems: string[] = [];
  // The driver of the server: what it cannot open, no server can.
  const db = await openSqlite(join(dataDir, 'darkroom.sqlite'), { patienceMs: 0 });
  try {
    const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db);
    const found = rows.map(({ integrity_check: line }) => line).join(' ');
    if (found !== 'ok') problems.push(`the database is damaged: ${found}`);
    const { rows: orphans } = await sql`pragma foreign_key_check`.execute(db);
    if (orphans.length > 0) problems.push(`rows refer to what is not there: ${JSON.stringify(orphans)}`);
    using database = openDatabase(dataDir);
    new RowsCheck(database, told, problems).run();
    for (const { file, text } of factsOf(told, 'secret')) {
      const kept = await readFile(join(dataDir, file), 'utf8').catch(String);
      if (kept !== text) problems.push(`${file} is lost: ${kept.length} bytes`);
    }
    await checkImages(dataDir, database, problems);
  } finally {
    await db.destroy();
  }
  return problems;
}

/** The bytes of every image of the database are there. Those of partial images are left to a server. */
async function checkImages(dataDir: string, database: SQLite.Database, problems: string[]): Promise<void> {
  const blobs = await openFileBlobStore({ directory: join(dataDir, 'blobs') });
  for (const hash of database.prepare('select distinct sha256 from images').pluck().all()) {
    await blobs.read(String(hash)).catch((error: unknown) => problems.push(`the bytes of an image: ${error}`));
  }
  await blobs.close();
}

class RowsCheck {
  readonly #database: SQLite.Database;
  readonly #told: readonly Note[];
  readonly #problems: string[];
  readonly #calls: ReadonlyMap<string, CallRow>;

  constructor(database: SQLite.Database, told: readonly Note[], problems: string[]) {
    this.#database = database;
    this.#told = told;
    this.#problems = problems;
    // The row types follow src/db/tables.
    const rows = database.prepare('select * from calls').all() as CallRow[];
    this.#calls = new Map(rows.map((row) => [row.id, row]));
  }

  run(): void {
    for (const call of this.#calls.values()) this.#checkLog(call);
    for (const { fact } of this.#told) this.#checkFact(fact);
    this.#checkAsked();
  }

  #expect(holds: boolean, problem: string): void {
    if (!holds && !this.#problems.includes(problem)) this.#problems.push(problem);
  }

  #count(query: string, ...values: readonly (string | number)[]): number {
    return Number(
      this.#database
        .prepare(`select count(*) from ${query}`)
        .pluck()
        .get(...values),
    );
  }

  #checkLog({ id, prompt, last_sequence: last, completed_at: completedAt }: CallRow): void {
    const events = this.#database
      .prepare('select sequence, type from events where call_id = ? order by sequence')
      // The row type follows src/db/tables.
      .all(id) as { readonly sequence: number; readonly type: string }[];
    const about = `the log of "${prompt}"`;
    this.#expect(
      events.every(({ sequence }, index) => sequence === index + 1),
      `${about} has a gap: ${events.map(({ sequence }) => sequence)}`,
    );
    this.#expect(last === events.length, `${about} has ${events.length} events, its call says ${last}`);
    const ends = events.filter(({ type }) => TERMINAL_TYPES.includes(type)).map(({ sequence }) => sequence);
    const expected = completedAt === null ? [] : [events.length];
    this.#expect(JSON.stringify(ends) === JSON.stringify(expected), `${about} ends at ${ends}, not at ${expected}`);
    this.#expect(this.#count('reservations where call_id = ?', id) === 1, `the reservation of "${prompt}" is lost`);
  }

  #checkFact(fact: Fact): void {
    if (fact.kind === 'accepted') {
      this.#expect(this.#calls.has(rawId(fact.callId)), `the accepted call "${fact.prompt}" is lost`);
    } else if (fact.kind === 'event') this.#checkEvent(fact);
    else if (fact.kind === 'seen') this.#checkSeen(fact);
    else if (fact.kind === 'changed') this.#checkChange(fact);
    else if (fact.kind === 'bytes' && !fact.isPartial) {
      this.#expect(this.#count('images where sha256 = ?', fact.sha256) > 0, `the image ${fact.path} is lost`);
    } else if (fact.kind === 'exported') {
      const isThere = this.#count('images where id = ?', rawId(fact.imageId)) === 1;
      this.#expect(isThere, `the image ${fact.imageId}, which an export had, is lost`);
    } else if (fact.kind === 'uploaded') {
      const isKept = this.#count('images where id = ? and sha256 = ?', rawId(fact.imageId), fact.sha256) === 1;
      this.#expect(isKept, `the upload ${fact.imageId} is lost`);
    } else if (fact.kind === 'cancelled') {
      const call = this.#calls.get(rawId(fact.callId));
      const isKept = call?.status === 'CANCELLED' || call?.cancel_requested_at != null;
      this.#expect(isKept, `the cancellation of ${fact.callId} is lost`);
    } else if (fact.kind === 'key') {
      this.#expect(this.#count('api_keys where name = ?', fact.name) === 1, `the ${fact.name} is lost`);
    } else if (fact.kind === 'budget') {
      const isKept = this.#count('budgets where subject = ? and amount = ?', fact.subject, fact.picodollars) === 1;
      this.#expect(isKept, `the budget of ${fact.subject} is lost`);
    }
  }

  #checkEvent({ callId, event }: Extract<Fact, { readonly kind: 'event' }>): void {
    const { __typename: type, sequence } = event;
    const id = rawId(callId);
    if (event.__typename === 'PartialImageReceived') {
      // The event may be lost, but not what the upstream calls the response that was paid for.
      const { imageIndex } = event.partial;
      const named = this.#count('attempts where call_id = ? and task = ? and response_id is not null', id, imageIndex);
      this.#expect(named > 0, `the upstream's id of ${callId}, image ${imageIndex}, is lost`);
      return;
    }
    const isThere = this.#count('events where call_id = ? and sequence = ? and type = ?', id, sequence, type) === 1;
    this.#expect(isThere, `the event ${type} of ${callId} is lost`);
    if (event.__typename === 'GenerationStarted') {
      const recorded = this.#count('attempts where call_id = ? and attempt = ?', id, event.attempt);
      this.#expect(recorded > 0, `attempt ${event.attempt} of ${callId} is lost`);
    }
    if (event.__typename === 'ImageCompleted') {
      const stored = this.#count('images where id = ? and sha256 = ?', rawId(event.image.id), event.image.sha256);
      this.#expect(stored === 1, `the finished image ${event.image.id} is lost`);
    }
    if (event.__typename === 'GenerationCompleted') {
      this.#expect(this.#count('cost_lines where call_id = ?', id) > 0, `the cost of ${callId} is lost`);
    }
  }

  /** A status may be followed by later ones. */
  #checkSeen({ callId, status, responseId, attempts, imageIds }: Extract<Fact, { readonly kind: 'seen' }>): void {
    const call = this.#calls.get(rawId(callId));
    const isKept = RANKS.indexOf(call?.status ?? '') >= RANKS.indexOf(status) && (call?.attempts ?? 0) >= attempts;
    const found = call === undefined ? 'lost' : `${call.status} in attempt ${call.attempts}`;
    this.#expect(isKept, `${callId} is ${found}; a query showed ${status}, ${attempts}`);
    if (responseId !== null) {
      const named = this.#count('attempts where call_id = ? and response_id = ?', rawId(callId), responseId);
      this.#expect(named > 0, `the upstream's id ${responseId}, which a query showed, is lost`);
    }
    for (const imageId of imageIds) {
      const isThere = this.#count('images where id = ?', rawId(imageId)) === 1;
      this.#expect(isThere, `the image ${imageId}, which a query showed, is lost`);
    }
  }

  /** Promise 6: an attempt is recorded before the upstream is asked. */
  #checkAsked(): void {
    const asked = new Map<string, number>();
    for (const { prompt } of factsOf(this.#told, 'asked')) asked.set(prompt, (asked.get(prompt) ?? 0) + 1);
    for (const [prompt, creates] of asked) {
      const recorded = this.#count('attempts join calls on calls.id = call_id where prompt = ?', prompt);
      const isRecorded = recorded >= creates;
      this.#expect(isRecorded, `the upstream was asked ${creates} times for "${prompt}", ${recorded} are recorded`);
    }
  }

  #checkChange({ id, change }: Extract<Fact, { readonly kind: 'changed' }>): void {
    const raw = rawId(id);
    const table = Buffer.from(id, 'base64').toString().startsWith('Conversation:') ? 'conversations' : 'images';
    const isRestoring = factsOf(this.#told, 'changing').some((later) => later.id === id && later.change === 'restore');
    if (change === 'favorite') {
      const isKept =
        this.#count('images where id = ? and favorite = 1', raw) + this.#count('image_tags where image_id = ?', raw);
      this.#expect(isKept === 2, `the favourite ${id} is lost`);
    }
    if (change === 'delete' && !isRestoring) {
      this.#expect(
        this.#count(`${table} where id = ? and deleted_at is not null`, raw) === 1,
        `the deletion of ${id} is lost`,
      );
    }
    if (change === 'restore') {
      this.#expect(
        this.#count(`${table} where id = ? and deleted_at is null`, raw) === 1,
        `that ${id} was restored is lost`,
      );
    }
  }
}

const RANKS: readonly string[] = ['QUEUED', 'IN_PROGRESS', 'CANCELLED', 'FAILED', 'COMPLETED'];
