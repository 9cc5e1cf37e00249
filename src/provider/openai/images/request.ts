/**
 * What is sent to the Image API: `POST /images/generations`, or `POST /images/edits` where there are pictures to work
 * from. As in request.ts, only what was asked for is named.
 */
import type { ImageGenerateParams } from 'openai/resources/images';
import type { ProviderRequest } from '../../image-provider.ts';
import { type ImageReference, referencesTo, referenceTo } from '../files/image-reference.ts';
import { lowerCase } from '../lower-case.ts';
import type { RequestModels } from '../responses/request.ts';

/** The JSON form of an edit, which the SDK has no types for: it only sends forms. Source: EditImageBodyJsonParam. */
export interface ImageEditBody extends Omit<ImageGenerateParams, 'style' | 'response_format'> {
  readonly images: ImageReference[];
  readonly mask?: ImageReference;
  readonly input_fidelity?: 'low' | 'high';
}

export type ImagesRequest =
  | { readonly path: '/images/generations'; readonly body: ImageGenerateParams }
  | { readonly path: '/images/edits'; readonly body: ImageEditBody };

/** Reads the bytes of pictures, so it rejects with what they reject with. */
export async function buildImagesRequest(request: ProviderRequest, models: RequestModels): Promise<ImagesRequest> {
  const { context, settings, mask } = request;
  const body = buildCommon(request, models);
  if (context.route === 'NONE') return { path: '/images/generations', body };
  if (context.route !== 'IMAGE_BYTES') throw new Error(`The Image API cannot work from ${context.route}`);
  return {
    path: '/images/edits',
    body: {
      ...body,
      images: await referencesTo(context.pictures),
      ...(mask !== null && { mask: await referenceTo(mask) }),
      ...(settings.inputFidelity !== null && { input_fidelity: lowerCase(settings.inputFidelity) }),
    },
  };
}

function buildCommon(request: ProviderRequest, models: RequestModels): ImageGenerateParams {
  const { settings, count } = request;
  const model = settings.model ?? models.imageModel ?? models.imageApiModel ?? null;
  // Several pictures cannot be streamed, and without partials a stream tells nothing that the answer does not.
  const partials = count === 1 ? (settings.partialImages ?? 0) : 0;
  return {
    prompt: request.prompt,
    ...(model !== null && { model }),
    ...(count > 1 && { n: count }),
    ...(partials > 0 && { stream: true, partial_images: partials }),
    ...(settings.size !== null && { size: settings.size }),
    ...(settings.quality !== null && { quality: lowerCase(settings.quality) }),
    ...(settings.format !== null && { output_format: lowerCase(settings.format) }),
    ...(settings.compression !== null && { output_compression: settings.compression }),
    ...(settings.background !== null && { background: lowerCase(settings.background) }),
    ...(settings.moderation !== null && { moderation: lowerCase(settings.moderation) }),
    ...(request.safetyIdentifier !== null && { safety_identifier: request.safetyIdentifier }),
  };
}
