/**
 * The tokens that a generation used, as counted by the upstream. As in the reports of the upstream, cached input tokens
 * are included in the input tokens, and text output tokens in the output tokens.
 */

/** Tokens of the mainline model, which reads the prompt and calls the image model. */
export interface MainlineUsage {
  /** The model named in the response, which can be a snapshot of the requested one. */
  readonly model: string | null;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  /** Included in the output tokens. */
  readonly reasoningTokens: number;
}

/** Tokens of the image model. */
export interface ImageUsage {
  readonly model: string | null;
  readonly textInputTokens: number;
  readonly cachedTextInputTokens: number;
  readonly imageInputTokens: number;
  readonly cachedImageInputTokens: number;
  /** Includes partial images, 100 tokens each. */
  readonly outputTokens: number;
  readonly textOutputTokens: number;
  /** The input tokens of which the report does not say whether they are text or images. */
  readonly unsplitInputTokens: number;
}

/** Each is null when the upstream reported no tokens of that model. */
export interface TokenUsage {
  readonly mainline: MainlineUsage | null;
  readonly image: ImageUsage | null;
}

/** The sum of several reports; null without reports. A model is named only if all reports name the same. */
export function sumUsage(reports: readonly TokenUsage[]): TokenUsage | null {
  if (reports.length === 0) return null;
  return {
    mainline: sumOf(reports.flatMap(({ mainline }) => (mainline === null ? [] : [mainline]))),
    image: sumOf(reports.flatMap(({ image }) => (image === null ? [] : [image]))),
  };
}

function sumOf<Usage extends MainlineUsage | ImageUsage>(reports: readonly Usage[]): Usage | null {
  const [first] = reports;
  if (first === undefined) return null;
  const numbers = Object.keys(first)
    .filter((key) => key !== 'model')
    // All keys except `model` are numbers in both types. Reports stored before a key existed do not have it.
    .map((key) => [key, reports.reduce((sum, report) => sum + Number(report[key as keyof Usage] ?? 0), 0)]);
  const models = new Set(reports.map(({ model }) => model));
  return { ...first, ...Object.fromEntries(numbers), model: models.size === 1 ? first.model : null };
}
