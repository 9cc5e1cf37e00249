/**
 * The tokens that a generation used, as counted by the upstream. As in the reports of the upstream, cached input tokens
 * are included in the input tokens, and text output tokens in the output tokens.
 *
 * `disputedTokens` are those by which a report contradicts itself: its sum and its parts differ. The larger figure is kept,
 * and what it costs is an estimate. Absent when there are none.
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
  readonly disputedTokens?: number;
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
  readonly disputedTokens?: number;
  /** The images of an answer that the report leaves out, where it reports each image by itself. Absent for none. */
  readonly unreportedImages?: number;
}

/** Tokens of the model that writes an SVG after the picture of the image model. */
export interface SvgUsage {
  readonly model: string | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Included in the output tokens. */
  readonly reasoningTokens: number;
  readonly disputedTokens?: number;
}

/** Each is null when the upstream reported no tokens of that model. */
export interface TokenUsage {
  readonly mainline: MainlineUsage | null;
  readonly image: ImageUsage | null;
  /** Null in usage that was stored before it was read. */
  readonly svg: SvgUsage | null;
}

/** The sum of several reports; null without reports. A model is named only if all reports name the same. */
export function sumUsage(reports: readonly TokenUsage[]): TokenUsage | null {
  if (reports.length === 0) return null;
  return {
    mainline: sumOf(reports.flatMap(({ mainline }) => (mainline === null ? [] : [mainline]))),
    image: sumOf(reports.flatMap(({ image }) => (image === null ? [] : [image]))),
    svg: sumOf(reports.flatMap(({ svg }) => (svg === null ? [] : [svg]))),
  };
}

/** The sum of reports about one model, or about the same part of several models; null without reports. */
export function sumOf<Usage extends MainlineUsage | ImageUsage | SvgUsage>(reports: readonly Usage[]): Usage | null {
  const [first] = reports;
  if (first === undefined) return null;
  const names = new Set(reports.flatMap((report) => Object.keys(report)));
  const numbers = [...names]
    .filter((key) => key !== 'model')
    // All keys except `model` are numbers in all types. A report that lacks one has none of these tokens.
    .map((key) => [key, reports.reduce((sum, report) => sum + Number(report[key as keyof Usage] ?? 0), 0)]);
  const models = new Set(reports.map(({ model }) => model));
  return { ...first, ...Object.fromEntries(numbers), model: models.size === 1 ? first.model : null };
}
