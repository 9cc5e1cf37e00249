/**
 * Starts a server on what a cut has left, and is its clients: those that were told things before the cut come back with
 * every cursor they have. The upstream has gone on meanwhile.
 */
import { randomUUID } from 'node:crypto';
import { decodeCursor } from '../../../src/domain/cursor.ts';
import {
  collect,
  type Event,
  generate,
  openDatabase,
  rawId,
  sha256,
  TERMINAL_TYPES,
  watchConversation,
  watchToEnd,
  watchViewer,
} from '../../api/steps.ts';
import { startServerHere } from '../../support/app.ts';
import type { Random } from '../rounds.ts';
import { type FaultUpstream, isCreate } from '../upstream.ts';
import { factsOf, type Note } from './journal.ts';
import { promptOf, type Recording, upstreamEnvironment } from './recording.ts';

/** Clients that come back; each has one of the cursors that it was told. */
const CURSORS = 8;

/** @returns one line for each thing that is wrong */
export async function checkServer(
  recording: Recording,
  dataDir: string,
  told: readonly Note[],
  random: Random,
): Promise<readonly string[]> {
  const { upstream, background } = recording;
  const problems: string[] = [];
  // Before the first call there may be no table yet.
  const hasCalls = factsOf(told, 'accepted').length > 0;
  const resumable = background && hasCalls ? resumableCalls(dataDir, recording.notes) : [];
  // The address of the upstream must stay the same, so that its responses are known. The key tells the servers apart.
  const key = `sk-${randomUUID()}`;
  try {
    const env = { ...upstreamEnvironment(upstream.proxy.baseURL, background), OPENAI_API_KEY: key };
    await using server = await startServerHere({ dataDir, env });
    const check = new ServerCheck({ url: server.url, dataDir, told, notes: recording.notes, problems });
    try {
      await check.run(random, () => hashesOf(upstream));
      const own = upstream.proxy.requests.filter(({ headers }) => headers.authorization === `Bearer ${key}`);
      const asked = own.filter(isCreate).map(({ body }) => promptOf(body));
      check.checkResumed(resumable);
      check.checkPaid([...factsOf(told, 'asked').map(({ prompt }) => prompt), ...asked]);
    } catch (error) {
      problems.push(`${error instanceof Error ? error.stack : error}\n${server.output().slice(-2000)}`);
    }
  } catch (error) {
    problems.push(`the server does not start: ${error}`);
  }
  return problems;
}

/** Of all images that the upstream has made so far. */
function hashesOf({ sent }: FaultUpstream): ReadonlySet<string> {
  return new Set([...sent.values()].flatMap(({ images, partials }) => [...images.values(), ...partials.values()]));
}

/**
 * The calls whose response the upstream still has, so that its image is fetched and not bought again. That of a call which the
 * recorded server has cancelled later is cancelled by now.
 */
function resumableCalls(dataDir: string, notes: readonly Note[]): readonly string[] {
  const cancelled = factsOf(notes, 'cancelled').map(({ callId }) => rawId(callId));
  using database = openDatabase(dataDir);
  const ids = database
    .prepare(
      `select id from calls where completed_at is null and cancel_requested_at is null and count = 1
       and exists (select 1 from attempts where call_id = calls.id and response_id is not null)`,
    )
    .pluck()
    .all();
  return ids.map(String).filter((id) => !cancelled.includes(id));
}

interface ServerCheckOptions {
  readonly url: string;
  readonly dataDir: string;
  /** What was told before the cut. */
  readonly told: readonly Note[];
  /** What was told in the whole recording. */
  readonly notes: readonly Note[];
  /** Gets one line for each thing that is wrong. */
  readonly problems: string[];
}

class ServerCheck {
  readonly #url: string;
  readonly #dataDir: string;
  readonly #told: readonly Note[];
  readonly #notes: readonly Note[];
  readonly #problems: string[];

