/** The service that generates the images. */
export const UPSTREAM_KINDS = ['SIMULATOR', 'OPENAI', 'AZURE', 'COMPATIBLE'] as const;
export type UpstreamKind = (typeof UPSTREAM_KINDS)[number];

export interface UpstreamInfo {
  readonly kind: UpstreamKind;
  /** The mainline model. */
  readonly model: string;
  /** The image model of requests that name none; null means the upstream's own default. */
  readonly imageModel: string | null;
}
