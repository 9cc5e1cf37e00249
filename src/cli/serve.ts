/** `npm start`: runs the server until it is told to stop. */
import { performance } from 'node:perf_hooks';
import pino from 'pino';
import { type App, startApp } from '../app/compose.ts';
import { createLogger } from '../app/logging.ts';
import { type Config, parseConfig } from '../config/config.ts';
import type { Command } from './command.ts';
import { shutdownSignals } from './shutdown-signals.ts';

/** How long closing may take after the drain, in milliseconds. */
const CLOSE_TIMEOUT_MS = 5_000;

export const serve: Command = async (_args, env) => {
  const config = parseConfig(env);
  const logger = createLogger(config, pino.destination({ dest: 2, sync: true }));
  const app = await startApp(config, logger);
  const stop = shutdownSignals();
  console.log(banner(app, config));
  await Promise.race([stop.first, untilAborted(app.lost)]);
  if (app.lost.aborted) console.error(`darkroom: ${app.lost.reason.message}`);
  else console.log('Stopping: waiting for running calls. Press Ctrl+C again to stop at once.');
  void stop.second.then(() => process.exit(1));
  // If anything hangs, exit anyway: everything accepted is stored, and the next server continues from there.
  setTimeout(() => process.exit(1), config.drainTimeoutMs + CLOSE_TIMEOUT_MS).unref();
  await app.close();
  return app.lost.aborted ? 1 : 0;
};

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function banner({ url, upstream, hasPage }: App, config: Config): string {
  const seconds = (performance.now() / 1000).toFixed(1);
  const upstreams = {
    SIMULATOR:
      'the built-in simulator, which draws images at no cost.\n             Set OPENAI_API_KEY to make real images.',
    OPENAI: `OpenAI, with ${upstream.model}`,
    AZURE: `${config.upstream.azure?.endpoint}, with ${upstream.model}`,
    COMPATIBLE: `${config.upstream.baseUrl}, with ${upstream.model}`,
  };
  return [
    `Darkroom is ready on ${url} after ${seconds} s.`,
    `  Studio     ${hasPage ? `${url}/` : 'not built: npm run build'}`,
    `  GraphiQL   ${url}/graphql`,
    `  Upstream   ${upstreams[upstream.kind]}`,
    `  Data       ${config.dataDir}`,
  ].join('\n');
}
