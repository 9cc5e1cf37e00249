/** What clients do while the server is recorded: several at once, each of them writing down what it was told. */
import { setTimeout as delay } from 'node:timers/promises';
import { archiveClient } from '../../api/archive-client.ts';
import {
  callDetails,
  type Event,
  fetchBytes,
  generate,
  picture,
  refine,
  sha256,
  TERMINAL_TYPES,
  watch,
  watchViewer,
} from '../../api/steps.ts';
import { CancelGeneration } from '../../support/call-documents.ts';
import { data, TRANSPORTS } from '../../support/client.ts';
import { uploadPicture } from '../../support/upload.ts';
import { createRandom, type Random } from '../rounds.ts';
import { type Change, factsOf, type Journal } from './journal.ts';

/** Clients that work at the same time. */
const LANES = 4;
const POLL_MS = 12;

export interface WorkloadOptions {
  readonly url: string;
  readonly journal: Journal;
  /** Seeds what the clients do. */
  readonly name: string;
  /** Of the server that they use, from 0: each call of a recording has a prompt of its own. */
  readonly server: number;
  /** How many turns each client takes. */
  readonly turns: number;
  /** Runs a command of the command line on the data of the server. @throws when it fails */
  readonly command: (...args: string[]) => Promise<void>;
}

/** Resolves when all turns are over, while some calls are still running. */
export async function runWorkload(options: WorkloadOptions): Promise<void> {
  const stopped = new AbortController();
  const following = followViewer(options, stopped.signal);
  const lanes = Array.from({ length: LANES }, (_, number) => new Lane(options, number, stopped.signal));
  await Promise.all([...lanes.map((lane) => lane.run()), administer(options, 0)]);
  // Now no sync for something else comes soon.
  await administer(options, 1);
  await Promise.all(lanes.map((lane) => lane.leaveRunning()));
  stopped.abort();
  await following;
}

/** A key and a budget, by the command line beside the server. */
async function administer({ journal, command, server }: WorkloadOptions, turn: number): Promise<void> {
  const number = 2 * server + turn;
  const name = `key ${number}`;
  await command('keys', 'create', '--principal', 'somebody', '--name', name);
  journal.tell({ kind: 'key', name });
  const amount = 500 + number;
  await command('budgets', 'set', '--principal', `other ${number}`, '--per', 'day', '--amount', `${amount}`);
  journal.tell({ kind: 'budget', subject: `principal:other ${number}`, picodollars: amount * 1e12 });
}

async function followViewer({ url, journal }: WorkloadOptions, signal: AbortSignal): Promise<void> {
  // A server before this one has told the first events.
  const after = factsOf(journal.notes, 'viewer').at(-1)?.cursor ?? null;
  for await (const event of watchViewer(url, { after, signal })) {
    journal.tell({ kind: 'viewer', cursor: event.cursor, identity: JSON.stringify(event) });
  }
}

/** What waits for this comes later; until then a rejection is no accident. */
function handled<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

class Lane {
  readonly #url: string;
  readonly #journal: Journal;
  readonly #turns: number;
  readonly #lane: number;
  readonly #random: Random;
  readonly #stopped: AbortSignal;
  readonly #running: Promise<void>[] = [];
  #calls = 0;

  constructor({ url, journal, name, turns, server }: WorkloadOptions, number: number, stopped: AbortSignal) {
    const lane = 10 * server + number;
    this.#url = url;
    this.#journal = journal;
    this.#turns = turns;
    this.#lane = lane;
    this.#random = createRandom(`${name}, lane ${lane}`);
    this.#stopped = stopped;
  }

