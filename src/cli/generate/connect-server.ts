/**
 * Finds the server for a client command: the one of `--url`, or the one at HOST and PORT. If no server answers there,
 * starts one for the duration of the command.
 */
import pino from 'pino';
import { type Config, parseConfig } from '../../config/config.ts';
import type { Command } from '../command.ts';
import { networkProblem } from './api-client.ts';
import { apiKeyOf } from './api-key.ts';

export interface ConnectedServer extends AsyncDisposable {
  /** Without a trailing slash. */
  readonly url: string;
  /** What to authenticate with, or null. */
  readonly apiKey: string | null;
  /** Whether the server was started by this command and stops with it. */
  readonly isOwn: boolean;
}

export interface ConnectOptions {
  /** The value of `--url`, or null. */
  readonly url: string | null;
  readonly env: Parameters<Command>[1];
  readonly signal: AbortSignal;
  /** Prints a line for the user. */
  readonly say: (line: string) => void;
}

const PROBE_TIMEOUT_MS = 3_000;

/** @throws {ConfigError} when the configuration is invalid · {UsageError} when the key cannot be sent ·
 * {Error} when no server answers and none can be started */
export async function connectServer({ url, env, signal, say }: ConnectOptions): Promise<ConnectedServer> {
  const apiKey = apiKeyOf(env);
  if (url !== null) {
    const answer = await probe(url, signal);
    // A proxy may hide the health endpoint, so any HTTP response is accepted.
    if (typeof answer !== 'string') return existing(url, apiKey);
    throw new Error(`no server answers at ${url} (${answer})`);
  }
  const config = parseConfig(env);
  const expected = originOf(config);
  const answer = await probe(expected, signal);
  if (answer === 200) return existing(expected, apiKey);
  if (answer === TIMED_OUT) throw new Error(`the server at ${expected} does not answer; use --url for another one`);
  const [{ startApp }, { createLogger }] = await Promise.all([
    import('../../app/compose.ts'),
    import('../../app/logging.ts'),
  ]);
  const level = env['LOG_LEVEL'] ? config.logLevel : 'silent';
  const app = await startApp(
    // This server is only for this command, so it uses its own address for image URLs.
    { ...config, host: '127.0.0.1', port: 0, publicUrl: null },
    createLogger(config, pino.destination({ dest: 2, sync: true }), level),
  );
  const upstream = {
    SIMULATOR: 'the built-in simulator',
    OPENAI: 'OpenAI',
    AZURE: config.upstream.azure?.endpoint,
    COMPATIBLE: config.upstream.baseUrl,
  };
  const found = typeof answer === 'string' ? 'No server answers' : 'What answers is not Darkroom';
  say(`${found} at ${expected}. Starting a server for this command`);
  say(`(upstream: ${upstream[app.upstream.kind]}; data: ${config.dataDir}). \`npm start\` keeps one running.`);
  return { url: app.url, apiKey, isOwn: true, [Symbol.asyncDispose]: () => app.close() };
}

function existing(url: string, apiKey: string | null): ConnectedServer {
  return { url, apiKey, isOwn: false, async [Symbol.asyncDispose]() {} };
}

const TIMED_OUT = 'no answer in time';

/** The HTTP status of the response, or why there is none. */
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

/** The URL at which this machine reaches a server with this configuration. */
function originOf({ host, port }: Config): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
