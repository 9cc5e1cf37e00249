/** The ReportedUsage of a scripted response. */
import type { ReportedUsage } from '../../src/provider/image-provider.ts';
import { SCRIPTED_TOOL_USAGE, SCRIPTED_USAGE } from '../support/scripted-upstream.ts';

export const SCRIPTED_REPORT: ReportedUsage = {
  tokens: {
    mainline: {
      model: 'gpt-5.6',
      inputTokens: 2302,
      cachedInputTokens: 0,
      outputTokens: 50,
      reasoningTokens: 0,
    },
    image: {
      model: 'gpt-image-2',
      textInputTokens: 15,
      cachedTextInputTokens: 0,
      imageInputTokens: 0,
      cachedImageInputTokens: 0,
      outputTokens: 272,
      textOutputTokens: 0,
      unsplitInputTokens: 15,
    },
    svg: null,
  },
  raw: { usage: SCRIPTED_USAGE, toolUsage: SCRIPTED_TOOL_USAGE },
};
