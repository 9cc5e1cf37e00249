/**
 * `npm run generate -- "<prompt>"`: asks a server for an image, shows the progress, and saves every partial image and
 * the finished image. It is an ordinary client: it uses only GraphQL and the URLs in the events.
 */
import { basename, join } from 'node:path';
import type { Command } from '../command.ts';
import { ignoreClosedOutput } from '../ignore-closed-output.ts';
import { shutdownSignals } from '../shutdown-signals.ts';
import { UsageError } from '../usage-error.ts';
import { ApiError, RefusedError } from './api-client.ts';
import { type GenerateArguments, parseGenerateArguments } from './arguments.ts';
import { progressOf } from './call-progress.ts';
import { type ConnectedServer, connectServer } from './connect-server.ts';
import { type CallEvent, followCall, isTerminal, ServerGoneError } from './follow-call.ts';
import { createImageFolder, folderName, type ImageFolder, prepareFolder } from './image-folder.ts';
import { createProgress, type Progress } from './progress-display.ts';
import { type Outcome, problemOf, reportJson, reportText } from './report.ts';
import { startCall } from './start-call.ts';

/** How long a server may be unreachable, in milliseconds. */
const PATIENCE_MS = 10_000;
const PICTURES = 'pictures';
/** The exit code that shells use for a program ended by Ctrl+C: 128 plus the number of the signal. */
const STOPPED = 130;

export const generate: Command = async (args, env) => {
  ignoreClosedOutput();
  const request = parseGenerateArguments(args);
  const stop = new AbortController();
  const signals = shutdownSignals();
  void signals.first.then(() => stop.abort());
  void signals.second.then(() => process.exit(STOPPED));
  const { signal } = stop;
  const progress = createProgress({ stream: process.stderr, env });
  try {
    await using server = await connectServer({ url: request.url, env, signal, say: progress.note });
    await prepareFolder(request.out ?? PICTURES);
    return await makeImage(request, { server, signal, progress });
  } catch (error) {
    progress.end();
    if (!signal.aborted) throw error;
    console.error('Stopped before the server answered.');
    return STOPPED;
  }
};

interface Resources {
  readonly server: ConnectedServer;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

async function makeImage(request: GenerateArguments, { server, signal, progress }: Resources): Promise<number> {
  const { url, apiKey } = server;
  const callId = await startCall(request.action, request.options, { url, apiKey, signal });
  try {
    const outcome = await followAndSave(request, callId, { server, signal, progress });
    progress.end();
    const problem = problemOf(outcome);
    if (problem !== null) console.error(`darkroom: ${problem}`);
    if (request.json) console.log(reportJson(outcome));
    else if (problem === null)
      console.log(reportText(outcome, process.stdout.isTTY ? process.stdout.columns : undefined));
    return problem === null ? 0 : 1;
  } catch (error) {
    progress.end();
    if (signal.aborted) {
      for (const line of stoppedLines(server, callId)) console.error(line);
      return STOPPED;
    }
    if (error instanceof ServerGoneError) {
      throw new Error(
        `${error.message}. The generation may still be running there. When the server is back:\n${watchHint(callId)}`,
      );
    }
    if (error instanceof RefusedError && request.action.type !== 'watch') {
      throw new Error(`${error.message}\nThe call was accepted and continues. To follow it:\n${watchHint(callId)}`);
    }
    if (error instanceof ApiError && request.action.type === 'watch') throw new UsageError(`--watch: ${error.message}`);
    throw error;
  }
}

/** Follows the call to its end, and saves every image as soon as its event arrives. */
async function followAndSave(
  request: GenerateArguments,
  callId: string,
  { server: { url, apiKey }, signal, progress }: Resources,
): Promise<Outcome> {
  const images: Outcome['images'][number]['image'][] = [];
  let folder: ImageFolder | undefined;
  const onConnection = (state: 'lost' | 'back') =>
    progress.note(state === 'lost' ? 'Connection lost; reconnecting.' : 'Reconnected.');
  for await (const event of followCall({ url, apiKey, callId, signal, patienceMs: PATIENCE_MS, onConnection })) {
    folder ??= createImageFolder({
      directory: request.out ?? join(PICTURES, folderName(event.call.prompt, callId)),
      signal,
      patienceMs: PATIENCE_MS,
      onFirst: (directory) => progress.note(`Saving in ${directory}`),
    });
    const path = await saveImage(event, folder);
    progress.show(progressOf(event), path === null ? undefined : basename(path));
    if (event.__typename === 'ImageCompleted') images.push(event.image);
    if (isTerminal(event)) {
      const { finals, partials } = folder;
      return {
        terminal: event,
        images: images.map((image, index) => ({ image, path: finals[index] ?? '' })),
        partials,
      };
    }
  }
  throw new Error('the subscription ended without a terminal event');
}

async function saveImage(event: CallEvent, folder: ImageFolder): Promise<string | null> {
  if (event.__typename === 'PartialImageReceived') return folder.savePartial(event.partial);
  if (event.__typename === 'ImageCompleted') return folder.saveFinal(event.image);
  return null;
}

function stoppedLines({ url, isOwn }: ConnectedServer, callId: string): string[] {
  return isOwn
    ? [
        'Stopped. The server of this command stops too. It waits a few seconds for the image (Ctrl+C: exit at once).',
        'To see the result:',
        watchHint(callId),
      ]
    : [`Stopped following. The generation continues at ${url}. To follow it again:`, watchHint(callId)];
}

function watchHint(callId: string): string {
  return `  npm run generate -- --watch ${callId}`;
}
