/**
 * Data folders with a given number of stored images. The database is created by the project's own migrations and filled
 * in bulk, without the data that no row reads (attempts, most events).
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { connectSqlite } from '../../src/db/drivers/sqlite/connect.ts';
import { isBehind, migrateToLatest } from '../../src/db/drivers/sqlite/migrate.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { addSearchFunctions } from '../../src/db/drivers/sqlite/search-functions.ts';

export const PRINCIPAL = 'local';
const BEFORE_SEARCH = '0011-archive';
/** 2026-01-01, midnight UTC: the time of the first image. One image per second follows. */
const EPOCH_MS = 1_767_225_600_000;
export const IMAGES_OF_A_CONVERSATION = 10;
/** One image in so many is a favourite, has a tag, and a format and a model of its own. */
const ONE_IN = 20;
export const TAG = 'poster';

/** The time of the n-th image: RFC 3339. */
export const timeOf = (number: number) => new Date(EPOCH_MS + number * 1000).toISOString();

const THUMBHASH = '1QcSHQRnh493V4dIh4eXh1h4kJUI';

export function databaseIn(dataDir: string): string {
  return join(dataDir, 'darkroom.sqlite');
}

/** A UUIDv7 of the n-th second, different for each type of row. */
export function uuidOf(kind: 'a' | 'b' | '8', number: number): string {
  const time = (EPOCH_MS + number * 1000).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-${kind}000-${number.toString(16).padStart(12, '0')}`;
}

export const imageId = (number: number) => uuidOf('8', number);
export const callId = (number: number) => uuidOf('a', number);
export const conversationId = (number: number) => uuidOf('b', number);

/** Creates a database with this many images, one per call, ten calls per conversation. */
export async function makeArchive(dataDir: string, images: number): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  const file = databaseIn(dataDir);
  const empty = connectSqlite(file, { patienceMs: 1000 });
  // The migration after it fills the search index in one go, which is faster than row by row.
  if (await isBehind(empty)) await migrateToLatest(empty, BEFORE_SEARCH);
  await empty.destroy();
  const sqlite = new SQLite(file);
  try {
    // Only for filling: the server opens the file with its own settings.
    sqlite.pragma('synchronous = OFF');
    sqlite.pragma('foreign_keys = OFF');
    fill(sqlite, images);
  } finally {
    sqlite.close();
  }
  const db = await openSqlite(file, { patienceMs: 1000 });
  await db.destroy();
  const filled = new SQLite(file);
  try {
    // No ANALYZE: the server does not run it, so its queries are planned without statistics.
    filled.exec('pragma wal_checkpoint(truncate)');
  } finally {
    filled.close();
  }
}

function fill(sqlite: SQLite.Database, images: number): void {
  const conversation = sqlite.prepare(
    'insert into conversations (id, principal, title, last_position, created_at, updated_at) values (?, ?, ?, 40, ?, ?)',
  );
  const call = sqlite.prepare(
    `insert into calls (id, principal, conversation_id, kind, status, prompt, requested, attempts, last_sequence,
      last_position, created_at, started_at, completed_at) values (?, ?, ?, 'GENERATE', 'COMPLETED', ?, ?, 1, 4, 4, ?, ?, ?)`,
  );
  const image = sqlite.prepare(
    `insert into images (id, principal, conversation_id, call_id, image_index, origin, sha256, byte_size, width, height,
      format, thumbhash, prompt, revised_prompt, requested, actual, item_id, created_at, model, favorite)
      values (?, ?, ?, ?, 0, 'GENERATED', ?, 1843200, 1536, 1024, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const tag = sqlite.prepare('insert into image_tags (principal, image_id, tag) values (?, ?, ?)');
  const settings = JSON.stringify({ model: 'gpt-image-2', size: '1536x1024', quality: 'high', format: 'PNG' });
  sqlite.transaction(() => {
    for (let number = 0; number < images; number += 1) {
      const at = timeOf(number);
      const of = conversationId(Math.floor(number / IMAGES_OF_A_CONVERSATION));
      const prompt = `A river made of white owl feathers at dusk, number ${number}`;
      if (number % IMAGES_OF_A_CONVERSATION === 0) conversation.run(of, PRINCIPAL, prompt, at, at);
      call.run(callId(number), PRINCIPAL, of, prompt, settings, at, at, at);
      const sha256 = number.toString(16).padStart(64, '0');
      const revised = `${prompt}, seen from above, in the last light of the day, finely drawn`;
      const of_call = callId(number);
      const isSpecial = number % ONE_IN === 0;
      const [format, model, favorite] = isSpecial ? ['WEBP', 'gpt-image-2', 1] : ['PNG', 'gpt-image-1', 0];
      const words = [THUMBHASH, prompt, revised, settings, settings, `ig_${number}`, at, model, favorite];
      image.run(imageId(number), PRINCIPAL, of, of_call, sha256, format, ...words);
      if (isSpecial) tag.run(PRINCIPAL, imageId(number), TAG);
    }
  })();
}

/** A call that has ended, with this many events. Reading them reads no other rows. */
export function addLongCall(dataDir: string, number: number, events: number): string {
  const sqlite = new SQLite(databaseIn(dataDir));
  try {
    addSearchFunctions(sqlite);
    const id = callId(number);
    const of = conversationId(number);
    const at = new Date(EPOCH_MS).toISOString();
    sqlite.transaction(() => {
      sqlite
        .prepare(
          'insert into conversations (id, principal, title, last_position, created_at, updated_at) values (?, ?, ?, ?, ?, ?)',
        )
        .run(of, PRINCIPAL, 'A long one', events, at, at);
      sqlite
        .prepare(
          `insert into calls (id, principal, conversation_id, kind, status, prompt, requested, attempts, last_sequence,
            last_position, created_at, started_at, completed_at)
            values (?, ?, ?, 'GENERATE', 'FAILED', 'A long one', '{}', 1, ?, ?, ?, ?, ?)`,
        )
        .run(id, PRINCIPAL, of, events, events, at, at, at);
      const insert = sqlite.prepare(
        `insert into events (id, call_id, sequence, conversation_id, position, principal, type, at, payload)
          values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      );
      const place = sqlite
        .prepare(
          `insert into viewer_logs (principal, last_id) values (?, ?)
            on conflict (principal) do update set last_id = last_id + excluded.last_id returning last_id`,
        )
        .pluck()
        .get(PRINCIPAL, events);
      const before = Number(place) - events;
      for (let sequence = 1; sequence <= events; sequence += 1) {
        const [type, payload] =
          sequence === events
            ? ['GenerationFailed', { failure: FAILURE }]
            : ['PartialImageReceived', { partial: partialOf(sequence) }];
        insert.run(before + sequence, id, sequence, of, sequence, PRINCIPAL, type, at, JSON.stringify(payload));
      }
    })();
    return id;
  } finally {
    sqlite.close();
  }
}

const FAILURE = {
  code: 'INCOMPLETE',
  message: 'The upstream stopped before the image was finished.',
  retryable: true,
  retryAfter: null,
  requestId: null,
  moderation: null,
};

function partialOf(index: number) {
  return {
    id: imageId(index),
    imageIndex: 0,
    index,
    sha256: index.toString(16).padStart(64, '0'),
    byteSize: 1_843_200,
    width: 1536,
    height: 1024,
    format: 'PNG',
  };
}
