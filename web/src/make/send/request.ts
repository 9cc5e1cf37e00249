/** The request that the composer stands for: one form for the mutation and for its estimate. */
import type { GenerateImageInput, ImageOptionsInput, RefineImageInput } from '../../gql/graphql.ts';
import type { Draft } from '../prompt/draft.ts';
import { firstPicture, type Overlay, type Picture, type Source } from '../sources/sources.ts';

export interface Composition {
  readonly draft: Draft;
  /** Those that the model takes. */
  readonly options: ImageOptionsInput;
  readonly base: Picture | null;
  readonly sources: readonly Source[];
  readonly overlay: Overlay | null;
  /** The conversation that is shown, which the picture continues; null elsewhere. */
  readonly conversationId: string | null;
}

export type Request =
  | { readonly kind: 'generate'; readonly input: GenerateImageInput }
  | { readonly kind: 'refine'; readonly input: RefineImageInput };

export function requestOf({ draft, options, base, sources, overlay, conversationId }: Composition): Request {
  const { prompt, count, verbatim } = draft;
  const ids = sources.flatMap(({ image }) => (image === null ? [] : [image.id]));
  const over = overlay?.over === firstPicture(base, sources)?.id ? overlay : null;
  const common = {
    prompt: prompt.trim(),
    count,
    ...(verbatim && { verbatim }),
    ...(Object.keys(options).length > 0 && { options }),
    ...(over?.purpose === 'MASK' && { maskImageId: over.image.id }),
    ...(over?.purpose === 'MARKUP' && { markupImageId: over.image.id }),
  };
  if (base !== null && ids.length === 0) return { kind: 'refine', input: { ...common, imageId: base.id } };
  const all = base === null ? ids : [base.id, ...ids.filter((id) => id !== base.id)];
  const place = conversationId === null ? {} : { conversationId };
  return { kind: 'generate', input: { ...common, ...place, ...(all.length > 0 && { sourceImageIds: all }) } };
}
