/** Options that the configuration of this server rules out. Each refusal names the variable that would allow it. */
import { type ImageSettings, isDeferred } from '../generation/options.ts';
import type { Unsupported } from './catalogue.ts';

/** What this server is configured to ask of its upstream. */
export interface ServerRules {
  /** Whether the Responses API, or the Image API, is the only one in use. */
  readonly policy: 'AUTO' | 'RESPONSES' | 'IMAGES';
  /** Whether the upstream may keep responses. */
  readonly retainsResponses: boolean;
}

/** The first option of the request that the configuration rules out; null when there is none. */
export function outsideConfiguration(
  { settings, hasMarkup }: { readonly settings: ImageSettings; readonly hasMarkup: boolean },
  { policy, retainsResponses }: ServerRules,
): Unsupported | null {
  if (hasMarkup && policy === 'RESPONSES') {
    const rule = 'only the Image API takes it, which this server does not use; set UPSTREAM_API=both';
    return report('markupImageId', 'a markup', [], rule);
  }
  const { completionWindow } = settings;
  if (!isDeferred(completionWindow)) return null;
  const refuse = (rule: string) => report('options.completionWindow', String(completionWindow), ['SOONEST'], rule);
  if (policy === 'IMAGES') {
    return refuse('only the Responses API offers it, which this server does not use; set UPSTREAM_API=both');
  }
  return retainsResponses ? null : refuse('the upstream has to keep the response until then; set UPSTREAM_STORE=on');
}

function report(option: string, value: string, allowed: readonly string[], rule: string): Unsupported {
  return { by: 'SERVER', model: null, option, value, allowed, rule };
}
