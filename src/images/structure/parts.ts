/** Finds in the bytes of a whole file where the picture ends, and which of its parts the picture can be shown without. */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { UploadFormat } from '../signature.ts';
import { WALKS } from './structure-check.ts';
import type { Extra, Step } from './walk.ts';

export interface PictureParts {
  /** In their order in the file; `from` is the first byte, `to` the one behind the last. */
  readonly extras: readonly { readonly kind: Extra['kind']; readonly from: number; readonly to: number }[];
  /** The byte behind the last one of the picture. */
  readonly endsAt: number;
}

/**
 * Steps at a time, in some milliseconds, before the event loop continues with other work. A usual photo takes fewer; a JPEG
 * of 50 MB can be made to take millions.
 */
const BATCH_STEPS = 20_000;

/** Null when the file is not built as its format requires, or breaks off. */
export async function partsOf(format: UploadFormat, bytes: Buffer): Promise<PictureParts | null> {
  const extras: PictureParts['extras'][number][] = [];
  const walk = WALKS[format]();
  let at = 0;
  let next = walk.next(EMPTY);
  for (let steps = 1; ; steps += 1) {
    if (steps % BATCH_STEPS === 0) await yieldToEventLoop();
    if (next.done === true) return next.value.isWhole ? { extras, endsAt: at } : null;
    const step = next.value;
    const to = endOf(step, bytes, at);
    if (to === null) return null;
    if ('skip' in step && step.extra !== undefined) {
      extras.push({ kind: step.extra.kind, from: at - step.extra.leadBytes, to });
    }
    next = walk.next('read' in step ? bytes.subarray(at, to) : EMPTY);
    at = to;
  }
}

/** Where the bytes of a step end; null when there are not so many. */
function endOf(step: Step, bytes: Buffer, at: number): number | null {
  if ('until' in step) {
    const found = bytes.indexOf(step.until, at);
    return found === -1 ? null : found + 1;
  }
  const to = at + ('read' in step ? step.read : step.skip);
  return to <= bytes.length ? to : null;
}

const EMPTY = Buffer.alloc(0);
