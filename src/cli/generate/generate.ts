/**
 * `npm run generate -- "<prompt>"`: asks a server for a picture, shows how it develops, and saves every stage of it.
 * A client like any other: all it knows comes through GraphQL and the URLs in the events.
 */
import { basename, join } from 'node:path';
import type { Command } from '../command.ts';
import { surviveClosedOutput } from '../survive-closed-output.ts';
import { UsageError } from '../usage-error.ts';
import { ApiError } from './api-client.ts';
import { type GenerateArguments, parseGenerateArguments } from './arguments.ts';
import { type CallEvent, followCall, isTerminal, ServerGoneError } from './follow-call.ts';
import { GENERATE_HELP } from './help.ts';
import { createPictureFolder, folderName, type PictureFolder, prepareFolder } from './image-folder.ts';
import { createProgress, type Progress } from './progress.ts';
import { type ReachedServer, reachServer } from './reach-server.ts';
import { type Outcome, problemOf, reportJson, reportText } from './report.ts';
import { stageOf } from './stages.ts';
import { startCall } from './start-call.ts';
import { stopRequests } from './stop-requests.ts';

/** How long a lost server may stay away. */
const PATIENCE_MS = 10_000;
const PICTURES = 'pictures';
/** What a shell reports of a program that Ctrl+C ended: 128 and the signal's number. */
const STOPPED = 130;

export const generate: Command = async (args, env) => {
  surviveClosedOutput();
  const asked = parseGenerateArguments(args);
  if (asked === null) {
    console.log(GENERATE_HELP);
    return 0;
  }
  const stop = new AbortController();
  const requests = stopRequests();
  void requests.first.then(() => stop.abort());
  void requests.second.then(() => process.exit(STOPPED));
  const { signal } = stop;
  const progress = createProgress({ stream: process.stderr, env });
  try {
    await using server = await reachServer({ url: asked.url, env, signal, say: progress.note });
    await prepareFolder(asked.out ?? PICTURES);
    return await makePicture(asked, { server, signal, progress });
  } catch (error) {
    progress.end();
    if (!signal.aborted) throw error;
    console.error('Stopped before the server had answered.');
    return STOPPED;
  }
};

interface Means {
  readonly server: ReachedServer;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

async function makePicture(asked: GenerateArguments, { server, signal, progress }: Means): Promise<number> {
  const { url } = server;
  const callId = await startCall(asked.task, asked.options, { url, signal });
  try {
    const outcome = await developPicture(asked, callId, { server, signal, progress });
    progress.end();
    const problem = problemOf(outcome);
    if (problem !== null) console.error(`darkroom: ${problem}`);
    if (asked.json) console.log(reportJson(outcome));
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
      throw new Error(`${error.message}. The generation may go on there. When it is back:\n${watchHint(callId)}`);
    }
    if (error instanceof ApiError && asked.task.type === 'watch') throw new UsageError(`--watch: ${error.message}`);
    throw error;
  }
}

/** Follows the call to its end; every picture is saved as soon as its event is there. */
async function developPicture(
  asked: GenerateArguments,
  callId: string,
  { server: { url }, signal, progress }: Means,
): Promise<Outcome> {
  const images: Outcome['images'][number]['image'][] = [];
  let folder: PictureFolder | undefined;
  const onConnection = (state: 'lost' | 'back') =>
    progress.note(state === 'lost' ? 'The connection is lost; trying again.' : 'The connection is back.');
  for await (const event of followCall({ url, callId, signal, patienceMs: PATIENCE_MS, onConnection })) {
    folder ??= createPictureFolder({
      directory: asked.out ?? join(PICTURES, folderName(event.call.prompt, callId)),
      signal,
      patienceMs: PATIENCE_MS,
      onFirst: (directory) => progress.note(`Saving in ${directory}`),
    });
    const path = await savePicture(event, folder);
    progress.show(stageOf(event), path === null ? undefined : basename(path));
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
  throw new Error('the events ended without an end');
}

async function savePicture(event: CallEvent, folder: PictureFolder): Promise<string | null> {
  if (event.__typename === 'PartialImageReceived') return folder.savePartial(event.partial);
  if (event.__typename === 'ImageCompleted') return folder.saveFinal(event.image);
  return null;
}

function stoppedLines({ url, isOwn }: ReachedServer, callId: string): string[] {
  return isOwn
    ? [
        'Stopped. The server of this command ends too: it waits some seconds for the picture (Ctrl+C: not at all).',
        'To see what came of it:',
        watchHint(callId),
      ]
    : [`Stopped looking. The generation goes on at ${url}. To look again:`, watchHint(callId)];
}

function watchHint(callId: string): string {
  return `  npm run generate -- --watch ${callId}`;
}