  constructor({ url, dataDir, told, notes, problems }: ServerCheckOptions) {
    this.#url = url;
    this.#dataDir = dataDir;
    this.#told = told;
    this.#notes = notes;
    this.#problems = problems;
  }

  #expect(holds: boolean, problem: string): void {
    if (!holds) this.#problems.push(problem);
  }

  /** @param made the hashes of all images that the upstream has made */
  async run(random: Random, made: () => ReadonlySet<string>): Promise<void> {
    const ids = this.#callIds();
    // They all go on at once.
    const logs = new Map(await Promise.all(ids.map(async (id) => [id, await watchToEnd(this.#url, id)] as const)));
    const sent = made();
    for (const [id, log] of logs) await this.#checkLog(id, log, sent);
    const cursors = [
      ...factsOf(this.#told, 'event').map(({ callId, event: { cursor } }) => ({ callId, cursor })),
      ...factsOf(this.#told, 'seen'),
    ];
    for (const { callId, cursor } of sample(cursors, CURSORS, random)) {
      await this.#resume(callId, cursor, logs.get(callId) ?? []);
    }
    await this.#resumeViewer(random);
    for (const { path, sha256: hash, isPartial } of factsOf(this.#told, 'bytes')) {
      await this.#fetch(path, isPartial, new Set([hash]));
    }
    // The server works: it has not only kept the past.
    const { id } = await generate(this.#url, {
      prompt: 'Lane 99 call 1.',
      options: { format: 'JPEG', partialImages: 1 },
    });
    const last = (await watchToEnd(this.#url, id)).at(-1);
    this.#expect(last?.__typename === 'GenerationCompleted', `a new call ended with ${last?.__typename}`);
  }

  /** What the upstream still has is fetched. */
  checkResumed(ids: readonly string[]): void {
    using database = openDatabase(this.#dataDir);
    for (const id of ids) {
      const status = database.prepare('select status from calls where id = ?').pluck().get(id);
      this.#expect(status === 'COMPLETED', `the call ${id}, whose response is known, ended as ${status}`);
    }
  }

  /** Nothing is bought twice: promise 6. No attempt of these calls is known to be free. */
  checkPaid(asked: readonly string[]): void {
    using database = openDatabase(this.#dataDir);
    for (const prompt of new Set(asked)) {
      const creates = asked.filter((other) => other === prompt).length;
      const count = database.prepare('select count from calls where prompt = ?').pluck().get(prompt);
      const recorded = database
        .prepare('select count(*) from attempts join calls on calls.id = call_id where prompt = ?')
        .pluck()
        .get(prompt);
      const isPaidOnce = creates <= Number(count) && creates <= Number(recorded);
      this.#expect(isPaidOnce, `"${prompt}" was bought ${creates} times, for ${count} images and ${recorded} attempts`);
    }
  }

  #callIds(): readonly string[] {
    using database = openDatabase(this.#dataDir);
    const ids = database.prepare('select id from calls').pluck().all();
    return ids.map((id) => Buffer.from(`GenerationCall:${id}`).toString('base64'));
  }

  /** The whole log of a call, which has ended, and the bytes it names. */
  async #checkLog(id: string, log: readonly Event[], sent: ReadonlySet<string>): Promise<void> {
    const sequences = log.map(({ sequence }) => sequence);
    this.#expect(
      sequences.every((sequence, index) => sequence === index + 1),
      `the log of ${id} has a gap: ${sequences}`,
    );
    const ends = log.filter(({ __typename }) => TERMINAL_TYPES.includes(__typename));
    this.#expect(ends.length === 1 && ends[0] === log.at(-1), `the log of ${id} ends ${ends.length} times`);
    for (const event of log) {
      if (event.__typename === 'PartialImageReceived') await this.#fetch(pathOf(event.partial.url), true, sent);
      if (event.__typename === 'ImageCompleted')
        await this.#fetch(pathOf(event.image.url), false, new Set([event.image.sha256]));
    }
  }

  /** A client comes back with a cursor of the call or of one of its events. It knows everything up to there. */
  async #resume(callId: string, cursor: string, log: readonly Event[]): Promise<void> {
    const sequence = decodeCursor(cursor)?.sequence ?? 0;
    const known = factsOf(this.#notes, 'event')
      .filter((fact) => fact.callId === callId && fact.event.sequence <= sequence)
      .map((fact) => identityOf(fact.event));
    // Nobody followed a call that the recorded server was killed in to its end.
    if (known.length < sequence) return;
    const now = log.map(identityOf);
    const parted = known.findIndex((identity, index) => identity !== now[index]);
    const expected = now.slice(parted < 0 ? known.length : parted);
    const about = `after ${known.at(-1)} of ${callId}, of which ${parted < 0 ? 'all' : parted} are left,`;
    const told = (await watchToEnd(this.#url, callId, { after: cursor })).map(identityOf);
    this.#expect(isSame(told, expected), `${about} came ${told}; not ${expected}`);
    const conversationId = factsOf(this.#told, 'accepted').find((fact) => fact.callId === callId)?.conversationId;
    if (conversationId === undefined || expected.length === 0) return;
    const events = ofCall(watchConversation(this.#url, conversationId, { after: cursor }), callId);
    const also = (await collect(events, expected.length)).map(identityOf);
    this.#expect(isSame(also, expected), `${about} its conversation told ${also}; not ${expected}`);
  }

  async #resumeViewer(random: Random): Promise<void> {
    const facts = factsOf(this.#told, 'viewer');
    const from = facts[random.integer(Math.max(0, facts.length - 5), facts.length - 1)];
    if (from === undefined) return;
    using database = openDatabase(this.#dataDir);
    const count = Number(database.prepare("select count(*) from events where principal = 'local'").pluck().get());
    const now = (await collect(watchViewer(this.#url), count)).map((each) => placeOf(JSON.stringify(each)));
    const known = facts.slice(0, facts.indexOf(from) + 1).map(({ identity }) => placeOf(identity));
    const parted = known.findIndex((place, index) => place !== now[index]);
    const expected = now.slice(parted < 0 ? known.length : parted);
    if (expected.length === 0) return;
    const events = watchViewer(this.#url, { after: from.cursor });
    const told = (await collect(events, expected.length)).map((each) => placeOf(JSON.stringify(each)));
    this.#expect(
      isSame(told, expected),
      `after ${placeOf(from.identity)} the viewer was told ${told}; not ${expected}`,
    );
  }

  /** @param hashes of the right bytes */
  async #fetch(path: string, isPartial: boolean, hashes: ReadonlySet<string>): Promise<void> {
    const response = await fetch(`${this.#url}${path}`);
    const bytes = Buffer.from(await response.arrayBuffer());
    const isRight = response.status === 200 && hashes.has(sha256(bytes));
    const isGone = isPartial && (response.status === 404 || response.status === 410);
    this.#expect(
      isRight || isGone,
      `GET ${path} answered ${response.status} with ${bytes.length} bytes of ${isPartial ? 'a partial' : 'an'} image`,
    );
  }
}

function sample<T>(from: readonly T[], count: number, random: Random): readonly T[] {
  return from.length <= count ? from : Array.from({ length: count }, () => random.pick(from));
}

async function* ofCall(events: AsyncGenerator<Event>, callId: string): AsyncGenerator<Event> {
  for await (const event of events) if (event.call.id === callId) yield event;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** What tells an event from another one at the same place. Objects in it are in their current state. */
function identityOf({ __typename, sequence, at }: Event): string {
  return `${sequence} ${__typename} ${at}`;
}

function placeOf(identity: string): string {
  const { __typename, at, sequence } = JSON.parse(identity);
  return `${__typename} ${sequence ?? ''} ${at}`;
}
