/**
 * Subscriptions over server-sent events, in the place of Yoga's own writer of them. It writes the same, and besides
 * (promise 9) writes in pieces, so that a slow reader is told from one who takes nothing; cuts the latter, who comes back
 * with its cursor; and ends what was subscribed to for somebody who has left meanwhile, which Yoga leaves open.
 */
import type { ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { bytesOf, letGo } from '../result-bytes.ts';

/** Also the least that a reader has to take within a keep-alive to stay, but for what the kernel gathers. */
const PIECE_BYTES = 64 * 1024;
/** Says nothing; goes through everything between us and the reader. */
const COMMENT = Buffer.from(':\n\n');
const NEXT = Buffer.from('event: next\ndata: ');
const END = Buffer.from('\n\n');
const COMPLETE = Buffer.from('event: complete\ndata:\n\n');
const HEADERS = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-cache',
  // Nothing in between shall gather bytes to compress them.
  'Content-Encoding': 'none',
  Connection: 'keep-alive',
};

export interface EventStreamOptions {
  /** How often a silent connection gets a sign of life, and one that takes nothing is looked for; milliseconds. */
  readonly keepAliveMs: number;
  /** Cuts every stream when it aborts: a stream that is ended would tell its reader that nothing more will come. */
  readonly stopping: AbortSignal;
}

export function useEventStream(options: EventStreamOptions): Plugin<object, { res?: ServerResponse }> {
  return {
    onResultProcess({ result, resultProcessor, setResultProcessor, serverContext }) {
      // Nothing to write it with means that the client takes no events: 406, but what is open has to be ended.
      if (!isAsyncIterable(result)) return;
      const { res: response } = serverContext;
      const results: AsyncIterator<ExecutionResult> = result[Symbol.asyncIterator]();
      if (resultProcessor === undefined || response === undefined) return void results.return?.();
      setResultProcessor((_, { ReadableStream, Response }) => {
        const source = writeEvents(results, response, options);
        return new Response(source === null ? null : new ReadableStream(source), { headers: HEADERS });
      }, 'text/event-stream');
    },
  };
}

/** What to write and when; null when nobody is there to read it. */
function writeEvents(
  results: AsyncIterator<ExecutionResult>,
  response: ServerResponse,
  { keepAliveMs, stopping }: EventStreamOptions,
): UnderlyingDefaultSource<Uint8Array> | null {
  let rest: Buffer = COMMENT;
  let isWaiting = false;
  let isComplete = false;
  let written = 0;
  let takenBefore = 0;
  let timer: NodeJS.Timeout | undefined;

  const cut = () => response.destroy();

  async function leave(): Promise<void> {
    clearInterval(timer);
    stopping.removeEventListener('abort', cut);
    await results.return?.();
  }

  // Subscribing takes a while, and who asked for it may be gone by now.
  if (response.destroyed || stopping.aborted) {
    void leave();
    cut();
    return null;
  }
  stopping.addEventListener('abort', cut, { once: true });
  response.once('close', () => void leave());

  /** Null at the end. */
  async function nextEvent(): Promise<Buffer | null> {
    const { done, value } = await results.next();
    if (done) return null;
    const event = Buffer.concat([NEXT, ...bytesOf(value), END]);
    letGo(value);
    return event;
  }

  function write(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const piece = rest.subarray(0, PIECE_BYTES);
    rest = rest.subarray(PIECE_BYTES);
    written += piece.length;
    controller.enqueue(piece);
  }

  return {
    start(controller) {
      // Some browsers show no answer before its first byte.
      write(controller);
      timer = setInterval(() => {
        const taken = written - response.writableLength;
        if (response.writableLength > 0 && taken === takenBefore) response.destroy();
        takenBefore = taken;
        if (!isWaiting) return;
        rest = COMMENT;
        write(controller);
      }, keepAliveMs);
    },
    /** Called when there is room: an event is asked for only when the one before it is on its way. */
    async pull(controller) {
      if (rest.length === 0 && !isComplete) {
        isWaiting = true;
        const event = await nextEvent();
        isWaiting = false;
        isComplete = event === null;
        rest = event ?? COMPLETE;
      }
      write(controller);
      if (rest.length > 0 || !isComplete) return;
      clearInterval(timer);
      controller.close();
    },
    cancel: leave,
  };
}
