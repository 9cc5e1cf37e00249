/** A client that runs operations one after the other and records their duration and the CPU time of the server. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { nowMs } from '../harness/clock.ts';
import { cpuMsOf } from '../harness/process-facts.ts';
import { serveCalls } from '../harness/serve-calls.ts';
import { EVENTS, type EventMessage, generate, REFINE } from './documents.ts';
import { openSession, type Session } from './graphql-session.ts';
import type { Subscription } from './graphql-socket.ts';

/** The server under test. */
export interface Target {
  readonly url: string;
  readonly pid: number;
}

export interface Question extends Subscription {
  /** How often each of these texts must occur in the response. */
  readonly expected: Readonly<Record<string, number>>;
}

export interface Lap {
  readonly ms: number;
  /** CPU time of the server, in milliseconds. */
  readonly cpu: number;
}

const STILL_MS = 15;
/** CPU time of an idle process: timers. */
const STILL_CPU_MS = 1;

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const sessions = new Map<string, Session>();

/** A GraphQL request with minimal overhead, so that the client does not dominate the measured time. */
function post(url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    request(`${url}/graphql`, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString()));
      response.on('error', reject);
    })
      .on('error', reject)
      .end(body);
  });
}

async function timed<T>(pid: number, work: () => Promise<T>): Promise<Lap & { readonly result: T }> {
  const cpuBefore = cpuMsOf(pid);
  const begunAt = nowMs();
  const result = await work();
  const ms = nowMs() - begunAt;
  return { ms, cpu: cpuMsOf(pid) - cpuBefore, result };
}

/** Waits for the work of the server after the end of a call, such as the placeholder of its image. */
async function untilStill(pid: number): Promise<void> {
  for (let before = Number.NEGATIVE_INFINITY; ; ) {
    const now = cpuMsOf(pid);
    if (now - before < STILL_CPU_MS) return;
    before = now;
    await sleep(STILL_MS);
  }
}

async function sessionOf(url: string): Promise<Session> {
  const session = sessions.get(url) ?? (await openSession(url));
  sessions.set(url, session);
  return session;
}

function check(answer: string, expected: Readonly<Record<string, number>>): void {
  const wrong = Object.entries(expected).find(([text, count]) => answer.split(text).length - 1 !== count);
  if (wrong !== undefined || answer.includes('"errors":'))
    throw new Error(`unexpected response: ${answer.slice(0, 1000)}`);
}

/** Refines an image. Resolves with the new image when the call has completed. */
async function refineToItsEnd(url: string, imageId: string, prompt: string): Promise<string> {
  const session = await sessionOf(url);
  const answer = await post(url, JSON.stringify({ query: REFINE, variables: { input: { imageId, prompt } } }));
  const [, callId] = /"call":\{"id":"([^"]+)"/u.exec(answer) ?? [];
  if (callId === undefined) throw new Error(answer.slice(0, 1000));
  return pictureIn(await session.follow({ query: EVENTS.event, variables: { callId } }));
}

function pictureIn(messages: readonly string[]): string {
  // The results of EVENTS.
  const events = messages.map((text) => (JSON.parse(text) as EventMessage).payload.data?.generationEvents);
  const image = events.find((event) => event?.image !== undefined)?.image;
  if (image === undefined || events.at(-1)?.__typename !== 'GenerationCompleted') {
    throw new Error(`the call did not complete: ${messages.at(-1)?.slice(0, 1000)}`);
  }
  return image.id;
}

const api = {
  async ask({ url, pid }: Target, { query, variables, expected }: Question): Promise<Lap> {
    const body = JSON.stringify({ query, variables });
    const { ms, cpu, result } = await timed(pid, () => post(url, body));
    check(result, expected);
    return { ms, cpu };
  },
  /** Starts a conversation. Resolves with its first image. */
  async converse({ url }: Target, prompt: string): Promise<string> {
    const session = await sessionOf(url);
    const { callId } = await generate(url, prompt);
    return pictureIn(await session.follow({ query: EVENTS.event, variables: { callId } }));
  },
  /** A turn of a conversation: from the mutation until the client has the terminal event. */
  async turn({ url, pid }: Target, imageId: string, prompt: string): Promise<Lap & { readonly imageId: string }> {
    await sessionOf(url);
    await untilStill(pid);
    const { ms, cpu, result } = await timed(pid, () => refineToItsEnd(url, imageId, prompt));
    return { ms, cpu, imageId: result };
  },
  /** Reads the events of a call that has ended, from a cursor to the end. */
  async replay({ url, pid }: Target, variables: Subscription['variables'], events: number): Promise<Lap> {
    const session = await sessionOf(url);
    const { ms, cpu, result } = await timed(pid, () => session.follow({ query: EVENTS.event, variables }));
    if (result.length !== events) throw new Error(`${result.length} events arrived`);
    return { ms, cpu };
  },
};

export type StopwatchApi = typeof api;

serveCalls(api);
