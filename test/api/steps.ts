/** What the tests of the API do again and again, in the words of a client: start a call, watch it, fetch its bytes. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import sharp from 'sharp';
import {
  data,
  execute,
  overWebSocket,
  type Result,
  type SubscribeOptions,
  type TRANSPORTS,
} from '../support/client.ts';
import { CallDetails, GenerateImage, RefineImage, WatchCall, WatchConversation } from '../support/documents.ts';
import type {
  EventFieldsFragment,
  GenerateImageInput,
  LogEventFieldsFragment,
  RefineImageInput,
  TypedDocumentString,
} from '../support/gql/graphql.ts';
import { WatchConversationLog, WatchViewer } from '../support/log-documents.ts';

export type Event = EventFieldsFragment;
export type Transport = (typeof TRANSPORTS)[keyof typeof TRANSPORTS];

const DEADLINE_MS = 30_000;

/** The longest pause between two attempts of `eventually`. The first ones are shorter: most answers come soon. */
const MAX_PAUSE_MS = 20;

/** Starts a call that is meant to be accepted. */
export async function generate(url: string, input: GenerateImageInput) {
  const { generateImage } = await data(url, GenerateImage, { input });
  if (generateImage.__typename !== 'GenerateImageSuccess') throw new Error(JSON.stringify(generateImage));
  return generateImage.call;
}

export async function refine(url: string, input: RefineImageInput) {
  const { refineImage } = await data(url, RefineImage, { input });
  if (refineImage.__typename !== 'RefineImageSuccess') throw new Error(JSON.stringify(refineImage));
  return refineImage.call;
}

export interface WatchOptions extends SubscribeOptions {
  readonly after?: string | null;
  readonly over?: Transport;
}

/** The events of a call as they come. */
export async function* watch(url: string, callId: string, options: WatchOptions = {}): AsyncGenerator<Event> {
  const { after = null, over = overWebSocket, ...rest } = options;
  for await (const result of over(url, WatchCall, { callId, after }, rest)) yield eventOf(result).generationEvents;
}

export async function* watchConversation(
  url: string,
  conversationId: string,
  options: WatchOptions = {},
): AsyncGenerator<Event> {
  const { after = null, over = overWebSocket, ...rest } = options;
  for await (const result of over(url, WatchConversation, { conversationId, after }, rest)) {
    const { conversationEvents: event } = eventOf(result);
    // Uploads and changes of the archive have no sequence.
    if ('sequence' in event) yield event as Event;
  }
}

export type LogEvent = LogEventFieldsFragment;

/** Everything of the viewer as it comes. */
export async function* watchViewer(url: string, options: WatchOptions = {}): AsyncGenerator<LogEvent> {
  const { after = null, over = overWebSocket, ...rest } = options;
  for await (const result of over(url, WatchViewer, { after }, rest)) yield eventOf(result).viewerEvents;
}

/** Everything of a conversation as it comes, with uploads and changes. */
export async function* watchConversationLog(
  url: string,
  conversationId: string,
  options: WatchOptions = {},
): AsyncGenerator<LogEvent> {
  const { after = null, over = overWebSocket, ...rest } = options;
  for await (const result of over(url, WatchConversationLog, { conversationId, after }, rest)) {
    yield eventOf(result).conversationEvents;
  }
}

function eventOf<Data>({ data: event, errors }: Result<Data>): Data {
  if (event == null || errors !== undefined) throw new Error(JSON.stringify(errors));
  return event;
}

/** All events of a call behind the cursor; the server must complete the subscription within the deadline. */
export async function watchToEnd(url: string, callId: string, options: WatchOptions = {}): Promise<Event[]> {
  return collect(watch(url, callId, options));
}

/** What the events are until they end, or until there are `count`. */
export async function collect<Each>(events: AsyncGenerator<Each>, count = Number.POSITIVE_INFINITY): Promise<Each[]> {
  const collected: Each[] = [];
  await within(DEADLINE_MS, `the subscription after ${count} events`, async () => {
    for await (const event of events) {
      collected.push(event);
      if (collected.length >= count) break;
    }
  });
  return collected;
}

/** Starts a call and waits for its end. */
export async function generateToEnd(url: string, input: GenerateImageInput) {
  const { id } = await generate(url, input);
  return { id, events: await watchToEnd(url, id) };
}

/** Starts a call, waits for its end and returns the id of its first picture. */
export async function makeImage(url: string, input: GenerateImageInput) {
  const { id, events } = await generateToEnd(url, input);
  return { callId: id, events, imageId: firstOf(events, 'ImageCompleted').image.id };
}

