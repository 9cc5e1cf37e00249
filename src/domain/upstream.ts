/** Who makes the pictures. */
export const UPSTREAM_KINDS = ['SIMULATOR', 'OPENAI', 'AZURE', 'COMPATIBLE'] as const;
export type UpstreamKind = (typeof UPSTREAM_KINDS)[number];

export interface UpstreamInfo {
  readonly kind: UpstreamKind;
  /** The mainline model. */
  readonly model: string;
  /** The image model when none is asked for; null is the upstream's own default. */
  readonly imageModel: string | null;
}
