import type { TokenUsage } from '../domain/cost/usage.ts';

/** The usage that the upstream reports for one response. */
export interface ReportedUsage {
  readonly tokens: TokenUsage;
  /** The report as received. It is stored unchanged. */
  readonly raw: unknown;
}
