/** Parses JSON columns into domain values. This server wrote them from the same types, so they are not validated. */

import type { TokenUsage } from '../domain/cost/usage.ts';
import type { GenerationFailure, ImageFailure } from '../domain/generation/failure.ts';
import { type ImageSettings, NO_SETTINGS } from '../domain/generation/options.ts';

/** Most images are requested with the same few settings. */
const MAX_KNOWN_SETTINGS = 1_000;
const knownSettings = new Map<string, ImageSettings>();

/**
 * An option that did not exist when the settings were stored reads as not requested. Equal text returns the same frozen
 * object (docs/decisions/2026-11-25-reading-pages.md).
 */
export function parseSettings(json: string): ImageSettings {
  const known = knownSettings.get(json);
  if (known !== undefined) return known;
  const settings: ImageSettings = Object.freeze({ ...NO_SETTINGS, ...JSON.parse(json) });
  if (knownSettings.size === MAX_KNOWN_SETTINGS) knownSettings.clear();
  knownSettings.set(json, settings);
  return settings;
}

/** Failures that were stored before they had a `text` read as if the model had said nothing. */
export function parseFailure(json: string): GenerationFailure {
  return { text: null, ...JSON.parse(json) };
}

export function parseImageFailures(json: string | null): readonly ImageFailure[] {
  return json === null ? [] : JSON.parse(json);
}

/** Null for usage that was stored before token counts were. */
export function parseUsage(json: string): TokenUsage | null {
  const { tokens } = JSON.parse(json);
  return tokens == null ? null : { svg: null, ...tokens };
}

export function parseNames(json: string | null): readonly string[] {
  return json === null ? [] : JSON.parse(json);
}
