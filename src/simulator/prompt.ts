/**
 * Splits a prompt into markers for the simulator (`[sim:…]`) and the words to draw, and rewrites the words as a mainline
 * model would.
 */
import { createHash } from 'node:crypto';

export interface ParsedPrompt {
  /** As received, with its markers. */
  readonly asked: string;
  /** The prompt without its markers: the words to draw. */
  readonly words: string;
  /** The names in `[sim:name]`, in order. */
  readonly scenarios: readonly string[];
  /** The value of `[sim:duration=800]`, in milliseconds. */
  readonly durationMs: number | null;
}

const MARKER = /\[sim:([a-z0-9-]+)(?:=(\d+))?\]/gi;

/** Separates the markers of a prompt from its words. */
export function parsePrompt(prompt: string): ParsedPrompt {
  const scenarios: string[] = [];
  let durationMs: number | null = null;
  const words = prompt.replace(MARKER, (_marker, name: string, value: string | undefined) => {
    if (name.toLowerCase() === 'duration' && value !== undefined) durationMs = Number(value);
    else scenarios.push(name.toLowerCase());
    return ' ';
  });
  return { asked: prompt, words: words.replace(/\s+/g, ' ').trim(), scenarios, durationMs };
}

const MEDIUMS = [
  'A richly layered risograph print of',
  'A vintage travel poster showing',
  'A hand-carved linocut, printed in few colours, of',
  'A mid-century screen print depicting',
];
const LIGHTS = [
  'Low warm light rakes across the scene and leaves long, soft-edged shadows.',
  'A calm, even light keeps every shape legible against the ground behind it.',
  'The light comes from behind, so that the silhouettes stand out clearly.',
  'Cool light from above picks out the nearest forms and lets the far ones fade.',
];
const MAKINGS = [
  'Flat overlapping shapes, a limited harmonious palette and visible paper grain; generous margins and carefully set lettering.',
  'Bold simplified forms, slight misregistration between the inks, and a fine speckled grain throughout.',
  'Three planes of depth, confident outlines, and a texture of fine carved lines in the shadows.',
];

/** The revised prompt of the mainline model: longer, and always the same for the same words. */
export function revisePrompt(words: string, isRefinement: boolean): string {
  const digest = createHash('sha256').update(words).digest();
  const pick = (list: readonly string[], at: number) => list[(digest[at] ?? 0) % list.length] ?? '';
  const subject = words.replace(/[.!?\s]+$/, '');
  if (isRefinement) {
    return `Keep the composition, the subject and the palette of the previous picture, and apply this change: ${subject}. ${pick(LIGHTS, 1)} Everything that was not mentioned stays as it was.`;
  }
  return `${pick(MEDIUMS, 0)} ${subject}. ${pick(LIGHTS, 1)} ${pick(MAKINGS, 2)}`;
}

/** Whether the instructions ask to pass on the prompt unchanged. */
export function asksVerbatim(instructions: string | null): boolean {
  return (
    instructions !== null && /\bword for word\b|\bverbatim\b/i.test(instructions) && /\bprompt\b/i.test(instructions)
  );
}
