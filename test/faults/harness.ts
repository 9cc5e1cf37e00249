/**
 * What every round of faults runs in: a data folder, the servers that start and stop on it, an upstream that outlives
 * them, and the calls of persistent clients. `settle` waits for the ends of the calls and checks everything that must hold.
 */
import { rm } from 'node:fs/promises';
import { expect, inject } from 'vitest';
import { archiveClient } from '../api/archive-client.ts';
import { type Event, generate, picture, rawId, within } from '../api/steps.ts';
import { newDataDir, startServer, type TestServer } from '../support/server.ts';
import { uploadPicture } from '../support/upload.ts';
import { checkCall, checkDataFolder, snapshot, type WatchedCall } from './invariants.ts';
import { ageStoredFiles } from './leaks.ts';
import { createRandom, type Random } from './rounds.ts';
import { subscribe, transportOf } from './subscriber.ts';
import type { Tally } from './tally.ts';
import { type FaultUpstream, startFaultUpstream } from './upstream.ts';
import { ViewerFollower } from './viewer-follower.ts';

/** From the mutation to the terminal event, including kills and restarts. */
const SETTLE_TIMEOUT_MS = 60_000;

export interface TrackedCall extends WatchedCall {
  readonly id: string;
  /** Resolves when a subscriber has received such an event. */
  seen(what: string, matches: (event: Event) => boolean): Promise<Event>;
  readonly ended: Promise<void>;
}

export interface HarnessOptions {
  /** Seeds its random numbers. */
  readonly name: string;
  readonly background: boolean;
  readonly tally: Tally;
  readonly env?: Readonly<Record<string, string>>;
  readonly durationMs?: number;
  /** A folder that the caller removes. Without it, the harness makes a folder and removes it. */
  readonly dataDir?: string;
}

export interface CallOptions {
  readonly subscribers?: number;
  readonly partialImages?: number;
  readonly count?: number;
  readonly idempotencyKey?: string;
  /** Scenario markers for the simulator. */
  readonly markers?: string;
}

export class Harness implements AsyncDisposable {
  readonly dataDir: string;
  readonly upstream: FaultUpstream;
  random: Random;
  readonly background: boolean;
  readonly tally: Tally;
  #env: Readonly<Record<string, string>>;
  #isOwnFolder: boolean;
  #server: TestServer | null = null;
  #abandoned: TestServer | null = null;
  #arrived = Promise.withResolvers<TestServer>();
  #left = new AbortController();
  #calls: TrackedCall[] = [];
  /** They follow everything, over each transport: one steadily, the others with reconnects. */
  #followers: readonly ViewerFollower[] = [];
  #number = 0;

  constructor(dataDir: string, upstream: FaultUpstream, options: HarnessOptions) {
    this.dataDir = dataDir;
    this.upstream = upstream;
    this.random = createRandom(options.name);
    this.background = options.background;
    this.tally = options.tally;
    this.#env = options.env ?? {};
    this.#isOwnFolder = options.dataDir === undefined;
    this.#arrived.promise.catch(() => undefined);
  }

  /** Opens a harness and starts a server. */
  static async open(options: HarnessOptions, env: Readonly<Record<string, string>> = {}): Promise<Harness> {
    const { durationMs } = options;
    const upstream = await startFaultUpstream(durationMs === undefined ? {} : { durationMs });
    const harness = new Harness(options.dataDir ?? (await newDataDir()), upstream, options);
    await harness.start(env);
    return harness;
  }

