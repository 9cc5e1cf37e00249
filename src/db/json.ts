/** JSON columns back to domain values. What stands there was written by this server from those same types. */

import type { TokenUsage } from '../domain/cost/usage.ts';
import type { GenerationFailure, ImageFailure } from '../domain/failure.ts';
import { type ImageSettings, NO_SETTINGS } from '../domain/options.ts';

/** An archive has few of them: most pictures are asked for alike. */
const MAX_KNOWN_SETTINGS = 1_000;
const knownSettings = new Map<string, ImageSettings>();

/** Settings that were stored before an option existed read as if it had not been asked for. The same text gives the same object. */
export function parseSettings(json: string): ImageSettings {
  const known = knownSettings.get(json);
  if (known !== undefined) return known;
  const settings: ImageSettings = Object.freeze({ ...NO_SETTINGS, ...JSON.parse(json) });
  if (knownSettings.size === MAX_KNOWN_SETTINGS) knownSettings.clear();
  knownSettings.set(json, settings);
  return settings;
}

/** Failures that were stored before they carried the model's words read as if there had been none. */
export function parseFailure(json: string): GenerationFailure {
  return { text: null, ...JSON.parse(json) };
}

export function parseImageFailures(json: string | null): readonly ImageFailure[] {
  return json === null ? [] : JSON.parse(json);
}

/** Null for what was stored before reports were read in full. */
export function parseUsage(json: string): TokenUsage | null {
  return JSON.parse(json).tokens ?? null;
}
