/** The option `svg`: which model writes the SVG, and how much it reasons first. It is not the image model. */
import { imageUserError } from './http/api-error.ts';
import { optionalObject, optionalText, optionalWord } from './http/json.ts';

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
export type ReasoningEffort = (typeof EFFORTS)[number];

export interface SvgOptions {
  /** The model that writes the SVG. */
  readonly model: string;
  readonly effort: ReasoningEffort;
}

const DEFAULT_EFFORT: ReasoningEffort = 'medium';

/**
 * Reads the option of an SVG. What is absent has its default.
 * @param param the path of the option, for errors
 * @throws {ApiError} a 400 that names the field
 */
export function readSvgOptions(value: unknown, param: string, defaultModel: string): SvgOptions {
  const svg = optionalObject(value, param, ['model', 'reasoning']);
  const reasoning = optionalObject(svg['reasoning'], `${param}.reasoning`, ['effort']);
  const model = optionalText(svg['model'], `${param}.model`) ?? defaultModel;
  if (model === '' || model.includes('-image-')) {
    throw imageUserError(`The model '${model}' cannot author SVG output.`, `${param}.model`, 'invalid_svg_model');
  }
  return { model, effort: optionalWord(reasoning['effort'], `${param}.reasoning.effort`, EFFORTS) ?? DEFAULT_EFFORT };
}
