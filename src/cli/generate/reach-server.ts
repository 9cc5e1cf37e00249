/**
 * The server that a client command talks to: the one it is told, the one that the environment points at, or, when none
 * answers there, one of its own for as long as the command takes.
 */
import pino from 'pino';
import { type Config, parseConfig } from '../../config/config.ts';
import type { Command } from '../command.ts';
import { networkProblem } from './api-client.ts';

export interface ReachedServer extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string;
  /** Whether it ends with this command. */
  readonly isOwn: boolean;
}

export interface ReachOptions {
  /** What `--url` says, or null. */
  readonly url: string | null;
  readonly env: Parameters<Command>[1];
  readonly signal: AbortSignal;
  /** Takes a line for the person who waits. */
  readonly say: (line: string) => void;
}

const PROBE_TIMEOUT_MS = 3_000;

/** @throws {ConfigError} the environment is not right · {Error} nothing answers, and no server can be started */
export async function reachServer({ url, env, signal, say }: ReachOptions): Promise<ReachedServer> {
  if (url !== null) {
    const answer = await probe(url, signal);
    // What lies behind a proxy may keep its health to itself: that something answers is enough.
    if (typeof answer !== 'string') return reached(url);
    throw new Error(`no server answers at ${url} (${answer})`);
  }
  const config = parseConfig(env);
  const expected = originOf(config);
  const answer = await probe(expected, signal);
  if (answer === 200) return reached(expected);
  if (answer === TIMED_OUT) throw new Error(`the server at ${expected} does not answer; --url names another one`);
  const { startApp } = await import('../../app/compose.ts');
  const level = env['LOG_LEVEL'] ? config.logLevel : 'silent';
  const app = await startApp(
    // Nobody else is meant to reach it, and its pictures are where it is.
    { ...config, host: '127.0.0.1', port: 0, publicUrl: null },
    pino({ level }, pino.destination({ dest: 2, sync: true })),
  );
  const upstream = {
    SIMULATOR: 'the built-in simulator',
    OPENAI: 'OpenAI',
    AZURE: config.upstream.azure?.endpoint,
    COMPATIBLE: config.upstream.baseUrl,
  };
  const found = typeof answer === 'string' ? 'No server answers' : 'What answers is not Darkroom';
  say(`${found} at ${expected}: a server is started for this picture`);
  say(`(upstream: ${upstream[app.upstream.kind]}; data: ${config.dataDir}). \`npm start\` keeps one running.`);
  return { url: app.url, isOwn: true, [Symbol.asyncDispose]: () => app.close() };
}

function reached(url: string): ReachedServer {
  return { url, isOwn: false, async [Symbol.asyncDispose]() {} };
}

const TIMED_OUT = 'no answer in time';

/** The status of the answer, or why there is none. */
async function probe(url: string, signal: AbortSignal): Promise<number | string> {
  const timeout = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  try {
    const response = await fetch(`${url}/health/live`, { signal: AbortSignal.any([signal, timeout]) });
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    signal.throwIfAborted();
    return timeout.aborted ? TIMED_OUT : networkProblem(error);
  }
}

/** Where a server with this configuration is reached from this machine. */
function originOf({ host, port }: Config): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