  get server(): TestServer {
    if (this.#server === null) throw new Error('No server is running.');
    return this.#server;
  }

  get calls(): readonly TrackedCall[] {
    return this.#calls;
  }

  /** The environment of the servers, with the variables in `more`. */
  environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      OPENAI_BASE_URL: this.upstream.proxy.baseURL,
      OPENAI_API_KEY: 'sk-faults',
      UPSTREAM_BACKGROUND: this.background ? 'on' : 'off',
      // Hundreds of servers start: they share what was compiled.
      NODE_COMPILE_CACHE: inject('compileCache'),
      ...this.#env,
      ...more,
    };
  }

  /**
   * Starts a server, for which all stored files are older than the grace time. Files keep their age while an abandoned
   * server lives: it may be in the middle of a garbage collection, whose list of rows is older than those files.
   */
  async start(env: Readonly<Record<string, string>> = {}): Promise<TestServer> {
    if (this.#abandoned === null || hasEnded(this.#abandoned)) {
      this.tally.leakedFiles += ageStoredFiles(this.dataDir).length;
    }
    const server = await startServer({ dataDir: this.dataDir, env: this.environment(env) });
    this.move(server);
    if (this.#followers.length === 0) this.#followers = [0, 1, 2].map((number) => this.#followViewer(number));
    return server;
  }

  /** Clients connect to this server from now on. */
  move(server: TestServer): void {
    this.#server = server;
    this.#left = new AbortController();
    this.#arrived.resolve(server);
  }

  /** Ends the server with a signal. Clients find no server until the next one starts. @returns its exit code */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const server = this.leave();
    if (signal === 'SIGKILL') {
      this.tally.kills += 1;
    }
    return server.stop(signal);
  }

  /** Clients lose the server and no longer find it. The caller ends it. */
  abandon(): TestServer {
    this.#left.abort();
    this.#abandoned = this.leave();
    return this.#abandoned;
  }

  /** Clients no longer find the server, but those connected stay so. */
  leave(): TestServer {
    const { server } = this;
    this.#server = null;
    this.#arrived = Promise.withResolvers();
    this.#arrived.promise.catch(() => undefined);
    return server;
  }

  /** Starts a call with a prompt of its own. Several subscribers follow it: one steadily, the others with reconnects. */
  async begin(words: string, options: CallOptions = {}): Promise<TrackedCall> {
    const { subscribers = 3, partialImages = 2, count = 1, idempotencyKey, markers = '' } = options;
    this.#number += 1;
    const prompt = `${words} number ${this.#number}.`;
    if (this.random.next() < 0.3) await this.#changeArchive();
    const { id } = await generate(this.server.url, {
      prompt: `${prompt}${markers}`,
      count,
      options: { size: '1024x640', format: 'JPEG', partialImages },
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });
    return this.track(id, prompt, subscribers);
  }

  /** Uploads, and what people change, are in the log of the viewer, too. */
  async #changeArchive(): Promise<void> {
    const { run } = archiveClient(this.server.url, 'none');
    const { id: imageId } = await uploadPicture(this.server.url, await picture('red'));
    await run('updateImage', { imageId, favorite: true, tags: ['kept'] });
    await run('deleteImage', { imageId });
    if (this.random.next() < 0.5) await run('restoreImage', { imageId });
  }

  /** Lets subscribers follow a call that was started elsewhere. */
  track(id: string, prompt: string, count = 3): TrackedCall {
    this.tally.calls += 1;
    const events: Event[] = [];
    const waiting = new Set<(event: Event) => void>();
    const onEvent = (event: Event) => {
      events.push(event);
      for (const tell of waiting) tell(event);
    };
    const subscribers = Array.from({ length: count }, (_, number) =>
      subscribe({
        callId: id,
        url: async () => (await this.#arrived.promise).url,
        isUp: (url) => this.#server?.url === url,
        left: () => this.#left.signal,
        drops: number === 0 ? null : createRandom(`${this.random.next()}`),
        over: transportOf(this.#number + number),
        onEvent,
      }),
    );
    const ended = Promise.all(subscribers.map(({ done }) => done)).then(() => undefined);
    // `settle` reports a rejection; until then it may have no handler.
    ended.catch(() => undefined);
    const seen = (what: string, matches: (event: Event) => boolean) =>
      within(SETTLE_TIMEOUT_MS, `${what} of "${prompt}"`, () => {
        const { promise, resolve, reject } = Promise.withResolvers<Event>();
        const already = events.find(matches);
        if (already !== undefined) resolve(already);
        waiting.add((event) => matches(event) && resolve(event));
        ended.catch(reject);
        return promise;
      });
    const call = { id, raw: rawId(id), prompt, subscribers, seen, ended };
    this.#calls.push(call);
    return call;
  }

  #followViewer(number: number): ViewerFollower {
    return new ViewerFollower({
      url: async () => (await this.#arrived.promise).url,
      isUp: (url) => this.#server?.url === url,
      left: () => this.#left.signal,
      drops: number === 0 ? null : createRandom(`viewer ${number}`),
      over: transportOf(number),
    });
  }

  /** Waits until all calls have ended for all subscribers, checks everything, and forgets the calls. */
  async settle(): Promise<readonly TrackedCall[]> {
    const calls = this.#calls;
    try {
      for (const { ended, prompt } of calls) {
        await within(SETTLE_TIMEOUT_MS, `the end of "${prompt}"`, () => ended);
      }
      this.#calls = [];
      for (const call of calls) await checkCall(this, call);
      for (const follower of this.#followers) {
        this.tally.events += await follower.check(this.dataDir);
        this.tally.reconnects += Math.max(follower.reconnects, 0);
        follower.reconnects = 0;
      }
      await checkDataFolder(this);
    } catch (error) {
      throw new Error(`${String(error)}\n${this.#describe(calls)}`, { cause: error });
    }
    return calls;
  }

  /** Everything known when a check fails, because the failure may not happen again for a thousand rounds. */
  #describe(calls: readonly TrackedCall[]): string {
    const told = calls.flatMap(({ raw, subscribers }) => [
      JSON.stringify(snapshot(this.dataDir, raw), null, 1),
      ...subscribers.map(({ events, reconnects }) => JSON.stringify({ reconnects, events })),
    ]);
    const asked = this.upstream.proxy.requests.slice(-8).map(({ method, path }) => `${method} ${path}`);
    return [...told, ...asked, this.#server?.output().slice(-4000) ?? 'no server'].join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const follower of this.#followers) follower.stop();
    await this.#server?.stop('SIGKILL');
    await this.upstream[Symbol.asyncDispose]();
    if (this.#isOwnFolder) await rm(this.dataDir, { recursive: true, force: true });
  }
}

function hasEnded({ process: { exitCode, signalCode } }: TestServer): boolean {
  return exitCode !== null || signalCode !== null;
}

/** The types of the events that the call's first subscriber received. */
export function toldOf({ subscribers }: TrackedCall): readonly string[] {
  const [first] = subscribers;
  expect(first, 'a call without subscribers').toBeDefined();
  return first?.events.map(({ __typename }) => __typename) ?? [];
}

/** The terminal event of the call. */
export function endOf(call: TrackedCall): Event {
  const end = call.subscribers[0]?.events.at(-1);
  if (end === undefined) throw new Error(`no subscriber received the end of "${call.prompt}"`);
  return end;
}
