/** The stand-in upstream as rows use it: one process for the whole run. */
import type { UpstreamApi } from '../processes/upstream.ts';
import { type Child, startChild } from './child.ts';

export interface Upstream extends Child<UpstreamApi> {
  /** The value for `OPENAI_BASE_URL`. */
  readonly baseUrl: string;
}

export async function startUpstream(): Promise<Upstream> {
  const child = await startChild<UpstreamApi>('processes/upstream.ts');
  return Object.assign(child, { baseUrl: await child.call('baseUrl') });
}
