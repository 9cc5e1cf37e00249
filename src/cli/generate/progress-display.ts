/**
 * Shows the progress of a call: on a terminal as one line that is redrawn, elsewhere (and with NO_COLOR) as one line
 * for each step. Progress goes to standard error, so that standard output contains only the result.
 */
import { stripVTControlCharacters, styleText } from 'node:util';
import type { ProgressStep } from './call-progress.ts';

export interface Progress {
  /** Shows a step, and the name of the `file` that was saved with it. The percentage never decreases. */
  show(step: ProgressStep, file?: string): void;
  /** Prints a line that stays. */
  note(line: string): void;
  /** Leaves the last step on the screen and stops redrawing. */
  end(): void;
}

/** The parts of `process.stderr` that are used. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface ProgressOptions {
  readonly stream: ProgressStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A clock in milliseconds, with any origin. */
  readonly now?: () => number;
}

const REDRAW_MS = 100;
const BAR_WIDTH = 28;
const NARROW_BAR_WIDTH = 10;
const NARROW_COLUMNS = 60;
const CLEAR_LINE = '\r\u001b[K';

/** Draws a bar on a terminal that can redraw, and prints lines elsewhere. */
export function createProgress({ stream, env, now = () => performance.now() }: ProgressOptions): Progress {
  const startedAt = now();
  const seconds = () => `${((now() - startedAt) / 1000).toFixed(1)} s`;
  const isTerminal = stream.isTTY === true && env['TERM'] !== 'dumb' && !env['NO_COLOR'];
  return isTerminal ? drawBar(stream, seconds) : printLines(stream, seconds);
}

function printLines(stream: ProgressStream, seconds: () => string): Progress {
  let percent = 0;
  return {
    show(step, file) {
      percent = Math.max(percent, step.percent);
      const end = file === undefined ? '' : `: ${file}`;
      stream.write(`${seconds().padStart(8)}  ${`${percent}%`.padStart(4)}  ${oneLine(step.words)}${end}\n`);
    },
    note: (line) => void stream.write(`${line}\n`),
    end() {},
  };
}

function drawBar(stream: ProgressStream, seconds: () => string): Progress {
  let current: ProgressStep | null = null;
  let percent = 0;
  const draw = () => {
    if (current === null) return;
    const columns = stream.columns || 80;
    const width = columns < NARROW_COLUMNS ? NARROW_BAR_WIDTH : BAR_WIDTH;
    const full = Math.round((percent / 100) * width);
    const text = ` ${`${percent}%`.padStart(4)}  ${seconds().padStart(6)}  ${oneLine(current.words)}`;
    // A wrapped line could not be redrawn, so one column stays free.
    const room = Math.max(0, columns - 1 - width);
    stream.write(`${CLEAR_LINE}${paint('cyan', '█'.repeat(full))}${paint('gray', '░'.repeat(width - full))}`);
    stream.write(text.length > room ? `${text.slice(0, Math.max(0, room - 1))}…` : text);
  };
  const timer = setInterval(draw, REDRAW_MS);
  timer.unref();
  return {
    show(next, file) {
      current = file === undefined ? next : { ...next, words: `${next.words}: ${file}` };
      percent = Math.max(percent, next.percent);
      draw();
    },
    note(line) {
      stream.write(`${current === null ? '' : CLEAR_LINE}${line}\n`);
      draw();
    },
    end() {
      clearInterval(timer);
      draw();
      if (current !== null) stream.write('\n');
      current = null;
    },
  };
}

function paint(color: 'cyan' | 'gray', text: string): string {
  return styleText(color, text, { validateStream: false });
}

/** Words can come from an upstream and must not contain control sequences. */
function oneLine(words: string): string {
  return stripVTControlCharacters(words).replace(/\s+/gu, ' ');
}
