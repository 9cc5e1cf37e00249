/** JSON columns back to domain values. What stands there was written by this server from those same types. */
import type { GenerationFailure } from '../domain/failure.ts';
import { type ImageSettings, NO_SETTINGS } from '../domain/options.ts';

/** Settings that were stored before an option existed read as if it had not been asked for. */
export function parseSettings(json: string): ImageSettings {
  return { ...NO_SETTINGS, ...JSON.parse(json) };
}

export function parseFailure(json: string): GenerationFailure {
  return JSON.parse(json);
}
