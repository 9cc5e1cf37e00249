/**
 * Parameters of the upstream that a request can do without: the image is still what was asked for, or nearly. When the
 * upstream does not know one, the request is made again without it (docs/decisions/2026-11-28-refused-parameters.md).
 */
import type { ImageSettings } from './options.ts';

/** Each with the option that asks for it; null for what this server adds by itself. */
export const OPTIONAL_PARAMETERS: Readonly<Record<string, keyof ImageSettings | null>> = {
  background: 'background',
  complexity: 'complexity',
  frame_count: 'frameCount',
  frame_duration_ms: 'frameDurationMs',
  input_fidelity: 'inputFidelity',
  moderation: 'moderation',
  output_compression: 'compression',
  partial_images: 'partialImages',
  quality: 'quality',
  svg: 'svg',
  action: null,
  max_tool_calls: null,
  safety_identifier: null,
  tool_choice: null,
};

/** The options of a call that its request was made without. */
export function optionsLeftOut(settings: ImageSettings, parameters: readonly string[]): readonly string[] {
  return parameters
    .map((parameter) => OPTIONAL_PARAMETERS[parameter] ?? null)
    .filter((option) => option !== null)
    .filter((option) => settings[option] !== null && !(option === 'partialImages' && settings[option] === 0));
}
