/** Sets the delay of every frame of a GIF. Source: the GIF89a specification, sections 18 to 26. */

const HEADER_BYTES = 13;
const EXTENSION = 0x21;
const GRAPHIC_CONTROL = 0xf9;
const IMAGE = 0x2c;
const IMAGE_DESCRIPTOR_BYTES = 10;
const GIF_STEP_MS = 10;

/** @returns a copy of the GIF @param delayMs at most 655,350 */
export function setDelay(gif: Buffer, delayMs: number): Buffer {
  const copy = Buffer.from(gif);
  let at = HEADER_BYTES + colourTableBytes(copy[10] ?? 0);
  while (at < copy.length) {
    if (copy[at] === EXTENSION) {
      if (copy[at + 1] === GRAPHIC_CONTROL) copy.writeUInt16LE(Math.round(delayMs / GIF_STEP_MS), at + 4);
      at = endOfBlocks(copy, at + 2);
    } else if (copy[at] === IMAGE) {
      // After the descriptor: its colour table, one byte for the size of codes, and the pixels in blocks.
      at = endOfBlocks(copy, at + IMAGE_DESCRIPTOR_BYTES + colourTableBytes(copy[at + 9] ?? 0) + 1);
    } else return copy;
  }
  return copy;
}

/** The lowest three bits give the size of the table, the highest whether there is one. */
function colourTableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 0x07) + 1);
}

/** The position after a chain of blocks: each starts with its length, and an empty one ends them. */
function endOfBlocks(gif: Buffer, start: number): number {
  let at = start;
  for (let length = gif[at] ?? 0; length > 0; length = gif[at] ?? 0) at += length + 1;
  return at + 1;
}
