/**
 * What a client asks for in one generation call, carried as one value from the mutation to the upstream. A new option is
 * added here, with its check in generation-input.ts, in its GraphQL input, in the columns of `calls`, and where the provider
 * builds its request.
 */
import type { ImageSettings } from './options.ts';

export const GENERATION_KINDS = ['GENERATE', 'REFINE'] as const;
export type GenerationKind = (typeof GENERATION_KINDS)[number];

/** A request that has been checked. It is stored with its call and never changes. */
export interface GenerationRequest {
  readonly kind: GenerationKind;
  readonly prompt: string;
  /** Asks the mainline model to pass the prompt to the image model word for word. The Image API always does. */
  readonly verbatim: boolean;
  /** Number of images. */
  readonly count: number;
  readonly settings: ImageSettings;
  /** The mask for the first source image. */
  readonly maskImageId: string | null;
  /** A transparent PNG that is laid over the first source image to show what to change. Never with a mask. */
  readonly markupImageId: string | null;
}
