/** The result of `generate`: aligned lines for people, or one JSON object for programs. */
import { resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { EventOf, TerminalEvent } from './follow-call.ts';

/** The result of a call. */
export interface Outcome {
  readonly terminal: TerminalEvent;
  /** The finished images, each with the path it was saved to. */
  readonly images: readonly { readonly image: EventOf<'ImageCompleted'>['image']; readonly path: string }[];
  readonly partials: readonly string[];
}

const STATUSES = {
  GenerationCompleted: 'COMPLETED',
  GenerationFailed: 'FAILED',
  GenerationCancelled: 'CANCELLED',
} as const;

const LABEL_WIDTH = 16;

/** @param columns the width to wrap at; undefined to not wrap, for programs that read the lines */
export function reportText({ terminal, images, partials }: Outcome, columns: number | undefined): string {
  const { call } = terminal;
  const rows: (readonly [label: string, value: string])[] = [
    ...images.map(({ image }, index) => [number('Image', index, images.length), image.id] as const),
    ['Call', call.id],
    ['Conversation', call.conversation.id],
    ...(call.revisedPrompt === null ? [] : [['Revised prompt', oneLine(call.revisedPrompt)] as const]),
    ...images.map(({ image, path }, index) => [index === 0 ? 'Saved' : '', `${path}  ${size(image)}`] as const),
    ...partials.map((path) => ['', path] as const),
    ...call.warnings.map(({ message }) => ['Warning', oneLine(message)] as const),
  ];
  const lines = rows.map(([label, value]) => label.padEnd(LABEL_WIDTH) + wrap(value, columns));
  const refined = images.at(-1)?.image.id;
  if (refined !== undefined) {
    lines.push('', 'To refine it:', `  npm run generate -- --refine ${refined} "now make it snow"`);
  }
  return lines.join('\n');
}

/** Paths are absolute, because the reader may use another working directory. */
export function reportJson({ terminal, images, partials }: Outcome): string {
  const { call } = terminal;
  const failure = terminal.__typename === 'GenerationFailed' ? terminal.failure : null;
  return JSON.stringify({
    status: STATUSES[terminal.__typename],
    callId: call.id,
    conversationId: call.conversation.id,
    imageId: images[0]?.image.id ?? null,
    revisedPrompt: call.revisedPrompt,
    images: images.map(({ image: { id, format, width, height }, path }) => ({
      id,
      path: resolve(path),
      format,
      width,
      height,
    })),
    partials: partials.map((path) => resolve(path)),
    warnings: call.warnings.map(({ code, message }) => ({ code, message })),
    failure:
      failure === null
        ? null
        : {
            code: failure.code,
            message: failure.message,
            requestId: failure.requestId,
            retryable: failure.retryable,
            retryAfter: failure.retryAfter,
          },
  });
}

/** Why there is no image, in a few lines; null after success. */
export function problemOf({ terminal }: Outcome): string | null {
  switch (terminal.__typename) {
    case 'GenerationCompleted':
      return null;
    case 'GenerationCancelled':
      return `the generation was cancelled\n  call ${terminal.call.id}`;
    case 'GenerationFailed': {
      const { code, message, requestId, retryable, retryAfter } = terminal.failure;
      const lines = [`the generation failed with ${code}: ${oneLine(message)}`];
      if (retryable) lines.push(`Trying again may succeed${retryAfter === null ? '' : `, not before ${retryAfter}`}.`);
      lines.push(`call ${terminal.call.id}${requestId === null ? '' : `, request ${requestId}`}`);
      return lines.join('\n  ');
    }
  }
}

function number(label: string, index: number, count: number): string {
  return count > 1 ? `${label} ${index}` : label;
}

function size({ width, height }: { readonly width: number; readonly height: number }): string {
  return `(${width} × ${height})`;
}

/** Text of an upstream must not contain control sequences. */
function oneLine(text: string): string {
  return stripVTControlCharacters(text).replace(/\s+/gu, ' ');
}

/** Breaks the value between words, and aligns the lines with its start. */
function wrap(value: string, columns = Number.POSITIVE_INFINITY): string {
  const room = Math.max(20, columns - LABEL_WIDTH);
  const lines: string[] = [];
  for (const word of value.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join(`\n${' '.repeat(LABEL_WIDTH)}`);
}
