/** How progress is printed, to a terminal and to a file. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createProgress, type Progress } from '../../src/cli/generate/progress-display.ts';

interface Screen {
  readonly progress: Progress;
  readonly written: () => string;
  /** The final text: each line as it was printed last. */
  readonly lines: () => string[];
}

function screen({
  isTTY = true,
  columns = 80,
  env = {},
}: {
  isTTY?: boolean;
  columns?: number;
  env?: object;
} = {}): Screen {
  let written = '';
  const stream = {
    isTTY,
    columns,
    write: (text: string) => {
      written += text;
    },
  };
  let clock = 0;
  const progress = createProgress({ stream, env: { ...env }, now: () => 500 * clock++ });
  const lines = () =>
    written.split('\n').map((line) => stripVTControlCharacters(line.slice(line.lastIndexOf('\r') + 1)));
  return { progress, written: () => written, lines };
}

describe('on a terminal', () => {
  it('draws one line again and again, and leaves the last one', () => {
    const { progress, written, lines } = screen();
    progress.show({ percent: 2, words: 'queued' });
    progress.show({ percent: 50, words: 'partial 1 of 1' }, 'partial-0.png');
    progress.show({ percent: 100, words: 'done' });
    progress.end();
    expect(lines()).toEqual([expect.stringMatching(/^█{28} 100% {3}\d\.\d s {2}done$/u), '']);
    expect(written()).toContain('partial 1 of 1: partial-0.png');
    expect(written().match(/\r/gu)?.length).toBeGreaterThanOrEqual(4);
  });

  it('keeps notes above the line', () => {
    const { progress, lines } = screen();
    progress.note('A server is started.');
    progress.show({ percent: 10, words: 'asking' });
    progress.note('The connection is lost.');
    progress.end();
    expect(lines()).toEqual(['A server is started.', 'The connection is lost.', expect.stringMatching(/asking$/u), '']);
  });

  it('never goes back, and never wraps', () => {
    const { progress, lines } = screen({ columns: 30 });
    progress.show({ percent: 60, words: 'partial 1 of 1' });
    progress.show({ percent: 10, words: 'trying again: the upstream has forgotten\n\u001b[2Jthe picture' });
    progress.end();
    expect(lines()[0]).toMatch(/^█{6}░{4} {2}60%.*…$/u);
    expect(lines()[0]?.length).toBeLessThan(30);
    expect(lines()).toHaveLength(2);
  });
});

describe.each([
  ['elsewhere', { isTTY: false }],
  ['with NO_COLOR', { env: { NO_COLOR: '1' } }],
  ['on a terminal that cannot redraw', { env: { TERM: 'dumb' } }],
])('%s', (_, options) => {
  it('writes a plain line for each stage', () => {
    const { progress, written } = screen(options);
    progress.show({ percent: 2, words: 'queued' });
    progress.note('The connection is lost.');
    progress.show({ percent: 100, words: 'done' });
    progress.end();
    expect(written()).toBe('   0.5 s    2%  queued\nThe connection is lost.\n   1.0 s  100%  done\n');
  });
});
