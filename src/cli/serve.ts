/** `npm start`: the server, until it is told to stop. */
import { performance } from 'node:perf_hooks';
import pino from 'pino';
import { type App, startApp } from '../app/compose.ts';
import { type Config, parseConfig } from '../config/config.ts';
import type { Command } from './command.ts';
import { stopRequests } from './generate/stop-requests.ts';

/** How long closing may take behind the drain, in milliseconds. */
const CLOSE_TIMEOUT_MS = 5_000;

export const serve: Command = async (_args, env) => {
  const config = parseConfig(env);
  const logger = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
  const app = await startApp(config, logger);
  const stop = stopRequests();
  console.log(banner(app, config));
  await Promise.race([stop.first, untilAborted(app.lost)]);
  if (app.lost.aborted) console.error(`darkroom: ${app.lost.reason.message}`);
  else console.log('Stopping: what runs may finish; once more to stop at once.');
  void stop.second.then(() => process.exit(1));
  // Should anything hang, what is stored is stored: the next server goes on from there.
  setTimeout(() => process.exit(1), config.drainTimeoutMs + CLOSE_TIMEOUT_MS).unref();
  await app.close();
  return app.lost.aborted ? 1 : 0;
};

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function banner({ url, upstream }: App, config: Config): string {
  const seconds = (performance.now() / 1000).toFixed(1);
  const upstreams = {
    SIMULATOR:
      'the built-in simulator: pictures are drawn by this server and cost nothing.\n             Set OPENAI_API_KEY for real ones.',
    OPENAI: `OpenAI, with ${upstream.model}`,
    AZURE: `${config.upstream.azure?.endpoint}, with ${upstream.model}`,
    COMPATIBLE: `${config.upstream.baseUrl}, with ${upstream.model}`,
  };
  return [
    `Darkroom is ready on ${url} after ${seconds} s.`,
    `  GraphiQL   ${url}/graphql`,
    `  Upstream   ${upstreams[upstream.kind]}`,
    `  Data       ${config.dataDir}`,
  ].join('\n');
}
