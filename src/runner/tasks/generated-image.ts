/** A finished picture as it is stored: what the upstream told of it, and what was asked for. */
import type { GenerationCall } from '../../domain/generation-call.ts';
import type { Image, Picture } from '../../domain/image.ts';
import type { ImageSettings } from '../../domain/options.ts';
import type { ProviderApi, RetrievedEvent } from '../../provider/image-provider.ts';

export type ImageNews = Extract<RetrievedEvent<Picture | null>, { readonly type: 'image' }>;

/** What is known of the picture besides what its own event tells. */
export interface ImageFacts {
  readonly id: string;
  readonly createdAt: string;
  /** Which picture of its call. */
  readonly imageIndex: number;
  readonly api: ProviderApi;
  readonly responseId: string | null;
  /** The settings as the response repeated them at its start. */
  readonly reported: ImageSettings | null;
}

export function generatedImage(
  call: GenerationCall,
  { itemId, revisedPrompt, actual }: ImageNews,
  picture: Picture,
  { id, createdAt, imageIndex, api, responseId, reported }: ImageFacts,
): Image {
  const { id: callId, principal, conversationId, request } = call;
  const { prompt, settings: requested } = request;
  return {
    ...picture,
    id,
    principal,
    conversationId,
    callId,
    imageIndex,
    origin: 'GENERATED',
    prompt,
    revisedPrompt,
    requested,
    actual: reported === null ? actual : completed(actual, reported),
    itemId,
    responseId,
    verbatim: isVerbatim(prompt, revisedPrompt, api),
    thumbhash: null,
    createdAt,
  };
}

/** Whether the prompt reached the image model word for word; null where the upstream does not tell. */
function isVerbatim(prompt: string, revisedPrompt: string | null, api: ProviderApi): boolean | null {
  if (revisedPrompt !== null) return words(revisedPrompt) === words(prompt);
  // The Image API has no mainline model that could have changed it.
  return api === 'IMAGES' ? true : null;
}

/** Line breaks and the spaces around words carry nothing. */
function words(prompt: string): string {
  return prompt.normalize('NFC').trim().replace(/\s+/gu, ' ');
}

/** A stream that is read on from the middle tells nothing of what stood at its start. */
function completed(actual: ImageSettings, reported: ImageSettings): ImageSettings {
  return {
    ...actual,
    model: actual.model ?? reported.model,
    mainlineModel: actual.mainlineModel ?? reported.mainlineModel,
    // Formats without one report none.
    compression: actual.format === 'WEBP' || actual.format === 'JPEG' ? reported.compression : actual.compression,
    moderation: actual.moderation ?? reported.moderation,
    inputFidelity: actual.inputFidelity ?? reported.inputFidelity,
  };
}
