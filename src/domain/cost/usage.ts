/**
 * What a generation used, in tokens as the upstream counts them. Cached input tokens are part of the input tokens, and
 * text output tokens part of the output tokens, as in the upstream's own reports.
 */

/** What the mainline model used, which reads the prompt and calls the image model. */
export interface MainlineUsage {
  /** As the response names it, which can be a snapshot of the one that was asked for. */
  readonly model: string | null;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  /** Part of the output tokens. */
  readonly reasoningTokens: number;
}

/** What the image model used. */
export interface ImageUsage {
  readonly model: string | null;
  readonly textInputTokens: number;
  readonly cachedTextInputTokens: number;
  readonly imageInputTokens: number;
  readonly cachedImageInputTokens: number;
  /** Partial images included, each of which is 100. */
  readonly outputTokens: number;
  readonly textOutputTokens: number;
  /** Of the input tokens, those that were reported without saying whether they are text or pictures. */
  readonly unsplitInputTokens: number;
}

/** Null where the upstream reported nothing of that model. */
export interface TokenUsage {
  readonly mainline: MainlineUsage | null;
  readonly image: ImageUsage | null;
}

/** The sum of several reports; a model is named only where all that name one name the same. */
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
    // The keys besides `model` are numbers in both kinds of report; what was stored before a key existed lacks it.
    .map((key) => [key, reports.reduce((sum, report) => sum + Number(report[key as keyof Usage] ?? 0), 0)]);
  const models = new Set(reports.map(({ model }) => model));
  return { ...first, ...Object.fromEntries(numbers), model: models.size === 1 ? first.model : null };
}