  async run(): Promise<void> {
    // Lanes begin with different turns.
    const turns = [this.#several, this.#archive, this.#cancel, this.#family];
    for (let turn = 0; turn < this.#turns; turn += 1) {
      await delay(this.#random.integer(0, 60));
      await turns[(this.#lane + turn) % turns.length]?.call(this);
    }
    await Promise.all(this.#running);
  }

  /** A call that is interrupted by the end of the server, at some moment. */
  async leaveRunning(): Promise<void> {
    await delay(this.#random.integer(0, 100));
    const { events } = await this.#start(1);
    handled(events);
    await delay(this.#random.integer(0, 600));
  }

  #prompt(): string {
    this.#calls += 1;
    return `Lane ${this.#lane} call ${this.#calls}.`;
  }

  /** Starts a call and follows it. Its client fetches each image as soon as it is told of it. */
  async #start(count: number, sourceId?: string): Promise<{ readonly id: string; readonly events: Promise<Event[]> }> {
    const prompt = this.#prompt();
    const size = { size: '1024x640', format: 'JPEG', partialImages: count === 1 ? 3 : 2 } as const;
    const call =
      sourceId === undefined
        ? await generate(this.#url, { prompt, count, options: size })
        : await refine(this.#url, { prompt, options: size, imageId: sourceId });
    this.#journal.tell({ kind: 'accepted', callId: call.id, prompt, conversationId: call.conversation.id });
    const events = this.#follow(call.id);
    const others = [this.#poll(call.id), this.#export(call.conversation.id, events)];
    const following = events.then(() => undefined);
    this.#running.push(...others.map(handled), handled(following));
    return { id: call.id, events };
  }

  async #follow(callId: string): Promise<Event[]> {
    const events: Event[] = [];
    const fetches: Promise<void>[] = [];
    const over = this.#random.next() < 0.5 ? TRANSPORTS.WebSocket : TRANSPORTS.SSE;
    for await (const event of watch(this.#url, callId, { over, signal: this.#stopped })) {
      this.#journal.tell({ kind: 'event', callId, event });
      events.push(event);
      if (event.__typename === 'PartialImageReceived') fetches.push(handled(this.#fetch(event.partial.url, true)));
      if (event.__typename === 'ImageCompleted') fetches.push(handled(this.#fetch(event.image.url, false)));
    }
    await Promise.all(fetches);
    return events;
  }

  async #fetch(url: string, isPartial: boolean): Promise<void> {
    const bytes = await fetchBytes(url);
    const { pathname, search } = new URL(url);
    this.#journal.tell({ kind: 'bytes', path: pathname + search, sha256: sha256(bytes), isPartial });
  }

  /** A second client that asks again and again how the call stands. It writes down what is new. */
  async #poll(callId: string): Promise<void> {
    let known = '';
    while (!this.#stopped.aborted) {
      const { status, responseId, attempts, images, cursor } = await callDetails(this.#url, callId);
      const fact = { status, responseId, attempts, cursor, imageIds: images.map(({ id }) => id) };
      if (JSON.stringify(fact) !== known) this.#journal.tell({ kind: 'seen', callId, ...fact });
      known = JSON.stringify(fact);
      if (['COMPLETED', 'FAILED', 'CANCELLED'].includes(status)) return;
      await delay(POLL_MS);
    }
  }

  /** A third one downloads the conversation again and again, until the call has ended. */
  async #export(conversationId: string, events: Promise<Event[]>): Promise<void> {
    const { data: query } = archiveClient(this.#url, 'none');
    const { conversation } = await query('query ($id: ID!) { conversation(id: $id) { exportUrl } }', {
      id: conversationId,
    });
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    void events.then(end, end);
    const known = new Set<string>();
    while (!isOver && !this.#stopped.aborted) {
      const response = await fetch(conversation.exportUrl);
      // The entries are stored as they are, the ids of the images as JSON.
      const text = Buffer.from(await response.arrayBuffer()).toString('latin1');
      for (const [, imageId = ''] of text.matchAll(/"id": ?"(SW1hZ2U6[\w=]+)"/gu)) {
        if (!known.has(imageId)) this.#journal.tell({ kind: 'exported', imageId });
        known.add(imageId);
      }
      await delay(POLL_MS);
    }
  }

  async #several(): Promise<void> {
    const calls = await Promise.all([this.#start(1), this.#start(2)]);
    await calls[this.#random.integer(0, 1)]?.events;
  }

  async #upload(colour: string): Promise<string> {
    const { id, sha256: hash } = await uploadPicture(this.#url, await picture(colour, 400, 300));
    this.#journal.tell({ kind: 'uploaded', imageId: id, sha256: hash });
    return id;
  }

  async #archive(): Promise<void> {
    const imageId = await this.#upload(`#${this.#random.integer(0x100000, 0xffffff).toString(16)}`);
    await this.#change('updateImage', { imageId, favorite: true, tags: ['kept'] }, imageId, 'favorite');
    await this.#change('deleteImage', { imageId }, imageId, 'delete');
    if (this.#random.next() < 0.5) await this.#change('restoreImage', { imageId }, imageId, 'restore');
  }

  async #change(mutation: string, input: Readonly<Record<string, unknown>>, id: string, change: Change): Promise<void> {
    this.#journal.tell({ kind: 'changing', id, change });
    const { run } = archiveClient(this.#url, 'none');
    const result = await run(mutation, input);
    if (!String(result.__typename).endsWith('Success')) throw new Error(JSON.stringify(result));
    this.#journal.tell({ kind: 'changed', id, change });
  }

  async #cancel(): Promise<void> {
    const { id: callId } = await this.#start(1);
    await delay(this.#random.integer(0, 300));
    const { cancelGeneration } = await data(this.#url, CancelGeneration, { input: { callId } });
    // It may have ended before.
    if (cancelGeneration.__typename === 'CancelGenerationSuccess') this.#journal.tell({ kind: 'cancelled', callId });
  }

  /** An image, one made from it, and the end of their conversation. */
  async #family(): Promise<void> {
    const { events } = await this.#start(1);
    const [image] = (await events).flatMap((event) => (event.__typename === 'ImageCompleted' ? [event.image.id] : []));
    if (image === undefined) return;
    const refined = await this.#start(1, image);
    const end = (await refined.events).at(-1);
    if (end === undefined || !TERMINAL_TYPES.includes(end.__typename)) throw new Error(`no end of ${refined.id}`);
    const { conversation } = await callDetails(this.#url, refined.id);
    const input = { conversationId: conversation.id };
    await this.#change('deleteConversation', input, conversation.id, 'delete');
  }
}
