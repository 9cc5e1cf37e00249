/**
 * Text as outlines, so that it looks the same on a machine without fonts: set in Alegreya, one font file per script,
 * line by line into a box. A character that no file has is drawn as a small diamond.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import opentype, { type Font, type PathCommand } from 'opentype.js';
import { n } from './svg.ts';

const SCRIPTS = ['latin', 'latin-ext', 'cyrillic', 'greek', 'vietnamese', 'cyrillic-ext', 'greek-ext'] as const;
const resolve = createRequire(import.meta.url).resolve;
const loaded = new Map<string, Font>();

function fontOf(script: (typeof SCRIPTS)[number]): Font {
  let font = loaded.get(script);
  if (font === undefined) {
    const file = readFileSync(resolve(`@fontsource/alegreya/files/alegreya-${script}-800-normal.woff`));
    font = opentype.parse(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
    loaded.set(script, font);
  }
  return font;
}

/** A run of text that one font has, or one character that no font has. */
interface Run {
  readonly text: string;
  readonly font: Font | null;
}

const LOZENGE_ADVANCE = 0.5;
const CAP_HEIGHT = 0.64;
const LINE_HEIGHT = 1.06;

function runsOf(text: string): readonly Run[] {
  const runs: Run[] = [];
  for (const letter of text.normalize('NFC').replace(/[\p{M}\p{Cf}\p{Cc}]/gu, '')) {
    const last = runs.at(-1);
    if (last?.font?.hasChar(letter)) {
      runs[runs.length - 1] = { text: last.text + letter, font: last.font };
      continue;
    }
    const script = SCRIPTS.find((each) => fontOf(each).hasChar(letter));
    runs.push({ text: letter, font: script === undefined ? null : fontOf(script) });
  }
  return runs;
}

/** The width of a line, in ems. */
function widthOf(text: string): number {
  return runsOf(text).reduce(
    (sum, run) => sum + (run.font === null ? LOZENGE_ADVANCE : run.font.getAdvanceWidth(run.text, 1)),
    0,
  );
}

export interface Lettering {
  /** Path data. */
  readonly d: string;
  readonly width: number;
  readonly height: number;
}

export interface LetteringBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly maxFontSize: number;
  readonly align: 'left' | 'centre';
}

/** Sets words into a box, as large as they fit. The result's height is that of the lines used. */
export function setWords(text: string, box: LetteringBox): Lettering {
  const best = largestFit(text, box);
  const lineHeight = best.size * LINE_HEIGHT;
  let d = '';
  for (const [index, words] of best.lines.entries()) {
    const width = widthOf(words) * best.size;
    const x = box.align === 'left' ? box.x : box.x + (box.width - width) / 2;
    d += lineData(words, x, box.y + best.size * CAP_HEIGHT + index * lineHeight, best.size);
  }
  const height = best.lines.length === 0 ? 0 : best.size * CAP_HEIGHT + (best.lines.length - 1) * lineHeight;
  return { d, width: Math.max(0, ...best.lines.map((each) => widthOf(each) * best.size)), height };
}

/** The number of lines that allows the largest letters. */
function largestFit(text: string, box: LetteringBox): { lines: readonly string[]; size: number } {
  let best: { lines: readonly string[]; size: number } = { lines: [], size: 0 };
  for (let count = 1; count <= 4; count += 1) {
    const lines = breakLines(text, count);
    const widest = Math.max(0.01, ...lines.map(widthOf));
    const tall = box.height / (CAP_HEIGHT + (lines.length - 1) * LINE_HEIGHT + 0.2);
    const size = Math.min(box.maxFontSize, box.width / widest, tall);
    // Another line must make the letters clearly larger.
    if (size > best.size * 1.12) best = { lines, size };
  }
  return best;
}

/** Breaks words into at most `count` lines of similar length. */
function breakLines(text: string, count: number): readonly string[] {
  const words = text.split(/\s+/).filter((each) => each !== '');
  const target = text.length / count;
  const lines: string[] = [];
  let current = '';
  for (const word of words) {
    const longer = current === '' ? word : `${current} ${word}`;
    const isFull = current !== '' && lines.length < count - 1 && longer.length - target > target - current.length;
    if (isFull) lines.push(current);
    current = isFull ? word : longer;
  }
  return current === '' ? lines : [...lines, current];
}

function lineData(text: string, x: number, y: number, size: number): string {
  let d = '';
  let at = x;
  for (const { text: letters, font } of runsOf(text)) {
    if (font === null) {
      d += lozenge(at, y, size);
      at += LOZENGE_ADVANCE * size;
    } else {
      d += dataOf(font.getPath(letters, at, y, size).commands);
      at += font.getAdvanceWidth(letters, size);
    }
  }
  return d;
}

function lozenge(x: number, y: number, size: number): string {
  const half = size * 0.15;
  return `M${n(x + size * 0.25)} ${n(y - size * 0.32 - half)}l${n(half)} ${n(half)} ${n(-half)} ${n(half)} ${n(-half)} ${n(-half)}Z`;
}

/** opentype.js's own `toPathData` writes NaN for some curves; its commands are right. */
function dataOf(commands: readonly PathCommand[]): string {
  return commands
    .map((each) => {
      switch (each.type) {
        case 'M':
        case 'L':
          return `${each.type}${n(each.x)} ${n(each.y)}`;
        case 'Q':
          return `Q${n(each.x1)} ${n(each.y1)} ${n(each.x)} ${n(each.y)}`;
        case 'C':
          return `C${n(each.x1)} ${n(each.y1)} ${n(each.x2)} ${n(each.y2)} ${n(each.x)} ${n(each.y)}`;
        default:
          return 'Z';
      }
    })
    .join('');
}

/** Text short enough to be readable on an image. */
export function shortened(text: string, most: number): string {
  const letters = [...text];
  if (letters.length <= most) return text;
  const cut = letters.slice(0, most).join('');
  const space = cut.lastIndexOf(' ');
  return `${(space > most / 2 ? cut.slice(0, space) : cut).replace(/[\s,.;:–—-]+$/u, '')}…`;
}
