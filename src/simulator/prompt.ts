/**
 * The words of a prompt: which of them steer the simulator (`[sim:…]` markers), which are to be drawn,
 * and how a mainline model would have rewritten them.
 */
import { createHash } from 'node:crypto';

export interface SteeredPrompt {
  /** As it came, markers and all. */
  readonly asked: string;
  /** The prompt without its markers: what is drawn. */
  readonly words: string;
  /** Names out of `[sim:name]`, in order. */
  readonly scenarios: readonly string[];
  /** Out of `[sim:duration=800]`, in milliseconds. */
  readonly durationMs: number | null;
}

const MARKER = /\[sim:([a-z0-9-]+)(?:=(\d+))?\]/gi;

/** Takes the markers out of a prompt. */
export function readPrompt(prompt: string): SteeredPrompt {
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

/** What the mainline model would have made of the prompt: richer, and always the same for the same words. */
export function revisePrompt(words: string, isRefinement: boolean): string {
  const digest = createHash('sha256').update(words).digest();
  const pick = (list: readonly string[], at: number) => list[(digest[at] ?? 0) % list.length] ?? '';
  const subject = words.replace(/[.!?\s]+$/, '');
  if (isRefinement) {
    return `Keep the composition, the subject and the palette of the previous picture, and apply this change: ${subject}. ${pick(LIGHTS, 1)} Everything that was not mentioned stays as it was.`;
  }
  return `${pick(MEDIUMS, 0)} ${subject}. ${pick(LIGHTS, 1)} ${pick(MAKINGS, 2)}`;
}

/** Whether a request's instructions ask to hand the user's prompt on as it is. */
export function asksVerbatim(instructions: string | null): boolean {
  return (
    instructions !== null && /\bword for word\b|\bverbatim\b/i.test(instructions) && /\bprompt\b/i.test(instructions)
  );
}
