/** Which options a model takes, by the catalogue of the server and the rules between options; for others, why not. */
import type { ImageOptionsInput, ModelRulesFragment } from '../../gql/graphql.ts';

export interface Situation {
  /** Null when the upstream decides: then everything is allowed. */
  readonly model: ModelRulesFragment | null;
  readonly models: readonly ModelRulesFragment[];
  readonly options: ImageOptionsInput;
  readonly hasSources: boolean;
  readonly overlay: 'MASK' | 'MARKUP' | null;
  /** The mainline model of this server; null until it is known. */
  readonly mainline: string | null;
}

export type Choice =
  | 'size'
  | 'quality'
  | 'format'
  | 'background'
  | 'complexity'
  | 'inputFidelity'
  | 'partialImages'
  | 'compression'
  | 'frameCount'
  | 'frameDurationMs'
  | 'svg';

/** The model of the request: the chosen one, also by one of its dated names, or else the default of the server; null when neither is in the catalogue. */
export function modelOf(models: readonly ModelRulesFragment[], name: string | null | undefined) {
  const isMeant = (model: ModelRulesFragment) =>
    name ? model.name === name || model.snapshots.includes(name) : model.isDefault;
  return models.find(isMeant) ?? null;
}

/** Why a value cannot be chosen, as a sentence; null when it can. */
export function reasonAgainst(choice: Choice, value: string | number, situation: Situation): string | null {
  return reasonOfModel(choice, value, situation) ?? reasonOfOptions(choice, value, situation);
}

/** What of the options can be sent. */
export function supported(situation: Situation): ImageOptionsInput {
  const kept: [string, unknown][] = [];
  for (const [name, value] of Object.entries(situation.options)) {
    if (value === undefined || value === null) continue;
    const asked = typeof value === 'object' ? '' : value;
    if (isChoice(name) && reasonAgainst(name, asked, situation) !== null) continue;
    kept.push([name, value]);
  }
  return Object.fromEntries(kept);
}

function isChoice(name: string): name is Choice {
  return name in LISTS || ['partialImages', 'compression', 'frameCount', 'frameDurationMs', 'svg'].includes(name);
}

const LISTS: Readonly<Record<string, (model: ModelRulesFragment) => readonly string[]>> = {
  size: ({ sizes }) => ['auto', ...sizes],
  quality: ({ qualities }) => qualities,
  format: ({ formats }) => formats,
  background: ({ backgrounds }) => backgrounds,
  complexity: ({ complexities }) => complexities,
  inputFidelity: ({ inputFidelities }) => inputFidelities,
};

function reasonOfModel(choice: Choice, value: string | number, { model, models }: Situation): string | null {
  if (model === null) return null;
  if (choice === 'partialImages') {
    const most = model.maxPartialImages;
    return Number(value) > most ? `${model.name} sends at most ${most}.` : null;
  }
  const takes = LISTS[choice];
  if (takes === undefined || (choice === 'size' && model.sizeRules !== null)) return null;
  if (takes(model).includes(String(value))) return null;
  const other = models.find((one) => one.status !== 'RETIRED' && takes(one).includes(String(value)));
  return `Not with ${model.name}${other === undefined ? '' : `: try ${other.name}`}.`;
}

function reasonOfOptions(choice: Choice, value: string | number, situation: Situation): string | null {
  const format = situation.options.format ?? 'PNG';
  switch (choice) {
    case 'background':
      if (value === 'TRANSPARENT' && format !== 'PNG' && format !== 'WEBP') return 'Only PNG and WEBP are transparent.';
      return null;
    case 'compression':
      return format === 'WEBP' || format === 'JPEG' ? null : 'Only WEBP and JPEG are compressed.';
    case 'frameCount':
    case 'frameDurationMs':
      return format === 'GIF' ? null : 'Only a GIF has frames.';
    case 'svg':
      return format === 'SVG' ? null : 'Only an SVG is written by a language model.';
    case 'partialImages':
      return reasonAgainstPartials(Number(value), format, situation.options);
    case 'inputFidelity':
      return situation.hasSources ? null : 'It is about source pictures: add one first.';
    case 'format':
      return value === 'GIF' && situation.overlay === 'MASK' ? 'A GIF cannot be made with a mask.' : null;
    default:
      return null;
  }
}

function reasonAgainstPartials(value: number, format: string, { completionWindow }: ImageOptionsInput): string | null {
  if (value === 0) return null;
  if (format === 'GIF') return 'A GIF has no partial images.';
  if (completionWindow && completionWindow !== 'SOONEST') return 'There are none when the picture may take hours.';
  return null;
}

/** Why nothing can be painted on the first source, as a sentence; null when it can. */
export function reasonAgainstOverlay(purpose: 'MASK' | 'MARKUP', { model, options }: Situation): string | null {
  if (purpose === 'MASK' && options.format === 'GIF') return 'A GIF cannot be made with a mask.';
  if (model === null) return null;
  const isTaken = purpose === 'MASK' ? model.takesMask : model.takesMarkup;
  return isTaken ? null : `${model.name} takes no ${purpose === 'MASK' ? 'masks' : 'notes'}.`;
}
