/** A finished picture as it is stored: what the upstream told of it, and what was asked for. */
import type { GenerationCall } from '../domain/generation-call.ts';
import type { Image, Picture } from '../domain/image.ts';
import type { RetrievedEvent } from '../provider/image-provider.ts';

export type ImageNews = Extract<RetrievedEvent<Picture | null>, { readonly type: 'image' }>;

export function generatedImage(
  call: GenerationCall,
  { imageIndex, itemId, revisedPrompt, actual }: ImageNews,
  picture: Picture,
  { id, createdAt }: { readonly id: string; readonly createdAt: string },
): Image {
  const { id: callId, principal, conversationId, prompt, requested } = call;
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
    actual,
    itemId,
    thumbhash: null,
    createdAt,
  };
}
