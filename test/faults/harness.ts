/**
 * A data folder, the servers that come and go over it, an upstream that outlives them, and the calls of clients that
 * do not give up: what every round of faults is played in. `settle` waits for the ends and checks all that must hold.
 */
import { rm } from 'node:fs/promises';
import { expect, inject } from 'vitest';
import { type Event, generate, rawId, within } from '../api/steps.ts';
import { newDataDir, startServer, type TestServer } from '../support/server.ts';
import { checkCall, checkHouse, snapshot, type WatchedCall } from './invariants.ts';
import { letGraceTimePass } from './leaks.ts';
import { createRandom, type Random } from './rounds.ts';
import { subscribe, transportOf } from './subscriber.ts';
import type { Tally } from './tally.ts';
import { type FaultUpstream, startFaultUpstream } from './upstream.ts';

/** From the mutation to the terminal event, kills and restarts included. */
const SETTLE_TIMEOUT_MS = 60_000;

export interface TrackedCall extends WatchedCall {
  readonly id: string;
  /** Resolves when somebody has seen such an event. */
  seen(what: string, matches: (event: Event) => boolean): Promise<Event>;
  readonly ended: Promise<void>;
}

export interface HouseOptions {
  /** Names its chance. */
  readonly name: string;
  readonly background: boolean;
  readonly tally: Tally;
  readonly env?: Readonly<Record<string, string>>;
  readonly durationMs?: number;
  /** A folder that whoever made it removes; left out, a new one that is removed with the house. */
  readonly dataDir?: string;
}

export interface CallOptions {
  readonly subscribers?: number;
  readonly partialImages?: number;
  readonly count?: number;
  readonly idempotencyKey?: string;
  /** Markers that steer the simulator. */
  readonly markers?: string;
}

export class House implements AsyncDisposable {
  readonly dataDir: string;
  readonly upstream: FaultUpstream;
  random: Random;
  readonly background: boolean;
  readonly tally: Tally;
  #env: Readonly<Record<string, string>>;
  #isOwnFolder: boolean;
  #server: TestServer | null = null;
  #arrived = Promise.withResolvers<TestServer>();
  #left = new AbortController();
  #calls: TrackedCall[] = [];
  #number = 0;

  constructor(dataDir: string, upstream: FaultUpstream, options: HouseOptions) {
    this.dataDir = dataDir;
    this.upstream = upstream;
    this.random = createRandom(options.name);
    this.background = options.background;
    this.tally = options.tally;
    this.#env = options.env ?? {};
    this.#isOwnFolder = options.dataDir === undefined;
    this.#arrived.promise.catch(() => undefined);
  }

  /** With a server in it. */
  static async open(options: HouseOptions, env: Readonly<Record<string, string>> = {}): Promise<House> {
    const { durationMs } = options;
    const upstream = await startFaultUpstream(durationMs === undefined ? {} : { durationMs });
    const house = new House(options.dataDir ?? (await newDataDir()), upstream, options);
    await house.start(env);
    return house;
  }

  get server(): TestServer {
    if (this.#server === null) throw new Error('There is no server now.');
    return this.#server;
  }

  get calls(): readonly TrackedCall[] {
    return this.#calls;
  }

  /** What the servers of this house are told, besides what `more` says. */
  environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      OPENAI_BASE_URL: this.upstream.wire.baseURL,
      OPENAI_API_KEY: 'sk-faults',
      UPSTREAM_BACKGROUND: this.background ? 'on' : 'off',
      // Servers start by the hundred: what was compiled once need not be again.
      NODE_COMPILE_CACHE: inject('compileCache'),
      ...this.#env,
      ...more,
    };
  }

  /** A server comes when the grace time of all that lies about is over. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<TestServer> {
    this.tally.strays += letGraceTimePass(this.dataDir).length;
    const server = await startServer({ dataDir: this.dataDir, env: this.environment(env) });
    this.move(server);
    return server;
  }

  /** Clients find this server from now on. */
  move(server: TestServer): void {
    this.#server = server;
    this.#left = new AbortController();
    this.#arrived.resolve(server);
  }

  /** Ends the server with a signal and resolves with its exit code. Nobody finds one until the next starts. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const server = this.leave();
    if (signal === 'SIGKILL') {
      this.tally.kills += 1;
    }
    return server.stop(signal);
  }

  /** Clients lose the server and no longer find it; what becomes of it is the caller's business. */
  abandon(): TestServer {
    this.#left.abort();
    return this.leave();
  }

  /** Clients no longer find the server; what becomes of those that are connected is the server's business. */
  leave(): TestServer {
    const { server } = this;
    this.#server = null;
    this.#arrived = Promise.withResolvers();
    this.#arrived.promise.catch(() => undefined);
    return server;
  }

  /** Starts a call in words of its own and lets subscribers follow it: a steady one, and some that come and go. */
  async begin(words: string, options: CallOptions = {}): Promise<TrackedCall> {
    const { subscribers = 3, partialImages = 2, count = 1, idempotencyKey, markers = '' } = options;
    this.#number += 1;
    const prompt = `${words} number ${this.#number}.`;
    const { id } = await generate(this.server.url, {
      prompt: `${prompt}${markers}`,
      count,
      options: { size: '1024x640', format: 'JPEG', partialImages },
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });
    return this.track(id, prompt, subscribers);
  }

  /** Lets subscribers follow a call that was begun otherwise. */
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
    // Told by `settle`; until then nobody may be listening.
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

  /** Waits until all calls have ended for all who watch, checks everything, and forgets them. */
  async settle(): Promise<readonly TrackedCall[]> {
    const calls = this.#calls;
    try {
      for (const { ended, prompt } of calls) {
        await within(SETTLE_TIMEOUT_MS, `the end of "${prompt}"`, () => ended);
      }
      this.#calls = [];
      for (const call of calls) await checkCall(this, call);
      await checkHouse(this);
    } catch (error) {
      throw new Error(`${String(error)}\n${this.#describe(calls)}`, { cause: error });
    }
    return calls;
  }

  /** What there is to know when something did not hold: such a thing may not come again for a thousand rounds. */
  #describe(calls: readonly TrackedCall[]): string {
    const told = calls.flatMap(({ raw, subscribers }) => [
      JSON.stringify(snapshot(this.dataDir, raw), null, 1),
      ...subscribers.map(({ events, reconnects }) => JSON.stringify({ reconnects, events })),
    ]);
    const asked = this.upstream.wire.requests.slice(-8).map(({ method, path }) => `${method} ${path}`);
    return [...told, ...asked, this.#server?.output().slice(-4000) ?? 'no server'].join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.stop('SIGKILL');
    await this.upstream[Symbol.asyncDispose]();
    if (this.#isOwnFolder) await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** The types of a call's events, as its first subscriber was told. */
export function toldOf({ subscribers }: TrackedCall): readonly string[] {
  const [first] = subscribers;
  expect(first, 'a call without subscribers').toBeDefined();
  return first?.events.map(({ __typename }) => __typename) ?? [];
}

/** The terminal event that everybody saw. */
export function endOf(call: TrackedCall): Event {
  const end = call.subscribers[0]?.events.at(-1);
  if (end === undefined) throw new Error(`nobody saw "${call.prompt}" end`);
  return end;
}
