/** Formats the figures of a row for the terminal and for RESULTS.md. */
import type { Bar, Line } from './row.ts';
import { type Verdict, verdictOf } from './verdict.ts';

export function number(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString('en');
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

function ratioText({ ratio }: Verdict): string {
  return ratio === null ? '' : `${ratio.median.toFixed(2)} (${ratio.least.toFixed(2)}–${ratio.most.toFixed(2)})`;
}

function barText(bar: Bar | null, unit: string): string {
  if (bar === null) return '';
  const value = bar.of === 'ours' ? `${number(bar.value)} ${unit}` : bar.value.toFixed(2).replace(/0$/u, '');
  return `${bar.is === 'at most' ? '≤' : '≥'} ${value}`;
}

function verdictText({ pass }: Verdict): string {
  return pass === null ? '' : pass ? 'pass' : 'MISS';
}

export function lineText(line: Line, verdict: Verdict): string {
  const peer = verdict.peer === null ? '' : ` | ${line.peerName} ${number(verdict.peer)}`;
  const ratio = verdict.ratio === null ? '' : ` | ratio ${ratioText(verdict)}`;
  const bar = line.bar === null ? '' : ` | ${barText(line.bar, line.unit)} ${verdictText(verdict)}`;
  return `  ${line.label}: ${number(verdict.ours)}${peer} ${line.unit}${ratio}${bar}`;
}

/** The lines as a Markdown table. */
export function tableOf(lines: readonly Line[]): string {
  const rows = lines.map((line) => {
    const verdict = verdictOf(line);
    const peer = verdict.peer === null ? '' : `${number(verdict.peer)} (${line.peerName})`;
    const cells = [line.label, line.unit, number(verdict.ours), peer, ratioText(verdict)];
    return `| ${[...cells, barText(line.bar, line.unit), verdictText(verdict)].join(' | ')} |`;
  });
  return [
    '| what | unit | ours | peer | ratio: median (least–most) | bar | |',
    '| --- | --- | ---: | ---: | ---: | ---: | --- |',
    ...rows,
  ].join('\n');
}
