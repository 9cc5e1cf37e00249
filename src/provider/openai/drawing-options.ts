/**
 * The options that both APIs take under the same names: how much the model plans, the frames of a GIF, and the model that
 * writes an SVG. Only what was requested is named. Source: `Tool.ImageGeneration` and `ImageGenerateParams` of the SDK, 7.59.0.
 */
import type { Tool } from 'openai/resources/responses/responses';
import type { ImageSettings, SvgOptions } from '../../domain/generation/options.ts';
import { lowerCase } from './lower-case.ts';

type DrawingOptions = Pick<Tool.ImageGeneration, 'complexity' | 'frame_count' | 'frame_duration_ms' | 'svg'>;

export function drawingOptions({ complexity, frameCount, frameDurationMs, svg }: ImageSettings): DrawingOptions {
  return {
    ...(complexity !== null && { complexity: lowerCase(complexity) }),
    ...(frameCount !== null && { frame_count: frameCount }),
    ...(frameDurationMs !== null && { frame_duration_ms: frameDurationMs }),
    ...(svg !== null && { svg: svgAuthor(svg) }),
  };
}

function svgAuthor({ model, reasoningEffort }: SvgOptions): Tool.ImageGeneration.Svg {
  return {
    ...(model !== null && { model }),
    ...(reasoningEffort !== null && { reasoning: { effort: lowerCase(reasoningEffort) } }),
  };
}