export type EventOf<Type extends Event['__typename']> = Extract<Event, { readonly __typename: Type }>;

export function allOf<Type extends Event['__typename']>(events: readonly Event[], type: Type): EventOf<Type>[] {
  return events.filter((event): event is EventOf<Type> => event.__typename === type);
}

export function firstOf<Type extends Event['__typename']>(events: readonly Event[], type: Type): EventOf<Type> {
  const [event] = allOf(events, type);
  if (event === undefined) throw new Error(`no ${type} in ${JSON.stringify(events)}`);
  return event;
}

export function typesOf(events: readonly Event[]): string[] {
  return events.map(({ __typename }) => __typename);
}

export const TERMINAL_TYPES: readonly string[] = ['GenerationCompleted', 'GenerationFailed', 'GenerationCancelled'];

export async function callDetails(url: string, id: string) {
  const { generationCall } = await data(url, CallDetails, { id });
  if (generationCall === null) throw new Error(`there is no call ${id}`);
  return generationCall;
}

/** The first errors of a subscription that is meant to be refused. */
export async function refusal(events: AsyncGenerator<Result<unknown>>) {
  const results: Result<unknown>[] = [];
  await within(DEADLINE_MS, 'the refusal of a subscription', async () => {
    for await (const result of events) results.push(result);
  });
  const [result] = results;
  if (results.length !== 1 || result?.errors === undefined) throw new Error(`not refused: ${JSON.stringify(results)}`);
  return result.errors;
}

/** The errors of a query that is meant to fail outside of a result union. */
export async function errorsOf<Data, Variables>(
  url: string,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
) {
  const { errors } = await execute(url, document, variables);
  if (errors === undefined) throw new Error('there was no error');
  return errors;
}

export async function fetchBytes(url: string): Promise<Buffer> {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`GET ${url} answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Tries again until the answer is not undefined; fails behind the deadline. */
export async function eventually<T>(what: string, attempt: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const end = performance.now() + DEADLINE_MS;
  for (let pauseMs = 1; performance.now() < end; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
    const answer = await attempt();
    if (answer !== undefined) return answer;
    await delay(pauseMs);
  }
  throw new Error(`waited ${DEADLINE_MS} ms for ${what}`);
}

/** Fails when the work takes longer; what hangs must not hang the whole run without a word. */
export async function within<T>(timeoutMs: number, what: string, work: () => Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = delay(timeoutMs, undefined, { signal: timer.signal }).then(
    () => Promise.reject(new Error(`waited ${timeoutMs} ms for ${what}`)),
    () => new Promise<never>(() => undefined),
  );
  try {
    return await Promise.race([work(), late]);
  } finally {
    timer.abort();
  }
}

/** The server's database, read by another process while it runs. */
export function openDatabase(dataDir: string): SQLite.Database & Disposable {
  const database = new SQLite(join(dataDir, 'darkroom.sqlite'), { readonly: true });
  return Object.assign(database, { [Symbol.dispose]: () => void database.close() });
}

const TABLES = ['conversations', 'calls', 'images', 'call_sources', 'attempts', 'partial_images', 'events'] as const;

/** How many rows each table has. */
export function countRows(dataDir: string): Readonly<Record<string, number>> {
  using database = openDatabase(dataDir);
  return Object.fromEntries(
    TABLES.map((table) => [table, Number(database.prepare(`select count(*) from ${table}`).pluck().get())]),
  );
}

/** A real picture, different for every colour. */
export function picture(colour: string, width = 64, height = 64): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: colour } })
    .png()
    .toBuffer();
}

/** A picture of 1.1 MB, different for every colour: what a large one of an upstream weighs. */
export function largePicture(colour: string): Promise<Buffer> {
  return sharp({ create: { width: 640, height: 576, channels: 3, background: colour } })
    .png({ compressionLevel: 0 })
    .toBuffer();
}

/** The id as the database has it. */
export function rawId(globalId: string): string {
  return Buffer.from(globalId, 'base64').toString().split(':')[1] ?? '';
}

/** A well-formed id of something that is not there. */
export function unknownId(typename: string): string {
  return Buffer.from(`${typename}:0198ffff-ffff-7fff-bfff-ffffffffffff`).toString('base64');
}

/** Resolves when a server has what it stored until now on the disk only: it keeps the newest in memory for a second. */
export function untilForgotten(): Promise<void> {
  return delay(1_200);
}
