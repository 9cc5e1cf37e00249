/** The stored form of a generated image: what the upstream told of it, and what was requested. */
import type { GenerationCall } from '../../domain/generation/generation-call.ts';
import type { ImageSettings } from '../../domain/generation/options.ts';
import type { Image, Picture } from '../../domain/images/image.ts';
import type { ProviderApi, RetrievedEvent } from '../../provider/image-provider.ts';

export type ImageEvent = Extract<RetrievedEvent<Picture | null>, { readonly type: 'image' }>;

/** What is known of an image besides what its own event tells. */
export interface ImageFacts {
  readonly id: string;
  readonly createdAt: string;
  /** Which image of its call. */
  readonly imageIndex: number;
  readonly api: ProviderApi;
  readonly responseId: string | null;
  /** The settings that the response repeated at its start. */
  readonly reported: ImageSettings | null;
}

export function generatedImage(
  call: GenerationCall,
  { itemId, revisedPrompt, actual }: ImageEvent,
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
    purpose: 'SOURCE',
    prompt,
    revisedPrompt,
    requested,
    actual: reported === null ? actual : withReported(actual, reported),
    itemId,
    responseId,
    verbatim: isVerbatim(prompt, revisedPrompt, api),
    thumbhash: null,
    hasContentCredentials: null,
    favorite: false,
    deletedAt: null,
    createdAt,
  };
}

/** Whether the prompt reached the image model word for word; null when the upstream does not tell. */
function isVerbatim(prompt: string, revisedPrompt: string | null, api: ProviderApi): boolean | null {
  if (revisedPrompt !== null) return wordsOf(revisedPrompt) === wordsOf(prompt);
  // The Image API has no mainline model that could have changed it.
  return api === 'IMAGES' ? true : null;
}

/** The prompt without line breaks and extra spaces, which do not matter. */
function wordsOf(prompt: string): string {
  return prompt.normalize('NFC').trim().replace(/\s+/gu, ' ');
}

/** Adds the settings from the start of the response: a resumed stream does not repeat them. */
function withReported(actual: ImageSettings, reported: ImageSettings): ImageSettings {
  return {
    ...actual,
    model: actual.model ?? reported.model,
    mainlineModel: actual.mainlineModel ?? reported.mainlineModel,
    // The other formats have no compression and report none.
    compression: actual.format === 'WEBP' || actual.format === 'JPEG' ? reported.compression : actual.compression,
    moderation: actual.moderation ?? reported.moderation,
    inputFidelity: actual.inputFidelity ?? reported.inputFidelity,
  };
}
