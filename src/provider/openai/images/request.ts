/**
 * Builds the request to the Image API: `POST /images/generations`, or `POST /images/edits` with source images. As in
 * responses/request.ts, it contains only the options that were requested.
 */
import type { ImageGenerateParams } from 'openai/resources/images';
import type { ProviderRequest } from '../../image-provider.ts';
import { drawingOptions } from '../drawing-options.ts';
import { type ImageReference, referencesTo, referenceTo } from '../files/image-reference.ts';
import { lowerCase } from '../lower-case.ts';
import { withoutParameters } from '../optional-parameters.ts';
import type { RequestModels } from '../responses/request.ts';

/**
 * The JSON body of an edit. The SDK has no type for it because it only sends forms.
 * Source: EditImageBodyJsonParam in OpenAI's published API description. That is older than `markup`, which is named like
 * `mask` here (docs/decisions/2026-11-28-every-option.md).
 */
export interface ImageEditBody extends Omit<ImageGenerateParams, 'style' | 'response_format'> {
  readonly images: ImageReference[];
  readonly mask?: ImageReference;
  readonly markup?: ImageReference;
  readonly input_fidelity?: 'low' | 'high';
}

export type ImagesRequest =
  | { readonly path: '/images/generations'; readonly body: ImageGenerateParams }
  | { readonly path: '/images/edits'; readonly body: ImageEditBody };

/** Reads the bytes of source images, so it rejects with what reading them rejects with. */
export async function buildImagesRequest(request: ProviderRequest, models: RequestModels): Promise<ImagesRequest> {
  const { context, settings, mask, markup, leftOut } = request;
  const body = buildCommon(request, models);
  if (context.route === 'NONE' && markup !== null) throw new Error('A markup needs an image to edit');
  if (context.route === 'NONE') return { path: '/images/generations', body: withoutParameters(body, leftOut) };
  if (context.route !== 'IMAGE_BYTES') throw new Error(`The Image API does not support the context ${context.route}`);
  const edit: ImageEditBody = {
    ...body,
    images: await referencesTo(context.pictures),
    ...(mask !== null && { mask: await referenceTo(mask) }),
    ...(markup !== null && { markup: await referenceTo(markup) }),
    ...(settings.inputFidelity !== null && { input_fidelity: lowerCase(settings.inputFidelity) }),
  };
  return { path: '/images/edits', body: withoutParameters(edit, leftOut) };
}

function buildCommon(request: ProviderRequest, models: RequestModels): ImageGenerateParams {
  const { settings, count } = request;
  const model = settings.model ?? models.imageModel ?? models.imageApiModel ?? null;
  // Several images cannot be streamed, and a stream without partials has nothing that the answer lacks.
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
    // The type requires the name of the model in `svg`, as domain/models/image-api.ts does of every request.
    ...(drawingOptions(settings) as Pick<ImageGenerateParams, keyof ReturnType<typeof drawingOptions>>),
    ...(request.safetyIdentifier !== null && { safety_identifier: request.safetyIdentifier }),
  };
}
