/**
 * Shows how far a call is: on a terminal one line that is drawn again and again, elsewhere (and with NO_COLOR) a line
 * for each stage. Always on standard error, so that standard output holds the result alone.
 */
import { stripVTControlCharacters, styleText } from 'node:util';
import type { Stage } from './stages.ts';

export interface Progress {
  /** Where it stands now; `file` is the one that was saved with it. The percentage never falls. */
  show(stage: Stage, file?: string): void;
  /** A line that stays. */
  note(line: string): void;
  /** Leaves the last stage standing and stops drawing. */
  end(): void;
}

/** What is needed of `process.stderr`. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface ProgressOptions {
  readonly stream: ProgressStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds from any beginning. */
  readonly now?: () => number;
}

const REDRAW_MS = 100;
const BAR_WIDTH = 28;
const NARROW_BAR_WIDTH = 10;
const NARROW_COLUMNS = 60;
const CLEAR_LINE = '\r\u001b[K';

export function createProgress({ stream, env, now = () => performance.now() }: ProgressOptions): Progress {
  const startedAt = now();
  const seconds = () => `${((now() - startedAt) / 1000).toFixed(1)} s`;
  const isTerminal = stream.isTTY === true && env['TERM'] !== 'dumb' && !env['NO_COLOR'];
  return isTerminal ? drawBar(stream, seconds) : printLines(stream, seconds);
}

function printLines(stream: ProgressStream, seconds: () => string): Progress {
  let percent = 0;
  return {
    show(stage, file) {
      percent = Math.max(percent, stage.percent);
      const end = file === undefined ? '' : `: ${file}`;
      stream.write(`${seconds().padStart(8)}  ${`${percent}%`.padStart(4)}  ${oneLine(stage.words)}${end}\n`);
    },
    note: (line) => void stream.write(`${line}\n`),
    end() {},
  };
}

function drawBar(stream: ProgressStream, seconds: () => string): Progress {
  let stage: Stage | null = null;
  let percent = 0;
  const draw = () => {
    if (stage === null) return;
    const columns = stream.columns || 80;
    const width = columns < NARROW_COLUMNS ? NARROW_BAR_WIDTH : BAR_WIDTH;
    const full = Math.round((percent / 100) * width);
    const text = ` ${`${percent}%`.padStart(4)}  ${seconds().padStart(6)}  ${oneLine(stage.words)}`;
    // A line that wraps could not be drawn over: one column stays free.
    const room = Math.max(0, columns - 1 - width);
    stream.write(`${CLEAR_LINE}${paint('cyan', '█'.repeat(full))}${paint('gray', '░'.repeat(width - full))}`);
    stream.write(text.length > room ? `${text.slice(0, Math.max(0, room - 1))}…` : text);
  };
  const timer = setInterval(draw, REDRAW_MS);
  timer.unref();
  return {
    show(next, file) {
      stage = file === undefined ? next : { ...next, words: `${next.words}: ${file}` };
      percent = Math.max(percent, next.percent);
      draw();
    },
    note(line) {
      stream.write(`${stage === null ? '' : CLEAR_LINE}${line}\n`);
      draw();
    },
    end() {
      clearInterval(timer);
      draw();
      if (stage !== null) stream.write('\n');
      stage = null;
    },
  };
}

function paint(color: 'cyan' | 'gray', text: string): string {
  return styleText(color, text, { validateStream: false });
}

/** Words can come from an upstream: nothing of them may move the cursor. */
function oneLine(words: string): string {
  return stripVTControlCharacters(words).replace(/\s+/gu, ' ');
}
